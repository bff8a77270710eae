"""The tasks: each opens this process's database and calls a step. What is to be done stands in the database."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from celery import shared_task
from celery.signals import worker_process_init
from sqlalchemy.exc import DBAPIError

from crawler.cluster.steps import backfill_step, crawl_step, read_step, undeclared
from crawler.config import Config, load_config
from crawler.jobs.read_stored import open_database, prepared, worker_name
from crawler.schedule.alerting import Alerting
from spiders.source import Source, load_sources
from storage.database import Database

log = logging.getLogger(__name__)


@cache
def config() -> Config:
    """This process's settings."""
    return load_config()


@cache
def sources() -> Mapping[str, Source]:
    """The declarations that this worker knows."""
    return load_sources(config().sources)


def database() -> Database:
    """This process's database."""
    return open_database(config().database_url)


@worker_process_init.connect  # type: ignore[untyped-decorator]
def warm(**_: Any) -> None:
    """A forked reader loads its analyser before its first batch."""
    prepared(config().reader, config().model)


@shared_task(name="sageon.crawl")  # type: ignore[untyped-decorator]
def crawl(source: str) -> None:
    """Visit a source that is due."""
    declared = sources().get(source)
    if declared is None:
        log.error(undeclared(sources(), source))
        return
    try:
        ended = crawl_step(database(), config(), declared, worker_name())
    except DBAPIError as error:
        _unreachable("crawl", error)
        return
    if ended is not None:
        counts = ", ".join(f"{name} {n}" for name, n in sorted(ended.outcomes.items()))
        log.info("visited %s: %s", source, ended.error or counts or "nothing")


@shared_task(name="sageon.read")  # type: ignore[untyped-decorator]
def read() -> None:
    """Read a batch of articles."""
    try:
        report = read_step(database(), config())
    except DBAPIError as error:
        _unreachable("read", error)
        return
    if report.claimed:
        log.info("read %d: %s; %s", report.claimed, dict(report.outcomes), dict(report.changes) or "no change")


@shared_task(name="sageon.backfill")  # type: ignore[untyped-decorator]
def backfill() -> None:
    """Store what is left of an archive file."""
    try:
        ended = backfill_step(database(), config(), list(sources().values()), worker_name())
    except DBAPIError as error:
        _unreachable("backfill", error)
        return
    if ended:
        log.info("%s", ended)


@shared_task(name="sageon.alert")  # type: ignore[untyped-decorator]
def alert() -> None:
    """Send the messages that are due."""
    try:
        alerting = Alerting(database(), Path(config().alerts), worker_name(), lambda: datetime.now(UTC))
        alerting.refresh()
        sent = alerting.send()
    except DBAPIError as error:
        _unreachable("alert", error)
        return
    if sent.total:
        log.info("alerts: %s", dict(sent.ends))


def _unreachable(task: str, error: DBAPIError) -> None:
    """The database went away: what was claimed comes back when its lease ends, and the dispatcher invites again."""
    log.error("%s: the database did not answer: %s", task, str(error.orig or error).strip().splitlines()[0])
