"""The sources and how they fare."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from desk.desk import desk_of
from desk.render import page
from desk.routes.pages import Reader
from desk.source_state import rank, state_of
from storage.runs import SourceHealth, source_health

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Line:
    """One source of the page."""

    id: str
    name: str
    language: str | None
    country: str | None
    home: str | None
    keeps_body: bool
    state: str
    health: SourceHealth | None


@router.get("/sources")
def sources(request: Request, viewer: Reader) -> Response:
    """Every declared or ever crawled source: the ailing first, those never crawled last."""
    desk = desk_of(request)
    now = desk.settings.now()
    with desk.db.read() as session:
        known = {health.source: health for health in source_health(session, now=now)}
    declared = desk.settings.outlets
    lines = []
    for name in declared.keys() | known.keys():
        outlet, health = declared.get(name), known.get(name)
        lines.append(
            Line(
                name, outlet.name if outlet else name, outlet.language if outlet else None,
                outlet.country if outlet else None, outlet.home if outlet else None,
                outlet.keeps_body if outlet else True, state_of(health, now), health,
            )
        )  # fmt: skip
    lines.sort(key=lambda line: (line.state == "never", rank(line.state), line.name))
    states = Counter(line.state for line in lines)
    return page(request, "sources.html", sources=lines, states=sorted(states.items(), key=lambda item: rank(item[0])))
