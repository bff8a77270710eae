"""Stored articles that are due to be fetched again, whether or not a listing still shows them."""

from __future__ import annotations

from datetime import datetime

from spiders.schedule import STEPS, next_refetch
from spiders.source import Source
from storage.database import Database
from storage.revisit import revisit_candidates

#: Of one crawl, so that the first after a long pause does not spend hours on old articles before the next poll: at two
#: seconds a request, some three minutes. The newest go first, which change most.
MOST = 100


def addresses_due(database: Database, source: Source, now: datetime, *, most: int = MOST) -> tuple[str, ...]:
    """Addresses of the source's articles that the schedule wants fetched again, the newest first, at most `most`."""
    with database.read() as session:
        candidates = revisit_candidates(session, source.id, now - 2 * STEPS[-1], now)
    due = []
    for article in candidates:
        when = next_refetch(article.published or article.first_seen, article.last_fetched, now)
        if when is not None and when <= now:
            due.append(article.url)
            if len(due) == most:
                break
    return tuple(due)
