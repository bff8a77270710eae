"""An analyst's acts on the table: edit, confirm, reject, merge, split, undo. Each is kept with who and when."""

from __future__ import annotations

import getpass
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.cli.options import database_option, settings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from storage.changes import IncidentChange
    from storage.curation import Analyst

ID = click.IntRange(1)


def by_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--by`: who acts."""
    return click.option("--by", metavar="NAME", default=getpass.getuser, show_default="you", help="Who says so.")(
        database_option(command)
    )


@click.command()
@click.argument("incident", metavar="ID", type=ID)
@click.argument("changes", metavar="CELL=VALUE ...", nargs=-1, required=True)
@click.option("--note", metavar="TEXT", help="Why.")
@by_option
def edit(incident: int, changes: tuple[str, ...], note: str | None, by: str, **where: Any) -> None:
    """Set cells of incident ID; no later coding changes them again. An empty VALUE means unknown.

    For example: sageon edit 12 country=KH date=2025-10-08 killed_min=1 killed_max=1
    """
    from storage.curation import edit_cells

    wanted = dict(_cell(change) for change in changes)
    with acting(by, **where) as (session, analyst):
        wrote(session, analyst, edit_cells(session, incident, wanted, analyst, note_text=note))


@click.command()
@click.argument("incident", metavar="ID", type=ID)
@by_option
def confirm(incident: int, by: str, **where: Any) -> None:
    """Say that incident ID has been checked."""
    from storage.curation import confirm as confirm_incident

    with acting(by, **where) as (session, analyst):
        wrote(session, analyst, confirm_incident(session, incident, analyst))


@click.command()
@click.argument("incident", metavar="ID", type=ID)
@by_option
def reject(incident: int, by: str, **where: Any) -> None:
    """Say that incident ID is none; later reports of it stay out of sight too."""
    from storage.curation import reject as reject_incident

    with acting(by, **where) as (session, analyst):
        wrote(session, analyst, reject_incident(session, incident, analyst))


@click.command()
@click.argument("keep", metavar="ID", type=ID)
@click.argument("other", metavar="ID", type=ID)
@by_option
def merge(keep: int, other: int, by: str, **where: Any) -> None:
    """Say that two incidents are one: the second goes into the first."""
    from storage.curation import merge as merge_incidents

    with acting(by, **where) as (session, analyst):
        wrote(session, analyst, *merge_incidents(session, keep, other, analyst))


@click.command()
@click.argument("incident", metavar="ID", type=ID)
@click.argument("reports", metavar="REPORT ...", nargs=-1, required=True, type=ID)
@by_option
def split(incident: int, reports: tuple[int, ...], by: str, **where: Any) -> None:
    """Take REPORTs (their numbers stand in `sageon show ID`) out of incident ID into an incident of their own."""
    from storage.curation import split as split_incident

    with acting(by, **where) as (session, analyst):
        wrote(session, analyst, *split_incident(session, incident, reports, analyst))


@click.command()
@click.argument("incident", metavar="ID", type=ID)
@by_option
def undo(incident: int, by: str, **where: Any) -> None:
    """Take back the last act of an analyst on incident ID."""
    from storage.curation import undo as undo_act

    with acting(by, **where) as (session, analyst):
        wrote(session, analyst, *undo_act(session, incident, analyst))


@contextmanager
def acting(by: str, config_file: Path | None, database: str | None) -> Iterator[tuple[Session, Analyst]]:
    """A session for one act and who acts. What storage refuses is a bad argument, and nothing is written then."""
    from crawler.cli.stored import present
    from storage.curation import Analyst
    from storage.errors import BadEdit, NotFound, NothingToUndo

    config = settings(config_file, database)
    try:
        with present(config) as base, base.write() as session:
            yield session, Analyst(by, datetime.now(UTC))
    except (BadEdit, NotFound, NothingToUndo) as error:
        raise click.UsageError(str(error), click.get_current_context()) from error


def wrote(session: Session, analyst: Analyst, *changes: IncidentChange) -> None:
    """Hold the alert rules against what the act changed, in its transaction; print what happened, an incident a line."""
    from alerts.match import on_change

    on_change(session, changes, analyst.now)
    for change in changes:
        cells = f": {', '.join(change.cells)}" if change.cells else ""
        click.echo(f"incident {change.incident_id} {change.kind.replace('_', ' ')}{cells}")


def _cell(change: str) -> tuple[str, Any]:
    cell, sign, text = change.partition("=")
    if not sign or not cell:
        message = f"{change!r} sets no cell; write CELL=VALUE, for example country=KH"
        raise click.UsageError(message, click.get_current_context())
    if not text:
        return cell, None
    try:
        value = json.loads(text)
    except json.JSONDecodeError:
        return cell, text
    # "2025" is a year where a date is meant, and a list or a number is what it looks like elsewhere
    return (cell, text) if cell in ("date", "headline", "place", "admin") else (cell, value)
