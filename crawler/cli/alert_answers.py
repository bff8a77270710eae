"""`sageon alerts why|dead`: why something was sent or not, and what could not be delivered."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from crawler.cli.options import database_option, settings
from crawler.cli.tables import plain, print_table

STATES = {"pending": "waits", "claimed": "on its way", "sent": "sent", "dead": "given up", "dropped": "dropped"}


@click.command()
@click.argument("incident", metavar="ID", type=click.IntRange(1))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@database_option
def why(incident: int, form: str, config_file: Path | None, database: str | None) -> None:
    """Say what each rule decided about incident ID, when, why, and what became of each message."""
    from alerts.why import why as answers
    from crawler.cli.stored import present
    from storage.errors import NotFound

    config = settings(config_file, database)
    try:
        with present(config) as base, base.read() as session:
            found = answers(session, incident, datetime.now(UTC))
    except NotFound as error:
        raise click.UsageError(str(error), click.get_current_context()) from error
    if form == "json":
        click.echo(json.dumps([_as_json(answer) for answer in found], ensure_ascii=False))
        return
    for answer in found:
        click.echo(answer.rule)
        if answer.now is not None:
            click.echo(f"  not decided yet; now: {plain(answer.now)}")
        for match in answer.decisions:
            told = "told" if match.told else f"not told: {plain(match.reason or '')}"
            click.echo(f"  {match.at:%Y-%m-%d %H:%M} UTC  {match.trigger}: {told}")
            for row in answer.rows:
                if row.subject == match.subject and row.revision == match.revision:
                    click.echo(f"    {_row(row)}")
    if not found:
        click.echo("there are no rules about incidents in force", err=True)


@click.command()
@click.option("--retry", metavar="N", type=click.IntRange(1), multiple=True, help="Try the message of row N again.")
@click.option("--retry-all", is_flag=True, help="Try all of them again.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
@database_option
def dead(retry: tuple[int, ...], retry_all: bool, form: str, config_file: Path | None, database: str | None) -> None:
    """List messages that were given up, with the last error; --retry gives them back to the sender."""
    from crawler.cli.stored import present
    from storage.errors import NotFound
    from storage.outbox import outbox_rows, revive

    config = settings(config_file, database)
    try:
        with present(config) as base:
            if retry or retry_all:
                with base.write() as session:
                    rows = (
                        [row.id for row in outbox_rows(session, states=("dead",), limit=100_000)]
                        if retry_all
                        else retry
                    )
                    for row_id in rows:
                        revive(session, row_id, datetime.now(UTC))
                click.echo(f"{len(rows)} to be tried again; 'sageon watch', 'tick' or 'alerts send' does it")
                return
            with base.read() as session:
                found = outbox_rows(session, states=("dead",), limit=1000)
    except NotFound as error:
        raise click.UsageError(str(error), click.get_current_context()) from error
    if form == "json":
        click.echo(json.dumps([_row_json(row) for row in found], ensure_ascii=False))
        return
    print_table(
        ("row", "since", "rule", "target", "about", "attempts", "error"),
        [
            (
                str(row.id), f"{row.created:%Y-%m-%d %H:%M}", row.rule, row.target, f"{row.subject} ({row.trigger})",
                str(row.attempts), row.note or "",
            )
            for row in found
        ],
        right=("row", "attempts"),
    )  # fmt: skip


def _row(row: Any) -> str:
    said = f"{row.target}: {STATES[row.state]}"
    if row.state == "sent":
        return f"{said} {row.sent:%Y-%m-%d %H:%M} UTC as {row.message}"
    if row.state in ("pending", "claimed"):
        said += f" until {row.not_before:%Y-%m-%d %H:%M} UTC"
    if row.attempts:
        said += f" after {row.attempts} attempts"
    return f"{said}: {plain(row.note)}" if row.note else said


def _as_json(answer: Any) -> dict[str, Any]:
    return {
        "rule": answer.rule,
        "now": answer.now,
        "decisions": [
            {
                "at": match.at.isoformat(), "subject": match.subject, "revision": match.revision,
                "trigger": match.trigger, "told": match.told, "reason": match.reason,
            }
            for match in answer.decisions
        ],
        "messages": [_row_json(row) for row in answer.rows],
    }  # fmt: skip


def _row_json(row: Any) -> dict[str, Any]:
    return {
        "row": row.id, "id": row.message, "rule": row.rule, "target": row.target, "subject": row.subject,
        "revision": row.revision, "trigger": row.trigger, "state": row.state, "created": row.created.isoformat(),
        "not_before": row.not_before.isoformat(), "attempts": row.attempts,
        "sent": row.sent.isoformat() if row.sent else None, "note": row.note,
    }  # fmt: skip
