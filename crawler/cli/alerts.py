"""`sageon alerts`: the rules, what they would send, and the sender."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.cli.alert_answers import dead, why
from crawler.cli.alert_exports import cap, feed
from crawler.cli.alert_silences import silence, silences, unsilence
from crawler.cli.options import database_option, settings
from crawler.cli.tables import print_table

if TYPE_CHECKING:
    from alerts.rules import Rule
    from alerts.rules_file import AlertSettings
    from crawler.config import Config
    from storage.database import Database


@click.group(invoke_without_command=True)
@click.pass_context
def alerts(ctx: click.Context) -> None:
    """Rules of alerts, what they would send, what was sent and why not. Without a sub-command: list."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_rules)


for _command in (why, dead, silence, silences, unsilence, feed, cap):
    alerts.add_command(_command)


@alerts.command("list")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
@database_option
def list_rules(form: str = "table", config_file: Path | None = None, database: str | None = None) -> None:
    """Every rule: where it is kept, what it tells, to whom, and how often it did in the last 30 days."""
    from crawler.cli.stored import present
    from storage.alert_rules import active_rules
    from storage.alerts import told_counts

    config = settings(config_file, database)
    written = rules_file(config)
    now = datetime.now(UTC)
    with present(config) as base, base.read() as session:
        kept = {stored.name: stored for stored in active_rules(session)}
        told = told_counts(session, now - timedelta(days=30))
    rows = []
    for name in sorted(written.rules.keys() | kept.keys()):
        stored = kept.get(name)
        body: Any = stored.body if stored is not None and stored.origin == "desk" else written.bodies.get(name)
        if body is None:
            state = f"gone from {config.alerts}; ends with the next run"
            body = stored.body if stored is not None else {}
        elif stored is None:
            state = "not in force yet; begins with the next run"
        else:
            state = "in force" if stored.body == body else "changed; holds from the next run on"
        count, last = told.get(name, (0, None))
        rows.append(
            {
                "rule": name,
                "kept": stored.origin if stored is not None else "file",
                "on": body.get("on", ["new", "worse"]),
                "filter": body.get("filter", ""),
                "to": body.get("to", []),
                "told_30d": count,
                "last": last.isoformat() if last else None,
                "state": state,
            }
        )
    if form == "json":
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    print_table(
        ("rule", "kept", "tells", "filter", "to", "30 days", "last", "state"),
        [
            (
                row["rule"], row["kept"], _words(row["on"]), _words(row["filter"]), _words(row["to"]),
                str(row["told_30d"]), (row["last"] or "")[:16].replace("T", " "), row["state"],
            )
            for row in rows
        ],
        right=("30 days",),
    )  # fmt: skip
    if not rows:
        click.echo(f"no rules; write {config.alerts} (docs/alerts.md) or add one at the desk", err=True)


@alerts.command()
@click.argument("name", metavar="RULE")
@click.option("--days", type=click.IntRange(1, 3650), default=30, show_default=True, help="So far back.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
@database_option
def test(name: str, days: int, form: str, config_file: Path | None, database: str | None) -> None:
    """Preview: what RULE would have sent, had it been in force. Nothing is sent or written."""
    from alerts.preview import days_back, preview
    from crawler.cli.stored import present

    config = settings(config_file, database)
    written = rules_file(config)
    now = datetime.now(UTC)
    with present(config) as base:
        rule = _rule(name, written, base, config)
        if rule.about_sources:
            raise click.UsageError(
                f"{name} is about sources; what was told of them is in 'sageon sources'", click.get_current_context()
            )
        with base.read() as session:
            found = preview(session, rule, days_back(days, now), now)
    if form == "json":
        click.echo(
            json.dumps(
                {
                    "rule": name, "since": found.since.isoformat(), "messages": found.messages,
                    "alerts": [
                        {"at": one.at.isoformat(), "trigger": one.trigger, **one.facts} for one in found.alerts
                    ],
                },
                ensure_ascii=False,
            )
        )  # fmt: skip
        return
    from alerts.lines import headline
    from alerts.wording import wording

    words = wording(rule.language)
    print_table(
        ("when", "incident", "alert"),
        [
            (f"{one.at:%Y-%m-%d %H:%M}", str(one.facts["incident"]), headline(one, words))
            for one in found.alerts
        ],
        right=("incident",),
    )  # fmt: skip
    targets = f" to each of {', '.join(rule.to)}" if len(rule.to) > 1 else f" to {rule.to[0]}"
    click.echo(
        f"{name} would have raised {len(found.alerts)} alerts in the last {days} days, in {found.messages} messages"
        f"{targets}",
        err=True,
    )


@alerts.command()
@database_option
def check(config_file: Path | None, database: str | None) -> int:
    """Read the file of rules and look whether every secret it names is there. Exit code 1 where one is not."""
    import os

    from alerts.errors import MissingSecret
    from alerts.targets import secrets_of

    config = settings(config_file, database)
    written = rules_file(config)
    bad = 0
    for target in written.targets.values():
        for secret in secrets_of(target):
            try:
                secret.reveal(os.environ)
            except MissingSecret as error:
                bad += 1
                click.echo(f"{target.name}: {error}")
    click.echo(f"{config.alerts}: {len(written.rules)} rules, {len(written.targets)} targets, {bad} secrets missing")
    return 1 if bad else 0


@alerts.command()
@click.argument("target", metavar="TARGET")
@database_option
def ping(target: str, config_file: Path | None, database: str | None) -> int:
    """Send one message marked as a test to TARGET, past every rule, schedule and silence."""
    from alerts.channels import deliver
    from alerts.errors import DeliveryFailed
    from alerts.message import trial

    written = rules_file(settings(config_file, database))
    if target not in written.targets:
        known = ", ".join(written.targets) or "none"
        raise click.UsageError(f"no target {target!r}; the targets are {known}", click.get_current_context())
    now = datetime.now(UTC)
    try:
        deliver(written.targets[target], trial(written.targets[target].language or "en", now), now)
    except DeliveryFailed as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{target} took a test message")
    return 0


@alerts.command()
@database_option
def send(config_file: Path | None, database: str | None) -> int:
    """Send what is due now and end. Exit code 1 where a message was not taken; it is tried again by the next run."""
    from crawler.cli.stored import opened
    from crawler.cli.watch import alerting_of

    config = settings(config_file, database)
    with opened(config) as base:
        ends = alerting_of(base, config).send().ends
    click.echo(", ".join(f"{name} {count}" for name, count in sorted(ends.items())) or "nothing is due")
    return 1 if ends.get("failed") or ends.get("dead") else 0


def rules_file(config: Config) -> AlertSettings:
    """The rules and targets of the settings' file; an absent one holds none. A mistake exits with 2."""
    from alerts.errors import BadAlertFile
    from alerts.rules_file import AlertSettings, load_alerts

    file = Path(config.alerts)
    if not file.exists():
        return AlertSettings()
    try:
        return load_alerts(file)
    except BadAlertFile as error:
        raise click.UsageError(str(error), click.get_current_context()) from error


def _rule(name: str, written: AlertSettings, base: Database, config: Config) -> Rule:
    """The rule as it is written now: a change of the file is tried before it is in force."""
    import difflib

    from alerts.match import readable_rules

    known = dict(written.rules)
    with base.read() as session:
        for _, rule in readable_rules(session):
            known.setdefault(rule.name, rule)
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"the rules of {config.alerts}: {', '.join(known) or 'none'}"
        raise click.UsageError(f"no rule '{name}'; {hint}", click.get_current_context())
    return known[name]


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(f"{key}={_words(one)}" for key, one in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
