"""One incident with its evidence, and one article with the quotes marked in its text."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from markupsafe import Markup

from desk.api.caller import Id
from desk.desk import desk_of
from desk.discretion import hushing, names_in
from desk.facts import facts, people
from desk.labels import CERTAINTIES, GENDERS, OUTCOMES, SUSPECT_STATUSES, TYPES
from desk.picture import names
from desk.quoted import SHOWN, Piece, Span, masked, paragraphs, pieces
from desk.render import page, said_in
from desk.routes.curation import check_kind
from desk.routes.pages import Curator, Reader
from desk.settings import DeskSettings
from desk.toll import lines, told
from desk.tongue import Tongue
from desk.worldmap import View, position
from storage.accounts_kept import notes_of
from storage.article_view import ArticleView, Quote, bodies, get_article
from storage.cells import COUNTS, PERPETRATOR_FIELDS, VICTIM_FIELDS
from storage.curation import ACTS
from storage.export import NAMING
from storage.facets import MapCell
from storage.report_view import ReportView
from storage.view import IncidentView, get_incident

router = APIRouter()
#: The small map of one place shows so many degrees of longitude.
AROUND = 18.0


@router.get("/incidents/{incident_id}")
def incident(request: Request, incident_id: Id, viewer: Reader) -> Response:
    """Everything that is known of an incident."""
    desk, say = desk_of(request), said_in(request)
    with desk.db.read() as session:
        view = get_incident(session, incident_id)
        notes = notes_of(session, incident_id)
        texts = bodies(session, [report.version_id for report in view.reports])
    held = names_in(view)
    hush = hushing(desk.settings, held)
    shown = _lead_report(view.reports, texts)
    said = told(view.reports)
    return page(
        request, "incident.html",
        view=view, hush=hush, notes=notes, facts=facts(view), victims=people(view, "victims"),
        suspects=people(view, "perpetrators"), responses=_unrepeated(view.responses),
        by_version={report.version_id: report for report in view.reports},
        toll_said=said, toll_lines=lines(said), toll_names=[n for n in COUNTS if any(n in t.counts for t in said)],
        changes=tuple(reversed(view.history)), undoable=_undoable(view, say),
        shown=shown, shown_article=shown.article_id if shown else None,
        **_marked(shown, texts, () if desk.settings.names else held), **_spot(view), **choices(say),
    )  # fmt: skip


@router.get("/incidents/{incident_id}/people/{which}")
def people_form(request: Request, incident_id: Id, which: str, viewer: Curator) -> Response:
    """The form of an incident's victims or perpetrators."""
    desk, say = desk_of(request), said_in(request)
    fields = {"victims": VICTIM_FIELDS, "perpetrators": PERPETRATOR_FIELDS}[check_kind(which)]
    # Where names are kept out they are neither shown nor lost: the form leaves those fields away.
    shown = fields if desk.settings.names else tuple(name for name in fields if name not in NAMING)
    with desk.db.read() as session:
        view = get_incident(session, incident_id)
    nobody = dict.fromkeys(fields)
    return page(
        request, "people.html",
        view=view, hush=hushing(desk.settings, names_in(view)), which=which, names=shown,
        told=[*getattr(view, which), nobody, nobody], title=say.label("cell", which),
        choices={
            "gender": [(code, say.label("gender", code)) for code in GENDERS],
            "outcome": [(code, say.label("outcome", code)) for code in OUTCOMES],
            "status": [(code, say.label("suspect", code)) for code in SUSPECT_STATUSES],
            "nationality": say.countries(),
        },
    )  # fmt: skip


@router.get("/articles/{article_id}")
def article(request: Request, article_id: Id, viewer: Reader) -> Response:
    """An article with its quotes; `incident` in the address marks that incident's alone."""
    desk = desk_of(request)
    number = request.query_params.get("incident", "")
    wanted = int(number) if number.isascii() and number.isdigit() and len(number) < 18 else None
    with desk.db.read() as session:
        found = get_article(session, article_id)
        told_in = sorted({quote.incident_id for quote in found.quotes if quote.incident_id is not None})
        held = {name for one in told_in for name in names_in(get_incident(session, one))}
    if wanted not in told_in:
        wanted = None
    quotes = [quote for quote in found.quotes if wanted is None or quote.incident_id == wanted]
    return page(
        request, "article.html",
        article=found, incident_id=wanted, told_in=told_in, hush=hushing(desk.settings, held), anchor=quote_anchor,
        fields=list(dict.fromkeys(quote.field for quote in quotes)), cut=len(found.text or "") > SHOWN,
        **_marked_article(found, quotes, desk.settings, held),
    )  # fmt: skip


