"""What an operator watches: queues and how late they are, the table's size, each source's state; read from the tables.

Every process may come and go (crawls are short, watchers are many), so figures are taken from the database and not
from the memory of one of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.due import schedule
from storage.models import (
    AlertMatch,
    AlertRule,
    AlertSilence,
    Article,
    ArticleVersion,
    CrawlRun,
    Incident,
    Ledger,
    Outbox,
    RunOutcome,
    SourceAlarm,
)
from storage.waiting import by_queue

#: Outcomes are summed over so long.
LATELY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class SourceVitals:
    """One source of the schedule: moments, failures in a row, the kinds of its open alarms, outcomes of a day."""

    source: str
    due: datetime
    period: timedelta
    last_ok: datetime | None
    last_new: datetime | None
    failures: int
    runs: int
    alarms: tuple[str, ...]
    outcomes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Vitals:
    """The state of an installation at `at`. Times without a value (None): there is nothing of the kind.

    `ledger`, `incidents`, `outbox` count rows by state; `oldest_unread` is when the longest waiting article was
    fetched, `oldest_due` since when the longest due message waits, `told` counts alerts by rule over `LATELY`;
    `waiting` is what could be begun now, by the queue of a cluster.
    """

    at: datetime
    articles: int
    ledger: Mapping[str, int]
    oldest_unread: datetime | None
    incidents: Mapping[str, int]
    last_incident: datetime | None
    outbox: Mapping[str, int]
    oldest_due: datetime | None
    last_sent: datetime | None
    told: Mapping[str, int]
    silences: int
    sources: tuple[SourceVitals, ...]
    waiting: Mapping[str, int] = field(default_factory=dict)


def vitals(session: Session, now: datetime) -> Vitals:
    """The state of the installation."""
    since = now - LATELY
    unread = (
        select(func.min(ArticleVersion.fetched_at))
        .join(Ledger, Ledger.version_id == ArticleVersion.id)
        .where(Ledger.state.in_(("pending", "claimed")))
    )
    told = (
        select(AlertRule.name, func.count(AlertMatch.id))
        .outerjoin(AlertMatch, (AlertMatch.rule_id == AlertRule.id) & AlertMatch.told & (AlertMatch.at >= since))
        .where(AlertRule.active)
        .group_by(AlertRule.name)
    )
    return Vitals(
        at=now,
        articles=session.scalar(select(func.count()).select_from(Article)) or 0,
        ledger=dict(session.execute(select(Ledger.state, func.count()).group_by(Ledger.state)).all()),
        oldest_unread=session.scalar(unread),
        incidents=dict(session.execute(select(Incident.status, func.count()).group_by(Incident.status)).all()),
        last_incident=session.scalar(select(func.max(Incident.first_seen))),
        outbox=dict(session.execute(select(Outbox.state, func.count()).group_by(Outbox.state)).all()),
        oldest_due=session.scalar(
            select(func.min(Outbox.not_before)).where(
                Outbox.state.in_(("pending", "claimed")), Outbox.not_before <= now
            )
        ),
        last_sent=session.scalar(select(func.max(Outbox.sent)).where(Outbox.state == "sent")),
        told=dict(session.execute(told).all()),
        silences=session.scalar(
            select(func.count())
            .select_from(AlertSilence)
            .where(AlertSilence.begins <= now, AlertSilence.until > now)
        )
        or 0,
        sources=_sources(session, since),
        waiting=by_queue(session, now),
    )  # fmt: skip


def _sources(session: Session, since: datetime) -> tuple[SourceVitals, ...]:
    alarms: dict[str, list[str]] = {}
    for source, kind in session.execute(
        select(SourceAlarm.source, SourceAlarm.kind).where(SourceAlarm.ended.is_(None)).order_by(SourceAlarm.kind)
    ):
        alarms.setdefault(source, []).append(kind)
    outcomes = outcomes_since(session, since)
    return tuple(
        SourceVitals(
            one.source, one.due, one.period, one.last_ok, one.last_new, one.fail_count, one.runs,
            tuple(alarms.get(one.source, ())), outcomes.get(one.source, {}),
        )
        for one in sorted(schedule(session), key=lambda one: one.source)
    )  # fmt: skip


def outcomes_since(session: Session, since: datetime) -> dict[str, dict[str, int]]:
    """Outcomes by source, summed over the runs that began since then."""
    found: dict[str, dict[str, int]] = {}
    rows = session.execute(
        select(RunOutcome.source, RunOutcome.outcome, func.sum(RunOutcome.count))
        .join(CrawlRun, CrawlRun.id == RunOutcome.run_id)
        .where(CrawlRun.started >= since)
        .group_by(RunOutcome.source, RunOutcome.outcome)
    )
    for source, outcome, count in rows:
        found.setdefault(source, {})[outcome] = int(count)
    return found
