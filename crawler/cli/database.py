"""`sageon db`: create the database, bring it to this version, or copy it into another one."""

from __future__ import annotations

from pathlib import Path

import click

from crawler.cli.options import database_option, settings


@click.group()
def db() -> None:
    """Create, upgrade or copy the database."""


@db.command()
@database_option
def upgrade(config_file: Path | None, database: str | None) -> None:
    """Create the tables, or run the migrations that are missing. Doing it twice changes nothing."""
    from crawler.cli.stored import opened

    config = settings(config_file, database)
    with opened(config):
        click.echo(f"{config.database_url} is up to date")


@db.command()
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
def copy(source: str, target: str) -> None:
    """Copy the whole record of one database into another, which must be empty; URLs or SQLite files.

    For example: sageon db copy sageon.db postgresql://user@host/sageon. All of it arrives or nothing: the rows of every
    table are counted on both sides before the copy is kept. FROM may be in use, and is not changed.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
    from sqlalchemy.exc import DatabaseError

    from crawler.config import database_url
    from storage.copying import copy_record
    from storage.database import Database
    from storage.errors import BadDatabaseUrl, StorageError

    context = click.get_current_context()
    console = Console(stderr=True)
    columns = (TextColumn("{task.description:16}"), BarColumn(), MofNCompleteColumn())
    tasks: dict[str, TaskID] = {}
    try:
        out, into = (Database.open(database_url(name)) for name in (source, target))
        if out.is_sqlite and not Path(str(out.url.database)).is_file():
            raise click.UsageError(f"there is no database {out.url.database}", context)
        with Progress(*columns, console=console, disable=not console.is_terminal) as bar:

            def told(table: str, done: int, rows: int) -> None:
                if rows and table not in tasks:
                    tasks[table] = bar.add_task(table, total=rows)
                if table in tasks:
                    bar.update(tasks[table], completed=done)

            copied = copy_record(out, into, told)
    except BadDatabaseUrl as error:
        raise click.UsageError(str(error), context) from error
    except StorageError as error:
        raise click.ClickException(str(error)) from error
    except DatabaseError as error:
        raise click.ClickException(f"cannot open one of the databases: {str(error.orig).splitlines()[0]}") from error
    rows = sum(copied.tables.values())
    click.echo(f"{rows:,} rows of {len(copied.tables)} tables copied and counted, {copied.indexed:,} texts indexed")
