"""What a listing (feed, sitemap, section page) left behind for its next conditional fetch."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from storage.models import FeedStateRow


@dataclass(frozen=True, slots=True)
class FeedState:
    """`items` are the keys the listing showed last; `overlap` the share of them it still showed the next time.

    `last_full_fetch` is when it was last fetched without conditions (the guard against a server's false 304);
    `distrusted` says that the server gave one. `gaps` counts polls that shared nothing with the one before, `outcome`
    is how the last one ended.
    """

    url: str
    source: str
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    last_fetch: datetime | None = None
    last_full_fetch: datetime | None = None
    last_changed: datetime | None = None
    unchanged_in_row: int = 0
    items: tuple[str, ...] = ()
    overlap: float | None = None
    poll_seconds: int | None = None
    distrusted: bool = False
    gaps: int = 0
    outcome: str | None = None


def feed_state(session: Session, url: str) -> FeedState | None:
    """The state saved for the listing at `url`, None where it was never fetched."""
    row = session.get(FeedStateRow, url)
    if row is None:
        return None
    fields = {name: getattr(row, name) for name in FeedState.__dataclass_fields__}
    return FeedState(**{**fields, "items": tuple(row.items)})


def save_feed_state(session: Session, state: FeedState) -> None:
    """Save the state of a listing in place of the older one."""
    session.merge(FeedStateRow(**{**asdict(state), "items": list(state.items)}))
    session.flush()
