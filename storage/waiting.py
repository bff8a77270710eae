"""What waits to be done, for whoever hands work out: sources that are due, articles not read, files, messages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from storage.ledger import LIVE
from storage.models import ArchiveFile, ArticleVersion, Ledger, Outbox, SourceDue


@dataclass(frozen=True, slots=True)
class DueNow:
    """A source to be crawled: since when it is due, and its period (zero before its first visit)."""

    source: str
    due: datetime
    period: timedelta


@dataclass(frozen=True, slots=True)
class Unread:
    """Versions that can be claimed now, versions under a claim, and how long the oldest live one has waited.

    `live` and `others` (archives, second readings) are counted up to `CEILING`: whoever hands work out need not know
    more, and the count of a long queue would cost more than handing it out.
    """

    live: int
    others: int
    claimed: int
    oldest: timedelta | None


#: Counting stops here.
CEILING = 100_000


def due_now(session: Session, now: datetime, limit: int) -> list[DueNow]:
    """Up to `limit` sources that are due and that nobody is at, the longest due first."""
    rows = session.execute(
        select(SourceDue.source, SourceDue.next_due, SourceDue.period_seconds)
        .where(
            SourceDue.active,
            SourceDue.next_due <= now,
            or_(SourceDue.lease_until.is_(None), SourceDue.lease_until < now),
        )
        .order_by(SourceDue.next_due, SourceDue.source)
        .limit(limit)
    )
    return [DueNow(source, due, timedelta(seconds=seconds)) for source, due, seconds in rows]


def unread(session: Session, now: datetime) -> Unread:
    """What stands in the ledger to be read."""
    free = or_(Ledger.state == "pending", and_(Ledger.state == "claimed", Ledger.lease_until < now))
    opened = Ledger.state.in_(("pending", "claimed"))

    def counted(*conditions: object) -> int:
        some = select(Ledger.version_id).where(opened, *conditions).limit(CEILING).subquery()  # type: ignore[arg-type]
        return session.scalar(select(func.count()).select_from(some)) or 0

    live, others = counted(free, Ledger.priority == LIVE), counted(free, Ledger.priority > LIVE)
    claimed = counted(Ledger.state == "claimed", Ledger.lease_until >= now)
    first = session.scalar(
        select(ArticleVersion.fetched_at)
        .join(Ledger, Ledger.version_id == ArticleVersion.id)
        .where(opened, free, Ledger.priority == LIVE)
        .order_by(Ledger.priority, Ledger.version_id)
        .limit(1)
    )
    return Unread(live, others, claimed, max(now - first, timedelta(0)) if first is not None else None)


def lost_claims(session: Session, now: datetime) -> bool:
    """Whether claims are open whose reader did not come back in time."""
    lost = select(Ledger.version_id).where(
        Ledger.state.in_(("pending", "claimed")), Ledger.state == "claimed", Ledger.lease_until < now
    )
    return session.scalar(lost.limit(1)) is not None


def files_waiting(session: Session, now: datetime) -> int:
    """Archive files that can be claimed now."""
    return (
        session.scalar(
            select(func.count())
            .select_from(ArchiveFile)
            .where(
                or_(ArchiveFile.state == "pending", and_(ArchiveFile.state == "claimed", ArchiveFile.lease_until < now))
            )
        )
        or 0
    )


def letters_waiting(session: Session, now: datetime) -> int:
    """Messages of alerts that are to be sent by now."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Outbox)
            .where(
                or_(
                    and_(Outbox.state == "pending", Outbox.not_before <= now),
                    and_(Outbox.state == "claimed", Outbox.lease_until < now),
                )
            )
        )
        or 0
    )


def by_queue(session: Session, now: datetime) -> dict[str, int]:
    """What could be begun now, by the queue of a cluster; articles of archives and second readings stand apart."""
    articles = unread(session, now)
    due = select(func.count()).where(
        SourceDue.active,
        SourceDue.next_due <= now,
        or_(SourceDue.lease_until.is_(None), SourceDue.lease_until < now),
    )
    return {
        "crawl": session.scalar(due) or 0,
        "read": articles.live,
        "read_later": articles.others,
        "backfill": files_waiting(session, now),
        "alert": letters_waiting(session, now),
    }
