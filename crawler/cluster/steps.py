"""What each kind of message leads to, as plain functions: the claims first, then the jobs of `crawler.jobs`."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import random
from typing import cast

from crawler.backfill.archive import Archive
from crawler.backfill.gate import Keep
from crawler.backfill.job import Outcomes, backfill_file
from crawler.backfill.outlets import Outlets
from crawler.cluster.hosts import held, host_names
from crawler.config import Config
from crawler.jobs.crawl import crawl_sources
from crawler.jobs.order import CrawlReport
from crawler.jobs.read_stored import ReadReport, prepared, read_claims, read_order
from crawler.pipelines.cleaners import Cleaners
from crawler.schedule.visit import Visited, visit
from spiders.source import Source
from storage.archive import advance_file, claim_file, fail_file, finish_file, release_file
from storage.database import Database
from storage.due import DueSource, claim_due
from storage.errors import LeaseLost
from storage.leases import Lease, take
from storage.waiting import lost_claims, unread

#: An archive whose worker is lost is free after this; every stored batch prolongs it.
FILE_LEASE = timedelta(minutes=6)


class _Busy(Exception):  # noqa: N818
    """The source's claim is undone with the transaction: one of its hosts is being crawled."""


def crawl_step(
    database: Database,
    config: Config,
    source: Source,
    worker: str,
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    chance: Callable[[], float] = random,
) -> Visited | None:
    """Visit the source, as `sageon watch` does. None where it is not due any more, or it or one of its hosts is busy."""
    lasting = timedelta(seconds=config.source_lease)
    claimed = _claim(database, source, worker, lasting, now())
    if claimed is None:
        return None
    due, lease = claimed
    with held(database, lease, now, lasting) as lost:
        return visit(
            database, source, due, _crawler(database, config, lost), now=now, chance=chance, stopped=lost, lease=lasting
        )


def _claim(
    database: Database, source: Source, worker: str, lasting: timedelta, now: datetime
) -> tuple[DueSource, Lease] | None:
    try:
        with database.write() as session:
            due = claim_due(session, worker, 1, lasting, now, among=(source.id,))
            if not due:
                return None
            # the claim's own token makes the holder: two crawls of one worker are two holders
            holder = f"{worker} {source.id} {due[0].token}"
            lease = take(session, host_names(source.hosts), holder, lasting, now)
            if lease is None:
                raise _Busy
            return due[0], lease
    except _Busy:
        return None


def _crawler(database: Database, config: Config, lost: Callable[[], bool]) -> Callable[[Source], CrawlReport]:
    alone = replace(config, parallel_sources=1, cleaners=config.cleaners or 1)
    end = time.monotonic() + config.crawl_seconds

    def stop() -> str | None:
        if lost():
            return "the lease of the host was lost"
        return f"longer than crawl_seconds ({config.crawl_seconds})" if time.monotonic() > end else None

    return lambda source: crawl_sources([source], database, alone, read=False, stop=stop).reports[0]


def read_step(database: Database, config: Config) -> ReadReport:
    """Read one batch of what is stored.

    While claims of a reader that died are open, one article is claimed at a time: the one that ends its readers would
    hold the rest of its batch until the lease ends, five times over.
    """
    order = read_order(config)
    with database.read() as session:
        suspicious = lost_claims(session, datetime.now(UTC))
    return read_claims(
        database,
        prepared(order.reader, order.model),
        replace(order, batch=1) if suspicious else order,
        now=lambda: datetime.now(UTC),
    )


def undeclared(sources: Mapping[str, Source], name: str) -> str:
    """What to say of a message for a source that this worker has no declaration of."""
    return f"source {name} is not declared on this worker ({len(sources)} are); the machines' settings differ"


class _EnoughForNow(Exception):  # noqa: N818
    """News wait to be read, or the time of one task is over: the archive is given back and gone on with later."""


def backfill_step(
    database: Database,
    config: Config,
    sources: Sequence[Source],
    worker: str,
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> str | None:
    """Store what is left of one archive of the list; returns in words how it ended, None where none waits."""
    with database.write() as session:
        claimed = claim_file(session, worker, FILE_LEASE, now())
    if claimed is None:
        return None
    cleaners = Cleaners(config.cleaners or 1)  # one a task: the tasks themselves run side by side
    end = time.monotonic() + config.crawl_seconds
    before: Counter[str] = Counter()
    archive = Archive(claimed.address)
    try:
        size = archive.size()

        def stored(offset: int, outcomes: Outcomes) -> None:
            so_far = by_outcome(outcomes)
            with database.write() as session:
                advance_file(session, claimed, offset, size, so_far - before, FILE_LEASE, now())
            before.update(so_far - before)
            with database.read() as session:
                behind = unread(session, now()).live >= config.backlog
            if behind or time.monotonic() > end:
                raise _EnoughForNow

        backfill_file(
            archive,
            database,
            Outlets(sources),
            cleaners,
            ahead=4,
            batch=config.store_batch,
            stored=stored,
            keep=cast("Keep", claimed.keep),
        )
        with database.write() as session:
            finish_file(session, claimed, now())
    except _EnoughForNow:
        with suppress(LeaseLost), database.write() as session:
            release_file(session, claimed)
        return f"{archive.name}: given back, {dict(before)}"
    except LeaseLost:
        return f"{archive.name}: another worker goes on with it"
    except OSError as error:
        with suppress(LeaseLost), database.write() as session:
            fail_file(session, claimed, str(error), now())
        return f"{archive.name}: {error}"
    finally:
        cleaners.close()
    return f"{archive.name}: done, {dict(before)}"


def by_outcome(outcomes: Outcomes) -> Counter[str]:
    """The outcomes of all sources together."""
    total: Counter[str] = Counter()
    for (_, outcome), number in outcomes.items():
        total[outcome] += number
    return total
