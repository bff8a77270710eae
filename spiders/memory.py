"""What a crawl remembers between runs, behind two small protocols: feed states and known articles.

The spider works against these; the jobs put the database behind them, `scrapy crawl` alone keeps them in memory.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True)
class FeedState:
    """What the last polls of one listing gave.

    `etag` and `last_modified` are the server's words, sent back as they came; they are kept only when every article
    of that poll was fetched, so that a 304 never hides one. `body_hash` is the SHA-256 of the last full body.
    `keys` are the article keys of the last full poll. `full_fetch` is when a body last came; `distrusted` says that
    the server once answered 304 though the body had changed, and is asked without conditions since.
    `period` is how long to wait until the next poll, `gaps` how many polls shared no article with the one before.
    """

    url: str
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    keys: tuple[str, ...] = ()
    polled: datetime | None = None
    full_fetch: datetime | None = None
    new_items: datetime | None = None
    distrusted: bool = False
    period: timedelta | None = None
    gaps: int = 0
    outcome: str | None = None


class FeedStates(Protocol):
    """Where the states of listings are kept."""

    def get(self, url: str) -> FeedState | None:
        """The state of the listing at this URL, if it was ever polled."""

    def put(self, state: FeedState) -> None:
        """Keep this state in place of the one before."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """An address that was fetched before: when its article was published (if known) and when it was last fetched.

    `until` is set where the last fetch gave no article: it is not asked for again before that time.
    """

    published: datetime | None
    last_fetched: datetime
    until: datetime | None = None


class Known(Protocol):
    """Which articles were fetched before."""

    def known(self, keys: Collection[str]) -> Mapping[str, Remembered]:
        """The remembered ones among these article keys (`spiders.addresses.article_key`)."""

    def missed(self, key: str, outcome: str) -> None:
        """The address of this key gave no article, for a reason that will hold for a while."""


class FeedStatesInMemory:
    """Feed states for one process; what `scrapy crawl` uses where nothing else is given."""

    def __init__(self) -> None:
        self.states: dict[str, FeedState] = {}

    def get(self, url: str) -> FeedState | None:
        """The state of the listing at this URL, if it was ever polled."""
        return self.states.get(url)

    def put(self, state: FeedState) -> None:
        """Keep this state in place of the one before."""
        self.states[state.url] = state


class NothingKnown:
    """Every article is new."""

    def known(self, keys: Collection[str]) -> Mapping[str, Remembered]:
        """Nothing."""
        return {}

    def missed(self, key: str, outcome: str) -> None:
        """Nothing is kept."""
