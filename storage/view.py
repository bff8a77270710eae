"""One incident with everything that is known of it: its reports and their quotes, responses, history, edits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, select, union
from sqlalchemy.orm import Session, aliased

from storage.changes import perpetrators
from storage.models import (
    Article,
    ArticleVersion,
    Edit,
    History,
    Incident,
    IncidentReport,
    MergeLog,
    Question,
    Response,
)
from storage.query import IncidentRow, incident_row, midnight
from storage.report_view import ReportView, reports_of
from storage.settled import settled


@dataclass(frozen=True, slots=True)
class ResponseView:
    """What a state did, and the article that says so."""

    type: str
    actor: str | None
    country: str | None
    date: str | None
    quote: str
    start: int
    end: int
    part: str
    article_id: int
    version_id: int


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one cell. `id` grows with time: a reader of changes asks for those after the last it saw."""

    id: int
    incident_id: int
    at: datetime
    cell: str
    old: Any
    new: Any
    cause: str
    version_id: int | None
    analyst: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A report that may belong to another incident, by a score that could not decide."""

    question_id: int
    report_id: int
    report_incident_id: int | None
    incident_id: int
    probability: float
    reasons: tuple[str, ...]
    title: str
    headline: str


@dataclass(frozen=True, slots=True)
class IncidentView:
    """The row, and all behind it. `edited` names the cells that analysts have set, with who and when."""

    row: IncidentRow
    merged_into: int | None
    victims: Sequence[Mapping[str, Any]]
    perpetrators: Sequence[Mapping[str, Any]]
    reports: tuple[ReportView, ...]
    responses: tuple[ResponseView, ...]
    history: tuple[Change, ...]
    edited: Mapping[str, tuple[str, datetime]]
    merges: tuple[Mapping[str, Any], ...]
    questions: tuple[QuestionView, ...]


def get_incident(session: Session, incident_id: int) -> IncidentView:
    """The incident with everything, whatever its status. Raises NotFound."""
    row = incident_row(session, incident_id)
    edits = session.scalars(select(Edit).where(Edit.incident_id == incident_id, Edit.active).order_by(Edit.id))
    return IncidentView(
        row=row,
        merged_into=row.merged_into,
        victims=row.victims,
        perpetrators=perpetrators(session, incident_id),
        reports=reports_of(session, incident_id),
        responses=_responses(session, incident_id),
        history=history_of(session, incident_id),
        edited={edit.cell: (edit.analyst, edit.at) for edit in edits},
        merges=_merges(session, incident_id),
        questions=open_questions(session, incident_id=incident_id),
    )


def history_of(session: Session, incident_id: int) -> tuple[Change, ...]:
    """Every change of the incident's cells, oldest first."""
    return _changes(session, History.incident_id == incident_id)


def changes_since(
    session: Session, *, after_id: int = 0, day: date | None = None, limit: int = 1000
) -> tuple[Change, ...]:
    """Changes of all incidents in the order they were made: those after `after_id`, from `day` (UTC) on.

    A change waits for the transactions that may still bring one with a smaller id: what is read on from the last one
    seen misses none.
    """
    conditions = [History.id > after_id]
    last = settled(session)
    if last is not None:
        conditions.append(History.id <= last)
    if day:
        conditions.append(History.at >= midnight(day))
    return _changes(session, *conditions, limit=limit)


