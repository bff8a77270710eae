"""The database of a command: opened and brought up to date; what is wrong with it is one line."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.config import Config

if TYPE_CHECKING:
    from storage.database import Database


#: Seconds between two tries to reach a database that does not answer.
TRY_AGAIN = 2.0


@contextmanager
def opened(config: Config, *, patience: float = 0.0) -> Iterator[Database]:
    """The database at `config.database_url`, upgraded, closed at the end.

    One that does not answer is tried again for `patience` seconds, each failure a line on standard error: a service
    that starts while its server does must not give up.
    """
    from sqlalchemy.exc import OperationalError

    from storage.database import Database

    end = time.monotonic() + patience
    while True:
        try:
            with mistakes_told(config):
                base = Database.open(config.database_url)
                base.upgrade()
            break
        except click.UsageError as refused:
            if not isinstance(refused.__cause__, OperationalError | OSError) or time.monotonic() >= end:
                raise
            click.echo(f"{_away(config, refused.__cause__)}; trying again", err=True)
            time.sleep(TRY_AGAIN)
    try:
        yield base
    finally:
        base.close()


@contextmanager
def mistakes_told(config: Config) -> Iterator[None]:
    """Within the block a database that cannot be opened or read is a bad argument, told without its password."""
    from sqlalchemy.exc import DatabaseError

    from storage.errors import BadDatabaseUrl, SchemaTooNew

    context = click.get_current_context(silent=True)
    try:
        yield
    except (BadDatabaseUrl, SchemaTooNew) as error:
        raise click.UsageError(str(error), context) from error
    except (DatabaseError, OSError) as error:
        hint = "write sqlite:///FILE, a file name or postgresql://user@host/name"
        raise click.UsageError(f"{_away(config, error)}; {hint}", context) from error


@contextmanager
def present(config: Config) -> Iterator[Database]:
    """As `opened`, for commands that only look: a SQLite file that is not there is a mistake and is not created."""
    file = config.database_url.removeprefix("sqlite:///")
    if file != config.database_url and not Path(file).is_file():
        raise click.UsageError(
            f"there is no database {file}; run 'sageon crawl' or 'sageon demo' first, or name one with --database",
            click.get_current_context(silent=True),
        )
    with opened(config) as base:
        yield base


def _away(config: Config, error: Exception) -> str:
    from sqlalchemy.engine import make_url

    shown = make_url(config.database_url).render_as_string(hide_password=True)
    return f"cannot open the database {shown}: {_first_line(error)}"


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
