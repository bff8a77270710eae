"""Pages in, stored articles out: a pool that cleans them and a buffer that is stored by batch."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool

from crawler.pipelines.cleaners import Cleaners
from crawler.pipelines.cleaning import Cleaned, page_outcome
from crawler.pipelines.outlet import Outlet
from crawler.pipelines.storing import incoming_article, store_batch
from spiders.page import Page
from storage.articles import IncomingArticle
from storage.database import Database

#: Seconds a cleaned page waits at most for the batch to fill.
LINGER = 2.0


class PageSink:
    """Cleans pages in worker processes and stores them by batch; every page ends in one counted outcome.

    Belongs to one event loop. `count` is called with each outcome as it is known, `missed` with each page that gave no
    article and why.
    """

    def __init__(
        self,
        database: Database,
        *,
        cleaners: Cleaners,
        batch: int,
        count: Callable[[str, int], None],
        missed: Callable[[Page, str], None] = lambda page, outcome: None,
    ) -> None:
        self._database = database
        self._cleaners = cleaners
        self._batch = batch
        self._count = count
        self._missed = missed
        self._buffer: list[IncomingArticle] = []
        self._lock = asyncio.Lock()
        self._timer: asyncio.TimerHandle | None = None
        self._flushes: set[asyncio.Task[None]] = set()
        self.failure: Exception | None = None

    async def put(self, page: Page, outlet: Outlet) -> None:
        """Clean the page and put its article into the batch. Raises what made storing fail before."""
        if self.failure is not None:
            raise self.failure
        cleaned = await self._clean(page, outlet)
        if cleaned.text_hash is None:
            outcome = page_outcome(cleaned)
            self._count(outcome, 1)
            self._missed(page, outcome)
        else:
            self._buffer.append(incoming_article(page, cleaned, outlet))
            if len(self._buffer) >= self._batch:
                await self.flush()
            elif self._timer is None:
                self._timer = asyncio.get_running_loop().call_later(LINGER, self._linger_over)

    async def flush(self) -> None:
        """Store what is in the buffer."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        articles, self._buffer = self._buffer, []
        if not articles:
            return
        async with self._lock:  # one writer at a time in this process
            outcomes = await asyncio.to_thread(store_batch, self._database, articles)
        for outcome, number in outcomes.items():
            self._count(outcome, number)

    async def close(self) -> None:
        """Store the rest and end the workers. Raises what made storing fail, be it before."""
        try:
            await self.flush()
            if self._flushes:
                await asyncio.gather(*self._flushes)
            if self.failure is not None:
                raise self.failure
        finally:
            self._cleaners.close()

    def _linger_over(self) -> None:
        self._timer = None
        task = asyncio.get_running_loop().create_task(self.flush())
        self._flushes.add(task)
        task.add_done_callback(self._flushed)

    def _flushed(self, task: asyncio.Task[None]) -> None:
        self._flushes.discard(task)
        error = None if task.cancelled() else task.exception()
        if isinstance(error, Exception):
            self.failure = error

    async def _clean(self, page: Page, outlet: Outlet) -> Cleaned:
        pair = (page, outlet)
        try:
            (cleaned,) = await asyncio.wrap_future(self._cleaners.submit([pair]))
        except BrokenProcessPool:  # this page, or one that was cleaned beside it
            (cleaned,) = await asyncio.to_thread(self._cleaners.one_by_one, [pair])
        return cleaned
