"""Reader processes that work while crawls run: fed with hints, drained at the end."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool

from crawler.jobs.read_stored import ReadOrder, ReadReport, read_one_batch
from crawler.pool import worker_pool

PRELOAD = ("crawler.jobs.read_stored",)


class ReadingCrew:
    """Keeps up to `readers` processes reading claimed batches until there is nothing to claim.

    The processes start with the first batch, so a run that brings nothing new loads no analyser.
    """

    def __init__(self, order: ReadOrder, readers: int) -> None:
        self.order = order
        self.readers = readers
        self.outcomes: Counter[str] = Counter()
        self.changes: Counter[str] = Counter()
        self.read_seconds = 0.0
        self.store_seconds = 0.0
        self.crashes = 0
        self._pool: ProcessPoolExecutor | None = None
        self._running: set[Future[ReadReport]] = set()

    def work(self, waiting: int) -> None:
        """Take what has been read and set idle readers to work while about `waiting` articles are unread."""
        self._collect()
        wanted = min(self.readers, -(-waiting // self.order.batch))
        while len(self._running) < wanted and self.crashes < 3:
            if self._pool is None:
                self._pool = worker_pool(self.readers, preload=PRELOAD)
            self._running.add(self._pool.submit(read_one_batch, self.order))

    def busy(self) -> bool:
        """Whether a reader is at work."""
        self._collect()
        return bool(self._running)

    def rest(self, seconds: float) -> None:
        """Wait until a reader is done, at most so long."""
        if self._running:
            wait(self._running, timeout=seconds, return_when=FIRST_COMPLETED)

    def close(self) -> None:
        """End the processes; batches under way are finished first."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
        self._collect()
        self._pool = None

    def _collect(self) -> None:
        done = {future for future in self._running if future.done()}
        self._running -= done
        for future in done:
            if future.cancelled():
                continue
            try:
                report = future.result()
            except BrokenProcessPool:  # a reader died: its claims come back when their lease ends
                if self._pool is not None:
                    self.crashes += 1
                    self._pool.shutdown(wait=False)
                    self._pool = None
                continue
            self.outcomes.update(report.outcomes)
            self.changes.update(report.changes)
            self.read_seconds += report.read_seconds
            self.store_seconds += report.store_seconds
