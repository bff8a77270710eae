"""The outlets and how they fare, and who is asking."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from desk.api.caller import Conditional, Reader, TheDesk
from desk.api.shapes import SourceItem
from storage.runs import SourceHealth, source_health

router = APIRouter(route_class=Conditional, tags=["sources"])


class Me(BaseModel):
    """Who the desk takes the caller for. `way`: operator (nobody logs in here), session or token."""

    name: str
    role: str
    way: str


@router.get("/me")
def show_me(viewer: Reader) -> Me:
    """Who is asking, and what they may."""
    return Me(name=viewer.name, role=viewer.role, way=viewer.way)


@router.get("/sources")
def list_sources(desk: TheDesk, viewer: Reader) -> list[SourceItem]:
    """Every source that is declared or was ever crawled, by id."""
    now = desk.settings.now()
    with desk.db.read() as session:
        # It reads every article: once a minute is often enough.
        states = desk.counts.get("health", int(now.timestamp() // 60), lambda: source_health(session, now=now))
    faring = {state.source: state for state in states}
    names = sorted({*faring, *desk.settings.outlets})
    return [_item(desk, name, faring.get(name) or SourceHealth.never(name)) for name in names]


def _item(desk: TheDesk, name: str, state: SourceHealth) -> SourceItem:
    outlet = desk.settings.outlets.get(name)
    return SourceItem(
        id=name,
        name=outlet.name if outlet else name,
        language=outlet.language if outlet else None,
        country=outlet.country if outlet else None,
        home=outlet.home if outlet else None,
        keeps_body=outlet.keeps_body if outlet else None,
        last_run=state.last_run,
        last_success=state.last_success,
        last_new=state.last_new,
        last_blocked=state.last_blocked,
        failures_in_row=state.failures_in_row,
        gap=state.gap,
        articles=state.articles,
        recent_articles=state.recent_articles,
        published_share=state.published_share,
        byline_share=state.byline_share,
        reports=state.reports,
        last_outcomes=dict(state.last_outcomes),
        seen_day=state.seen_day,
        expected_day=state.expected_day,
        unchanged_share=state.unchanged_share,
    )
