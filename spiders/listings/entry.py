"""What any kind of listing says: articles, and further listings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Format = Literal["rss", "rdf", "atom", "sitemap", "sitemap_index", "text", "html"]


class ListingError(Exception):
    """A listing that cannot be read; `outcome` is its name in the run's summary."""

    def __init__(self, outcome: Literal["not_a_listing", "broken_listing", "too_large"], why: str) -> None:
        super().__init__(why)
        self.outcome = outcome


@dataclass(frozen=True, slots=True)
class Entry:
    """One article as a listing shows it. `url` is absolute; the times are aware, or None where none can be trusted."""

    url: str
    title: str | None = None
    published: datetime | None = None
    modified: datetime | None = None

    def newest(self) -> datetime | None:
        """The later of the two times, if there is one."""
        return max((moment for moment in (self.published, self.modified) if moment), default=None)


@dataclass(frozen=True, slots=True)
class Child:
    """A further sitemap that a sitemap index names."""

    url: str
    modified: datetime | None = None


@dataclass(frozen=True, slots=True)
class ParsedListing:
    """One listing read. `repaired`: the XML was broken and read as far as it went. `future`: times refused as not yet
    come."""

    format: Format
    entries: tuple[Entry, ...] = ()
    children: tuple[Child, ...] = ()
    repaired: bool = False
    future: int = 0
