"""`sageon db`: create the database or bring it to this version."""

from __future__ import annotations

from pathlib import Path

import click

from crawler.cli.options import database_option, settings


@click.group()
def db() -> None:
    """Create or upgrade the database."""


@db.command()
@database_option
def upgrade(config_file: Path | None, database: str | None) -> None:
    """Create the tables, or run the migrations that are missing. Doing it twice changes nothing."""
    from crawler.cli.stored import opened

    config = settings(config_file, database)
    with opened(config):
        click.echo(f"{config.database_url} is up to date")
