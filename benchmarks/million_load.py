"""Put invented incidents into a database in bulk, with every row that crawling and resolving them would have written."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import cache
from itertools import chain
from multiprocessing import get_context
from typing import Any

import numpy as np
from sqlalchemy import Connection, Table

from benchmarks.million_copies import base_tables, multiply
from benchmarks.million_rows import CHUNK, CODER, MONTHS, Invented, Inventor, Told, days_of, report_counts
from extract.resolve import Signature, block_keys, signature_of
from extract.resolve.signature import SKETCH, word_hash, words_of
from storage.bulk import load, without_indexes
from storage.cells import COUNTS
from storage.database import Database
from storage.duplicates import bands, day_number
from storage.models import Base
from storage.payload import report_to_json
from storage.resolution import key_day
from storage.search import document_of, load_index, tokens, without_text_index

Rows = dict[str, list[tuple[Any, ...]]]
#: Incidents that are invented one by one; a larger table is copies of them (benchmarks.million_copies).
BASE = 20_000
#: Whether later reports can share a blocking key: it holds a day, a name or a place; words, which they may; or
#: nothing that time changes.
NEW, WORDY, ALWAYS = range(3)
#: A pair of words in so many reports of the base is a frequent one.
FREQUENT = 3
#: Order in which a chunk is written: what is pointed at comes first.
TABLES = ("article", "article_key", "article_version", "ledger", "incident", "incident_type", "victim", "perpetrator",
          "incident_report", "evidence", "history", "merge_log")  # fmt: skip


def fill(database: Database, incidents: int, seed: int, *, processes: int = 2) -> int:
    """Load so many incidents (above BASE a whole multiple of it) into an empty, upgraded database; the articles."""
    if incidents > BASE and incidents % BASE:
        raise ValueError(f"{incidents} incidents: above {BASE:,} it must be a multiple of {BASE:,}")
    base = min(BASE, incidents)
    database.close()  # SQLite leaves WAL only where no other connection is open, and pools keep theirs
    with database.write_engine.connect() as connection:
        _unchecked(connection)
        with connection.begin(), _progress() as told:
            tables = [_table(name) for name in (*TABLES, "simhash_band", "report_key")]
            with without_indexes(connection, tables), without_text_index(connection):
                articles = _write(connection, base, incidents // base, seed, processes, told)
            told("indexes are built")
        _settle(connection)
    return articles


def _unchecked(connection: Connection) -> None:
    """Load without foreign keys and without a journal: the rows are right, and a load that breaks off is thrown away."""
    if connection.dialect.name == "sqlite":
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-524288", "foreign_keys=OFF"):
            _driver(connection).execute(f"PRAGMA {pragma}")
    else:
        connection.exec_driver_sql("SET session_replication_role = replica")
        connection.commit()


def _settle(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        for statement in ("ANALYZE", "PRAGMA journal_mode=WAL", "PRAGMA synchronous=NORMAL"):
            _driver(connection).execute(statement)
        return
    for name in (*TABLES, "response"):
        if "id" in _columns(name):
            connection.exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT coalesce(max(id), 1) FROM {name}))"
            )
    connection.commit()
    connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("VACUUM ANALYZE")


def _write(
    connection: Connection, base: int, times: int, seed: int, processes: int, told: Callable[[str], None]
) -> int:
    counts = report_counts(base, seed)
    before = np.concatenate(([0], np.cumsum(counts)))
    orders = [
        (base, 30 * (MONTHS // times), seed, first, counts[first : first + CHUNK].tolist(), int(before[first]))
        for first in range(0, base, CHUNK)
    ]
    keys: list[dict[str, int]] = []
    words: list[tuple[int, str]] = []
    slices: list[tuple[int, ...]] = []
    told("inventing")
    with get_context("spawn").Pool(processes) as pool:
        for rows, found, cut, entered in pool.imap(made, orders):
            for name in TABLES:
                load(connection, _table(name), rows[name])
            keys += [dict(zip(("key", "day", "report_id", "kept"), key, strict=True)) for key in found]
            slices += cut
            words += entered
    load(connection, _table("simhash_band"), sorted(slices))
    load(connection, _table("report_key"), sorted({(key["key"], key["day"], key["report_id"]) for key in keys}))
    load_index(connection, ((number, text.split(" ")) for number, text in words))
    if times > 1:
        frequent = Counter(key["key"] for key in keys)
        for key in keys:
            key["kept"] = int(key["kept"] == ALWAYS or (key["kept"] == WORDY and frequent[key["key"]] >= FREQUENT))
        written = " ".join if connection.dialect.name == "sqlite" else document_of
        entries = [{"article_id": number, "tokens": written(text.split(" "))} for number, text in words]
        base_tables(connection, entries, keys)
        multiply(connection, [*TABLES, "simhash_band"], base, int(before[-1]), times - 1, MONTHS // times, told)
    return int(before[-1]) * times


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    from rich.console import Console

    console = Console(stderr=True)
    with console.status("loading") as status:
        yield lambda what: status.update(f"loading: {what}")


def made(
    order: tuple[int, int, int, int, list[int], int],
) -> tuple[Rows, list[tuple[int, int, int, int]], list[tuple[int, ...]], list[tuple[int, str]]]:
    """The rows of one chunk, its blocking keys, its fingerprint slices and its words, made in a worker process."""
    total, days, seed, first, counts, article = order
    rows: Rows = defaultdict(list)
    found: list[tuple[int, int, int, int]] = []
    cut: list[tuple[int, ...]] = []
    words: list[tuple[int, str]] = []
    for invented in inventor(total, days, seed).chunk(first, counts):
        articles = range(article + 1, article + 1 + len(invented.told))
        article += len(invented.told)
        _incident(rows, invented, articles[0])
        body = report_to_json(invented.told[0].report)
        signature = signature_of(invented.told[0].report, invented.told[0].article)
        for number, told in zip(articles, invented.told, strict=True):
            signature = replace(
                signature, seat=str(number), language=told.article.language, published=told.published.toordinal(),
                words=_sketch(told.words), title=_sketch(told.title),
            )  # fmt: skip
            _article(rows, cut, invented.number + 1, number, told, body, signature)
            found += [(key, key_day(signature), number, share) for key, share in _keys(signature).items()]
            words.append((number, " ".join(chain.from_iterable(map(_tokens, (*told.title, *told.words))))))
    return dict(rows), found, cut, words


def _keys(signature: Signature) -> dict[int, int]:
    """The report's blocking keys, each with what later reports can share it: NEW, WORDY or ALWAYS."""
    dated = replace(signature, words=(), title=())
    timeless = replace(dated, names=(), suspect_names=(), amounts=(), place=None, ages=(), date_from=None, date_to=None)
    shares = dict.fromkeys(block_keys(signature), WORDY)
    shares |= dict.fromkeys(block_keys(dated), NEW)
    return shares | dict.fromkeys(block_keys(timeless), ALWAYS)


