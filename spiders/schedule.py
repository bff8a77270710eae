"""When to look again: at a listing, by how far two polls overlap; at an article, by its age."""

from __future__ import annotations

from datetime import datetime, timedelta

#: Corrections come mostly on the first day: of 221 pages that declare a modification, half changed by more than a
#: minute after publication and 64 by more than an hour (research/news_crawlers.md, section 0.6). An article is looked
#: at again once a step of its age has passed; after the last step it is left alone.
STEPS = (timedelta(hours=1), timedelta(hours=4), timedelta(hours=24), timedelta(days=3), timedelta(days=7))

SHORTEST = timedelta(minutes=5)
LONGEST = timedelta(hours=6)
FIRST = timedelta(minutes=30)
#: Share of a listing that may be new at a poll. Above the higher one the next poll comes sooner, since a gap is near;
#: below the lower one later.
CROWDED, QUIET = 0.5, 0.1
#: A body is asked for without conditions this often, so that a server's false 304 is found out.
FULL_FETCH = timedelta(hours=12)


def next_refetch(published: datetime | None, last_fetched: datetime, now: datetime) -> datetime | None:
    """When an article is to be fetched again; None for never. All times aware.

    `published` unknown: its age counts from `last_fetched`. A time in the past means that it is due.
    """
    born = min(published or last_fetched, last_fetched)
    age_then = last_fetched - born
    step = next((step for step in STEPS if step > age_then), None)
    if step is None or (now - born) > 2 * STEPS[-1]:
        return None
    return born + step


def next_period(previous: timedelta | None, items: int, new: int, *, gap: bool = False) -> timedelta:
    """How long to wait until a listing's next poll, from how many of its items were new this time.

    Halved where more than half of the items were new or none overlapped, half as long again where next to none were.
    """
    period = previous or FIRST
    share = new / items if items else 0.0
    if gap or share > CROWDED:
        period = period / 2
    elif share < QUIET:
        period = period * 1.5
    return min(max(period, SHORTEST), LONGEST)


def full_fetch_due(last_full: datetime | None, now: datetime) -> bool:
    """Whether the next poll must ask for the body whatever the server says of changes."""
    return last_full is None or now - last_full >= FULL_FETCH
