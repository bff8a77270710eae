"""A crawl of several sources: each in its own process, a few at a time, while readers read what they store."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Protocol, cast

from crawler.config import Config
from crawler.jobs.crawl_process import crawl_in_child
from crawler.jobs.order import CrawlOrder, CrawlProgress, CrawlReport
from crawler.jobs.preload import CRAWL, READ
from crawler.jobs.read_stored import read_order
from crawler.jobs.reading_crew import ReadingCrew
from crawler.jobs.summary import RunSummary, verdict_of
from crawler.pool import start_fork_server, start_method
from spiders.source import Source
from storage.database import Database
from storage.runs import finish_run, record_outcomes, start_run

#: Seconds between two looks at jobs and readers.
TICK = 0.2


class Watcher(Protocol):
    """Told of a run while it goes on; the terminal's progress bars are one."""

    def source(self, source: str, state: str, outcomes: dict[str, int]) -> None:
        """A source is waiting, running, done or failed, with its counts so far."""

    def reading(self, read: int, waiting: int) -> None:
        """So many articles have been read, about so many wait."""


class Unwatched:
    """A watcher that shows nothing."""

    def source(self, source: str, state: str, outcomes: dict[str, int]) -> None:
        """Nothing is shown."""

    def reading(self, read: int, waiting: int) -> None:
        """Nothing is shown."""


@dataclass(slots=True)
class _Job:
    order: CrawlOrder
    process: BaseProcess
    outcomes: dict[str, int] = field(default_factory=dict)


def crawl_sources(
    sources: Sequence[Source],
    database: Database,
    config: Config,
    *,
    limit: int | None = None,
    since: date | None = None,
    until: date | None = None,
    read: bool = True,
    watcher: Watcher | None = None,
    stop: Callable[[], str | None] = lambda: None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> RunSummary:
    """Crawl the sources, read what they brought, record the run; return what became of each.

    At most `config.parallel_sources` crawls run at the same time. A crawl whose process dies is a failed source of
    this run, never the end of it. `stop` is asked now and then; the reason that it gives ends the crawls under way.
    """
    watcher = watcher or Unwatched()
    started = time.monotonic()
    start_fork_server((*CRAWL, *READ) if read else CRAWL)
    with database.write() as session:
        run_id = start_run(session, "crawl", now())
    orders = deque(_orders(sources, config, run_id, limit=limit, since=since, until=until))
    to_read = read_order(config)
    crew = ReadingCrew(to_read, config.reader_count(), database, watcher)
    jobs: dict[Connection, _Job] = {}
    reports: list[CrawlReport] = []
    why: str | None = None
    for order in orders:
        watcher.source(order.source, "waiting", {})
    try:
        while orders or jobs:
            while orders and len(jobs) < config.parallel_sources:
                pipe, job = _start(orders.popleft())
                jobs[pipe] = job
                watcher.source(job.order.source, "running", {})
            for pipe in cast("Iterable[Connection]", wait(list(jobs), timeout=TICK)):
                report = _hear(pipe, jobs[pipe], watcher, crew)
                if report is not None:
                    if why is not None and report.error:
                        report = replace(report, error=f"ended: {why}")
                    reports.append(report)
                    jobs.pop(pipe).process.join()
                    pipe.close()
            if why is None and (why := stop()) is not None:
                orders.clear()
                for job in jobs.values():
                    job.process.terminate()
            if read:
                crew.work()
        if read:
            crew.drain()
    finally:
        for job in jobs.values():  # only after an error or Ctrl-C: a crawl loses no more by this than by a kill
            job.process.terminate()
        crew.close()
    summary = RunSummary(
        reports=tuple(sorted(reports, key=lambda report: report.source)),
        read=dict(crew.outcomes),
        changes=dict(crew.changes),
        seconds=time.monotonic() - started,
    )
    with database.write() as session:
        for report in reports:
            record_outcomes(session, run_id, report.source, _recorded(report), now=now())
        finish_run(session, run_id, now(), ok=summary.exit_code() == 0)
    return summary


def _orders(sources: Sequence[Source], config: Config, run_id: int, **limits: Any) -> Iterable[CrawlOrder]:
    side_by_side = max(1, min(config.parallel_sources, len(sources)))
    for source in sources:
        assert source.path is not None
        yield CrawlOrder(
            source=source.id,
            declaration=source.path,
            database_url=config.database_url,
            run_id=run_id,
            # the cores are shared out among the crawls that run at the same time
            cleaners=max(1, -(-config.cleaner_count() // side_by_side)),
            store_batch=config.store_batch,
            contact=config.contact,
            private_hosts=config.private_hosts,
            refetch=config.refetch,
            **limits,
        )


def _start(order: CrawlOrder) -> tuple[Connection, _Job]:
    context: Any = start_method()
    hear, tell = context.Pipe(duplex=False)
    process = context.Process(target=crawl_in_child, args=(order, tell), name=f"crawl {order.source}")
    process.start()
    tell.close()
    return hear, _Job(order, process)


def _hear(pipe: Connection, job: _Job, watcher: Watcher, crew: ReadingCrew) -> CrawlReport | None:
    """What the job says: its progress is passed on; its report, or its death, ends it."""
    source = job.order.source
    try:
        said = pipe.recv()
    except (EOFError, OSError):
        job.process.join()
        said = CrawlReport(source, job.outcomes, error=f"the crawl's process died (exit code {job.process.exitcode})")
    if said.outcomes:
        crew.expect(_to_read(said.outcomes) - _to_read(job.outcomes))
        job.outcomes = dict(said.outcomes)
    if isinstance(said, CrawlProgress):
        watcher.source(source, "running", job.outcomes)
        return None
    report: CrawlReport = replace(said, outcomes=job.outcomes)
    watcher.source(source, "failed" if report.error else "done", dict(report.outcomes))
    return report


def _recorded(report: CrawlReport) -> Mapping[str, int]:
    """The outcomes in the words of `storage.runs`: a run whose listings showed nothing new reached its source, too."""
    if verdict_of(report) != "nothing_new":
        return report.outcomes
    return {**report.outcomes, "feed_unchanged": 1}


def _to_read(outcomes: Mapping[str, int]) -> int:
    return outcomes.get("new", 0) + outcomes.get("changed", 0)