def _sketch(words: Sequence[str]) -> tuple[int, ...]:
    """As `extract.resolve.signature.sketch`, with each word hashed once in a process's life."""
    return tuple(sorted(set(chain.from_iterable(map(_hashes, words))))[:SKETCH])


@cache
def _hashes(word: str) -> tuple[int, ...]:
    return tuple(map(word_hash, words_of(word)))


@cache
def _tokens(word: str) -> tuple[str, ...]:
    return tuple(tokens(word))


@cache
def inventor(total: int, days: int, seed: int) -> Inventor:
    """This process's inventor."""
    return Inventor(total, days, seed)


def _incident(rows: Rows, invented: Invented, first_article: int) -> None:
    told, incident = invented.told, invented.number + 1
    report, first, last = told[0].report, told[0].published, told[-1].published + timedelta(minutes=7)
    begin, end = days_of(report)
    place = report.place
    cells: dict[str, Any] = {
        "type": report.type, "other_types": list(report.other_types), "certainty": report.certainty,
        "date": report.date.value if report.date else None, "date_precision": report.date.precision if report.date else
        None, "date_basis": "stated" if report.date else None, "country": report.country,
        "place": place.name if place else None, "latitude": place.latitude if place else None,
        "longitude": place.longitude if place else None, "geonameid": place.geonameid if place else None,
        "place_precision": place.precision if place else None, "headline": told[0].article.title,
    }  # fmt: skip
    for name in COUNTS:
        count = getattr(report, name)
        cells |= {f"{name}_min": count.low if count else None, f"{name}_max": count.high if count else None}
    status = "rejected" if incident % 40 == 0 else "confirmed" if incident % 17 == 0 else "updated"
    _add(
        rows, "incident", **cells, id=incident, status="new" if len(told) == 1 and status == "updated" else status,
        date_from=begin, date_to=end, confidence=report.confidence, report_count=len(told), voice_count=len(told),
        first_seen=first, last_updated=last, first_published=first, last_published=told[-1].published, coder=CODER,
    )  # fmt: skip
    for kind in dict.fromkeys((report.type, *report.other_types)):
        _add(rows, "incident_type", type=kind, incident_id=incident, leading=kind == report.type, last_updated=last)
    for position, victim in enumerate(report.victims):
        _add(rows, "victim", incident_id=incident, position=position, report_id=first_article, last_updated=last,
             text=victim.text, count=victim.count, nationality=victim.nationality, name=victim.name, age=victim.age,
             gender=victim.gender, outcome=victim.outcome)  # fmt: skip
    for position, person in enumerate(report.perpetrators):
        _add(rows, "perpetrator", incident_id=incident, position=position, report_id=first_article, text=person.text,
             count=person.count, nationality=person.nationality, age=person.age, gender=person.gender,
             status=person.status)  # fmt: skip
    _add(rows, "history", id=2 * first_article - 1, incident_id=incident, at=first, cell="incident", new=cells, cause="opened",
         version_id=first_article)  # fmt: skip
    if len(told) > 1:
        _add(rows, "history", id=2 * first_article, incident_id=incident, at=last, cell="certainty", old="alleged", new=report.certainty,
             cause="report", version_id=first_article + len(told) - 1)  # fmt: skip


