"""`sageon forget`: what an outlet or a person asks to be taken out."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from pathlib import Path

import click

from crawler.cli.options import database_option, settings


@click.command()
@click.argument("what", metavar="URL|NAME")
@click.option("--by", metavar="WHO", default=getpass.getuser, show_default="you", help="Who asks, for the audit line.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@database_option
def forget(what: str, by: str, yes: bool, config_file: Path | None, database: str | None) -> None:
    """Take out an article (URL: its body, title and byline, for good) or a person's NAME, everywhere but the audit
    line. It cannot be undone.
    """
    from crawler.cli.stored import present
    from storage.errors import NotFound
    from storage.people import forget_name, forget_url

    config = settings(config_file, database)
    is_url = what.startswith(("http://", "https://"))
    if not yes:
        click.confirm(f"Forget {'the article at' if is_url else 'the name'} {what} for good?", abort=True, err=True)
    try:
        with present(config) as base, base.write() as session:
            gone = (forget_url if is_url else forget_name)(session, what, by, datetime.now(UTC))
    except NotFound as error:
        raise click.UsageError(str(error), click.get_current_context()) from error
    rows = ", ".join(f"{number} {table}" for table, number in gone.counts.items() if number)
    click.echo(f"forgotten: {rows or 'nothing was left to take out'}")
