"""What a spider yields: one fetched article page, before any cleaning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Listing:
    """Where a page was found and what the listing said of it (a feed item, a sitemap row, a section link)."""

    kind: str
    url: str
    title: str | None = None
    published: datetime | None = None
    modified: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One article page as it came over the wire.

    `body` is the decoded-from-transfer but still encoded page (bytes); `text` is the decoded page where that is not
    UTF-8 and the declared charset held, else None, and the cleaner decides from `body`. `url` is where the page was
    served from, `requested_url` what was asked for. `native_id` is the outlet's own id of the article, if its URL
    shows one.
    """

    source: str
    url: str
    requested_url: str
    status: int
    body: bytes
    fetched_at: datetime
    text: str | None = None
    native_id: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    listing: Listing | None = None
