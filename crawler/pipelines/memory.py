"""What a spider remembers between runs, kept in the database: feed states and known articles."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta

from spiders.memory import FeedState, Remembered
from storage import feeds
from storage.articles import known_keys, native_key, url_key
from storage.database import Database


class KnownInDatabase:
    """Which articles are stored, by the keys of `spiders.addresses.article_key`."""

    def __init__(self, database: Database, source: str) -> None:
        self._database = database
        self._prefix = f"{source}:"

    def known(self, keys: Collection[str]) -> Mapping[str, Remembered]:
        """The stored ones among these keys. Where they were first seen stands for when they were published."""
        stored = {self._stored(key): key for key in keys}
        with self._database.read() as session:
            found = known_keys(session, stored)
        return {stored[key]: Remembered(known.first_seen, known.last_fetched) for key, known in found.items()}

    def _stored(self, key: str) -> str:
        if key.startswith(self._prefix):
            return native_key(self._prefix[:-1], key.removeprefix(self._prefix))
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
    """The state as storage keeps it; an empty etag stands for a server whose 304 is not believed any more."""
    return feeds.FeedState(
        url=state.url,
        source=source,
        etag="" if state.distrusted else state.etag,
        last_modified=state.last_modified,
        body_hash=state.body_hash,
        last_fetch=state.polled,
        last_full_fetch=state.full_fetch,
        last_changed=state.new_items,
        unchanged_in_row=1 if state.outcome == "http_304" else 0,
        items=state.keys,
        poll_seconds=int(state.period.total_seconds()) if state.period else None,
    )


def from_stored(state: feeds.FeedState) -> FeedState:
    """The state as the spider uses it."""
    return FeedState(
        url=state.url,
        etag=state.etag or None,
        last_modified=state.last_modified,
        body_hash=state.body_hash,
        keys=tuple(state.items),
        polled=state.last_fetch,
        full_fetch=state.last_full_fetch,
        new_items=state.last_changed,
        distrusted=state.etag == "",
        period=timedelta(seconds=state.poll_seconds) if state.poll_seconds else None,
        outcome="http_304" if state.unchanged_in_row else None,
    )
