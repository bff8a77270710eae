"""The database of a command: opened and brought up to date; what is wrong with it is one line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.config import Config

if TYPE_CHECKING:
    from storage.database import Database


@contextmanager
def opened(config: Config) -> Iterator[Database]:
    """The database at `config.database_url`, upgraded, closed at the end."""
    from sqlalchemy.exc import OperationalError

    from storage.database import Database
    from storage.errors import BadDatabaseUrl, SchemaTooNew

    context = click.get_current_context(silent=True)
    try:
        base = Database.open(config.database_url)
        base.upgrade()
    except (BadDatabaseUrl, SchemaTooNew) as error:
        raise click.UsageError(str(error), context) from error
    except (OperationalError, OSError) as error:
        raise click.UsageError(
            f"cannot open the database {config.database_url!r}: {_first_line(error)}; "
            "write sqlite:///FILE, a file name or postgresql://user@host/name",
            context,
        ) from error
    try:
        yield base
    finally:
        base.close()


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


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
