"""`sageon watch`: crawl what is due, read what came, send what matched, and sleep until the next of these.

All state is in the database, under leases: several watchers share the work, one that is killed loses nothing, one that
slept through a night visits each source once.
"""

from __future__ import annotations

import logging
import multiprocessing
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from queue import Empty, SimpleQueue
from random import random

from crawler.config import Config
from crawler.jobs.crawl import crawl_sources
from crawler.jobs.order import CrawlReport
from crawler.jobs.read_stored import worker_name
from crawler.schedule.alerting import Alerting
from crawler.schedule.chores import Chores
from crawler.schedule.readers import Readers
from crawler.schedule.visit import LEASE, Crawl, Visited, visit
from spiders.source import Source
from storage.database import Database
from storage.due import DueSource, claim_due, next_wake, sync_due

log = logging.getLogger(__name__)

#: Seconds between two looks at the database while nothing is due: another process may have written an alert.
IDLE = 15.0
#: Seconds between two looks while crawls or readers are at work.
BUSY = 0.5
#: Seconds that crawls get to end by themselves after a request to stop.
GRACE = 20.0
#: So many passes that end in an error, one after another, end the watcher: its supervisor is to see it.
MOST_ERRORS = 20
#: The first visits of many new sources are spread over this time.
SPREAD = timedelta(minutes=5)


@dataclass(slots=True)
class Totals:
    """What a watcher has done since it was started."""

    visits: int = 0
    failed: int = 0
    read: int = 0
    letters: Counter[str] = field(default_factory=Counter)
    beat: datetime | None = None


