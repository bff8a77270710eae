"""Incidents, what changed of them, and what they are made of."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from desk.api.asked import FILTERED, After, AfterId, Limit, Names, asked, link_next
from desk.api.caller import Conditional, Id, Reader, TheDesk
from desk.api.nameless import blanked
from desk.api.reports import report_item
from desk.api.shapes import (
    ChangeItem,
    ChangeList,
    Facets,
    FacetValue,
    IncidentFull,
    IncidentList,
    NoteItem,
    QuestionItem,
)
from desk.api.shapes import ResponseItem as SaidResponse
from desk.counts import MOST, count_view
from desk.discretion import names_in
from storage.accounts_kept import notes_of
from storage.export import record_of, record_page
from storage.filters import Filter
from storage.view import changes_since, get_incident, history_of

router = APIRouter(route_class=Conditional, tags=["incidents"])
Asked = Annotated[Filter, Depends(asked)]


@router.get("/incidents", openapi_extra=FILTERED)
def list_incidents(
    request: Request, response: Response, desk: TheDesk, viewer: Reader, filter: Asked,
    limit: Limit = 50, after: After = None, names: Names = True,
) -> IncidentList:  # fmt: skip
    """The incidents that pass the filter, the newest first by its order, a page at a time."""
    with desk.db.read() as session:
        rows, following = record_page(session, filter, limit, after, names=names and desk.settings.names)
    link_next(request, response, following)
    return IncidentList.model_validate({"items": rows, "next": following})


@router.get("/incidents/{incident_id}")
def show_incident(desk: TheDesk, viewer: Reader, incident_id: Id, names: Names = True) -> IncidentFull:
    """One incident with its reports and their quotes, responses, edits, open questions and notes."""
    with desk.db.read() as session:
        return full(session, incident_id, names=names and desk.settings.names)


@router.get("/incidents/{incident_id}/history")
def show_history(desk: TheDesk, viewer: Reader, incident_id: Id, names: Names = True) -> list[ChangeItem]:
    """Every change of every cell, oldest first: from what, to what, when, by which article or analyst."""
    with desk.db.read() as session:
        view = get_incident(session, incident_id)
        lines = [ChangeItem.model_validate(line) for line in history_of(session, incident_id)]
    return lines if names and desk.settings.names else _lines_without(lines, names_in(view))


@router.get("/changes")
def list_changes(
    request: Request, response: Response, desk: TheDesk, viewer: Reader,
    after: AfterId = 0, since: Annotated[date | None, Query(description="From this day on, UTC.")] = None,
    limit: Limit = 100, names: Names = True,
) -> ChangeList:  # fmt: skip
    """Changes of all incidents in the order they were made: keep `next` and ask again for what came since."""
    with desk.db.read() as session:
        lines = [ChangeItem.model_validate(line) for line in changes_since(
            session, after_id=after, day=since, limit=limit
        )]  # fmt: skip
    if not (names and desk.settings.names):
        lines = _lines_without(lines, ())
    following = lines[-1].id if lines else after
    if len(lines) == limit:
        link_next(request, response, following)
    return ChangeList(items=lines, next=following)


@router.get("/facets", openapi_extra=FILTERED)
def show_facets(
    desk: TheDesk, viewer: Reader, filter: Asked,
    limit: Annotated[int, Query(ge=1, le=MOST, description="Values of each facet, the commonest.")] = 12,
) -> Facets:  # fmt: skip
    """How many incidents pass the filter, and how many have each value; each facet is blind to its own values."""
    with desk.db.read() as session:
        counts = count_view(desk, session, desk.tally.sight(session), filter)
    values = {
        name: [FacetValue(value=item.value, count=item.count) for item in known[:limit]]
        for name, known in counts.known.items()
    }
    return Facets(total=counts.total, facets=values)


def full(session: Session, incident_id: int, *, names: bool) -> IncidentFull:
    """Everything of one incident. Raises NotFound."""
    view = get_incident(session, incident_id)
    body: dict[str, Any] = {
        **record_of(session, view.row, names=True),
        "victims": list(view.victims),
        "perpetrators": list(view.perpetrators),
        "confidence": dict(view.row.confidence),
        "merged_into": view.merged_into,
        "reports": [report_item(report).model_dump() for report in view.reports],
        "responses": [SaidResponse.model_validate(item).model_dump() for item in view.responses],
        "edited": [{"cell": cell, "analyst": who, "at": at} for cell, (who, at) in view.edited.items()],
        "questions": [QuestionItem.model_validate(item).model_dump() for item in view.questions],
        "notes": [NoteItem.model_validate(item).model_dump() for item in notes_of(session, incident_id)],
    }
    if not names:
        body = blanked(body, names_in(view))
    return IncidentFull.model_validate(body)


def _lines_without(lines: list[ChangeItem], names: Iterable[str]) -> list[ChangeItem]:
    """Lines of history whose values name nobody: people's cells and headlines are not told at all."""
    out = []
    for line in lines:
        body = json.loads(line.model_dump_json())
        if line.cell in ("victims", "perpetrators", "headline", "incident"):
            body["old"] = body["new"] = None
        out.append(ChangeItem.model_validate(blanked(body, names)))
    return out
