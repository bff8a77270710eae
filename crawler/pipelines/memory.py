"""What a spider remembers between runs, kept in the database: feed states, known articles, pages without one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from spiders.addresses import article_key
from spiders.memory import FeedState, Remembered
from spiders.page import Page
from spiders.source import Source
from storage import feeds
from storage.articles import known_keys, native_key, url_key
from storage.database import Database
from storage.misses import note_misses, page_misses

#: Ends of a page that will not be otherwise for a while; a bot wall (page_blocked) may be down at the next poll.
SET_ASIDE = frozenset(
    (
        "page_not_article",
        "page_empty",
        "page_undecodable",
        "page_too_large",
        "clean_timeout",
        "clean_error",
        "cleaner_died",
    )
)


class KnownInDatabase:
    """Which addresses gave an article or none, by the keys of `spiders.addresses.article_key`."""

    def __init__(self, database: Database, source: Source, now: datetime) -> None:
        self._database = database
        self._source = source
        self._prefix = f"{source.id}:"
        self._now = now
        self._missed: dict[str, str] = {}

    def known(self, keys: Collection[str]) -> Mapping[str, Remembered]:
        """The remembered ones among these keys; an article of unknown time counts from when it was first seen."""
        stored = {self._stored(key): key for key in keys}
        with self._database.read() as session:
            found = known_keys(session, stored)
            misses = page_misses(session, stored)
        remembered = {
            stored[key]: Remembered(known.published or known.first_seen, known.last_fetched)
            for key, known in found.items()
        }
        for key, miss in misses.items():
            if key not in found or found[key].last_fetched < miss.at:
                remembered[stored[key]] = Remembered(None, miss.at, until=miss.until)
        return remembered

    def missed(self, key: str, outcome: str) -> None:
        """Keep until `save` that this address gave no article."""
        self._missed[self._stored(key)] = outcome

    def page_missed(self, page: Page, outcome: str) -> None:
        """Keep until `save` that this page held no article, where that will hold for a while."""
        if outcome in SET_ASIDE:
            self.missed(article_key(self._source, page.requested_url), outcome)

    def save(self) -> None:
        """Write what was missed."""
        missed, self._missed = self._missed, {}
        if missed:
            with self._database.write() as session:
                note_misses(session, self._source.id, missed.items(), self._now)

    def _stored(self, key: str) -> str:
        if key.startswith(self._prefix):
            return native_key(self._source.id, key.removeprefix(self._prefix))
        return url_key(key)


class FeedStatesOfRun:
    """Feed states read from the database and written back together, once every article of the run is stored.

    Written earlier, a 304 of the next run could hide an article that this run lost.
    """

    def __init__(self, database: Database, source: str) -> None:
        self._database = database
        self._source = source
        self._put: dict[str, FeedState] = {}

    def get(self, url: str) -> FeedState | None:
        """The state that the last run left of the listing at this URL."""
        with self._database.read() as session:
            state = feeds.feed_state(session, url)
        return from_stored(state) if state else None

    def put(self, state: FeedState) -> None:
        """Keep this state until `save`."""
        self._put[state.url] = state

    def save(self) -> None:
        """Write what was put."""
        states, self._put = self._put, {}
        if states:
            with self._database.write() as session:
                for state in states.values():
                    feeds.save_feed_state(session, to_stored(state, self._source))


def to_stored(state: FeedState, source: str) -> feeds.FeedState:
    """The state as storage keeps it."""
    return feeds.FeedState(
        url=state.url,
        source=source,
        etag=state.etag,
        last_modified=state.last_modified,
        body_hash=state.body_hash,
        last_fetch=state.polled,
        last_full_fetch=state.full_fetch,
        last_changed=state.new_items,
        unchanged_in_row=1 if state.outcome == "http_304" else 0,
        items=state.keys,
        poll_seconds=int(state.period.total_seconds()) if state.period else None,
        distrusted=state.distrusted,
        gaps=state.gaps,
        outcome=state.outcome,
    )


def from_stored(state: feeds.FeedState) -> FeedState:
    """The state as the spider uses it."""
    return FeedState(
        url=state.url,
        etag=state.etag,
        last_modified=state.last_modified,
        body_hash=state.body_hash,
        keys=tuple(state.items),
        polled=state.last_fetch,
        full_fetch=state.last_full_fetch,
        new_items=state.last_changed,
        distrusted=state.distrusted,
        gaps=state.gaps,
        period=timedelta(seconds=state.poll_seconds) if state.poll_seconds else None,
        outcome=state.outcome,
    )
