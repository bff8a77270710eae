"""The pages for analysts."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from desk.access import Viewer, needs
from desk.desk import desk_of
from desk.links import read_state
from desk.render import page
from storage.query import find_incidents

router = APIRouter()
Reader = Annotated[Viewer, Depends(needs("reader"))]


@router.get("/")
def table(request: Request, viewer: Reader) -> Response:
    """The incident table of the filter in the query string."""
    filter, others = read_state(request.url.query)
    with desk_of(request).db.read() as session:
        found = find_incidents(session, filter, 50, others.get("after"))
    return page(request, "table.html", filter=filter, found=found)
