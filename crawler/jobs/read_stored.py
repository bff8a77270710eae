"""Reading what is stored and not yet read: claim a batch, read it, write each result with its "done"."""

from __future__ import annotations

import logging
import os
import socket
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from alerts.match import on_change
from crawler.config import Config
from crawler.jobs.memory_use import peak_bytes
from crawler.jobs.reading import DEFAULT, reader_named
from extract.records import Reading
from storage.database import Database
from storage.errors import LeaseLost
from storage.ledger import Claim, claim, fail, finish, renew

if TYPE_CHECKING:
    from extract.reader import Reader

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReadOrder:
    """One batch to read; it can be pickled."""

    database_url: str
    batch: int
    lease_seconds: int
    names: bool = True
    reader: str = DEFAULT
    model: str = ""


@dataclass(frozen=True, slots=True)
class ReadReport:
    """What one batch gave: articles claimed, outcomes of the readings, changes of the incident table by kind."""

    claimed: int = 0
    outcomes: Mapping[str, int] = field(default_factory=dict)
    changes: Mapping[str, int] = field(default_factory=dict)
    read_seconds: float = 0.0
    store_seconds: float = 0.0
    peak_bytes: int = 0


def read_order(config: Config) -> ReadOrder:
    """The order that the settings give to every reader."""
    return ReadOrder(
        config.database_url, config.read_batch, config.lease_seconds, config.names, config.reader, config.model
    )


def worker_name() -> str:
    """Who claims: this host and process."""
    return f"{socket.gethostname()}:{os.getpid()}"


@cache
def open_database(url: str) -> Database:
    """This process's connection to the database, opened once."""
    return Database.open(url)


@cache
def prepared(reader: str, model: str = "") -> Reader:
    """This process's reader, loaded before it claims anything: an article must not count as tried by a worker that is
    killed while it loads. A reader of one's own need not have `prepare`."""
    made = reader_named(reader, model)
    prepare: Callable[[], None] | None = getattr(made, "prepare", None)
    if prepare is not None:
        prepare()
    return made


def read_one_batch(order: ReadOrder) -> ReadReport:
    """Claim, read and finish up to `order.batch` articles with this process's reader and database."""
    database, reader = open_database(order.database_url), prepared(order.reader, order.model)
    return read_claims(database, reader, order, now=lambda: datetime.now(UTC))


def read_claims(database: Database, reader: Reader, order: ReadOrder, *, now: Callable[[], datetime]) -> ReadReport:
    """Claim, read and finish up to `order.batch` articles.

    An article that the reader cannot read is failed with its error and counted; it stops no other. A claim that was
    taken over by another worker meanwhile (its lease had ended) is left to that worker.
    """
    lease = timedelta(seconds=order.lease_seconds)
    with database.write() as session:
        claims = claim(session, worker_name(), order.batch, lease, now())
    held_since = time.monotonic()
    outcomes: Counter[str] = Counter()
    changes: Counter[str] = Counter()
    reading_time = storing_time = 0.0
    for number, one in enumerate(claims):
        if time.monotonic() - held_since > order.lease_seconds / 3:
            _hold_on(database, claims[number:], lease, now())
            held_since = time.monotonic()
        begun = time.perf_counter()
        try:
            reading = reader.read(one.article)
        except Exception as error:
            log.exception("could not read article %s", one.article.id)
            outcomes["failed"] += 1
            _give_up(database, one, error, now())
            continue
        read = time.perf_counter()
        try:
            with database.write() as session:
                made = finish(session, one, reading if order.names else without_names(reading), now())
                if not one.again:  # a better reading of an old article is no news
                    on_change(session, made, now())  # alerts belong to the transaction of the change they tell of
        except LeaseLost:
            outcomes["lease_lost"] += 1
            continue
        outcomes[reading.outcome] += 1
        changes.update(change.kind for change in made)
        reading_time += read - begun
        storing_time += time.perf_counter() - read
    return ReadReport(len(claims), dict(outcomes), dict(changes), reading_time, storing_time, peak_bytes())


def _hold_on(database: Database, claims: Sequence[Claim], lease: timedelta, now: datetime) -> None:
    """Prolong the leases that are still ours; one that is lost shows when its result is written."""
    with database.write() as session:
        for one in claims:
            with suppress(LeaseLost):
                renew(session, one, lease, now)


def _give_up(database: Database, one: Claim, error: Exception, now: datetime) -> None:
    with suppress(LeaseLost), database.write() as session:
        fail(session, one, f"{type(error).__name__}: {error}", now)


def without_names(reading: Reading) -> Reading:
    """The reading with no name of a person in it, nor the quotes that were evidence of one."""
    return replace(
        reading,
        reports=tuple(
            replace(
                report,
                victims=tuple(replace(person, name=None) for person in report.victims),
                perpetrators=tuple(replace(person, name=None) for person in report.perpetrators),
                evidence=tuple(e for e in report.evidence if not e.field.endswith("name")),
                confidence={name: value for name, value in report.confidence.items() if not name.endswith("name")},
            )
            for report in reading.reports
        ),
    )
