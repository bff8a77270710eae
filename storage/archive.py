"""The files of a backfill by several machines: put in once, each claimed with lease and token, done once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from storage.errors import LeaseLost
from storage.models import ArchiveFile

#: A file that ended its worker (or could not be opened) so often is given up.
MAX_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class ArchiveClaim:
    """The right to read one file until the lease ends. `keep` says which pages are wanted (crawler.backfill.gate)."""

    file_id: int
    token: int
    address: str
    keep: str
    attempts: int


@dataclass(frozen=True, slots=True)
class ArchiveCounts:
    """All files by state, the bytes known of, the bytes done, and when the first of the open ones was begun.

    `unsized` files have not been opened yet, so that `bytes` grows by them.
    """

    pending: int
    claimed: int
    done: int
    failed: int
    unsized: int
    bytes: int
    done_bytes: int
    begun: datetime | None

    @property
    def total(self) -> int:
        """How many files there are."""
        return self.pending + self.claimed + self.done + self.failed


def add_files(session: Session, addresses: Mapping[str, int | None], keep: str, now: datetime) -> int:
    """Put files in, {address: size or None}; one that is there already stays as it is. Returns how many are new."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    added = 0
    items = list(addresses.items())
    for first in range(0, len(items), 500):
        rows: list[dict[str, Any]] = [
            {"address": a, "state": "pending", "keep": keep, "size": size, "done_bytes": 0, "outcomes": {},
             "attempts": 0, "token": 0, "added": now}
            for a, size in items[first : first + 500]
        ]  # fmt: skip
        statement = insert(ArchiveFile).values(rows).on_conflict_do_nothing(index_elements=["address"])
        added += len(session.execute(statement.returning(ArchiveFile.id)).all())
    return added


def claim_file(session: Session, worker: str, lease: timedelta, now: datetime) -> ArchiveClaim | None:
    """The oldest file that is pending or whose worker was lost; None where there is none."""
    while True:
        row = session.scalar(
            select(ArchiveFile)
            .where(
                or_(ArchiveFile.state == "pending", and_(ArchiveFile.state == "claimed", ArchiveFile.lease_until < now))
            )
            .order_by(ArchiveFile.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if row is None:
            return None
        if row.attempts >= MAX_ATTEMPTS:
            row.state, row.finished = "failed", now
            row.error = row.error or f"given up after {row.attempts} attempts"
            session.flush()
            continue
        row.state, row.worker, row.lease_until = "claimed", worker, now + lease
        row.token += 1
        row.attempts += 1
        row.started = row.started or now
        session.flush()
        return ArchiveClaim(row.id, row.token, row.address, row.keep, row.attempts)


def advance_file(
    session: Session,
    claimed: ArchiveClaim,
    done_bytes: int,
    size: int | None,
    outcomes: Mapping[str, int],
    lease: timedelta,
    now: datetime,
) -> None:
    """Note how far the file is and add to its outcomes; the lease begins anew. Raises LeaseLost.

    A file that gets on is no file that kills its workers: its attempts are counted from here.
    """
    row = _held(session, claimed)
    row.done_bytes, row.size, row.lease_until, row.attempts = done_bytes, size or row.size, now + lease, 1
    _add(row, outcomes)
    session.flush()


def release_file(session: Session, claimed: ArchiveClaim) -> None:
    """Give the file back as it is, to go on with later. Raises LeaseLost."""
    row = _held(session, claimed)
    row.state, row.worker, row.lease_until, row.attempts = "pending", None, None, 0
    session.flush()


def finish_file(session: Session, claimed: ArchiveClaim, now: datetime) -> None:
    """The whole file is stored. Raises LeaseLost."""
    row = _held(session, claimed)
    row.state, row.finished, row.error = "done", now, None
    row.worker = row.lease_until = None
    if row.size is not None:
        row.done_bytes = row.size
    session.flush()


def fail_file(session: Session, claimed: ArchiveClaim, error: str, now: datetime) -> None:
    """Give the file back with what went wrong; it is tried again, at most MAX_ATTEMPTS times. Raises LeaseLost."""
    row = _held(session, claimed)
    row.state = "failed" if row.attempts >= MAX_ATTEMPTS else "pending"
    row.error, row.worker, row.lease_until = error[:2000], None, None
    row.finished = now if row.state == "failed" else None
    session.flush()


def archive_counts(session: Session) -> ArchiveCounts:
    """All files by state, and the bytes."""
    states = dict(session.execute(select(ArchiveFile.state, func.count()).group_by(ArchiveFile.state)).all())
    unsized, size, done, begun = session.execute(
        select(
            func.count().filter(ArchiveFile.size.is_(None)),
            func.coalesce(func.sum(ArchiveFile.size), 0),
            func.coalesce(func.sum(ArchiveFile.done_bytes), 0),
            func.min(ArchiveFile.started),
        )
    ).one()
    return ArchiveCounts(
        states.get("pending", 0), states.get("claimed", 0), states.get("done", 0), states.get("failed", 0),
        unsized or 0, int(size or 0), int(done or 0), begun,
    )  # fmt: skip


def failed_files(session: Session) -> list[tuple[str, str]]:
    """Address and error of every file that was given up."""
    rows = session.execute(
        select(ArchiveFile.address, ArchiveFile.error).where(ArchiveFile.state == "failed").order_by(ArchiveFile.id)
    )
    return [(address, error or "") for address, error in rows]


def archive_outcomes(session: Session) -> dict[str, int]:
    """What became of the records of all files, by outcome."""
    total: dict[str, int] = {}
    for outcomes in session.scalars(select(ArchiveFile.outcomes)):
        for name, number in outcomes.items():
            total[name] = total.get(name, 0) + number
    return total


def retry_failed(session: Session) -> int:
    """Files that were given up are pending again; returns how many."""
    rows = list(session.scalars(select(ArchiveFile).where(ArchiveFile.state == "failed")))
    for row in rows:
        row.state, row.attempts, row.error, row.finished = "pending", 0, None, None
    session.flush()
    return len(rows)


def _held(session: Session, claimed: ArchiveClaim) -> ArchiveFile:
    row = session.scalar(select(ArchiveFile).where(ArchiveFile.id == claimed.file_id).with_for_update())
    if row is None or row.state != "claimed" or row.token != claimed.token:
        raise LeaseLost(f"{claimed.address} is no longer claimed under token {claimed.token}")
    return row


def _add(row: ArchiveFile, outcomes: Mapping[str, int]) -> None:
    if outcomes:
        total = dict(row.outcomes)
        for name, number in outcomes.items():
            total[name] = total.get(name, 0) + number
        row.outcomes = total
