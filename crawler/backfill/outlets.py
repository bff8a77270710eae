"""Which declared source a URL of an archive belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.pipelines.outlet import Outlet
from spiders.addresses import native_id
from spiders.source import Source


@dataclass(frozen=True, slots=True)
class Found:
    """The outlet of a URL; `outlet` is None for a page of a declared host that is no article by its address."""

    outlet: Outlet | None
    native_id: str | None = None
    declared: bool = True


class Outlets:
    """Finds the outlet of a URL among declarations; a host nobody has declared is an outlet of its own."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._by_host: dict[str, list[Source]] = {}
        self._outlets: dict[str, Outlet] = {}
        for source in sources:
            self._outlets[source.id] = Outlet.of(source)
            for host in source.hosts:
                self._by_host.setdefault(host.lower(), []).append(source)

    def find(self, url: str) -> Found:
        """The outlet of the URL and the article's native id."""
        declared = self._declared(url)
        for source in declared:
            found = native_id(source, url)
            if found:
                return Found(self._outlets[source.id], found)
        return Found(None) if declared else Found(Outlet.of_host(url), declared=False)

    def _declared(self, url: str) -> list[Source]:
        host = (urlsplit(url).hostname or "").lower()
        labels = host.split(".")
        for first in range(len(labels)):
            sources = self._by_host.get(".".join(labels[first:]))
            if sources:
                return sources
        return []
