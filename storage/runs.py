"""Runs and their outcomes by source, and from them the health of each source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from storage.errors import NotFound
from storage.models import Article, CrawlRun, IncidentReport, RunOutcome, SourceState

#: Outcomes that show that a source was reached and its pages understood.
SUCCESSES = frozenset(
    {"new", "changed", "unchanged", "duplicate_url", "duplicate_text", "near_duplicate", "feed_unchanged", "http_304"}
)
NEWS = frozenset({"new", "changed", "duplicate_text", "near_duplicate"})


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """One source as `sageon sources` shows it. Shares are in [0, 1], of the articles of the last 14 days.

    `seen_day` are the articles of the last 24 hours, `expected_day` as many as the days before brought in a day (None
    in a source's first two days); `unchanged_share` is the share of the polls that the server answered by 304.
    """

    source: str
    last_run: datetime | None
    last_success: datetime | None
    last_new: datetime | None
    last_blocked: datetime | None
    failures_in_row: int
    gap: datetime | None
    articles: int
    recent_articles: int
    published_share: float | None
    byline_share: float | None
    reports: int
    last_outcomes: Mapping[str, int]
    seen_day: int = 0
    expected_day: float | None = None
    unchanged_share: float | None = None

    @classmethod
    def never(cls, source: str) -> SourceHealth:
        """The health of a source that was never crawled."""
        return cls(source, None, None, None, None, 0, None, 0, 0, None, None, 0, {})


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a job, with its outcomes: {source: {outcome: n}}."""

    id: int
    kind: str
    started: datetime
    finished: datetime | None
    ok: bool | None
    outcomes: Mapping[str, Mapping[str, int]]


def start_run(session: Session, kind: str, now: datetime) -> int:
    """The id of a new run of `kind` (crawl, backfill, read ...)."""
    run = CrawlRun(kind=kind, started=now)
    session.add(run)
    session.flush()
    return run.id


def finish_run(session: Session, run_id: int, now: datetime, *, ok: bool, note: str | None = None) -> None:
    """Close a run. Raises NotFound."""
    run = session.get(CrawlRun, run_id)
    if run is None:
        raise NotFound(f"there is no run {run_id}")
    run.finished, run.ok, run.note = now, ok, note


def record_outcomes(
    session: Session, run_id: int, source: str, outcomes: Mapping[str, int], *, now: datetime | None = None
) -> None:
    """Add counts of named outcomes to a run, and keep the source's state by them (`now`: the run's start if None)."""
    counted = {name: count for name, count in outcomes.items() if count}
    if counted:
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        statement = insert(RunOutcome).values(
            [{"run_id": run_id, "source": source, "outcome": name, "count": n} for name, n in counted.items()]
        )
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["run_id", "source", "outcome"],
                set_={"count": RunOutcome.count + statement.excluded.count},
            )
        )
    _note_state(session, run_id, source, counted, now)


def _note_state(session: Session, run_id: int, source: str, counted: Mapping[str, int], now: datetime | None) -> None:
    run = session.get(CrawlRun, run_id)
    if run is None:
        raise NotFound(f"there is no run {run_id}")
    moment = now or run.started
    state = session.get(SourceState, source) or SourceState(source=source, failures_in_row=0)
    session.add(state)
    state.last_run = moment
    if SUCCESSES & counted.keys():
        state.last_success, state.failures_in_row = moment, 0
    elif counted:
        state.failures_in_row += 1
    if NEWS & counted.keys():
        state.last_new = moment
    if "blocked" in counted:
        state.last_blocked = moment
    if "gap" in counted:
        state.gap = moment
    session.flush()


def clear_runs(session: Session, before: datetime) -> int:
    """Delete runs that began before then, with their outcomes, but for those not ended; returns how many runs went.

    What is known of a source (last success, failures in a row) is kept apart from its runs and stays.
    """
    old = and_(CrawlRun.started < before, CrawlRun.finished.is_not(None))
    session.execute(delete(RunOutcome).where(RunOutcome.run_id.in_(select(CrawlRun.id).where(old))))
    gone: Any = session.execute(delete(CrawlRun).where(old))
    return int(gone.rowcount)


