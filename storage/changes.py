"""Bring an incident in line with its reports and its analysts' edits, and write down every cell that changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from storage.cells import COUNTS, PERPETRATOR_FIELDS, VICTIM_FIELDS, row_cells, set_row_cells
from storage.errors import NotFound
from storage.fusion import Fused, Voice, fuse
from storage.models import (
    Article,
    ArticleVersion,
    Edit,
    History,
    Incident,
    IncidentReport,
    IncidentType,
    Perpetrator,
    Victim,
)
from storage.payload import report_from_json
from storage.settled import before_a_line

ChangeKind = Literal["opened", "updated", "seen_again", "withdrawn", "merged", "split", "curated"]
#: Of an incident with more reports than this only the first third and the newest are fused: cost stays flat.
FUSED_REPORTS = 60
#: The "cell" of the one line of history that an incident begins with; its new value holds all cells.
OPENING = "incident"


@dataclass(frozen=True, slots=True)
class IncidentChange:
    """What happened to one incident. `cells` names the cells that changed, `worse` says that a toll rose."""

    incident_id: int
    kind: ChangeKind
    cells: tuple[str, ...] = ()
    worse: bool = False


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a cell changes: a report of an article version, or an analyst's act."""

    what: str
    at: datetime
    version_id: int | None = None
    analyst: str | None = None


def refresh(session: Session, incident_id: int, cause: Cause) -> IncidentChange:
    """Fuse the incident's active reports anew and write what changed, with its cause.

    An incident whose last report was withdrawn is rejected (unless an analyst had confirmed it). Edits stand.
    """
    session.flush()
    incident = session.get(Incident, incident_id)
    if incident is None:
        raise NotFound(f"there is no incident {incident_id}")
    reports = _reports(session, incident_id)
    if not reports:
        return _withdraw(session, incident, cause)
    fused = fuse([voice for voice, _ in reports])
    edits = pinned(session, incident_id)
    cells = {**fused.cells, **edits}
    cells["other_types"] = [kind for kind in cells["other_types"] if kind != cells["type"]]
    before = {**row_cells(incident), **people(session, incident_id)}
    changed = tuple(name for name in cells if cells[name] != before[name])
    worse = any(_rose(before[f"{name}_max"], cells[f"{name}_max"]) for name in COUNTS)
    _write(session, incident, cells, fused, changed)
    _count_reports(session, incident, fused)
    if cause.what == "opened":
        note(session, incident_id, cause, OPENING, None, {name: cells[name] for name in changed})
    else:
        for name in changed:
            note(session, incident_id, cause, name, before[name], cells[name])
    if incident.status == "rejected" and cause.what in ("report", "recode") and _was_withdrawn(session, incident_id):
        set_status(session, incident, "updated", cause)
    elif changed and incident.status == "new" and cause.what not in ("opened", "confirm"):
        incident.status = "updated"
    if changed:
        touch(session, incident, cause.at)
    return IncidentChange(incident_id, "updated" if changed else "seen_again", changed, worse)


def pinned(session: Session, incident_id: int) -> dict[str, Any]:
    """The cells that analysts have set, with their values."""
    rows = session.execute(
        select(Edit.cell, Edit.value).where(Edit.incident_id == incident_id, Edit.active).order_by(Edit.id)
    )
    return dict(rows.all())


def people(session: Session, incident_id: int) -> dict[str, list[dict[str, Any]]]:
    """The victims and perpetrators as the incident now has them."""
    victims = session.scalars(select(Victim).where(Victim.incident_id == incident_id).order_by(Victim.position))
    return {
        "victims": [{name: getattr(row, name) for name in VICTIM_FIELDS} for row in victims],
        "perpetrators": perpetrators(session, incident_id),
    }


def perpetrators(session: Session, incident_id: int) -> list[dict[str, Any]]:
    """The perpetrators as the incident now has them."""
    rows = session.scalars(
        select(Perpetrator).where(Perpetrator.incident_id == incident_id).order_by(Perpetrator.position)
    )
    return [
        {name: getattr(row, "group_name" if name == "group" else name) for name in PERPETRATOR_FIELDS} for row in rows
    ]


def note(session: Session, incident_id: int, cause: Cause, cell: str, old: Any, new: Any) -> None:
    """Write one line of history."""
    before_a_line(session)
    session.add(
        History(
            incident_id=incident_id,
            at=cause.at,
            cell=cell,
            old=old,
            new=new,
            cause=cause.what,
            version_id=cause.version_id,
            analyst=cause.analyst,
        )
    )


def set_status(session: Session, incident: Incident, status: str, cause: Cause) -> None:
    """Give the incident a status, with history and time of change."""
    if incident.status != status:
        note(session, incident.id, cause, "status", incident.status, status)
        incident.status = status
        touch(session, incident, cause.at)


