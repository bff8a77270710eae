"""The review queue: questions of resolution first, then the rows that nobody has checked."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fastapi import APIRouter, Request
from fastapi.responses import Response

from desk.desk import desk_of
from desk.discretion import Hush, hushing, names_in
from desk.facts import Fact, facts
from desk.links import chips, read_state
from desk.render import page
from desk.routes.pages import Reader
from storage.facets import count_all, last_change
from storage.filters import Filter
from storage.query import find_incidents
from storage.view import IncidentView, get_incident, open_questions

router = APIRouter()
UNCHECKED = ("new", "updated")
CARDS = 12
#: What a reviewer looks at on a card.
SHOWN = ("type", "country", "place", "date", "killed", "injured", "held", "missing")


@dataclass(frozen=True, slots=True)
class Card:
    """One row to be judged, with the facts that are known and their quotes."""

    view: IncidentView
    facts: tuple[Fact, ...]
    hush: Hush


@router.get("/queue")
def queue(request: Request, viewer: Reader) -> Response:
    """What waits for an analyst; a filter in the query string narrows it."""
    desk = desk_of(request)
    asked, others = read_state(request.url.query)
    filter = replace(asked, statuses=UNCHECKED)
    last = others.get("last", "")
    with desk.db.read() as session:
        found = find_incidents(session, filter, CARDS, others.get("after"))
        views = [get_incident(session, row.id) for row in found.rows]
        questions = open_questions(session) if asked == Filter() else ()
        waiting = desk.counts.get(
            ("waiting", filter.to_query_string()), last_change(session), lambda: count_all(session, filter)
        )
        named = {one for question in questions for one in (question.incident_id, question.report_incident_id) if one}
        names = set() if desk.settings.names else {n for one in named for n in names_in(get_incident(session, one))}
    return page(
        request, "queue.html",
        cards=[_card(view, hushing(desk.settings, names_in(view))) for view in views], questions=questions,
        waiting=waiting, more=found.after, filter=asked, chips=chips(asked), curates=viewer.may("analyst"),
        hush=hushing(desk.settings, names), hush_in=lambda card, text: card.hush(text),
        last=int(last) if last.isascii() and last.isdigit() and len(last) < 18 else None,
    )  # fmt: skip


def _card(view: IncidentView, hush: Hush) -> Card:
    known = tuple(fact for fact in facts(view) if fact.name in SHOWN and fact.value is not None and fact.sayings)
    return Card(view, known, hush)
