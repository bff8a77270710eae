"""Spider classes from declarations: `scrapy list` and `scrapy crawl SOURCE` know every source, the user's own too."""

from __future__ import annotations

from typing import Any, Self

from scrapy import Request, Spider
from scrapy.settings import BaseSettings

from spiders.addresses import on_host
from spiders.source import Source, load_sources
from spiders.spider import SourceSpider

#: Requests under way to one host of a source that sets no delay (a demo on loopback, an intranet).
AT_ONCE = 8
ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5"


def spider_class(source: Source) -> type[SourceSpider]:
    """The spider of one source: its delay between requests, and one request at a time per host where it has one."""
    custom: dict[str, Any] = {
        "DOWNLOAD_DELAY": source.policy.rate,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1 if source.policy.rate else AT_ONCE,
        "DEFAULT_REQUEST_HEADERS": {"Accept": ACCEPT, "Accept-Language": f"{source.language},en;q=0.5"},
    }
    fields = {"name": source.id, "source": source, "custom_settings": custom, "__module__": __name__}
    return type(f"{source.id.title().replace('_', '')}Spider", (SourceSpider,), fields)


class SourceLoader:
    """Scrapy's spider loader over the declarations; `SOURCES_DIRS` names the user's folders."""

    def __init__(self, sources: dict[str, Source]) -> None:
        self.sources = sources

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """The loader of the built-in declarations and of those in the folders that the settings name.

        Raises `SourceError` for a declaration with a mistake.
        """
        return cls(load_sources(settings.getlist("SOURCES_DIRS")))

    def load(self, spider_name: str) -> type[Spider]:
        """The spider class of a source. Raises KeyError for an unknown one, as Scrapy expects."""
        if spider_name not in self.sources:
            raise KeyError(f"no such source: {spider_name}")
        return spider_class(self.sources[spider_name])

    def list(self) -> list[str]:
        """The ids of all sources."""
        return sorted(self.sources)

    def find_by_request(self, request: Request) -> list[str]:  # type: ignore[valid-type]
        """The ids of the sources on whose hosts the request is."""
        return [name for name, source in self.sources.items() if on_host(source, request.url)]
