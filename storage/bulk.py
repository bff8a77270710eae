"""Very many rows into one table: COPY on PostgreSQL, one prepared statement on SQLite."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from sqlalchemy import JSON, Connection, String, Table, insert

from storage.database import to_json

#: Rows handed to SQLite at a time.
BATCH = 10_000
#: PostgreSQL's text holds no NUL; the character that stands for "unreadable" keeps every offset where it was.
_INSTEAD_OF_NUL = "\ufffd"
#: NUL as JSON writes it; a backslash before it must not be one that is itself escaped.
_ESCAPED_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


def load(connection: Connection, table: Table, rows: Iterable[Sequence[Any]]) -> int:
    """Insert rows, each a sequence of the values of all of the table's columns in order; returns their number.

    Values are Python's, as the models have them. Foreign keys within the rows may point ahead: they are checked at the
    end of the statement on PostgreSQL, of the transaction on SQLite.
    """
    prepared = _prepared(connection, table, rows)
    return _copy(connection, table, prepared) if _postgresql(connection) else _insert(connection, table, prepared)


def _copy(connection: Connection, table: Table, rows: Iterator[tuple[Any, ...]]) -> int:
    quote = connection.dialect.identifier_preparer.quote
    columns = ", ".join(quote(column.name) for column in table.columns)
    written = 0
    driver: Any = connection.connection.driver_connection
    with (
        driver.cursor() as cursor,
        cursor.copy(f"COPY {quote(table.name)} ({columns}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)
            written += 1
    return written


def _insert(connection: Connection, table: Table, rows: Iterator[tuple[Any, ...]]) -> int:
    connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    statement = str(insert(table).compile(dialect=connection.dialect))
    written = 0
    while batch := list(islice(rows, BATCH)):
        connection.exec_driver_sql(statement, batch)
        written += len(batch)
    return written


def _prepared(connection: Connection, table: Table, rows: Iterable[Sequence[Any]]) -> Iterator[tuple[Any, ...]]:
    """The rows with every value as the driver takes it."""
    made = [_processor(connection, column) for column in table.columns]
    for row in rows:
        yield tuple(value if process is None else process(value) for process, value in zip(made, row, strict=True))


def _processor(connection: Connection, column: Any) -> Callable[[Any], Any] | None:
    kind = column.type.dialect_impl(connection.dialect)
    if _postgresql(connection):
        if isinstance(kind, JSON):
            return lambda value: _ESCAPED_NUL.sub(rf"\1{_INSTEAD_OF_NUL}", to_json(value))
        if isinstance(kind, String):
            return lambda value: value.replace("\x00", _INSTEAD_OF_NUL) if value else value
    process: Callable[[Any], Any] | None = kind.bind_processor(connection.dialect)
    return process


def _postgresql(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


@contextmanager
def without_indexes(connection: Connection, tables: Sequence[Table]) -> Iterator[None]:
    """Within the block the tables have no secondary index; at its end they are built anew, which is much faster than
    keeping them up to date row by row. For tables that nobody else uses: it locks them.
    """
    indexes = [index for table in tables for index in sorted(table.indexes, key=lambda index: str(index.name))]
    for index in indexes:
        index.drop(connection)
    if _postgresql(connection):
        connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '256MB'")
    yield
    for index in indexes:
        index.create(connection)
