"""Multiply a table of invented incidents inside the database, so that a million of them cost minutes and not hours.

Copy n lies n times so many months after the original, so that ids go with time. What would be new in a real table is
made new: names of articles, hashes, fingerprints, and the blocking keys that hold a name, a day, a place or rare words.
Keys that any later report may share (a foreigner's nationality and country, a round count, frequent words) stay as they
are, so that they grow frequent as the table grows: that is what could make resolution slow.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Table, text

from storage.models import Base

#: Columns that hold the id of an incident, of an article (with the same number for its version and report), and
#: those that number history.
_INCIDENT = {"incident.id", "incident_id"}
_ARTICLE = {"article.id", "article_version.id", "incident_report.id", "merge_log.id",
            "article_id", "version_id", "report_id", "voice_id"}  # fmt: skip
#: A copy's keys are its number times this, mixed into those of the original by exclusive or (a | b) - (a & b); any
#: spread of bits will do, as long as a hundred times it still fits into 63 bits.
_MIX = 88172645463325252
_WORDS = "bench_words"
_KEYS = "bench_keys"


def multiply(
    connection: Connection, tables: list[str], incidents: int, articles: int, copies: int, months: int,
    told: Callable[[str], None],
) -> None:  # fmt: skip
    """Add `copies` copies of the `incidents` and `articles` that the tables hold, `months` apart; `told` hears what is
    being written.

    The caller has put the words of each article in bench_words (article_id, tokens) and the blocking keys in
    bench_keys (key, day, report_id, kept), where `kept` says that copies share the key.
    """
    sqlite = connection.dialect.name == "sqlite"
    numbers = {"incidents": incidents, "articles": articles, "copies": copies, "months": months,
               "days": round(months * 30.44)}  # fmt: skip
    for name in tables:
        told(name)
        table = Base.metadata.tables[name]
        connection.execute(text(f"CREATE TEMPORARY TABLE bench_{name} AS SELECT * FROM {name}"))
        values = ", ".join(_shifted(table, column.name, sqlite) for column in table.columns)
        order = " ORDER BY 1, 2, 3" if name == "simhash_band" else ""
        _insert(connection, name, ", ".join(f'"{c.name}"' for c in table.columns), values, f"bench_{name}", order,
                numbers)  # fmt: skip
        connection.execute(text(f"DROP TABLE bench_{name}"))
    told("report_key")
    key = f"CASE WHEN b.kept = 1 THEN b.key ELSE (b.key | (n * {_MIX})) - (b.key & (n * {_MIX})) END"
    _insert(connection, "report_key", "key, day, report_id", f"{key}, b.day + n * :days, b.report_id + n * :articles",
            _KEYS, " ORDER BY 1, 2, 3", numbers)  # fmt: skip
    told("article_search")
    columns, words = ("rowid, tokens", "b.tokens") if sqlite else ("article_id, document", "b.tokens::tsvector")
    _insert(connection, "article_search", columns, f"b.article_id + n * :articles, {words}", _WORDS, "", numbers)


def _insert(
    connection: Connection, name: str, columns: str, values: str, source: str, order: str, numbers: dict[str, int]
) -> None:
    series = "WITH RECURSIVE copy(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copy WHERE n < :copies) "
    select = f"SELECT {values} FROM copy CROSS JOIN {source} AS b{order}"
    used = {key: value for key, value in numbers.items() if f":{key}" in series + select}
    if connection.dialect.name == "sqlite":
        connection.execute(text(f"{series}INSERT INTO {name} ({columns}) {select}"), used)
    else:
        connection.execute(text(f"INSERT INTO {name} ({columns}) {series}{select}"), used)


def _shifted(table: Table, name: str, sqlite: bool) -> str:
    """The expression of one column in copy n."""
    full, column, kind = f"{table.name}.{name}", f'b."{name}"', type(table.columns[name].type).__name__
    if full in _INCIDENT or name == "incident_id":
        return f"{column} + n * :incidents"
    if full in _ARTICLE or name in _ARTICLE:
        return f"{column} + n * :articles"
    if full == "history.id":
        return f"{column} + n * 2 * :articles"
    if name in ("url", "canonical_url", "native_id", "key"):
        return f"{column} || '-' || n"
    if name == "text_hash":
        return f"substr({column}, 1, 24) || substr(CAST(10000000 + n AS TEXT), 1, 8)"
    if full == "simhash_band.value":
        return f"({column} + n * 37) % 1024"
    if full == "simhash_band.day":
        return f"{column} + n * :days"
    if full == "incident.date":
        moved = _moved('b."date_from"', sqlite, whole=True)
        return f"substr(CAST({moved} AS TEXT), 1, length({column}))"
    if kind in ("UtcDateTime", "Date"):
        return _moved(column, sqlite, whole=kind == "Date")
    if full == "incident_report.signature":
        return _signature(column, sqlite)
    if full == "merge_log.reports":
        article = "b.id + n * :articles"
        return f"'[' || ({article}) || ']'" if sqlite else f"jsonb_build_array({article})"
    return column


def _moved(column: str, sqlite: bool, *, whole: bool) -> str:
    if not sqlite:
        moved = f"{column} + n * :months * interval '1 month'"
        return f"CAST({moved} AS DATE)" if whole else moved
    form = "%Y-%m-%d" if whole else "%Y-%m-%d %H:%M:%f000"
    return f"strftime('{form}', {column}, '+' || (n * :months) || ' months')"


def _signature(column: str, sqlite: bool) -> str:
    """With the days of the event and of publication moved, where they are known."""
    if sqlite:
        days = ", ".join(
            f"'$.{name}', json_extract({column}, '$.{name}') + n * :days"
            for name in ("published", "date_from", "date_to")
        )
        return f"json_replace({column}, {days})"
    made = column
    for name in ("published", "date_from", "date_to"):
        day = f"to_jsonb(({column} ->> '{name}')::bigint + n * :days)"
        made = f"CASE WHEN {column} ? '{name}' THEN jsonb_set({made}, '{{{name}}}', {day}) ELSE {made} END"
    return made


def base_tables(connection: Connection, words: list[dict[str, Any]], keys: list[dict[str, Any]]) -> None:
    """Make bench_words and bench_keys."""
    connection.execute(text(f"CREATE TEMPORARY TABLE {_WORDS} (article_id BIGINT, tokens TEXT)"))
    connection.execute(
        text(f"CREATE TEMPORARY TABLE {_KEYS} (key BIGINT, day INTEGER, report_id BIGINT, kept INTEGER)")
    )
    connection.execute(text(f"INSERT INTO {_WORDS} VALUES (:article_id, :tokens)"), words)
    connection.execute(text(f"INSERT INTO {_KEYS} VALUES (:key, :day, :report_id, :kept)"), keys)
