"""`sageon alerts feed|cap`: what a rule told, as a feed or as a CAP message."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from crawler.cli.options import database_option, settings


@click.command()
@click.argument("rule", metavar="RULE")
@click.option("--format", "form", type=click.Choice(["atom", "json"]), default="atom", show_default=True)
@click.option("--output", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False), help="Write it there.")
@database_option
def feed(rule: str, form: str, output: Path | None, config_file: Path | None, database: str | None) -> None:
    """What RULE told last, as an Atom or a JSON feed."""
    from alerts.feeds import LENGTH
    from alerts.feeds import feed as written
    from crawler.cli.alerts import rules_file
    from crawler.cli.stored import present
    from storage.alert_rules import rule_named
    from storage.alerts import told_by_rule
    from storage.errors import NotFound

    config = settings(config_file, database)
    try:
        with present(config) as base, base.read() as session:
            language = str(rule_named(session, rule).body.get("language", "en"))
            told = told_by_rule(session, rule, LENGTH)
    except NotFound as error:
        raise click.UsageError(str(error), click.get_current_context()) from error
    _put(written(form, rule, told, language, rules_file(config).incident_link, datetime.now(UTC)), output)


@click.command()
@click.argument("incident", metavar="ID", type=click.IntRange(1))
@click.option("--rule", metavar="RULE", help="What this rule told (needed where several did).")
@click.option("--sender", required=True, metavar="NAME", help="Who answers for it: a mail address or a domain.")
@click.option("--output", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False), help="Write it there.")
@database_option
def cap(
    incident: int, rule: str | None, sender: str, output: Path | None, config_file: Path | None, database: str | None
) -> None:
    """What was told last of incident ID, as a CAP 1.2 message that refers to what was told before."""
    from alerts.cap import cap as written
    from crawler.cli.alerts import rules_file
    from crawler.cli.stored import present
    from storage.alert_rules import rule_named
    from storage.alerts import incident_subject, matches_of
    from storage.errors import NotFound

    context = click.get_current_context()
    config = settings(config_file, database)
    try:
        with present(config) as base, base.read() as session:
            told = [match for match in matches_of(session, incident_subject(incident)) if match.told]
            rules = sorted({match.rule for match in told} if rule is None else {rule})
            if len(rules) != 1:
                said = f"{', '.join(rules)} told of it; choose one with --rule" if rules else "no rule told of it"
                raise click.UsageError(f"incident {incident}: {said}", context)
            language = str(rule_named(session, rules[0]).body.get("language", "en"))
    except NotFound as error:
        raise click.UsageError(str(error), context) from error
    chosen = [match for match in told if match.rule == rules[0]]
    try:
        text = written(chosen, language, sender, rules_file(config).incident_link(incident))
    except ValueError as error:
        raise click.UsageError(f"incident {incident}: {error}", context) from error
    _put(text, output)


def _put(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"{output}: {error.strerror}", click.get_current_context()) from error
