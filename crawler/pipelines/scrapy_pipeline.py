"""The Scrapy item pipeline: every page a spider yields goes into a `PageSink`."""

from __future__ import annotations

import asyncio
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler

from crawler.config import load_config
from crawler.pipelines.cleaners import Cleaners
from crawler.pipelines.memory import FeedStatesOfRun, KnownInDatabase
from crawler.pipelines.outlet import Outlet
from crawler.pipelines.pages import PageSink
from crawler.pipelines.revisits import addresses_due
from spiders.page import Page
from storage.database import Database


class StorePagesPipeline:
    """Cleans and stores pages; its outcomes stand in the stats as `sageon/<source>/<outcome>`.

    `scrapy crawl SOURCE` and `sageon crawl` use the same pipeline; settings SAGEON_DATABASE_URL, SAGEON_CLEANERS and
    SAGEON_STORE_BATCH, where set, win over the settings file.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.failed = False
        self.sink: PageSink | None = None
        config = load_config()
        settings = crawler.settings
        self.database_url = settings.get("SAGEON_DATABASE_URL") or config.database_url
        self.cleaners = settings.getint("SAGEON_CLEANERS") or config.cleaner_count()
        self.batch = settings.getint("SAGEON_STORE_BATCH") or config.store_batch

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> StorePagesPipeline:
        """Scrapy's constructor."""
        return cls(crawler)

    async def open_spider(self) -> None:
        """Open the database, know the outlet, and give the spider its memory."""
        spider: Any = self.crawler.spider
        self.outlet = Outlet.of(spider.source)
        self.database = Database.open(self.database_url)
        self.database.upgrade()
        self.feed_states = FeedStatesOfRun(self.database, self.outlet.id)
        spider.feed_states = self.feed_states
        self.known = spider.known = KnownInDatabase(self.database, spider.source, spider.now)
        if spider.arguments.refetch:
            spider.revisit = addresses_due(self.database, spider.source, spider.now)
        self.sink = PageSink(
            self.database,
            cleaners=Cleaners(self.cleaners),
            batch=self.batch,
            count=self._count,
            missed=self.known.page_missed,
        )
        # after `spider_closed`, in which the spider puts the states of its listings
        self.crawler.signals.connect(self._engine_stopped, signal=signals.engine_stopped)

    async def process_item(self, item: Page) -> Page:
        """Clean and store one page. Where the database cannot be written the crawl is ended."""
        assert self.sink is not None
        try:
            await self.sink.put(item, self.outlet)
        except Exception:
            self._store_failed()
            raise
        return item

    async def close_spider(self) -> None:
        """Store the rest."""
        if self.sink is None:  # the database could not be opened
            return
        try:
            await self.sink.close()
        except Exception:
            self._store_failed()
            raise

    def _store_failed(self) -> None:
        self._count("store_failed", 1)
        if not self.failed and self.crawler.engine is not None:
            self._closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="store_failed"))
        self.failed = True

    def _engine_stopped(self) -> None:
        if not self.failed:  # a listing whose articles could not be stored must be read again
            self.feed_states.save()
        self.known.save()
        self.database.close()

    def _count(self, outcome: str, number: int) -> None:
        assert self.crawler.stats is not None
        self.crawler.stats.inc_value(f"sageon/{self.outlet.id}/{outcome}", number)
