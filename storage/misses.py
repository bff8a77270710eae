"""Addresses that gave no article: asked again after a while, and less often each time."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from storage.models import PageMissRow

#: A page without a story is seldom filled later, a dead link is seldom revived: the pause after each miss in a row.
PAUSES = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=7))
#: Misses whose pause ended so long ago are forgotten; no listing shows such an address any more.
KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class PageMiss:
    """An address, by its key (`storage.articles`), that gave no article the last `times` it was fetched."""

    key: str
    source: str
    outcome: str
    at: datetime
    times: int
    until: datetime


def page_misses(session: Session, keys: Collection[str]) -> dict[str, PageMiss]:
    """Those of the keys whose last fetch gave no article, with when they may be asked for again."""
    found: dict[str, PageMiss] = {}
    wanted = list(dict.fromkeys(keys))
    for first in range(0, len(wanted), 500):
        for row in session.scalars(select(PageMissRow).where(PageMissRow.key.in_(wanted[first : first + 500]))):
            found[row.key] = PageMiss(row.key, row.source, row.outcome, row.at, row.times, row.until)
    return found


def note_misses(session: Session, source: str, missed: Iterable[tuple[str, str]], now: datetime) -> None:
    """Note addresses (key, outcome) that gave no article at `now`; misses long over are forgotten."""
    for key, outcome in missed:
        row = session.get(PageMissRow, key) or PageMissRow(key=key, source=source, times=0)
        row.times += 1
        row.outcome, row.at = outcome, now
        row.until = now + PAUSES[min(row.times, len(PAUSES)) - 1]
        session.add(row)
    session.execute(delete(PageMissRow).where(PageMissRow.until < now - KEPT))
    session.flush()
