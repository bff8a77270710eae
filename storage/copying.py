"""A whole record from one database into another, SQLite or PostgreSQL, in one transaction.

Rows go as they are, with their ids. Two things do not travel: the word index, which is made anew from the texts, and the
numbering of new rows, which is set behind the highest id. The target is empty before and whole afterwards, or empty
again: an interrupted copy leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, Table, func, select

from storage.bulk import load, without_indexes
from storage.database import Database
from storage.errors import StorageError
from storage.models import Article, ArticleVersion, Base
from storage.search import load_index, tokens, without_text_index

#: Rows fetched from the source at a time.
BATCH = 5_000
#: Told of a table's progress: its name, rows copied, rows in all.
Told = Callable[[str, int, int], None]


class CopyRefused(StorageError):  # noqa: N818
    """The copy would overwrite something, or the two databases are not of one version; the message says which."""


class CopyIncomplete(StorageError):  # noqa: N818
    """A table of the target does not hold as many rows as that of the source; nothing was kept."""


@dataclass(frozen=True, slots=True)
class Copied:
    """Rows of each table that were copied, and of texts that were indexed."""

    tables: dict[str, int]
    indexed: int


def copy_record(source: Database, target: Database, told: Told = lambda table, done, rows: None) -> Copied:
    """Copy every table of `source` into `target`, whose schema is made or brought up to date first.

    The source is read as it stands at one moment; it may be in use. Raises CopyRefused where the target holds a row
    or the source is of another version, CopyIncomplete where the counts differ at the end.
    """
    if source.url == target.url:
        raise CopyRefused(f"{target.url} would be copied onto itself")
    if source.revision() is None:
        raise CopyRefused(f"{source.url} holds no record of Sageon")
    target.upgrade()
    if source.revision() != target.revision():
        raise CopyRefused(f"{source.url} is at revision {source.revision()}; run 'sageon db upgrade' on it first")
    tables = Base.metadata.sorted_tables
    with target.write_engine.connect() as into, _steady(source) as out, into.begin():
        if held := next((table.name for table in tables if _count(into, table)), None):
            raise CopyRefused(f"{target.url} is not empty: its table {held} has rows; copy into a new database")
        with without_indexes(into, tables), without_text_index(into):
            copied = {table.name: _copy(out, into, table, told) for table in tables}
            indexed = load_index(into, _texts(out, copied["article"], told))
        for table in tables:
            if (found := _count(into, table)) != copied[table.name]:
                raise CopyIncomplete(f"{table.name}: {copied[table.name]} rows were read, {found} arrived")
            _number_on(into, table)
    return Copied(copied, indexed)


def _steady(source: Database) -> Connection:
    """A connection that sees one moment of the source for as long as the copy takes."""
    connection = source.read_engine.connect()
    return connection if source.is_sqlite else connection.execution_options(isolation_level="REPEATABLE READ")


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def _copy(out: Connection, into: Connection, table: Table, told: Told) -> int:
    rows = _count(out, table)
    told(table.name, 0, rows)

    def fetched() -> Iterator[tuple[object, ...]]:
        result = out.execution_options(yield_per=BATCH).execute(select(table).order_by(*table.primary_key.columns))
        for number, row in enumerate(result, start=1):
            yield tuple(row)
            if number % BATCH == 0:
                told(table.name, number, rows)

    written = load(into, table, fetched())
    told(table.name, written, rows)
    return written


def _texts(out: Connection, articles: int, told: Told) -> Iterator[tuple[int, list[str]]]:
    """The words of every present text that is kept: what `index_article` had entered."""
    result = out.execution_options(yield_per=BATCH).execute(
        select(Article.id, ArticleVersion.title, ArticleVersion.text)
        .join(ArticleVersion, ArticleVersion.id == Article.version_id)
        .where(ArticleVersion.emptied.is_(None))
        .order_by(Article.id)
    )
    for number, (article_id, title, text) in enumerate(result, start=1):
        yield article_id, tokens(f"{title}\n{text}")
        if number % BATCH == 0:
            told("words", number, articles)
    told("words", articles, articles)


def _number_on(connection: Connection, table: Table) -> None:
    """Let PostgreSQL number new rows from behind the highest id; SQLite does so by itself."""
    column = table.autoincrement_column
    if connection.dialect.name == "sqlite" or column is None or column.foreign_keys:
        return
    sequence = connection.scalar(select(func.pg_get_serial_sequence(table.name, column.name)))
    if sequence is not None:
        highest = connection.scalar(select(func.max(column)))
        connection.execute(select(func.setval(sequence, highest or 1, highest is not None)))