def _article(
    rows: Rows, cut: list[tuple[int, ...]], incident: int, number: int, told: Told, body: Any,
    signature: Signature,
) -> None:  # fmt: skip
    """One article with one version and one report: all three have the same number."""
    article, report, moment = told.article, told.report, told.published + timedelta(minutes=6)
    hashed = hashlib.blake2b(article.text.encode(), digest_size=16).hexdigest()
    simhash = int(hashed[:16], 16)
    dates = {"published": told.published, "published_basis": "json-ld"}
    _add(rows, "article", **dates, id=number, source=told.source, native_id=article.id, url=article.url,
         canonical_url=article.url, title=article.title, language=article.language, country="KR", timezone="Asia/Seoul",
         paywalled=False, first_seen=moment, last_fetched=moment, last_changed=moment, text_hash=hashed,
         version_id=number, versions=1, keep_body=True)  # fmt: skip
    for key in (f"u {article.url}", f"n {told.source} {article.id}"):
        _add(rows, "article_key", key=key, article_id=number)
    _add(rows, "article_version", **dates, id=number, article_id=number, number=1, title=article.title,
         text=article.text, language=article.language, fetched_at=moment, lead_places=[], text_hash=hashed,
         simhash=simhash)  # fmt: skip
    _add(rows, "ledger", version_id=number, article_id=number, state="done", token=1, attempts=1, coder=CODER,
         outcome="read", read_at=moment)  # fmt: skip
    _add(rows, "incident_report", id=number, incident_id=incident, article_id=number, version_id=number,
         voice_id=number, source=told.source, language=article.language, ordinal=0, active=True, type=report.type,
         role=report.role, status=report.status, certainty=report.certainty, published=told.published, created=moment,
         coder=CODER, body=body, signature=signature.to_json())  # fmt: skip
    rows["evidence"] += [
        (number, position, item.field, item.quote, item.start, item.end, item.part, item.found_by)
        for position, item in enumerate(report.evidence)
    ]
    _add(rows, "merge_log", id=number, at=moment, kind="join", incident_id=incident, reports=[number], reasons=[],
         probability=0.9)  # fmt: skip
    day = day_number(told.published)
    signed = simhash - (1 << 64) if simhash >> 63 else simhash
    cut += [(band, value, day, number, signed) for band, value in bands(simhash)]


def _add(rows: Rows, name: str, /, **values: Any) -> None:
    rows[name].append(tuple(values.get(column, default) for column, default in _defaults(name)))


@cache
def _defaults(name: str) -> tuple[tuple[str, Any], ...]:
    """Each column with what it holds where nothing is said."""
    return tuple(
        (column.name, column.default.arg if column.default is not None and column.default.is_scalar else None)
        for column in _table(name).columns
    )


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


@cache
def _columns(name: str) -> tuple[str, ...]:
    return tuple(column.name for column in _table(name).columns)


@cache
def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def _every() -> tuple[str, ...]:
    return (*TABLES, "report_key", "simhash_band")
