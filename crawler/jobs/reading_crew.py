"""Reader processes that work while crawls run: told of new articles as they come, drained at the end."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from typing import Protocol

from crawler.jobs.preload import READ
from crawler.jobs.read_stored import ReadOrder, ReadReport, read_one_batch
from crawler.pool import worker_pool
from storage.database import Database
from storage.ledger import unread

log = logging.getLogger(__name__)

#: Readers that may die before the run gives reading up (an article that kills its reader is given up by the ledger).
MOST_CRASHES = 8
#: Seconds between two looks at readers that are at work.
TICK = 0.2


class ReadingWatcher(Protocol):
    """Told how the reading goes."""

    def reading(self, read: int, waiting: int) -> None:
        """So many articles have been read, about so many wait."""


class ReadingCrew:
    """Keeps up to `readers` processes reading claimed batches while there is something to claim.

    The processes start with the first batch, so a run that brings nothing new loads no analyser.
    """

    def __init__(
        self, order: ReadOrder, readers: int, database: Database, watcher: ReadingWatcher | None = None
    ) -> None:
        self.outcomes: Counter[str] = Counter()
        self.changes: Counter[str] = Counter()
        self.read_seconds = 0.0
        self.store_seconds = 0.0
        self.peak_bytes = 0
        self.crashes = 0
        self._order = order
        self._readers = readers
        self._database = database
        self._watcher = watcher
        self._pool: ProcessPoolExecutor | None = None
        self._running: set[Future[ReadReport]] = set()
        self._read_something = self._found_nothing = False
        self._expected = self._unread()

    def expect(self, articles: int) -> None:
        """So many articles more have been stored."""
        self._expected += articles

    def work(self) -> None:
        """Take what has been read and set idle readers to work."""
        self._collect()
        # once a reader has died articles go singly: the one at fault would hold up the rest of its batch five times
        order = replace(self._order, batch=1) if self.crashes else self._order
        wanted = min(self._readers, -(-self._expected // order.batch))
        while len(self._running) < wanted and self.crashes < MOST_CRASHES:
            if self._pool is None:
                self._pool = worker_pool(self._readers, preload=READ)
            self._running.add(self._pool.submit(read_one_batch, order))
        if self._watcher is not None:
            self._watcher.reading(sum(self.outcomes.values()), max(0, self._expected))

    def drain(
        self, *, sleep: Callable[[float], None] = time.sleep, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Read until nothing is left. Claims of a worker that died are waited for until their lease ends; claims that
        a living worker elsewhere holds on to are left to it.
        """
        unread, since = self._unread(), clock()
        while unread and self.crashes < MOST_CRASHES:
            self._read_something = self._found_nothing = False
            self._expected = unread
            self.work()
            if self._running:
                wait(self._running, timeout=TICK, return_when=FIRST_COMPLETED)
            self._collect()
            before, unread = unread, self._unread()
            if unread < before or self._read_something or (self._running and not self._found_nothing):
                since = clock()  # a reader that has not come back is at work, or still loads its analyser
            elif clock() - since > self._order.lease_seconds + 1:
                break
            elif self._found_nothing:
                sleep(TICK)
        if self._running:
            wait(self._running)
            self._collect()
        if self.crashes >= MOST_CRASHES and (left := self._unread()):
            self.outcomes["left_unread"] = left

    def close(self) -> None:
        """End the processes; batches under way are finished first."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._collect()
            self._pool = None

    def _unread(self) -> int:
        with self._database.read() as session:
            return unread(session)

    def _collect(self) -> None:
        done = {future for future in self._running if future.done()}
        self._running -= done
        for future in done:
            try:
                report = future.result()
            except BrokenProcessPool:  # a reader died: its claims come back when their lease ends
                if self._pool is not None:
                    self.crashes += 1
                    self.outcomes["reader_died"] += 1
                    log.error("a reader's process died; what it had claimed is read when the lease ends")
                    self._pool.shutdown(wait=False)
                    self._pool = None
                self._read_something = True  # it was at work, however short: the wait for its lease begins anew
                continue
            except Exception as error:  # noqa: BLE001 - the edge of a worker: counted and told, and the run goes on
                self.crashes += 1
                self.outcomes["reader_error"] += 1
                log.error("a reader failed: %s: %s", type(error).__name__, error)
                continue
            self._read_something = self._read_something or report.claimed > 0
            self._found_nothing = self._found_nothing or report.claimed == 0
            # fewer than asked for: nothing is left, whatever was expected
            short = report.claimed < (1 if self.crashes else self._order.batch)
            self._expected = 0 if short else max(0, self._expected - report.claimed)
            self.outcomes.update(report.outcomes)
            self.changes.update(report.changes)
            self.read_seconds += report.read_seconds
            self.store_seconds += report.store_seconds
            self.peak_bytes = max(self.peak_bytes, report.peak_bytes)
