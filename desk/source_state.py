"""How a source fares, in one word of `desk.labels.HEALTH`."""

from __future__ import annotations

from datetime import datetime, timedelta

from desk.labels import HEALTH
from storage.runs import SourceHealth

#: A daily newspaper that brings nothing for so long has moved its feed.
QUIET = timedelta(days=7)
#: Articles without a time cannot be placed in time; a share below this means that the page has changed.
DATED = 0.5
FEW = 10


def state_of(health: SourceHealth | None, now: datetime) -> str:
    """The worst that is true of the source."""
    if health is None or health.last_run is None:
        return "never"
    if health.failures_in_row:
        return "blocked" if health.last_blocked == health.last_run else "failing"
    if health.gap is not None and health.gap == health.last_run:
        return "gap"
    if health.recent_articles >= FEW and (health.published_share or 0.0) < DATED:
        return "undated"
    if health.last_new is None or now - health.last_new > QUIET:
        return "quiet"
    return "ok"


def rank(state: str) -> int:
    """The worst first."""
    return list(HEALTH).index(state)
