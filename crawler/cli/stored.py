"""The database of a command: opened and brought up to date; what is wrong with it is one line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from crawler.config import Config

if TYPE_CHECKING:
    from storage.database import Database


@contextmanager
def opened(config: Config) -> Iterator[Database]:
    """The database at `config.database_url`, upgraded, closed at the end."""
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError

    from storage.database import Database

    try:
        base = Database.open(config.database_url)
        base.upgrade()
    except (ArgumentError, NoSuchModuleError) as error:
        raise click.UsageError(
            f"{config.database_url!r} is no database URL; write sqlite:///news.db, a file name or "
            f"postgresql://user@host/name ({_first_line(error)})",
            click.get_current_context(silent=True),
        ) from error
    except OperationalError as error:
        raise click.ClickException(f"cannot open the database {config.database_url!r}: {_first_line(error)}") from error
    try:
        yield base
    finally:
        base.close()


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