class Watch:
    """One watcher. `crawl`, `now`, `chance` and `readers` are passed in, so that a test needs no outlet and no hour."""

    def __init__(
        self,
        database: Database,
        config: Config,
        sources: Mapping[str, Source],
        alerting: Alerting,
        readers: Readers,
        *,
        crawl: Crawl | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        chance: Callable[[], float] = random,
        worker: str | None = None,
    ) -> None:
        self.totals = Totals()
        self.sources = sources
        self.alerting = alerting
        self.database = database
        self.now = now
        self._parallel = config.parallel_sources
        self._crawl = crawl or crawler_of(database, config)
        self._readers = readers
        self._chance = chance
        self._worker = worker or worker_name()
        self._chores = Chores(database, now)
        self._ended: SimpleQueue[Visited] = SimpleQueue()
        self._running: dict[str, threading.Thread] = {}
        self._stopping = threading.Event()

    @property
    def stopping(self) -> bool:
        """Whether it was asked to end."""
        return self._stopping.is_set()

    def stop(self) -> None:
        """Ask the watcher to end: nothing new is begun. Safe to call from a signal handler."""
        self._stopping.set()

    def prepare(self) -> None:
        """Put the sources on the schedule and the rules in force."""
        self.alerting.refresh(strict=True)
        with self.database.write() as session:
            sync_due(session, spread(self.sources, SPREAD), self.now())

    def run(self) -> Totals:
        """Work until `stop` is called. A pass that fails (a database that is away) is logged and tried again."""
        self.prepare()
        errors = 0
        try:
            while not self._stopping.is_set():
                try:
                    self.step()
                    pause, errors = self._pause(), 0
                except Exception:
                    errors += 1
                    if errors >= MOST_ERRORS:
                        raise
                    log.exception("a pass failed (%d in a row)", errors)
                    pause = IDLE
                self._stopping.wait(pause)
        finally:
            self._wind_up()
        return self.totals

    def tick(self) -> Totals:
        """Do what is due now, wait for its end, send, and end: for cron and systemd timers."""
        with self.database.write() as session:
            sync_due(session, dict.fromkeys(self.sources, timedelta(0)), self.now())
        self.alerting.refresh(strict=True)
        try:
            self.step()
            while self._running and not self._stopping.is_set():
                self._stopping.wait(BUSY)
                self.step()
            if not self._stopping.is_set():
                self._readers.drain()
                self._send()
        finally:
            self._wind_up()
        return self.totals

    def step(self) -> None:
        """Take in what has ended, begin what is due, let the readers work, send what is due."""
        self._collect()
        for claimed in self._claim():
            source = self.sources[claimed.source]
            thread = threading.Thread(target=self._visit, args=(source, claimed), name=source.id, daemon=True)
            self._running[source.id] = thread
            thread.start()
        self._readers.work(self.now())
        self.alerting.refresh()
        letter = self.alerting.next_letter()
        if letter is not None and letter <= self.now():
            self._send()
        self._chores.work()
        self.totals.beat = self.now()

    def _send(self) -> None:
        self.totals.letters.update(self.alerting.send(stop=self._stopping.is_set).ends)

    def _claim(self) -> list[DueSource]:
        free = self._parallel - len(self._running)
        if free < 1 or self._stopping.is_set():
            return []
        with self.database.read() as session:  # a look costs no lock; on SQLite a claim is the one writer
            wake = next_wake(session)
        if wake is None or wake > self.now():
            return []
        with self.database.write() as session:
            return claim_due(session, self._worker, free, LEASE, self.now(), among=tuple(self.sources))

    def _visit(self, source: Source, claimed: DueSource) -> None:
        try:
            ended = visit(
                self.database, source, claimed, self._crawl,
                now=self.now, chance=self._chance, stopped=self._stopping.is_set,
            )  # fmt: skip
        except Exception as error:  # the edge of the thread: its claim runs out, the watcher goes on
            log.exception("the visit to %s failed", source.id)
            ended = Visited(source.id, error=f"{type(error).__name__}: {error}")
        self._ended.put(ended)

    def _collect(self) -> None:
        while True:
            try:
                ended = self._ended.get_nowait()
            except Empty:
                return
            self._running.pop(ended.source).join()
            self._readers.expect(ended.to_read)
            self.totals.visits += 1
            self.totals.failed += ended.error is not None
            counts = ", ".join(f"{name} {n}" for name, n in sorted(Counter(ended.outcomes).items()))
            log.info("visited %s: %s", ended.source, ended.error or counts or "nothing")

    @property
    def busy(self) -> bool:
        """Whether a visit or a reading is under way."""
        return bool(self._running) or self._readers.busy

    def wait(self, seconds: float) -> None:
        """Wait so long, or until it is asked to stop."""
        self._stopping.wait(seconds)

    def next_due(self) -> datetime | None:
        """When the next source or message is due, or the claim of another worker runs out."""
        with self.database.read() as session:
            wake = next_wake(session)
        return min((moment for moment in (wake, self.alerting.next_letter()) if moment is not None), default=None)

    def _pause(self) -> float:
        if self.busy:
            return BUSY
        soonest = self.next_due()
        if soonest is None:
            return IDLE
        return min(max((soonest - self.now()).total_seconds(), BUSY), IDLE)

    def _wind_up(self) -> None:
        self._stopping.set()
        self._readers.close()
        self.totals.read = self._readers.read
        if not self._joined():
            for child in multiprocessing.active_children():  # a crawl loses no more by this than by a kill
                child.terminate()
            self._joined()
        self._collect()

    def _joined(self) -> bool:
        """Wait up to `GRACE` for all visits together; whether they have ended."""
        end = time.monotonic() + GRACE
        for thread in list(self._running.values()):
            thread.join(max(end - time.monotonic(), 0.0))
        return not any(thread.is_alive() for thread in self._running.values())


def crawler_of(database: Database, config: Config) -> Crawl:
    """The crawl of one source by the job that `sageon crawl` runs, its articles left to the watcher's readers."""
    alone = replace(config, parallel_sources=1)

    def crawl(source: Source) -> CrawlReport:
        return crawl_sources([source], database, alone, read=False).reports[0]

    return crawl


def spread(sources: Mapping[str, Source], over: timedelta) -> dict[str, timedelta]:
    """The delay of each source's first visit, so that a first start does not ask two hundred outlets at once."""
    return {source: over * place / max(len(sources), 1) for place, source in enumerate(sorted(sources))}
