"""The processes that clean pages: a page that hangs or crashes one of them costs itself and no other page.

A page that runs too long is stopped within its process. One that cannot be stopped there (a loop in C code) or takes
the process down breaks the pool, and with it every page that was on its way: those are cleaned again one at a time in
a process apart, so that only the page at fault is lost.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from crawler.pipelines.cleaning import PRELOAD, Cleaned, clean_all
from crawler.pipelines.outlet import Outlet
from crawler.pool import Limit, worker_pool
from spiders.page import Page

#: An average page takes 50 ms, the slowest of `benchmarks.cleaning` two seconds.
CLEAN_LIMIT = Limit(cpu_seconds=20.0, wall_seconds=120.0)

Pair = tuple[Page, Outlet]


class Cleaners:
    """So many processes, started with the first page. May be used from several threads."""

    def __init__(self, processes: int, *, limit: Limit = CLEAN_LIMIT) -> None:
        self._processes = processes
        self._limit = limit
        self._pool: ProcessPoolExecutor | None = None
        self._apart: ProcessPoolExecutor | None = None
        self._swap = threading.Lock()
        self._one_by_one = threading.Lock()

    def submit(self, pairs: Sequence[Pair]) -> Future[list[Cleaned]]:
        """The pages on their way to being cleaned. A `BrokenProcessPool` of it is answered with `one_by_one`."""
        while True:
            with self._swap:
                pool = self._pool = self._pool or worker_pool(self._processes, preload=PRELOAD)
            try:
                return pool.submit(clean_all, list(pairs), self._limit)
            except BrokenProcessPool:
                self._drop(pool)

    def one_by_one(self, pairs: Sequence[Pair]) -> list[Cleaned]:
        """The pages cleaned apart from all others, each in turn; waits for its result."""
        return [self._alone(pair) for pair in pairs]

    def close(self) -> None:
        """End the processes; what is on its way is finished first."""
        for pool in (self._pool, self._apart):
            if pool is not None:
                pool.shutdown(cancel_futures=True)
        self._pool = self._apart = None

    def _alone(self, pair: Pair) -> Cleaned:
        with self._one_by_one:
            pool = self._apart = self._apart or worker_pool(1, preload=PRELOAD)
            try:
                return pool.submit(clean_all, [pair], self._limit).result()[0]
            except BrokenProcessPool:
                self._apart = None
                pool.shutdown(wait=False)
                return Cleaned(None, lost="cleaner_died")

    def _drop(self, pool: ProcessPoolExecutor) -> None:
        with self._swap:
            if self._pool is pool:
                self._pool = None
        pool.shutdown(wait=False)
