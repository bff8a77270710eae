"""The schedule: which sources are to be crawled now, by whom, and when again.

A source is claimed with a lease and a fencing token, as article versions are (storage/ledger.py): of several watchers
on one database only one crawls it, and a watcher that was killed or slept loses its claim to another.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from storage.errors import LeaseLost
from storage.models import Article, FeedStateRow, SourceDue

#: New articles by hour fade by this factor with every run that brought any, so that an old habit is forgotten.
FADE = 0.98


@dataclass(frozen=True, slots=True)
class DueSource:
    """A source of the schedule. `token` proves a claim; `due` is when it was to be crawled.

    `hours`: new articles by hour (UTC) of the day, fading; `poll_seconds`: the shortest period that the overlap of
    its listings asks for, None before the first poll.
    """

    source: str
    token: int
    due: datetime
    period: timedelta
    fail_count: int
    hours: tuple[float, ...]
    poll_seconds: int | None
    last_start: datetime | None
    last_ok: datetime | None
    last_new: datetime | None
    backoff_until: datetime | None
    worker: str | None
    lease_until: datetime | None
    last_error: str | None
    runs: int


@dataclass(frozen=True, slots=True)
class SourceEnd:
    """How a crawl of a source ended: `new` articles, `error` in one line where the outlet did not answer.

    `unreached`: nothing of the outlet was reached at all, so that the line may be down rather than the outlet.
    """

    new: int = 0
    error: str | None = None
    unreached: bool = False


def sync_due(session: Session, sources: Mapping[str, timedelta], now: datetime) -> None:
    """Put the sources on the schedule, each first due after its delay; those not named any more are set aside."""
    rows = {row.source: row for row in session.scalars(select(SourceDue))}
    for source, delay in sources.items():
        row = rows.get(source)
        if row is None:
            session.add(
                SourceDue(source=source, active=True, period_seconds=0, next_due=now + delay, hours=[0.0] * 24, runs=0)
            )
        elif not row.active:
            row.active, row.next_due = True, now + delay
    for source in rows.keys() - sources.keys():
        rows[source].active = False
    session.flush()


def claim_due(
    session: Session,
    worker: str,
    limit: int,
    lease: timedelta,
    now: datetime,
    *,
    among: Collection[str] | None = None,
) -> list[DueSource]:
    """Claim up to `limit` sources that are due and that nobody is at, the longest due first.

    A source whose claim ran out is due again: its crawler was killed.
    """
    wanted = (
        select(SourceDue)
        .where(
            SourceDue.active,
            SourceDue.next_due <= now,
            or_(SourceDue.lease_until.is_(None), SourceDue.lease_until < now),
        )
        .order_by(SourceDue.next_due, SourceDue.source)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    if among is not None:
        wanted = wanted.where(SourceDue.source.in_(among))
    rows = list(session.scalars(wanted))
    for row in rows:
        row.token += 1
        row.worker, row.lease_until, row.last_start = worker, now + lease, now
    session.flush()
    return _described(session, rows)


def renew_due(session: Session, claimed: DueSource, lease: timedelta, now: datetime) -> None:
    """Prolong a claim. Raises LeaseLost."""
    _held(session, claimed).lease_until = now + lease
    session.flush()


def release_due(session: Session, claimed: DueSource) -> None:
    """Give a claim back untouched: the source is due as before. Raises LeaseLost."""
    row = _held(session, claimed)
    row.worker = row.lease_until = None
    session.flush()


def postpone_due(session: Session, claimed: DueSource, until: datetime) -> None:
    """Give a claim back and let the source be due then; its health and its back-off stay. Raises LeaseLost."""
    row = _held(session, claimed)
    row.worker = row.lease_until = None
    row.next_due = until
    session.flush()


def finish_due(
    session: Session,
    claimed: DueSource,
    end: SourceEnd,
    now: datetime,
    *,
    period: timedelta,
    next_due: datetime,
    backoff_until: datetime | None = None,
) -> DueSource:
    """Write how the crawl ended and when the next one is due; returns the source as it now stands. Raises LeaseLost."""
    row = _held(session, claimed)
    row.worker = row.lease_until = None
    row.period_seconds, row.next_due, row.backoff_until = int(period.total_seconds()), next_due, backoff_until
    row.runs += 1
    row.last_error = end.error
    if end.error is None:
        row.fail_count, row.last_ok = 0, now
    else:
        row.fail_count += 1
    if end.new:
        row.last_new = now
        hours = [value * FADE for value in row.hours]
        hours[now.hour] += end.new
        row.hours = [round(value, 4) for value in hours]
    session.flush()
    return _described(session, [row])[0]


def schedule(session: Session) -> list[DueSource]:
    """Every source of the schedule, the next due first."""
    return _described(
        session,
        list(session.scalars(select(SourceDue).where(SourceDue.active).order_by(SourceDue.next_due, SourceDue.source))),
    )


def next_wake(session: Session) -> datetime | None:
    """When the next source is due or the next claim runs out; None where the schedule is empty."""
    free = session.scalar(select(func.min(SourceDue.next_due)).where(SourceDue.active, SourceDue.lease_until.is_(None)))
    held = session.scalar(
        select(func.min(SourceDue.lease_until)).where(SourceDue.active, SourceDue.lease_until.is_not(None))
    )
    return min((moment for moment in (free, held) if moment is not None), default=None)


def daily_rate(session: Session, source: str, now: datetime, *, days: int = 14) -> float:
    """Articles of the source that were first seen in the last `days`, a day."""
    since = now - timedelta(days=days)
    count, first = session.execute(
        select(func.count(), func.min(Article.first_seen)).where(
            and_(Article.source == source, Article.first_seen >= since)
        )
    ).one()
    if not count:
        return 0.0
    seen_for = max((now - first) / timedelta(days=1), 1.0)
    return float(count / min(seen_for, days))


def _described(session: Session, rows: list[SourceDue]) -> list[DueSource]:
    polls = dict(
        session.execute(
            select(FeedStateRow.source, func.min(FeedStateRow.poll_seconds))
            .where(FeedStateRow.source.in_([row.source for row in rows]))
            .group_by(FeedStateRow.source)
        ).all()
    )
    return [
        DueSource(
            source=row.source,
            token=row.token,
            due=row.next_due,
            period=timedelta(seconds=row.period_seconds),
            fail_count=row.fail_count,
            hours=tuple(row.hours),
            poll_seconds=polls.get(row.source),
            last_start=row.last_start,
            last_ok=row.last_ok,
            last_new=row.last_new,
            backoff_until=row.backoff_until,
            worker=row.worker,
            lease_until=row.lease_until,
            last_error=row.last_error,
            runs=row.runs,
        )
        for row in rows
    ]


def _held(session: Session, claimed: DueSource) -> SourceDue:
    row = session.scalar(select(SourceDue).where(SourceDue.source == claimed.source).with_for_update())
    if row is None or row.lease_until is None or row.token != claimed.token:
        raise LeaseLost(f"source {claimed.source} is no longer claimed under token {claimed.token}")
    return row
