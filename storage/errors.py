# ruff: noqa: N818 - named for what happened, as a caller says it: except LeaseLost
"""What storage raises. Each names the input that caused it, in one line a user can act on."""

from __future__ import annotations

from sqlalchemy.exc import InterfaceError, OperationalError


class StorageError(Exception):
    """The root of storage's own errors."""


class BadDatabaseUrl(StorageError):
    """The address is none of SQLite's or PostgreSQL's, or its driver is not installed."""


class SchemaTooNew(StorageError):
    """The database was upgraded by a newer Sageon than this one."""


class LeaseLost(StorageError):
    """The claim ran out and another worker has taken (or finished) the article version."""


class NotFound(StorageError):
    """There is no such incident, report, article or run."""


class BadFilter(StorageError):
    """A filter that cannot be meant; the message names the key and what would be right."""


class BadEdit(StorageError):
    """A cell that does not exist or cannot hold the value."""


class NothingToUndo(StorageError):
    """The incident has no analyst's act that can be undone."""


def database_away(error: BaseException) -> bool:
    """Whether the database could not be reached, read or written (away, restarted, full, locked): not the caller's."""
    return isinstance(error, (OperationalError, InterfaceError))
