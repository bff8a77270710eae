"""`sageon show` and `sageon history`: one incident with everything that is known of it, and how it came to be so."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.cli.options import database_option, settings
from crawler.cli.tables import plain, print_table

if TYPE_CHECKING:
    from storage.report_view import ReportView
    from storage.view import Change, IncidentView

#: Cells in the order in which an analyst asks for them.
FACTS = ("type", "other_types", "certainty", "date", "place", "country", "admin", "latitude", "longitude", "geonameid")
SHARE = {"killed": "killed_min", "injured": "injured_min", "held": "held_min", "missing": "missing_min"}


@click.command()
@click.argument("incident", metavar="ID", type=click.IntRange(1))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@database_option
def show(incident: int, form: str, config_file: Path | None, database: str | None) -> None:
    """Show incident ID: its facts with their confidence, the people, the quotes, the reports, what states did, and
    its latest changes.
    """
    from crawler.cli.stored import present
    from storage.view import get_incident

    config = settings(config_file, database)
    with present(config) as base, base.read() as session, known():
        view = get_incident(session, incident)
    if form == "json":
        click.echo(json.dumps(view_row(view, names=config.names), ensure_ascii=False, default=_jsonable))
        return
    for line in view_lines(view, names=config.names):
        click.echo(line)


@click.command()
@click.argument("incident", metavar="ID", type=click.IntRange(1))
@database_option
def history(incident: int, config_file: Path | None, database: str | None) -> None:
    """Show every change of incident ID: when, which cell, from what, to what, by which article or analyst."""
    from crawler.cli.stored import present
    from storage.query import incident_row
    from storage.view import history_of

    config = settings(config_file, database)
    with present(config) as base, base.read() as session, known():
        incident_row(session, incident)
        changes = history_of(session, incident)
    print_table(("when", "cell", "from", "to", "cause", "by"), [_change(change) for change in changes])


@contextmanager
def known() -> Iterator[None]:
    """An id that is not in the table is a bad argument."""
    from storage.errors import NotFound

    try:
        yield
    except NotFound as error:
        message = f"{error}; 'sageon incidents' lists them"
        raise click.UsageError(message, click.get_current_context()) from error


def view_lines(view: IncidentView, *, names: bool) -> Iterator[str]:
    """The incident as lines of text."""
    from crawler.cli.incident_rows import TOLLS, span

    row = view.row
    yield click.style(plain(f"Incident {row.id}: {row['headline']}"), bold=True)
    merged = f", merged into {view.merged_into}" if view.merged_into else ""
    yield f"{row.status}{merged}; first seen {_minute(row.first_seen)}, last changed {_minute(row.last_updated)}"
    yield ""
    quotes = _quotes(view.reports)
    for cell in FACTS:
        value = row[cell]
        if value in (None, [], ""):
            continue
        yield from _fact(view, cell, _value(view, cell), quotes)
    for toll in TOLLS:
        number = span(row[f"{toll}_min"], row[f"{toll}_max"])
        if number:
            yield from _fact(view, toll, number, quotes)
    for title, people in (("victims", view.victims), ("perpetrators", view.perpetrators)):
        if people:
            yield from ["", click.style(title.capitalize(), bold=True)]
            yield from (f"  {_person(person, names=names)}" for person in people)
    if view.responses:
        yield from ["", click.style("What states did", bold=True)]
        for response in view.responses:
            head = ", ".join(part for part in (response.type, response.actor, response.country, response.date) if part)
            yield plain(f"  {head}: “{response.quote}”")
    yield from ["", click.style(f"Reports ({row.report_count}, {row.voice_count} voices)", bold=True)]
    for report in view.reports:
        yield from _report(report)
    if view.questions:
        yield from ["", click.style("May be the same event", bold=True)]
        for question in view.questions:
            other = question.incident_id if question.incident_id != row.id else question.report_incident_id
            yield plain(f"  incident {other}: {question.headline} ({question.probability:.0%})")
    yield from ["", click.style(f"History ({len(view.history)} changes; the last ten)", bold=True)]
    for change in view.history[-10:]:
        when, cell, old, new, cause, by = _change(change)
        yield plain(f"  {when}  {cell}: {old or '–'} → {new or '–'}  ({cause}{', ' + by if by else ''})")


def view_row(view: IncidentView, *, names: bool) -> dict[str, Any]:
    """The incident as one JSON object."""
    from dataclasses import asdict

    from extract.serialise import report_to_row

    row = {"id": view.row.id, "status": view.row.status, **view.row.cells}
    row["victims"] = [_nameless(person, names=names) for person in view.victims]
    row["perpetrators"] = [_nameless(person, names=names) for person in view.perpetrators]
    row["confidence"] = dict(view.row.confidence)
    row["edited"] = {cell: {"by": who, "at": at} for cell, (who, at) in view.edited.items()}
    row["merged_into"] = view.merged_into
    row["first_seen"], row["last_updated"] = view.row.first_seen, view.row.last_updated
    row["report_count"], row["voice_count"] = view.row.report_count, view.row.voice_count
    row["coder"] = view.row.coder
    row["reports"] = [
        {
            "report_id": report.report_id,
            "source": report.source,
            "url": report.url,
            "title": report.title,
            "language": report.language,
            "published": report.published,
            "version": report.version,
            "wire": report.wire,
            "copies": list(report.copies),
            **_report_row(report_to_row(report.report), names=names),
        }
        for report in view.reports
    ]
    row["responses"] = [asdict(response) for response in view.responses]
    row["history"] = [asdict(change) for change in view.history]
    return row


def _report_row(row: dict[str, Any], *, names: bool) -> dict[str, Any]:
    row["victims"] = [_nameless(person, names=names) for person in row["victims"]]
    row["perpetrators"] = [_nameless(person, names=names) for person in row["perpetrators"]]
    return row


def _nameless(person: Mapping[str, Any], *, names: bool) -> dict[str, Any]:
    return {key: value for key, value in person.items() if names or key not in ("name", "text")}


def _value(view: IncidentView, cell: str) -> str:
    value = view.row[cell]
    if cell == "date":
        return f"{value} ({view.row['date_basis']})"
    if cell == "place":
        return f"{value} ({view.row['place_precision']})"
    return ", ".join(value) if isinstance(value, list) else str(value)


def _fact(view: IncidentView, cell: str, value: str, quotes: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    confidence = view.row.confidence.get(cell)
    edited = view.edited.get(cell) or view.edited.get(SHARE.get(cell, cell))
    marks = [f"{confidence:.0%}"] if confidence is not None else []
    marks += [f"set by {edited[0]}, {_minute(edited[1])}"] if edited else []
    yield f"{cell:12s} {plain(value)}{'  [' + ', '.join(marks) + ']' if marks else ''}"
    quote = quotes.get(cell)
    if quote is not None and not edited:
        yield click.style(f"{'':12s} “{plain(quote[0])}” {quote[1]}", dim=True)


def _quotes(reports: tuple[ReportView, ...]) -> dict[str, tuple[str, str]]:
    """For each field the first quote that any report gives for it, and its source."""
    found: dict[str, tuple[str, str]] = {}
    for report in reports:
        for evidence in report.report.evidence:
            found.setdefault(evidence.field.partition(".")[0], (evidence.quote, report.source))
    return found


def _report(report: ReportView) -> Iterator[str]:
    told = [_minute(report.published)] if report.published else []
    told += [f"version {report.version}"] if report.version > 1 else []
    told += [f"wire: {report.wire}"] if report.wire else []
    yield plain(f"  {report.report_id}  {report.source} ({', '.join([report.role, *told])}): {report.title}")
    yield f"    {plain(report.url)}"
    seen: set[str] = set()
    for evidence in report.report.evidence:
        if evidence.quote not in seen:
            seen.add(evidence.quote)
            yield click.style(plain(f"    {evidence.field}: “{evidence.quote}”"), dim=True)
    for copy in report.copies:
        yield f"    repeated by {plain(copy)}"


def _person(person: Mapping[str, Any], *, names: bool) -> str:
    shown = {key: value for key, value in person.items() if value is not None and key != "text"}
    if not names:
        shown.pop("name", None)
    facts = ", ".join(f"{key} {value}" for key, value in shown.items())
    return plain(f"{person['text']}: {facts}" if names else facts)


def _change(change: Change) -> tuple[str, str, str, str, str, str]:
    by = change.analyst or change.url or ""
    return _minute(change.at), change.cell, _cell(change.old), _cell(change.new), change.cause, by


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _minute(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M")


def _jsonable(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, frozenset | set):
        return sorted(value)
    raise TypeError(f"no JSON for {type(value).__name__}")
