"""What analysts do, for programs: the same acts as on the pages, logged with who and when."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Header, Query
from pydantic import BaseModel, ConfigDict, Field

from desk.access import Viewer
from desk.acts import Work, act
from desk.api.caller import Analyst, Conditional, Id, Reader, TheDesk, etag
from desk.api.incidents import full
from desk.api.shapes import Changed, ChangedList, NoteItem, QuestionItem
from desk.desk import Desk
from desk.problems import Outdated
from storage import curation
from storage.accounts_kept import add_note
from storage.view import open_questions

router = APIRouter(route_class=Conditional, tags=["curation"])
RowId = Annotated[int, Field(ge=1, le=2**63 - 1)]
Match = Annotated[str | None, Header(description="ETag of the incident as it was read: refused (412) if it changed.")]


class Act(BaseModel):
    """A body with a field that is not known is refused, not half obeyed."""

    model_config = ConfigDict(extra="forbid")


class Cells(Act):
    """Cells to set, by name; null means unknown. `note` says why."""

    cells: dict[str, Any] = Field(min_length=1, examples=[{"country": "KH", "date": "2025-10-08"}])
    note: str | None = Field(None, max_length=4000)


class Other(Act):
    """The incident that goes into this one."""

    other: RowId


class Reports(Act):
    """The reports that get an incident of their own."""

    reports: list[RowId] = Field(min_length=1, max_length=1000)


class NoteText(Act):
    text: str = Field(min_length=1, max_length=4000)


class Answer(Act):
    """Whether the report is of the asked incident."""

    same: bool


@router.patch("/incidents/{incident_id}")
def edit(desk: TheDesk, viewer: Analyst, incident_id: Id, body: Cells, if_match: Match = None) -> ChangedList:
    """Set cells, and empty or set those that would contradict them. No coding changes them. All are set or none is."""
    _unchanged(desk, incident_id, if_match)
    return _done(
        desk,
        viewer,
        lambda session, by: curation.edit_cells(session, incident_id, body.cells, by, note_text=body.note),
    )


@router.post("/incidents/{incident_id}/confirm")
def confirm(desk: TheDesk, viewer: Analyst, incident_id: Id) -> ChangedList:
    """It has been checked; it stays confirmed whatever is reported later."""
    return _done(desk, viewer, lambda session, by: curation.confirm(session, incident_id, by))


@router.post("/incidents/{incident_id}/reject")
def reject(desk: TheDesk, viewer: Analyst, incident_id: Id) -> ChangedList:
    """It is no incident; later reports of it join it unseen."""
    return _done(desk, viewer, lambda session, by: curation.reject(session, incident_id, by))


@router.post("/incidents/{incident_id}/merge")
def merge(desk: TheDesk, viewer: Analyst, incident_id: Id, body: Other) -> ChangedList:
    """Both are one event: the other goes into this one."""
    return _done(desk, viewer, lambda session, by: curation.merge(session, incident_id, body.other, by))


@router.post("/incidents/{incident_id}/split")
def split(desk: TheDesk, viewer: Analyst, incident_id: Id, body: Reports) -> ChangedList:
    """Some reports are of another event: they get an incident of their own, the last of the changes."""
    return _done(desk, viewer, lambda session, by: curation.split(session, incident_id, body.reports, by))


@router.post("/incidents/{incident_id}/undo")
def undo(desk: TheDesk, viewer: Analyst, incident_id: Id) -> ChangedList:
    """Take back the last act of an analyst on it."""
    return _done(desk, viewer, lambda session, by: curation.undo(session, incident_id, by))


@router.post("/incidents/{incident_id}/notes", status_code=201)
def write_note(desk: TheDesk, viewer: Analyst, incident_id: Id, body: NoteText) -> NoteItem:
    """Write beside it. No cell changes."""
    with desk.db.write() as session:
        return NoteItem.model_validate(add_note(session, incident_id, body.text, viewer.name, desk.settings.now()))


@router.get("/questions")
def list_questions(
    desk: TheDesk, viewer: Reader, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> list[QuestionItem]:
    """Reports that may belong to another incident, the likeliest first: the review queue."""
    with desk.db.read() as session:
        return [QuestionItem.model_validate(item) for item in open_questions(session, limit=limit)]


@router.post("/questions/{question_id}/answer")
def answer(desk: TheDesk, viewer: Analyst, question_id: Id, body: Answer) -> ChangedList:
    """Answer one: the same event (they are merged), or not."""
    return _done(desk, viewer, lambda session, by: curation.answer(session, question_id, body.same, by))


def _done(desk: Desk, viewer: Viewer, work: Work) -> ChangedList:
    changes = act(desk, viewer, work)
    return ChangedList(
        changes=[Changed(incident_id=one.incident_id, kind=one.kind, cells=list(one.cells)) for one in changes]
    )


def _unchanged(desk: Desk, incident_id: int, tag: str | None) -> None:
    if tag is None or tag.strip() == "*":
        return
    with desk.db.read() as session:
        now = etag(full(session, incident_id, names=desk.settings.names).model_dump_json().encode())
    if now not in {item.strip() for item in tag.split(",")}:
        raise Outdated(f"incident {incident_id} has changed since it was read: read it again")