def open_questions(session: Session, *, incident_id: int | None = None, limit: int = 50) -> tuple[QuestionView, ...]:
    """Pairs that wait for an analyst's answer, the likeliest first.

    An asked incident that was merged since stands for the one it went into. Pairs that are one by now, or of which one
    was rejected, wait for nobody.
    """
    waiting = [Question.answer.is_(None)]
    if incident_id is not None:
        # Two ids to look up, each by its index; as one "or" over the join the whole table would be read.
        of_report = select(Question.id).join(IncidentReport, IncidentReport.id == Question.report_id)
        its_own = union(
            select(Question.id).where(Question.incident_id.in_(_gone_into(incident_id))),
            of_report.where(IncidentReport.incident_id == incident_id),
        )
        waiting.append(Question.id.in_(its_own))
    asked = _asked(waiting)
    home = aliased(Incident)
    statement = (
        select(Question, IncidentReport.incident_id, ArticleVersion.title, Incident.id, Incident.headline)
        .join(IncidentReport, IncidentReport.id == Question.report_id)
        .join(ArticleVersion, ArticleVersion.id == IncidentReport.version_id)
        .join(home, home.id == IncidentReport.incident_id)
        .join(asked, asked.c.asked == Question.incident_id)
        .join(Incident, Incident.id == asked.c.now)
        .where(*waiting, IncidentReport.active, home.id != Incident.id)
        .where(Incident.status.not_in(("merged", "rejected")), home.status != "rejected")
        .order_by(Question.probability.desc(), Question.id)
        .limit(limit)
    )
    return tuple(
        QuestionView(
            question.id,
            question.report_id,
            home_id,
            asked_id,
            question.probability,
            tuple(question.reasons),
            title,
            headline,
        )
        for question, home_id, title, asked_id, headline in session.execute(statement)
    )


def _asked(conditions: Sequence[ColumnElement[bool]]) -> CTE:
    """The incidents that questions ask of (`asked`), each with all that it stands for `now`: itself, what it went into."""
    first = select(Question.incident_id.label("asked"), Question.incident_id.label("now")).where(*conditions)
    found = first.cte("asked", recursive=True)
    onward = select(found.c.asked, Incident.merged_into).join(Incident, Incident.id == found.c.now)
    return found.union(onward.where(Incident.status == "merged", Incident.merged_into.is_not(None)))


def _gone_into(incident_id: int) -> Select[tuple[int]]:
    """The number itself and those of the incidents that were merged into it."""
    found = select(Incident.id.label("id")).where(Incident.id == incident_id).cte("gone", recursive=True)
    found = found.union(select(Incident.id).join(found, Incident.merged_into == found.c.id))
    return select(found.c.id)


def _changes(session: Session, *conditions: Any, limit: int | None = None) -> tuple[Change, ...]:
    rows = session.execute(
        select(History, Article.url)
        .outerjoin(ArticleVersion, ArticleVersion.id == History.version_id)
        .outerjoin(Article, Article.id == ArticleVersion.article_id)
        .where(*conditions)
        .order_by(History.id)
        .limit(limit)
    )
    return tuple(
        Change(
            line.id,
            line.incident_id,
            line.at,
            line.cell,
            line.old,
            line.new,
            line.cause,
            line.version_id,
            line.analyst,
            url,
        )
        for line, url in rows
    )


def _responses(session: Session, incident_id: int) -> tuple[ResponseView, ...]:
    rows = session.scalars(
        select(Response)
        .where(Response.incident_id == incident_id, Response.active)
        .order_by(Response.date, Response.id)
    )
    return tuple(
        ResponseView(
            row.type,
            row.actor,
            row.country,
            row.date,
            row.quote,
            row.start,
            row.end,
            row.part,
            row.article_id,
            row.version_id,
        )
        for row in rows
    )


def _merges(session: Session, incident_id: int) -> tuple[Mapping[str, Any], ...]:
    # each side by its index; the two in one "or" would read the whole log
    sides = (select(MergeLog.id).where(side == incident_id) for side in (MergeLog.incident_id, MergeLog.other_id))
    rows = session.scalars(select(MergeLog).where(MergeLog.id.in_(union(*sides))).order_by(MergeLog.id))
    return tuple(
        {
            "id": row.id,
            "at": row.at,
            "kind": row.kind,
            "incident_id": row.incident_id,
            "other_id": row.other_id,
            "reports": list(row.reports),
            "probability": row.probability,
            "reasons": list(row.reasons),
            "analyst": row.analyst,
            "undone": row.undone,
        }
        for row in rows
    )
