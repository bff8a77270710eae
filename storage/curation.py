"""What analysts do: edit, confirm, reject, merge, split, answer, undo. Each act is logged with who and when.

An edit is kept beside the coding, not in its place: it wins over it at every fusion, and undoing it brings back what
the reports say by then. A merge moves reports and leaves the emptied incident behind as a signpost.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from storage.cells import check_cell, row_cells, with_what_follows
from storage.changes import Cause, IncidentChange, blank_incident, note, refresh, set_status
from storage.errors import BadEdit, NotFound, NothingToUndo
from storage.locks import RESOLUTION, lock
from storage.models import Edit, Incident, IncidentReport, MergeLog, Question, Response

ACTS = ("edit", "confirm", "reject", "merge", "split")


@dataclass(frozen=True, slots=True)
class Analyst:
    """Who acts, and when."""

    name: str
    now: datetime

    def cause(self, what: str) -> Cause:
        return Cause(what, self.now, analyst=self.name)


def edit(
    session: Session, incident_id: int, cell: str, value: Any, by: Analyst, *, note_text: str | None = None
) -> IncidentChange:
    """Set one cell; see `edit_cells`."""
    return edit_cells(session, incident_id, {cell: value}, by, note_text=note_text)


def edit_cells(
    session: Session, incident_id: int, cells: Mapping[str, Any], by: Analyst, *, note_text: str | None = None
) -> IncidentChange:
    """Set cells, and those that would contradict them. From now on no coding changes them; one undo takes all back.

    Raises NotFound, BadEdit.
    """
    lock(session, RESOLUTION)  # a report that is being put to it would write over the cells
    incident = _incident(session, incident_id)
    checked = {cell: check_cell(cell, value) for cell, value in cells.items()}
    together: int | None = None
    for cell, value in with_what_follows(checked, row_cells(incident)).items():
        older = session.scalar(
            select(Edit).where(Edit.incident_id == incident.id, Edit.cell == cell, Edit.active).order_by(Edit.id.desc())
        )
        if older is not None:
            older.active = False
        row = Edit(incident_id=incident.id, cell=cell, value=value, at=by.now, analyst=by.name, note=note_text)
        session.add(row)
        session.flush()
        together = together or row.id
        details = {"edit": row.id, "older": older.id if older else None, "together": together}
        _log(session, "edit", incident.id, by, details=details)
    return refresh(session, incident.id, by.cause("edit"))


def confirm(session: Session, incident_id: int, by: Analyst) -> IncidentChange:
    """An analyst has checked the incident; it stays confirmed whatever is reported later. Raises NotFound."""
    return _decide(session, incident_id, "confirm", "confirmed", by)


def reject(session: Session, incident_id: int, by: Analyst) -> IncidentChange:
    """It is no incident, or none for this table. Later reports of it join it unseen. Raises NotFound."""
    return _decide(session, incident_id, "reject", "rejected", by)


def merge(session: Session, keep_id: int, other_id: int, by: Analyst) -> list[IncidentChange]:
    """Two rows are one event: `other` goes into `keep`, with its reports and responses. Raises NotFound, BadEdit."""
    lock(session, RESOLUTION)
    keep, other = _incident(session, keep_id), _incident(session, other_id)
    if keep.id == other.id:
        raise BadEdit(f"incident {keep_id} cannot be merged with itself")
    reports = _report_ids(session, other.id)
    _log(session, "merge", keep.id, by, other_id=other.id, reports=reports, details={"status": other.status})
    _move(session, reports, other.id, keep.id)
    session.execute(update(Response).where(Response.incident_id == other.id).values(incident_id=keep.id))
    set_status(session, other, "merged", by.cause("merge"))
    other.merged_into = keep.id
    other.report_count = other.voice_count = 0
    note(session, keep.id, by.cause("merge"), "reports", None, {"from": other.id, "reports": reports})
    changed = refresh(session, keep.id, by.cause("merge"))
    return [changed, IncidentChange(other.id, "merged", ("status",))]


def split(session: Session, incident_id: int, report_ids: Collection[int], by: Analyst) -> list[IncidentChange]:
    """Some reports are of another event: they get an incident of their own (the last change returned is its).

    Raises NotFound where a report is not the incident's, BadEdit where none or all are named.
    """
    lock(session, RESOLUTION)
    incident = _incident(session, incident_id)
    held, moved = _report_ids(session, incident.id), sorted(set(report_ids))
    if missing := set(moved) - set(held):
        raise NotFound(f"incident {incident_id} has no report {', '.join(map(str, sorted(missing)))}")
    if not moved or len(moved) == len(held):
        raise BadEdit(f"a split takes some of the incident's {len(held)} reports, not {len(moved)}")
    fresh = blank_incident(session, by.now, incident.coder)
    _move(session, moved, incident.id, fresh.id)
    _log(session, "split", incident.id, by, other_id=fresh.id, reports=moved, details={})
    opened = refresh(session, fresh.id, by.cause("opened"))
    note(session, incident.id, by.cause("split"), "reports", {"to": fresh.id, "reports": moved}, None)
    return [
        refresh(session, incident.id, by.cause("split")),
        IncidentChange(fresh.id, "split", opened.cells, opened.worse),
    ]


def answer(session: Session, question_id: int, same: bool, by: Analyst) -> list[IncidentChange]:
    """Answer an "is this the same event?"; `same` merges the report's incident into the asked one.

    An asked incident that was merged since stands for the one it went into. Raises NotFound, BadEdit where the question
    is answered already, or where the same event would be one that was rejected.
    """
    lock(session, RESOLUTION)
    question = session.get(Question, question_id)
    if question is None:
        raise NotFound(f"there is no question {question_id}")
    if question.answer is not None:
        raise BadEdit(f"question {question_id} is answered: {question.answer}, by {question.analyst}")
    question.answer, question.analyst, question.answered = "same" if same else "different", by.name, by.now
    asked = _went_into(session, question.incident_id)
    question.incident_id = asked.id
    report = session.get_one(IncidentReport, question.report_id)
    if not same or report.incident_id is None:
        return []
    home = _went_into(session, report.incident_id)
    if home.id == asked.id:
        return []
    for incident in (asked, home):
        if incident.status == "rejected":
            raise BadEdit(f"incident {incident.id} was rejected: undo that, or answer different")
    return merge(session, asked.id, home.id, by)


def undo(session: Session, incident_id: int, by: Analyst) -> list[IncidentChange]:
    """Take back the last act of an analyst on the incident that was not taken back yet; cells set together go together.

    Raises NothingToUndo where there is none, or where a later act stands on what it did.
    """
    lock(session, RESOLUTION)
    act = session.scalar(
        select(MergeLog)
        .where(
            or_(MergeLog.incident_id == incident_id, MergeLog.other_id == incident_id),
            MergeLog.kind.in_(ACTS),
            MergeLog.undone.is_(None),
        )
        .order_by(MergeLog.id.desc())
        .limit(1)
    )
    if act is None:
        raise NothingToUndo(f"no analyst's act on incident {incident_id} is left to undo")
    _nothing_built_on(session, act)
    _take_back(session, act, by)
    details, cause = act.reasons[0], by.cause("undo")
    if act.kind == "edit":
        _unedit(session, act)
        for other in _edited_with(session, act):
            _take_back(session, other, by)
            _unedit(session, other)
    elif act.kind in ("confirm", "reject"):
        set_status(session, session.get_one(Incident, act.incident_id), details["status"], cause)
    elif act.kind == "merge":
        return _unmerge(session, act, details, cause)
    else:
        return _unsplit(session, act, cause)
    return [refresh(session, act.incident_id, cause)]


def _take_back(session: Session, act: MergeLog, by: Analyst) -> None:
    act.undone = by.now
    session.add(
        MergeLog(at=by.now, kind="undo", incident_id=act.incident_id, other_id=act.other_id, reports=act.reports,
                 reasons=[{"act": act.id}], analyst=by.name)
    )  # fmt: skip


def _unedit(session: Session, act: MergeLog) -> None:
    details = act.reasons[0]
    session.get_one(Edit, details["edit"]).active = False
    if details["older"] is not None:
        session.get_one(Edit, details["older"]).active = True


def _edited_with(session: Session, act: MergeLog) -> list[MergeLog]:
    """The other edits of the one act that this edit was part of, the last first."""
    edits = select(MergeLog).where(
        MergeLog.incident_id == act.incident_id,
        MergeLog.kind == "edit",
        MergeLog.undone.is_(None),
        MergeLog.id != act.id,
    )
    rows = session.scalars(edits.order_by(MergeLog.id.desc()))
    return [row for row in rows if _together(row) == _together(act)]


def _together(act: MergeLog) -> Any:
    """What edits of one act share; those without a number of their act were made at one moment."""
    return act.reasons[0].get("together", (act.at, act.analyst))


def _nothing_built_on(session: Session, act: MergeLog) -> None:
    """Raise NothingToUndo where taking the act back would pull the ground from under a later one."""
    live = (MergeLog.id > act.id) & MergeLog.kind.in_(ACTS) & MergeLog.undone.is_(None)
    sides = [act.incident_id, act.other_id] if act.kind == "split" else [act.incident_id]
    blocking: list[ColumnElement[bool]] = [(MergeLog.kind == "merge") & MergeLog.other_id.in_(sides)]
    if act.kind == "merge":
        blocking.append((MergeLog.kind == "split") & (MergeLog.incident_id == act.incident_id))
    if act.kind == "split":
        blocking.append(MergeLog.incident_id == act.other_id)
    later = max(session.scalars(select(MergeLog).where(live, or_(*blocking))), key=lambda row: row.id, default=None)
    if later is not None:
        raise NothingToUndo(
            f"the {later.kind} on incident {later.incident_id} came after the {act.kind}: "
            f"undo incident {later.incident_id} first"
        )
    incident = session.get_one(Incident, act.incident_id)
    if incident.status == "merged":
        raise NothingToUndo(f"incident {incident.id} was merged into {incident.merged_into}: its {act.kind} stands")


def _unmerge(session: Session, act: MergeLog, details: dict[str, Any], cause: Cause) -> list[IncidentChange]:
    other = session.get_one(Incident, act.other_id)
    other.merged_into = None
    _move(session, act.reports, act.incident_id, other.id)
    set_status(session, other, details["status"], cause)
    return [refresh(session, act.incident_id, cause), refresh(session, other.id, cause)]


def _unsplit(session: Session, act: MergeLog, cause: Cause) -> list[IncidentChange]:
    other = session.get_one(Incident, act.other_id)
    _move(session, _report_ids(session, other.id), other.id, act.incident_id)
    set_status(session, other, "merged", cause)
    other.merged_into = act.incident_id
    other.report_count = other.voice_count = 0
    return [refresh(session, act.incident_id, cause), IncidentChange(other.id, "merged", ("status",))]


def _decide(session: Session, incident_id: int, what: str, status: str, by: Analyst) -> IncidentChange:
    lock(session, RESOLUTION)
    incident = _incident(session, incident_id)
    if incident.status == status:
        return IncidentChange(incident.id, "seen_again")
    _log(session, what, incident.id, by, details={"status": incident.status})
    set_status(session, incident, status, by.cause(what))
    return IncidentChange(incident.id, "curated", ("status",))


def _incident(session: Session, incident_id: int) -> Incident:
    incident = session.get(Incident, incident_id)
    if incident is None:
        raise NotFound(f"there is no incident {incident_id}")
    if incident.status == "merged":
        raise BadEdit(f"incident {incident_id} was merged into {incident.merged_into}: act on that one")
    return incident


def _went_into(session: Session, incident_id: int) -> Incident:
    """The incident, or the one that holds its reports now if it was merged."""
    incident = session.get_one(Incident, incident_id)
    while incident.status == "merged" and incident.merged_into is not None:
        incident = session.get_one(Incident, incident.merged_into)
    return incident


def _report_ids(session: Session, incident_id: int) -> list[int]:
    return list(
        session.scalars(
            select(IncidentReport.id)
            .where(IncidentReport.incident_id == incident_id, IncidentReport.active)
            .order_by(IncidentReport.id)
        )
    )


def _move(session: Session, report_ids: Sequence[int], source: int, goal: int) -> None:
    """Give those of the reports that are in `source` to `goal`, with the responses their articles tell of.

    Reports replaced since by a newer version take their successors in `source` along. What lies elsewhere stays there.
    """
    given = IncidentReport.id.in_(report_ids)
    replaced = select(IncidentReport.article_id).where(given, IncidentReport.active.is_(False))
    articles = list(session.scalars(replaced))
    own = (
        select(IncidentReport.id, IncidentReport.version_id)
        .where(IncidentReport.incident_id == source)
        .where(or_(given, IncidentReport.active & IncidentReport.article_id.in_(articles)))
    )
    versions = dict(session.execute(own).all())
    session.execute(update(IncidentReport).where(IncidentReport.id.in_(versions)).values(incident_id=goal))
    _move_responses(session, set(versions.values()), source, goal)


def _move_responses(session: Session, version_ids: Collection[int], source: int, goal: int) -> None:
    """A response is of its article's first report: it goes along where that one went."""
    told = (
        select(IncidentReport.version_id, IncidentReport.incident_id)
        .where(IncidentReport.version_id.in_(version_ids), IncidentReport.incident_id.in_((source, goal)))
        .order_by(IncidentReport.ordinal.desc(), IncidentReport.id.desc())
    )
    first = dict(session.execute(told).all())
    session.execute(
        update(Response)
        .where(
            Response.version_id.in_([version_id for version_id, home in first.items() if home == goal]),
            Response.incident_id == source,
        )
        .values(incident_id=goal)
        .execution_options(synchronize_session=False)
    )


def _log(
    session: Session, kind: str, incident_id: int, by: Analyst, *, details: dict[str, Any],
    other_id: int | None = None, reports: Sequence[int] = (),
) -> None:  # fmt: skip
    session.add(
        MergeLog(
            at=by.now,
            kind=kind,
            incident_id=incident_id,
            other_id=other_id,
            reports=list(reports),
            reasons=[details],
            analyst=by.name,
        )
    )
