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


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
