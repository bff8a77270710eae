"""Who did what when: every act of an analyst, from the logs that the acts themselves keep."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from storage.models import Audit, Edit, MergeLog, Question
from storage.query import midnight


@dataclass(frozen=True, slots=True)
class Act:
    """One act. `what` is edit, confirm, reject, merge, split, undo, same, different or an action of the audit.

    `detail` says of an edit the cell, its value and the note, of a split the reports, of an undo what it took back.
    """

    at: datetime
    who: str
    what: str
    incident_id: int | None
    other_id: int | None
    detail: str
    undone: datetime | None = None


def acts(
    session: Session, *, who: str | None = None, since: date | None = None, incident_id: int | None = None,
    limit: int = 200,
) -> tuple[Act, ...]:  # fmt: skip
    """The analysts' acts, the latest first: of one analyst, from a day on (UTC), on one incident, as asked."""
    found = [*_logged(session, who, since, incident_id, limit), *_answers(session, who, since, incident_id, limit)]
    if incident_id is None:
        found += _audited(session, who, since, limit)
    return tuple(sorted(found, key=lambda act: act.at, reverse=True)[:limit])


def _logged(session: Session, who: str | None, since: date | None, incident_id: int | None, limit: int) -> list[Act]:
    statement = select(MergeLog).where(MergeLog.analyst.is_not(None)).order_by(MergeLog.id.desc()).limit(limit)
    statement = _narrowed(statement, MergeLog.analyst, MergeLog.at, who, since)
    if incident_id is not None:
        statement = statement.where(or_(MergeLog.incident_id == incident_id, MergeLog.other_id == incident_id))
    rows = list(session.scalars(statement))
    numbers = [row.reasons[0]["edit"] for row in rows if row.kind == "edit" and row.reasons]
    edits = {edit.id: edit for edit in session.scalars(select(Edit).where(Edit.id.in_(numbers)))}
    undone = [row.reasons[0]["act"] for row in rows if row.kind == "undo" and row.reasons]
    kinds = dict(session.execute(select(MergeLog.id, MergeLog.kind).where(MergeLog.id.in_(undone))).all())
    return [
        Act(row.at, row.analyst or "", row.kind, row.incident_id, row.other_id, _detail(row, edits, kinds), row.undone)
        for row in rows
    ]


def _detail(row: MergeLog, edits: dict[int, Edit], kinds: dict[int, str]) -> str:
    if row.kind == "edit" and row.reasons and (edit := edits.get(row.reasons[0]["edit"])):
        value = "unknown" if edit.value is None else edit.value
        return f"{edit.cell} = {value}" + (f" ({edit.note})" if edit.note else "")
    if row.kind == "undo" and row.reasons:
        return f"takes back: {kinds.get(row.reasons[0]['act'], '?')}"
    if row.kind in ("merge", "split"):
        return f"reports {', '.join(map(str, row.reports))}"
    return ""


def _answers(session: Session, who: str | None, since: date | None, incident_id: int | None, limit: int) -> list[Act]:
    statement = select(Question).where(Question.answer.is_not(None)).order_by(Question.answered.desc()).limit(limit)
    statement = _narrowed(statement, Question.analyst, Question.answered, who, since)
    if incident_id is not None:
        statement = statement.where(Question.incident_id == incident_id)
    return [
        Act(row.answered, row.analyst or "", row.answer or "", row.incident_id, None, f"report {row.report_id}")
        for row in session.scalars(statement)
        if row.answered is not None
    ]


def _audited(session: Session, who: str | None, since: date | None, limit: int) -> list[Act]:
    statement = select(Audit).order_by(Audit.id.desc()).limit(limit)
    statement = _narrowed(statement, Audit.who, Audit.at, who, since)
    return [
        Act(row.at, row.who, row.action, None, None, ", ".join(f"{key} {value}" for key, value in row.detail.items()))
        for row in session.scalars(statement)
    ]


def _narrowed(statement: Any, person: Any, moment: Any, who: str | None, since: date | None) -> Any:
    if who is not None:
        statement = statement.where(person == who)
    return statement if since is None else statement.where(moment >= midnight(since))
