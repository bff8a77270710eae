"""Names that one holder at a time may have, across machines: the hosts that are being crawled, the dispatcher.

A lease ends by itself: a holder that was killed, or cut off from the database, holds nothing for longer than it last
asked for.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from storage.errors import LeaseLost
from storage.models import LeaseRow


@dataclass(frozen=True, slots=True)
class Lease:
    """Names that are held together, each with the token that proves it."""

    holder: str
    tokens: tuple[tuple[str, int], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names, in order."""
        return tuple(name for name, _ in self.tokens)


def take(session: Session, names: Collection[str], holder: str, lasting: timedelta, now: datetime) -> Lease | None:
    """All of the names or, where another holder has one of them, None. A holder may take again what it has.

    Rows are locked in the order of their names, so two that want the same ones do not wait for each other.
    """
    wanted = sorted(set(names))
    rows = _rows(session, wanted)
    if any(row.until is not None and row.until >= now and row.holder != holder for row in rows):
        return None
    for row in rows:
        row.holder, row.until, row.token = holder, now + lasting, row.token + 1
    session.flush()
    return Lease(holder, tuple((row.name, row.token) for row in rows))


def prolong(session: Session, lease: Lease, lasting: timedelta, now: datetime) -> None:
    """Hold all names for longer. Raises LeaseLost where one of them was taken by another."""
    for row in _held(session, lease):
        row.until = now + lasting
    session.flush()


def give_back(session: Session, lease: Lease) -> None:
    """Let the names go. Raises LeaseLost where one of them was taken by another; nothing is changed then."""
    for row in _held(session, lease):
        row.until = None
    session.flush()


def holders(session: Session, now: datetime) -> dict[str, str]:
    """Who holds what at this moment: {name: holder}."""
    rows = session.execute(select(LeaseRow.name, LeaseRow.holder).where(LeaseRow.until >= now).order_by(LeaseRow.name))
    return dict(rows.all())


def _rows(session: Session, names: list[str]) -> list[LeaseRow]:
    if not names:
        return []
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(
        insert(LeaseRow).values([{"name": name, "holder": "", "token": 0} for name in names]).on_conflict_do_nothing()
    )
    return list(
        session.scalars(select(LeaseRow).where(LeaseRow.name.in_(names)).order_by(LeaseRow.name).with_for_update())
    )


def _held(session: Session, lease: Lease) -> list[LeaseRow]:
    rows = _rows(session, list(lease.names))
    if tuple((row.name, row.token) for row in rows) != lease.tokens:
        raise LeaseLost(f"{', '.join(lease.names)}: no longer held by {lease.holder}")
    return rows
