"""One poll of one listing: what was asked, what came, and the state to keep of it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from spiders.listings.entry import Entry
from spiders.memory import FeedState
from spiders.schedule import full_fetch_due, next_period
from spiders.source import Index

#: Article keys kept of a poll: more than any outlet's feed holds, so that the overlap with the next one can be seen.
KEPT_KEYS = 500
#: A server may show an item this late without its 304 having been false.
LAG = timedelta(minutes=15)


@dataclass(slots=True, eq=False)
class Poll:
    """A poll under way. `complete` turns False when an article of it was not fetched and must be offered again."""

    index: Index
    url: str
    state: FeedState
    now: datetime
    conditional: bool = False
    outcome: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    keys: list[str] = field(default_factory=list)
    new: int = 0
    seen: int = 0
    gap: bool = False
    distrusted: bool = False
    complete: bool = True

    @classmethod
    def begin(cls, index: Index, url: str, state: FeedState | None, now: datetime, *, full: bool = False) -> Poll:
        """A poll of this listing, conditional where the last state allows it and no full fetch is due."""
        before = state or FeedState(url)
        trusted = not before.distrusted and not full and not full_fetch_due(before.full_fetch, now)
        conditional = index.kind != "section" and trusted and bool(before.etag or before.last_modified)
        return cls(index, url, before, now, conditional, distrusted=before.distrusted)

    def headers(self) -> dict[str, str]:
        """The conditions to send: both validators, as RFC 9110 (13.1) has it, the server's own words."""
        if not self.conditional:
            return {}
        named = {"If-None-Match": self.state.etag, "If-Modified-Since": self.state.last_modified}
        return {name: value for name, value in named.items() if value}

    def received(self, body: bytes, etag: str | None, last_modified: str | None) -> bool:
        """Take in a full body. Returns whether it differs from the last one."""
        self.etag, self.last_modified = etag, last_modified
        self.body_hash = hashlib.sha256(body).hexdigest()
        changed = self.body_hash != self.state.body_hash
        validator_kept = (etag, last_modified) == (self.state.etag, self.state.last_modified) != (None, None)
        if changed and validator_kept and self.state.body_hash:
            self.distrusted = True  # the body moved under an unmoved validator: its 304 would have been false
        return changed

    def counted(self, entries: Sequence[tuple[str, Entry]], known: Collection[str]) -> None:
        """Measure the overlap of this poll's articles (key and entry) with the poll before and with what is known."""
        already = frozenset(self.keys)  # a later page of the same list repeats what moved down meanwhile
        entries = [(key, entry) for key, entry in entries if key not in already]
        before = frozenset(self.state.keys)
        fresh = [(key, entry) for key, entry in entries if key not in before and key not in known]
        self.keys.extend(key for key, _ in entries)
        self.new += len(fresh)
        self.seen += len(entries) - len(fresh)
        last = self.state.polled
        if self.state.outcome == "http_304" and last and self.state.full_fetch:
            hidden = [e for _, e in fresh if e.published and self.state.full_fetch < e.published < last - LAG]
            self.distrusted = self.distrusted or bool(hidden)  # published before a 304 said that nothing was new

    def close(self) -> None:
        """The listing is read to its end: whether anything of the poll before was still in it."""
        self.gap = bool(self.state.keys and self.keys) and not self.seen

    def next_state(self) -> FeedState:
        """The state to keep. Validators are kept only of a poll whose articles all came to a good end."""
        state = replace(self.state, polled=self.now, outcome=self.outcome, distrusted=self.distrusted)
        if self.outcome in ("http_304", "feed_same"):
            if self.outcome == "feed_same":
                state = replace(state, full_fetch=self.now, etag=self.etag, last_modified=self.last_modified)
            return replace(state, period=next_period(state.period, len(state.keys), 0))
        if self.outcome != "feed_ok":
            return state
        items = self.new + self.seen
        state = replace(
            state,
            keys=tuple(self.keys[:KEPT_KEYS]),
            full_fetch=self.now,
            new_items=self.now if self.new else state.new_items,
            period=next_period(state.period, items, self.new, gap=self.gap),
            gaps=state.gaps + self.gap,
        )
        kept = (self.etag, self.last_modified, self.body_hash) if self.complete else (None, None, None)
        return replace(state, etag=kept[0], last_modified=kept[1], body_hash=kept[2])
