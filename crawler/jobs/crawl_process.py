"""One crawl job: one source, one process, one Scrapy crawl.

A Twisted reactor runs once in a process, so each job has its own; a job that hangs or dies takes no other with it.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from crawler.jobs.memory_use import peak_bytes
from crawler.jobs.order import CrawlOrder, CrawlProgress, CrawlReport
from crawler.pool import follow_parent
from storage.errors import database_away

#: Seconds between two tellings of a running job's counts.
TELL_EVERY = 0.5

log = logging.getLogger(__name__)


def crawl_in_child(order: CrawlOrder, pipe: Connection) -> None:
    """The body of a job's process: crawl, tell progress through the pipe, send the report last."""
    follow_parent()
    os.environ["SAGEON_CONFIG"] = os.devnull  # the order says all; the file of the working folder may be another's
    try:
        report = crawl_here(order, pipe.send)
    except Exception as error:  # noqa: BLE001 - the edge of the process: whatever it was becomes the job's report
        report = CrawlReport(order.source, error=_one_line(error), store_failed=database_away(error))
    pipe.send(report)
    pipe.close()


def crawl_here(order: CrawlOrder, tell: Callable[[CrawlProgress], None]) -> CrawlReport:
    """Crawl one source in this process, which must not have run a crawl before."""
    from scrapy import signals
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.settings import Settings

    import crawler.settings
    from spiders.loader import spider_class
    from spiders.source import load_source_file

    started = time.monotonic()
    settings = Settings()
    settings.setmodule(crawler.settings, priority="project")
    settings.setdict(overrides(order, settings["USER_AGENT"]), priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    job = process.create_crawler(spider_class(load_source_file(order.declaration)))
    source = order.source

    def told() -> None:
        assert job.stats is not None
        tell(CrawlProgress(source, outcomes_of(job.stats.get_stats(), source)))

    ticker: list[Any] = []

    def opened() -> None:
        from twisted.internet.task import LoopingCall

        ticker.append(LoopingCall(told))
        ticker[0].start(TELL_EVERY, now=False)

    job.signals.connect(opened, signal=signals.spider_opened, weak=False)
    crawling = process.crawl(
        job,
        limit=order.limit,
        since=order.since.isoformat() if order.since else None,
        until=order.until.isoformat() if order.until else None,
        refetch=order.refetch,
    )
    process.start(install_signal_handlers=False)
    for call in ticker:
        call.stop()
    error = crawling.exception()
    assert job.stats is not None
    outcomes = outcomes_of(job.stats.get_stats(), source)
    return CrawlReport(
        source,
        outcomes,
        seconds=time.monotonic() - started,
        peak_bytes=peak_bytes(),
        error=_one_line(error) if error else None,
        store_failed="store_failed" in outcomes or (error is not None and database_away(error)),
    )


def overrides(order: CrawlOrder, user_agent: str) -> dict[str, Any]:
    """The Scrapy settings that this order decides; `user_agent` is the one the settings name without it."""
    changes: dict[str, Any] = {
        "SPIDER_LOADER_CLASS": "scrapy.spiderloader.DummySpiderLoader",  # the one spider is given; no list is read
        "SAGEON_DATABASE_URL": order.database_url,
        "SAGEON_CLEANERS": order.cleaners,
        "SAGEON_STORE_BATCH": order.store_batch,
        "ITEM_PIPELINES": {"crawler.pipelines.scrapy_pipeline.StorePagesPipeline": 500},
        "PRIVATE_HOSTS": order.private_hosts,
        "LOG_LEVEL": order.log_level,
    }
    if order.contact:
        changes["USER_AGENT"] = f"{user_agent.split()[0]} (+{order.contact})"
    return changes


def outcomes_of(stats: dict[str, Any], source: str) -> dict[str, int]:
    """The counts of `sageon/<source>/<outcome>` by outcome."""
    prefix = f"sageon/{source}/"
    return {
        key.removeprefix(prefix): value
        for key, value in stats.items()
        if key.startswith(prefix) and isinstance(value, int)
    }


def _one_line(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:500]
