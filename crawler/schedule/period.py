"""When a source is visited next: by the overlap of its polls, the hour of the day and its failures. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from spiders.schedule import FIRST, LONGEST, SHORTEST
from storage.due import DueSource, SourceEnd

#: A source that fails is tried less and less often, up to this.
LONGEST_BACKOFF = timedelta(hours=12)
#: A source that could not be reached at all is asked again so soon, then after twice that, and so on: where our own line
#: was down for a minute, an hour of news would be lost otherwise.
SOON = timedelta(minutes=1)
#: The hour of the day may shorten or lengthen the period by so much.
BUSY, CALM = 0.5, 2.0
#: So many new articles must have been counted before their hours mean anything.
ENOUGH = 24.0
#: Share of the period by which a visit comes earlier or later, so that sources do not march in step.
JITTER = 0.1


@dataclass(frozen=True, slots=True)
class NextVisit:
    """The period, the moment of the next visit, and until when a failing source is left alone (None: it is well)."""

    period: timedelta
    due: datetime
    backoff_until: datetime | None = None


def next_visit(visited: DueSource, end: SourceEnd, now: datetime, *, chance: float) -> NextVisit:
    """When the source is due after a visit that ended `now`; `chance` in [0, 1) is the jitter's draw.

    The time counts from now, not from when the visit was due: after a night's sleep a source is visited once.
    """
    period = steered(visited, now)
    shift = 1 + JITTER * (2 * chance - 1)
    if end.error is not None:
        first = SOON if end.unreached else 2 * period
        wait = min(first * (1 << min(visited.fail_count, 16)), LONGEST_BACKOFF) * shift
        return NextVisit(period, now + wait, now + wait)
    return NextVisit(period, now + period * shift)


def steered(visited: DueSource, now: datetime) -> timedelta:
    """The period that the overlap of the source's listings asks for, shorter in its busy hours, longer in calm ones."""
    base = timedelta(seconds=visited.poll_seconds) if visited.poll_seconds else FIRST
    return min(max(base * hour_factor(visited.hours, now.hour), SHORTEST), LONGEST)


def hour_factor(hours: Sequence[float], hour: int) -> float:
    """How much longer the period is at that hour (UTC), from new articles by hour: 1 where too little is known."""
    total = sum(hours)
    if total < ENOUGH:
        return 1.0
    near = (hours[hour - 1] + 2 * hours[hour] + hours[(hour + 1) % 24]) / 4
    mean = total / 24
    # half of the mean is mixed in: one article at a calm hour is no habit
    return min(max(mean / (0.5 * mean + 0.5 * near), BUSY), CALM)
