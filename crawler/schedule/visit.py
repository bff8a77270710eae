"""One visit to a source: crawl it under a lease, then write how it went, what its health is now, and when again."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from alerts.sources import health_of, on_health
from crawler.jobs.order import CrawlReport
from crawler.jobs.summary import IN_WORDS, succeeded, verdict_of
from crawler.schedule.period import next_visit
from spiders.outcomes import UNREACHED
from spiders.source import Source
from storage.database import Database
from storage.due import DueSource, SourceEnd, daily_rate, finish_due, postpone_due, release_due, renew_due
from storage.errors import LeaseLost, database_away

log = logging.getLogger(__name__)

#: A claim of a source; a crawl that lasts longer prolongs it every third of this.
LEASE = timedelta(minutes=10)
#: After a visit in which our own database failed, the source is due again so much later: it is not at fault.
STORE_RETRY = timedelta(minutes=1)

Crawl = Callable[[Source], CrawlReport]
Now = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Visited:
    """How a visit ended. `lost`: another watcher had taken the source over; `given_back`: it was stopped on request."""

    source: str
    outcomes: Mapping[str, int] = field(default_factory=dict)
    error: str | None = None
    next_due: datetime | None = None
    lost: bool = False
    given_back: bool = False

    @property
    def to_read(self) -> int:
        """How many articles it brought for the readers."""
        return self.outcomes.get("new", 0) + self.outcomes.get("changed", 0)


def visit(
    database: Database,
    source: Source,
    claimed: DueSource,
    crawl: Crawl,
    *,
    now: Now,
    chance: Callable[[], float],
    stopped: Callable[[], bool] = lambda: False,
    lease: timedelta = LEASE,
) -> Visited:
    """Crawl a claimed source and put it back on the schedule. A crawl that raises is a failed one."""
    with prolonged(database, claimed, now, lease):
        try:
            report = crawl(source)
        except Exception as error:
            log.exception("the crawl of %s failed", source.id)
            what = f"{type(error).__name__}: {error}"[:500]
            report = CrawlReport(source.id, error=what, store_failed=database_away(error))
    try:
        with database.write() as session:
            if stopped() and report.error is not None:
                release_due(session, claimed)
                return Visited(source.id, report.outcomes, given_back=True)
            moment = now()
            if report.store_failed:
                postpone_due(session, claimed, moment + STORE_RETRY)
                return Visited(source.id, report.outcomes, report.error, moment + STORE_RETRY)
            end = end_of(report)
            following = next_visit(claimed, end, moment, chance=chance())
            after = finish_due(
                session, claimed, end, moment,
                period=following.period, next_due=following.due, backoff_until=following.backoff_until,
            )  # fmt: skip
            health = health_of(
                after,
                per_day=daily_rate(session, source.id, moment),
                gap=bool(report.outcomes.get("gap")),
                blocked=bool(report.outcomes.get("blocked")),
            )
            on_health(session, health, moment)
    except LeaseLost:
        log.warning("%s was taken over by another watcher", source.id)
        return Visited(source.id, report.outcomes, lost=True)
    return Visited(source.id, report.outcomes, end.error, following.due)


def end_of(report: CrawlReport) -> SourceEnd:
    """What a crawl's report means for the schedule: an error where the outlet did not answer as it should."""
    new = report.outcomes.get("new", 0)
    if succeeded(report):
        return SourceEnd(new)
    if report.error:
        return SourceEnd(new, report.error)
    counted = ", ".join(f"{name} {n}" for name, n in sorted(report.outcomes.items(), key=lambda pair: -pair[1])[:4])
    words = IN_WORDS.get(verdict_of(report), "failed")
    unreached = bool(report.outcomes) and set(report.outcomes) <= set(UNREACHED)
    return SourceEnd(new, f"{words} ({counted})" if counted else words, unreached)


@contextmanager
def prolonged(database: Database, claimed: DueSource, now: Now, lease: timedelta = LEASE) -> Iterator[None]:
    """Prolong the claim while the block runs."""
    done = threading.Event()

    def beat() -> None:
        while not done.wait(lease.total_seconds() / 3):
            with suppress(LeaseLost), database.write() as session:
                renew_due(session, claimed, lease, now())

    thread = threading.Thread(target=beat, name=f"lease {claimed.source}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
