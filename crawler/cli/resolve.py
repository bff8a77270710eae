"""`sageon resolve`: put every stored report to its incident anew and say what that changes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from crawler.cli.options import database_option, settings


@click.command()
@click.option("--rebuild", "apply", is_flag=True, help="Keep the result; without it nothing is written.")
@database_option
def resolve(apply: bool, config_file: Path | None, database: str | None) -> None:
    """Resolve all stored reports anew, by time of publication, and compare with the incidents as they stand.

    What analysts edited, confirmed, rejected, merged or split is kept. It is one transaction: stopped before its end,
    it leaves the table as it was.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from crawler.cli.stored import present
    from storage.rebuild import rebuild

    config = settings(config_file, database)
    console = Console(stderr=True)
    columns = (TextColumn("resolving"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with present(config) as base, Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        task = bars.add_task("resolving", total=None)
        with base.write() as session:
            found = rebuild(session, datetime.now(UTC), lambda done, of: bars.update(task, completed=done, total=of))
            if not apply:
                session.rollback()
    click.echo(f"{found.reports} reports: {found.before} incidents as they stood, {found.after} anew")
    click.echo(f"{found.unchanged} incidents are the same; {found.kept} were kept because analysts worked on them")
    click.echo(f"B-cubed precision {found.precision:.3f}, recall {found.recall:.3f}, F1 {found.f1:.3f}")
    if not apply:
        click.echo("nothing was written; 'sageon resolve --rebuild' keeps the result")