def choices(say: Tongue) -> dict[str, Any]:
    """What the forms of the fact sheet offer."""
    return {"codes": {"type": tuple(TYPES), "certainty": tuple(CERTAINTIES)}, "country_options": country_options}


@lru_cache(maxsize=1024)
def country_options(say: Tongue, chosen: str | None) -> Markup:
    """The countries to choose from: a quarter of an incident's page, and the same on every page of that country."""
    option = Markup('<option value="{}"{}>{}</option>')
    selected = Markup(" selected")
    return Markup("").join(
        option.format(code, selected if code == chosen else "", words) for code, words in say.countries()
    )


def anchor(report_id: int, field: str, part: str, start: int) -> str:
    """The name of a quote's place in the text, as links have it."""
    return f"q{report_id}-{field}-{part}-{start}"


def quote_anchor(quote: Quote) -> str:
    """The anchor of a quote."""
    return anchor(quote.report_id, quote.field, quote.part, quote.start)


def _marked_article(
    found: ArticleView, quotes: Iterable[Quote], settings: DeskSettings, names: Iterable[str]
) -> dict[str, Any]:
    spans = [(quote.part, Span(quote.field, quote.start, quote.end, quote_anchor(quote))) for quote in quotes]
    return _cut(found.title, found.text or "", spans, () if settings.names else names)


def _marked(shown: ReportView | None, texts: dict[int, str], names: Iterable[str]) -> dict[str, Any]:
    if shown is None:
        return {"title_pieces": (), "paragraphs": ()}
    spans = [
        (item.part, Span(item.field, item.start, item.end, anchor(shown.report_id, item.field, item.part, item.start)))
        for item in shown.report.evidence
    ]
    return _cut(shown.title, texts[shown.version_id], spans, names)


def _cut(title: str, text: str, spans: Iterable[tuple[str, Span]], names: Iterable[str]) -> dict[str, Any]:
    spans, names = list(spans), tuple(names)
    in_title: list[Piece] = pieces(masked(title, names), [span for part, span in spans if part == "title"])
    in_text = pieces(masked(text, names), [span for part, span in spans if part == "text"])
    return {"title_pieces": in_title, "paragraphs": paragraphs(in_text)}


def _lead_report(reports: Iterable[ReportView], texts: dict[int, str]) -> ReportView | None:
    """The report whose text stands beside the facts: the one with most quotes among those that may be shown."""
    shown = [report for report in reports if report.version_id in texts]
    return max(shown, key=lambda report: (report.role == "main", len(report.report.evidence)), default=None)


def _unrepeated(responses: Iterable[Any]) -> list[Any]:
    """Two outlets that tell of one act of a state tell it once here: the first of each type, actor and day."""
    once: dict[Any, Any] = {}
    for response in responses:
        once.setdefault((response.type, response.actor, response.country, response.date), response)
    return list(once.values())


def _undoable(view: IncidentView, say: Tongue) -> str:
    """The last act of an analyst that was not taken back, in a word; nothing where there is none."""
    acts = [entry for entry in view.merges if entry["kind"] in ACTS and entry["undone"] is None]
    return say.label("cause", acts[-1]["kind"]) if acts else ""


def _spot(view: IncidentView) -> dict[str, Any]:
    row = view.row
    cell = MapCell(row["latitude"], row["longitude"], row["country"], 1, 0, row.id)
    point = position(cell)
    if point is None:
        return {"spot": None}
    around = View(point[0] - AROUND / 2, point[1] - AROUND / 3, AROUND, AROUND * 2 / 3)
    return {
        "spot": point,
        "spot_view": around,
        "spot_names": names(around),
        "spot_vague": row["latitude"] is None or row["place_precision"] == "country",
    }