def touch(session: Session, incident: Incident, moment: datetime) -> None:
    """Set the time of the last change, here and in the tables that are ordered by it."""
    incident.last_updated = max(incident.last_updated, moment)
    session.flush()
    for table in (IncidentType, Victim):
        session.query(table).filter(table.incident_id == incident.id).update(
            {"last_updated": incident.last_updated}, synchronize_session=False
        )


def blank_incident(session: Session, now: datetime, coder: str) -> Incident:
    """A new incident without cells; `refresh` fills them from its reports."""
    incident = Incident(
        type="other_crime",
        other_types=[],
        status="new",
        certainty="alleged",
        headline="",
        confidence={},
        first_seen=now,
        last_updated=now,
        coder=coder,
    )
    session.add(incident)
    session.flush()
    return incident


def _reports(session: Session, incident_id: int) -> list[tuple[Voice, IncidentReport]]:
    rows = session.execute(
        select(IncidentReport, Article.wire, ArticleVersion.title)
        .join(Article, Article.id == IncidentReport.article_id)
        .join(ArticleVersion, ArticleVersion.id == IncidentReport.version_id)
        .where(IncidentReport.incident_id == incident_id, IncidentReport.active)
        .order_by(IncidentReport.id)
    ).all()
    if len(rows) > FUSED_REPORTS:
        rows = [*rows[: FUSED_REPORTS // 3], *rows[-(FUSED_REPORTS - FUSED_REPORTS // 3) :]]
    return [
        (
            Voice(
                report.id,
                f"wire {wire}" if wire else f"article {report.voice_id}",
                report_from_json(report.body),
                report.published or report.created,
                title,
                report.signature.get("attribution"),
            ),
            report,
        )
        for report, wire, title in rows
    ]


def _write(session: Session, incident: Incident, cells: dict[str, Any], fused: Fused, changed: tuple[str, ...]) -> None:
    set_row_cells(incident, cells)
    incident.confidence = fused.confidence
    types = [cells["type"], *(kind for kind in cells["other_types"] if kind != cells["type"])]
    held = {
        row.type: row for row in session.scalars(select(IncidentType).where(IncidentType.incident_id == incident.id))
    }
    for kind in held.keys() - set(types):
        session.delete(held[kind])
    for kind in types:
        if kind in held:
            held[kind].leading = kind == cells["type"]
        else:
            session.add(
                IncidentType(
                    type=kind,
                    incident_id=incident.id,
                    leading=kind == cells["type"],
                    last_updated=incident.last_updated,
                )
            )
    if "victims" in changed:
        session.execute(delete(Victim).where(Victim.incident_id == incident.id))
        for position, person in enumerate(cells["victims"]):
            told_by = fused.victim_reports[position] if position < len(fused.victim_reports) else None
            session.add(
                Victim(
                    incident_id=incident.id,
                    position=position,
                    report_id=told_by,
                    last_updated=incident.last_updated,
                    **person,
                )
            )
    if "perpetrators" in changed:
        session.execute(delete(Perpetrator).where(Perpetrator.incident_id == incident.id))
        for position, person in enumerate(cells["perpetrators"]):
            told_by = fused.perpetrator_reports[position] if position < len(fused.perpetrator_reports) else None
            fields = {"group_name" if name == "group" else name: value for name, value in person.items()}
            session.add(Perpetrator(incident_id=incident.id, position=position, report_id=told_by, **fields))


def _count_reports(session: Session, incident: Incident, fused: Fused) -> None:
    rows = session.execute(
        select(IncidentReport.article_id, IncidentReport.published, IncidentReport.coder).where(
            IncidentReport.incident_id == incident.id, IncidentReport.active
        )
    ).all()
    incident.report_count = len({row.article_id for row in rows})
    incident.voice_count = fused.voices
    published = [row.published for row in rows if row.published]
    incident.first_published = min(published, default=None)
    incident.last_published = max(published, default=None)
    incident.coder = max(row.coder for row in rows)


def _withdraw(session: Session, incident: Incident, cause: Cause) -> IncidentChange:
    incident.report_count = incident.voice_count = 0
    if incident.status not in ("rejected", "merged", "confirmed"):
        set_status(session, incident, "rejected", Cause("withdrawal", cause.at, cause.version_id, cause.analyst))
    return IncidentChange(incident.id, "withdrawn", ("status",))


def _was_withdrawn(session: Session, incident_id: int) -> bool:
    last = session.scalar(
        select(History.cause)
        .where(History.incident_id == incident_id, History.cell == "status")
        .order_by(History.id.desc())
        .limit(1)
    )
    return last == "withdrawal"


def _rose(old: int | None, new: int | None) -> bool:
    return new is not None and new > (old or 0)
