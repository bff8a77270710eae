"""What analysts do in the pages: plain forms that work without a script, each answered by the page that shows it."""

from __future__ import annotations

from typing import Annotated, Literal, cast
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from desk.access import check_form
from desk.acts import act
from desk.cell_forms import changed_cells, people
from desk.desk import desk_of
from desk.links import joined, read_state, without
from desk.render import PASSING
from desk.routes.account import inside
from desk.routes.pages import Curator, Reader
from storage import curation
from storage.accounts_kept import add_note, drop_search, save_search
from storage.changes import IncidentChange
from storage.curation import Analyst
from storage.errors import BadEdit, NotFound
from storage.query import incident_row
from storage.view import get_incident

router = APIRouter()
Kind = Literal["victims", "perpetrators"]


async def own_form(request: Request) -> FormData:
    """The form's fields, checked to come from a page made for this browser. Raises Forbidden."""
    form = await request.form(max_fields=2000, max_files=0)
    check_form(request, str(form.get("token", "")))
    return form


Sent = Annotated[FormData, Depends(own_form)]


def check_kind(which: str) -> Kind:
    """One of the two lists of people. Raises NotFound."""
    if which not in ("victims", "perpetrators"):
        raise NotFound(f"an incident has victims and perpetrators, no {which}")
    return cast(Kind, which)


@router.post("/incidents/{incident_id}/confirm")
def confirm(request: Request, incident_id: int, viewer: Curator, form: Sent) -> Response:
    """An analyst has checked the row."""
    act(desk_of(request), viewer, lambda session, by: curation.confirm(session, incident_id, by))
    return _back(form, incident_id, "confirm")


@router.post("/incidents/{incident_id}/reject")
def reject(request: Request, incident_id: int, viewer: Curator, form: Sent) -> Response:
    """It is no incident."""
    act(desk_of(request), viewer, lambda session, by: curation.reject(session, incident_id, by))
    return _back(form, incident_id, "reject")


@router.post("/incidents/{incident_id}/undo")
def undo(request: Request, incident_id: int, viewer: Curator, form: Sent) -> Response:
    """Take the last act back; cells that one form set together come back together."""
    act(desk_of(request), viewer, lambda session, by: curation.undo(session, incident_id, by))
    return _back(form, incident_id, "undo")


@router.post("/incidents/{incident_id}/edit")
def edit(request: Request, incident_id: int, viewer: Curator, form: Sent) -> Response:
    """Set the cells of the form that differ from the row's."""
    fields = {key: [str(value) for value in form.getlist(key)] for key in form}
    changed = 0

    def work(session: Session, by: Analyst) -> list[IncidentChange]:
        nonlocal changed
        cells = changed_cells(fields, incident_row(session, incident_id).cells)
        changed = len(cells)
        return [curation.edit_cells(session, incident_id, cells, by, note_text=_why(form))] if cells else []

    act(desk_of(request), viewer, work)
    return _back(form, incident_id, "edit" if changed else "same")


@router.post("/incidents/{incident_id}/people/{which}")
def edit_people(request: Request, incident_id: int, which: str, viewer: Curator, form: Sent) -> Response:
    """Set the victims or the perpetrators as the form lists them."""
    kind, desk = check_kind(which), desk_of(request)
    fields = {key: [str(value) for value in form.getlist(key)] for key in form}

    def work(session: Session, by: Analyst) -> IncidentChange:
        unseen = None if desk.settings.names else getattr(get_incident(session, incident_id), kind)
        return curation.edit(session, incident_id, kind, people(kind, fields, unseen), by, note_text=_why(form))

    act(desk, viewer, work)
    return _back(form, incident_id, "edit")


@router.post("/incidents/{incident_id}/merge")
def merge(request: Request, incident_id: int, viewer: Curator, form: Sent) -> Response:
    """Fold another row into this one."""
    other = _number(form.get("other"), "the number of the other row")
    act(desk_of(request), viewer, lambda session, by: curation.merge(session, incident_id, other, by))
    return _back(form, incident_id, "merge")


@router.post("/incidents/{incident_id}/split")
def split(request: Request, incident_id: int, viewer: Curator, form: Sent) -> Response:
    """Take the marked reports out; the page of the new row follows."""
    reports = [_number(value, "a report's number") for value in form.getlist("report")]
    changes = act(desk_of(request), viewer, lambda session, by: curation.split(session, incident_id, reports, by))
    return RedirectResponse(f"/incidents/{changes[-1].incident_id}?done=split", 303)


@router.post("/incidents/{incident_id}/note")
def note(request: Request, incident_id: int, viewer: Curator, form: Sent) -> Response:
    """Write beside the row."""
    desk = desk_of(request)
    with desk.db.write() as session:
        add_note(session, incident_id, str(form.get("text", "")), viewer.name, desk.settings.now())
    return _back(form, incident_id, "note")


@router.post("/questions/{question_id}/answer")
def answer(request: Request, question_id: int, viewer: Curator, form: Sent) -> Response:
    """Is it the same event? "Same" merges the two rows."""
    same = form.get("same")
    if same not in ("yes", "no"):
        raise BadEdit(f"same: {same!r} is no answer; write yes or no")
    changes = act(
        desk_of(request), viewer, lambda session, by: curation.answer(session, question_id, same == "yes", by)
    )
    return _back(form, changes[0].incident_id if changes else None, "merge" if changes else "answer")


@router.post("/searches")
def save(
    request: Request, viewer: Reader, form: Sent, name: Annotated[str, Form()] = "", query: Annotated[str, Form()] = ""
) -> Response:
    """Keep a view under a name."""
    desk = desk_of(request)
    filter, _ = read_state(query)
    with desk.db.write() as session:
        save_search(session, viewer.name, name, filter, desk.settings.now())
    return _back(form, None, "saved")


@router.post("/searches/{search_id}/drop")
def drop(request: Request, search_id: int, viewer: Reader, form: Sent) -> Response:
    """Delete a saved view."""
    with desk_of(request).db.write() as session:
        drop_search(session, viewer.name, search_id)
    return _back(form, None, "dropped")


def _why(form: FormData) -> str | None:
    return str(form.get("why", "")).strip()[:500] or None


def _number(value: object, what: str) -> int:
    text = str(value or "").strip().removeprefix("#")
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        raise BadEdit(f"{text!r} is not {what}")
    return int(text)


def _back(form: FormData, incident_id: int | None, done: str) -> Response:
    """To the page that the form names, else the incident's, which then says what was done."""
    target = inside(str(form.get("back") or (f"/incidents/{incident_id}" if incident_id else "/")))
    parts = urlsplit(target)
    # On a list the message offers to undo: it must know whose act it was.
    last = incident_id if incident_id and parts.path != f"/incidents/{incident_id}" else None
    address = joined(parts.path, without(parts.query, *PASSING), done=done, last=last)
    return RedirectResponse(address + (f"#{parts.fragment}" if parts.fragment else ""), 303)
