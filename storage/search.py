"""Text search that finds two-syllable Korean words and English stems, the same on both databases.

The text is cut here, not by the database: runs of Hangul (or other unspaced script) become overlapping pairs of
characters that never cross a word, Latin words are stemmed and stay whole. A word of the query must occur as the
phrase of its pairs. SQLite's trigram index returns nothing for 감금; PostgreSQL's reads the whole table.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import BigInteger, Column, Connection, MetaData, Table, Text, TextClause
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from storage.bulk import load
from storage.stems import stem

_RUN = re.compile(r"[가-힣ㄱ-ㆎ぀-ヿ㐀-䶿一-鿿]+|[a-z0-9]+(?:'[a-z0-9]+)*|[^\W_]+")
_PAIRED = re.compile(r"[가-힣ㄱ-ㆎ぀-ヿ㐀-䶿一-鿿]")
_ACCENTED = re.compile(r"[\u00c0-\u024f]")
#: Stands between two words whose pairs would otherwise join to a third (감금 + 금지 holds no 감금지).
BREAK = "zzbreakzz"
#: tsvector keeps positions up to 16,383 only; text beyond is not searched.
MAX_TOKENS = 16_000


@dataclass(frozen=True, slots=True)
class Query:
    """Each term is a phrase of tokens; all terms must occur. `prefix` says the last token is only a beginning."""

    terms: tuple[tuple[str, ...], ...]
    prefixes: tuple[bool, ...]


def tokens(text: str) -> list[str]:
    """The index tokens of a text, in order."""
    out: list[str] = []
    for run in _RUN.findall(_fold(text)):
        if _PAIRED.match(run):
            cut = _pairs(run)
            if out and len(out[-1]) == 2 and out[-1][1] == cut[0][0]:
                out.append(BREAK)
            out.extend(cut)
        else:
            out.append(stem(run))
        if len(out) >= MAX_TOKENS:
            return out[:MAX_TOKENS]
    return out


def parse_query(text: str) -> Query:
    """The words of a query, as phrases. One lone Hangul syllable matches the beginning of a pair."""
    terms, prefixes = [], []
    for part in re.findall(r'"([^"]+)"|(\S+)', _fold(text)):
        if part[0]:  # a quoted phrase: its words must follow each other
            term = tuple(tokens(part[0]))
            if term:
                terms.append(term)
                prefixes.append(False)
            continue
        for run in _RUN.findall(part[1]):
            term = tuple(_pairs(run)) if _PAIRED.match(run) else (stem(run),)
            terms.append(term)
            prefixes.append(len(run) == 1 and bool(_PAIRED.match(run)))
    return Query(tuple(terms), tuple(prefixes))


def index_article(session: Session, article_id: int, title: str, text: str) -> None:
    """Enter an article in the index. It must not be in it (`unindex_article` first)."""
    cut = tokens(f"{title}\n{text}")
    if _sqlite(session):
        session.execute(
            sql("INSERT INTO article_search(rowid, tokens) VALUES (:id, :tokens)"),
            {"id": article_id, "tokens": " ".join(cut)},
        )
        return
    session.execute(
        sql("INSERT INTO article_search(article_id, document) VALUES (:id, CAST(:document AS tsvector))"),
        {"id": article_id, "document": document_of(cut)},
    )


def unindex_article(session: Session, article_id: int, title: str, text: str) -> None:
    """Take an article out of the index; (title, text) must be what it was entered with (the index keeps no text)."""
    if _sqlite(session):
        session.execute(
            sql("INSERT INTO article_search(article_search, rowid, tokens) VALUES ('delete', :id, :tokens)"),
            {"id": article_id, "tokens": " ".join(tokens(f"{title}\n{text}"))},
        )
        return
    session.execute(sql("DELETE FROM article_search WHERE article_id = :id"), {"id": article_id})


def load_index(connection: Connection, articles: Iterable[tuple[int, Sequence[str]]]) -> int:
    """Enter many articles at once, each with its `tokens`, into an index that has none of them; returns their number."""
    if connection.dialect.name != "sqlite":
        table = Table("article_search", MetaData(), Column("article_id", BigInteger), Column("document", Text))
        return load(connection, table, ((article_id, document_of(cut)) for article_id, cut in articles))
    entered = 0
    rows = ((article_id, " ".join(cut)) for article_id, cut in articles)
    while batch := list(islice(rows, 5_000)):
        connection.exec_driver_sql("INSERT INTO article_search(rowid, tokens) VALUES (?, ?)", batch)
        entered += len(batch)
    return entered


@contextmanager
def without_text_index(connection: Connection) -> Iterator[None]:
    """Within the block PostgreSQL does not keep the text index up to date; at its end it is built anew."""
    if connection.dialect.name == "sqlite":
        yield
        return
    connection.exec_driver_sql("DROP INDEX ix_article_search_document")
    yield
    connection.exec_driver_sql("CREATE INDEX ix_article_search_document ON article_search USING gin (document)")


def match_clause(query: Query, sqlite: bool) -> tuple[str, str]:
    """A SELECT of the matching article ids with one parameter :match, and the value of that parameter."""
    if sqlite:
        parts = [
            '"' + " ".join(term) + '"' + (" *" if prefix else "")
            for term, prefix in zip(query.terms, query.prefixes, strict=True)
        ]
        return "SELECT rowid AS article_id FROM article_search WHERE article_search MATCH :match", " AND ".join(parts)
    parts = [
        "(" + " <-> ".join(f"'{token}'" for token in term) + (":*" if prefix else "") + ")"
        for term, prefix in zip(query.terms, query.prefixes, strict=True)
    ]
    return "SELECT article_id FROM article_search WHERE document @@ CAST(:match AS tsquery)", " & ".join(parts)


def newest_matching(match: str, articles: int) -> TextClause:
    """On PostgreSQL, a SELECT of how many of the newest so many articles match; `match` as `match_clause` gives it."""
    newest = "SELECT document FROM article_search ORDER BY article_id DESC LIMIT :articles"
    counted = f"SELECT count(*) FROM ({newest}) AS newest WHERE document @@ CAST(:match AS tsquery)"
    return sql(counted).bindparams(match=match, articles=articles)


def document_of(cut: Sequence[str]) -> str:
    """The tokens with their positions, as a tsvector is written."""
    places: dict[str, list[int]] = {}
    for position, token in enumerate(cut, start=1):
        places.setdefault(token, []).append(position)
    # PostgreSQL keeps at most 256 positions a word.
    return " ".join(f"'{_quoted(token)}':{','.join(map(str, at[:255]))}" for token, at in places.items())


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]


def _fold(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    if folded.isascii():
        return folded
    # Accents off Latin letters only: decomposing Hangul would cut syllables into letters.
    return _ACCENTED.sub(_base, folded)


def _base(letter: re.Match[str]) -> str:
    return unicodedata.normalize("NFD", letter.group())[0]


def _quoted(token: str) -> str:
    return token.replace("\\", "\\\\").replace("'", "''")


def _sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
