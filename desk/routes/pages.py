"""The first page: the incident table with its facets, as a list or on the map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from desk.access import Viewer, needs
from desk.counts import count_map, count_view
from desk.desk import desk_of
from desk.discretion import hush_row
from desk.labels import FILES
from desk.links import chips, file_address, read_state
from desk.picture import columns, marks, names, zoom
from desk.render import page
from desk.timeline import FAMILIES
from storage.accounts_kept import saved_searches
from storage.filters import Filter

router = APIRouter()
Reader = Annotated[Viewer, Depends(needs("reader"))]
Curator = Annotated[Viewer, Depends(needs("analyst"))]
ROWS, ROWS_BELOW_MAP = 50, 20
#: Parameters that the form at the top sets itself; the rest of the filter goes along hidden.
ASKED = {
    "text": None, "nationalities": (), "countries": (), "since": None, "until": None, "seen_since": None,
    "changed_since": None, "voices": None,
}  # fmt: skip


@router.get("/")
def table(request: Request, viewer: Reader) -> Response:
    """The incidents of the filter in the query string, as a list."""
    return _incidents(request, viewer, on_map=False)


@router.get("/map")
def world(request: Request, viewer: Reader) -> Response:
    """The same on the map, the newest below it."""
    return _incidents(request, viewer, on_map=True)


def _incidents(request: Request, viewer: Viewer, *, on_map: bool) -> Response:
    desk = desk_of(request)
    filter, others = read_state(request.url.query)
    with desk.db.read() as session:
        sight = desk.tally.sight(session)
        found = sight.find_incidents(filter, ROWS_BELOW_MAP if on_map else ROWS, others.get("after"))
        counts = count_view(desk, session, sight, filter)
        seen = count_map(desk, session, sight, filter) if on_map else None
        searches = saved_searches(session, viewer.name)
    return page(
        request, "table.html",
        filter=filter, found=found, counts=counts, later="after" in others, searches=searches, chips=chips(filter),
        kept=_kept(filter), families=tuple(FAMILIES), columns=columns(counts.timeline, filter, request.url.path), files=tuple(FILES.items()),
        file_address=file_address, hush_row=hush_row(desk.settings),
        **(_map_values(*seen, filter, request.url.path) if seen else {"view": None}),
    )  # fmt: skip


def _map_values(view: Any, cells: Any, filter: Filter, path: str) -> Mapping[str, Any]:
    return {
        "view": view,
        "marks": marks(cells, view, filter, path),
        "names": names(view),
        "zoom": zoom(view, filter, path),
        "query_without_box": replace(filter, box=None).to_query_string(),
    }


def _kept(filter: Filter) -> list[tuple[str, str]]:
    from urllib.parse import parse_qsl

    return parse_qsl(replace(filter, **ASKED).to_query_string(), keep_blank_values=True)  # type: ignore[arg-type]
