"""Two incidents that turn out to be one: put together when a report shows it, unless an analyst said otherwise.

Reports of one event come in any order. One that says little may open an incident of its own, and a later one, or a
corrected version, tie the two together: without this step what the table holds would hang on the order of arrival.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from extract.resolve import Match, score_incidents
from storage.changes import Cause, IncidentChange, note, set_status
from storage.models import Edit, Incident, IncidentReport, MergeLog, Question, Response
from storage.resolution import members

#: Acts after which an incident is an analyst's: it is not put into another one without asking.
_ANALYSTS = ("edit", "confirm", "reject", "merge", "split")


def unite_same(
    session: Session, home: int, rivals: Collection[int], report_id: int, cause: Cause
) -> tuple[int, list[IncidentChange]]:
    """Put together `home` and those `rivals` that by all their reports are the same event.

    Returns the incident that `home`'s reports are in afterwards and a change for each incident that was put into
    another one; the caller holds the resolution lock and refreshes the survivor. What an analyst has kept apart stays
    apart; where analysts have worked on both, the pair becomes a question.
    """
    changes: list[IncidentChange] = []
    for rival in sorted(rivals):
        told = members(session, [home, rival])
        if home not in told or rival not in told or rival == home:
            continue
        if kept_apart(session, home, rival) or _rejected(session, (home, rival)):
            continue
        match = score_incidents(told[home], told[rival])
        if match.answer != "same":
            continue
        keep, other = sorted((home, rival), key=lambda number: (not _touched(session, number), number))
        if _touched(session, other):
            _ask(session, report_id, rival, match, cause)
            continue
        changes.append(unite(session, keep, other, cause, match))
        home = keep
    return home, changes


def unite(session: Session, keep_id: int, other_id: int, cause: Cause, match: Match) -> IncidentChange:
    """Move the reports and responses of `other_id` into `keep_id`; the emptied incident stays as a signpost.

    It is logged as a merge, which `undo` takes back.
    """
    other = session.get_one(Incident, other_id)
    moved = list(
        session.scalars(
            select(IncidentReport.id)
            .where(IncidentReport.incident_id == other_id, IncidentReport.active)
            .order_by(IncidentReport.id)
        )
    )
    session.add(
        MergeLog(
            at=cause.at,
            kind="merge",
            incident_id=keep_id,
            other_id=other_id,
            reports=moved,
            probability=round(match.probability, 4),
            reasons=[{"status": other.status}, *match.reasons],
        )
    )
    session.execute(update(IncidentReport).where(IncidentReport.id.in_(moved)).values(incident_id=keep_id))
    session.execute(update(Response).where(Response.incident_id == other_id).values(incident_id=keep_id))
    merging = Cause("merge", cause.at, cause.version_id)
    set_status(session, other, "merged", merging)
    other.merged_into = keep_id
    other.report_count = other.voice_count = 0
    note(session, keep_id, merging, "reports", None, {"from": other_id, "reports": moved})
    return IncidentChange(other_id, "merged", ("status",))


def kept_apart(session: Session, one: int, other: int) -> bool:
    """Whether an analyst split the two, took their merge back, or said that they are different."""
    pair = (one, other)
    between = MergeLog.incident_id.in_(pair) & MergeLog.other_id.in_(pair)
    split = (MergeLog.kind == "split") & MergeLog.undone.is_(None)
    unmerged = (MergeLog.kind == "merge") & MergeLog.undone.is_not(None)
    if session.scalar(select(MergeLog.id).where(between, or_(split, unmerged)).limit(1)) is not None:
        return True
    answered = (
        select(Question.id)
        .join(IncidentReport, IncidentReport.id == Question.report_id)
        .where(Question.answer == "different", Question.incident_id.in_(pair), IncidentReport.incident_id.in_(pair))
        .limit(1)
    )
    return session.scalar(answered) is not None


def _rejected(session: Session, pair: tuple[int, int]) -> bool:
    """Whether one of the two was rejected: what is seen is never put out of sight by a score."""
    return session.scalar(select(Incident.id).where(Incident.id.in_(pair), Incident.status == "rejected")) is not None


def _touched(session: Session, incident_id: int) -> bool:
    """Whether an analyst has worked on the incident."""
    acts = select(func.count()).where(
        or_(MergeLog.incident_id == incident_id, MergeLog.other_id == incident_id),
        MergeLog.kind.in_(_ANALYSTS),
        MergeLog.analyst.is_not(None),
        MergeLog.undone.is_(None),
    )
    edits = select(func.count()).where(Edit.incident_id == incident_id, Edit.active)
    return bool(session.scalar(acts)) or bool(session.scalar(edits))


def touched_incidents(session: Session) -> set[int]:
    """The incidents that analysts have worked on, and both sides of what they took back or called different."""
    acts = session.execute(
        select(MergeLog.incident_id, MergeLog.other_id).where(
            or_(
                and_(MergeLog.kind.in_(_ANALYSTS), MergeLog.analyst.is_not(None), MergeLog.undone.is_(None)),
                and_(MergeLog.kind == "merge", MergeLog.undone.is_not(None)),
            )
        )
    )
    different = session.execute(
        select(Question.incident_id, IncidentReport.incident_id)
        .join(IncidentReport, IncidentReport.id == Question.report_id)
        .where(Question.answer == "different")
    )
    held = {number for row in (*acts, *different) for number in row if number is not None}
    return held | set(session.scalars(select(Edit.incident_id).where(Edit.active)))


def _ask(session: Session, report_id: int, incident_id: int, match: Match, cause: Cause) -> None:
    asked = select(Question.id).where(Question.incident_id == incident_id, Question.report_id == report_id).limit(1)
    if session.scalar(asked) is None:
        session.add(
            Question(
                report_id=report_id,
                incident_id=incident_id,
                probability=match.probability,
                reasons=list(match.reasons),
                at=cause.at,
            )
        )
