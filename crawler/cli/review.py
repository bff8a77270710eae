"""`sageon queue`, `answer` and `acts`: what waits for an analyst, the answer to a question, and who did what when."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from crawler.cli.curate import acting, by_option, wrote
from crawler.cli.incidents import filter_options, filtered, read_filter
from crawler.cli.options import database_option, settings, since_option
from crawler.cli.tables import print_table

QUESTIONS = ("question", "sure", "incident", "headline", "or incident", "its headline")
CELLS = ("incident", "cell", "value", "sure", "headline")
ACTS = ("when", "who", "what", "incident", "other", "detail", "taken back")


@click.command()
@filter_options
@click.option("--limit", metavar="N", type=click.IntRange(1), default=20, help="At most N of each kind (else 20).")
@click.option("--below", metavar="P", type=click.FloatRange(0, 1), help="Cells less sure than this (else 0.5).")
@click.option("--only", type=click.Choice(["questions", "cells"]), help="One kind only.")
@database_option
def queue(
    limit: int, below: float | None, only: str | None, config_file: Path | None, database: str | None, **given: Any
) -> None:
    """Show what waits for an analyst: pairs that may be one event, and cells that the coder is not sure of.

    Settle a pair with `sageon answer QUESTION same|different`; a cell with `sageon edit`, `confirm` or `reject`.
    Filters narrow the cells.
    """
    from crawler.cli.stored import present
    from storage.review import UNSURE, doubtful_cells
    from storage.view import open_questions

    config = settings(config_file, database)
    chosen = read_filter(given)
    with present(config) as base, base.read() as session, filtered():
        questions = open_questions(session, limit=limit) if only != "cells" else ()
        cells = doubtful_cells(session, chosen, below=below or UNSURE, limit=limit) if only != "questions" else ()
    if questions:
        rows = [
            (
                str(q.question_id),
                f"{q.probability:.0%}",
                str(q.report_incident_id),
                q.title,
                str(q.incident_id),
                q.headline,
            )
            for q in questions
        ]
        print_table(QUESTIONS, rows, right=("question", "sure", "incident", "or incident"))
    if cells:
        if questions:
            click.echo()
        told = [
            (str(c.incident_id), c.cell, "" if c.value is None else str(c.value), f"{c.confidence:.0%}", c.headline)
            for c in cells
        ]
        print_table(CELLS, told, right=("incident", "sure"))
    if not questions and not cells:
        click.echo("nothing waits for an analyst", err=True)


@click.command()
@click.argument("question", metavar="QUESTION", type=click.IntRange(1))
@click.argument("verdict", type=click.Choice(["same", "different"]))
@by_option
def answer(question: int, verdict: str, by: str, **where: Any) -> None:
    """Answer a QUESTION of the queue: the two are the same event (they are merged) or different ones."""
    from storage.curation import answer as answer_question

    with acting(by, **where) as (session, analyst):
        wrote(session, analyst, *answer_question(session, question, verdict == "same", analyst))


@click.command()
@click.option("--by", "who", metavar="NAME", help="Only what NAME did.")
@click.option("--incident", metavar="ID", type=click.IntRange(1), help="Only what was done to incident ID.")
@since_option
@click.option("--limit", metavar="N", type=click.IntRange(1), default=200, help="At most N acts (else 200).")
@database_option
def acts(
    who: str | None,
    incident: int | None,
    since: date | None,
    limit: int,
    config_file: Path | None,
    database: str | None,
) -> None:
    """List who did what when: edits, decisions, merges, splits, answers, removals; the latest first."""
    from crawler.cli.stored import present
    from storage.acts import acts as every_act

    config = settings(config_file, database)
    with present(config) as base, base.read() as session:
        found = every_act(session, who=who, since=since, incident_id=incident, limit=limit)
    rows = [
        (
            f"{act.at:%Y-%m-%d %H:%M}", act.who, act.what, str(act.incident_id or ""), str(act.other_id or ""),
            act.detail, f"{act.undone:%Y-%m-%d %H:%M}" if act.undone else "",
        )
        for act in found
    ]  # fmt: skip
    print_table(ACTS, rows, right=("incident", "other"))