def get_run(session: Session, run_id: int) -> Run:
    """One run with its outcomes. Raises NotFound."""
    run = session.get(CrawlRun, run_id)
    if run is None:
        raise NotFound(f"there is no run {run_id}")
    outcomes: dict[str, dict[str, int]] = {}
    for row in session.scalars(select(RunOutcome).where(RunOutcome.run_id == run_id)):
        outcomes.setdefault(row.source, {})[row.outcome] = row.count
    return Run(run.id, run.kind, run.started, run.finished, run.ok, outcomes)


def source_health(session: Session, *, now: datetime | None = None) -> list[SourceHealth]:
    """Every source that was ever crawled, by name."""
    articles = {
        source: (n, byline, published)
        for source, n, byline, published in session.execute(
            select(Article.source, func.count(), func.count(Article.byline), func.count(Article.published)).group_by(
                Article.source
            )
        )
    }
    since = (now - timedelta(days=14)) if now else None
    recent = _recent(session, since, now) if since and now else {}
    reports = dict(
        session.execute(
            select(IncidentReport.source, func.count()).where(IncidentReport.active).group_by(IncidentReport.source)
        ).all()
    )
    states = {state.source: state for state in session.scalars(select(SourceState))}
    unchanged = _unchanged_shares(session, since) if since else {}
    health = []
    for source in sorted(states.keys() | articles.keys()):
        state = states.get(source)
        total = articles.get(source, (0, 0, 0))
        lately = recent.get(source, _NOTHING) if since else _Recent(*total)
        health.append(
            SourceHealth(
                source=source,
                last_run=state.last_run if state else None,
                last_success=state.last_success if state else None,
                last_new=state.last_new if state else None,
                last_blocked=state.last_blocked if state else None,
                failures_in_row=state.failures_in_row if state else 0,
                gap=state.gap if state else None,
                articles=total[0],
                recent_articles=lately.articles,
                published_share=lately.published / lately.articles if lately.articles else None,
                byline_share=lately.bylines / lately.articles if lately.articles else None,
                reports=reports.get(source, 0),
                last_outcomes=_last_outcomes(session, source),
                seen_day=lately.seen_day,
                expected_day=lately.expected_day,
                unchanged_share=unchanged.get(source),
            )
        )
    return health


@dataclass(frozen=True, slots=True)
class _Recent:
    """A source's articles lately: how many, with byline, with a time; those of the last day, as many as expected."""

    articles: int
    bylines: int
    published: int
    seen_day: int = 0
    expected_day: float | None = None


_NOTHING = _Recent(0, 0, 0)


def _recent(session: Session, since: datetime, now: datetime) -> dict[str, _Recent]:
    """By source its articles since then; a day is expected to bring what the days before the last one did."""
    day = now - timedelta(days=1)
    found = {}
    for source, n, bylines, published, seen, first in session.execute(
        select(
            Article.source, func.count(), func.count(Article.byline), func.count(Article.published),
            func.count().filter(Article.first_seen >= day), func.min(Article.first_seen),
        )
        .where(Article.first_seen >= since)
        .group_by(Article.source)
    ):  # fmt: skip
        known = (day - first) / timedelta(days=1)
        found[source] = _Recent(n, bylines, published, seen, (n - seen) / known if known >= 1 else None)
    return found


def _unchanged_shares(session: Session, since: datetime) -> dict[str, float]:
    """By source the share of the polls since then that were answered by 304."""
    polls = ("feed_ok", "feed_same", "http_304")
    return {
        source: unchanged / all_
        for source, unchanged, all_ in session.execute(
            select(
                RunOutcome.source,
                func.coalesce(func.sum(RunOutcome.count).filter(RunOutcome.outcome == "http_304"), 0),
                func.sum(RunOutcome.count),
            )
            .join(CrawlRun, CrawlRun.id == RunOutcome.run_id)
            .where(CrawlRun.started >= since, RunOutcome.outcome.in_(polls))
            .group_by(RunOutcome.source)
        )
    }


def _last_outcomes(session: Session, source: str) -> dict[str, int]:
    last = session.scalar(select(func.max(RunOutcome.run_id)).where(RunOutcome.source == source))
    if last is None:
        return {}
    rows = session.execute(
        select(RunOutcome.outcome, RunOutcome.count).where(RunOutcome.run_id == last, RunOutcome.source == source)
    )
    return dict(rows.all())
