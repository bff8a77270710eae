"""`sageon alerts silence|silences|unsilence`: hold alerts back for a time, with who and why."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from pathlib import Path

import click

from crawler.cli.options import database_option, settings
from crawler.cli.tables import print_table


@click.command()
@click.option("--rule", metavar="RULE", help="Only this rule (else all).")
@click.option("--incident", metavar="ID", type=click.IntRange(1), help="Only this incident (else all).")
@click.option("--until", required=True, metavar="TIME|2h", help="So long: 30m, 2h, 3d, or a time with its zone.")
@click.option("--why", required=True, metavar="TEXT", help="The reason, for whoever wonders.")
@click.option("--by", metavar="NAME", default=getpass.getuser, show_default="you", help="Who says so.")
@database_option
def silence(
    rule: str | None,
    incident: int | None,
    until: str,
    why: str,
    by: str,
    config_file: Path | None,
    database: str | None,
) -> None:
    """Hold back alerts until then. What comes up meanwhile is not sent later; it is kept with this reason."""
    from crawler.cli.stored import present
    from storage.alert_rules import add_silence
    from storage.errors import NotFound
    from storage.query import incident_row

    now = datetime.now(UTC)
    moment = _until(until, now)
    try:
        with present(settings(config_file, database)) as base, base.write() as session:
            if incident is not None:
                incident_row(session, incident)
            number = add_silence(session, rule=rule, incident_id=incident, until=moment, who=by, why=why, now=now)
    except NotFound as error:
        raise click.UsageError(str(error), click.get_current_context()) from error
    click.echo(f"silence {number} until {moment:%Y-%m-%d %H:%M} UTC")


@click.command()
@database_option
def silences(config_file: Path | None, database: str | None) -> None:
    """List the silences in force."""
    from crawler.cli.stored import present
    from storage.alert_rules import silences as in_force

    with present(settings(config_file, database)) as base, base.read() as session:
        found = in_force(session, datetime.now(UTC))
    print_table(
        ("silence", "rule", "incident", "until (UTC)", "who", "why"),
        [
            (
                str(one.id), one.rule or "all", str(one.incident_id or "all"), f"{one.until:%Y-%m-%d %H:%M}", one.who,
                one.why,
            )
            for one in found
        ],
        right=("silence",),
    )  # fmt: skip


@click.command()
@click.argument("number", metavar="N", type=click.IntRange(1))
@database_option
def unsilence(number: int, config_file: Path | None, database: str | None) -> None:
    """End silence N now."""
    from crawler.cli.stored import present
    from storage.alert_rules import end_silence
    from storage.errors import NotFound

    try:
        with present(settings(config_file, database)) as base, base.write() as session:
            end_silence(session, number, datetime.now(UTC))
    except NotFound as error:
        raise click.UsageError(str(error), click.get_current_context()) from error
    click.echo(f"silence {number} has ended")


def _until(text: str, now: datetime) -> datetime:
    from alerts.errors import BadRule
    from alerts.rules import duration

    try:
        return now + duration("until", text)
    except BadRule:
        pass
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or moment <= now:
        raise click.BadParameter(
            f"{text!r} is no time to come; write 2h, 3d or 2030-01-31T18:00+09:00",
            click.get_current_context(),
            param_hint="--until",
        )
    return moment.astimezone(UTC)
