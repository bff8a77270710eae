"""The Scrapy item pipeline: every page a spider yields goes into a `PageSink`."""

from __future__ import annotations

from typing import Any

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider

from crawler.config import load_config
from crawler.pipelines.outlet import Outlet
from crawler.pipelines.pages import PageSink
from spiders.page import Page
from storage.database import Database


class StorePagesPipeline:
    """Cleans and stores pages; its outcomes stand in the stats as `sageon/<source>/<outcome>`.

    `scrapy crawl SOURCE` and `sageon crawl` use the same pipeline; settings SAGEON_DATABASE_URL, SAGEON_CLEANERS and
    SAGEON_STORE_BATCH, where set, win over the settings file.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
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
        """Open the database and know the outlet."""
        spider: Any = self._spider()
        self.outlet = Outlet.of(spider.source)
        self.database = Database.open(self.database_url)
        self.database.upgrade()
        self.sink = PageSink(self.database, cleaners=self.cleaners, batch=self.batch, count=self._count)

    async def process_item(self, item: Page) -> Page:
        """Clean and store one page; a database that cannot be written ends the crawl."""
        try:
            await self.sink.put(item, self.outlet)
        except Exception:
            self._count("store_failed", 1)
            raise
        return item

    async def close_spider(self) -> None:
        """Store the rest."""
        await self.sink.close()
        self.database.close()

    def _spider(self) -> Spider:
        if self.crawler.spider is None:
            raise CloseSpider("no spider")
        return self.crawler.spider

    def _count(self, outcome: str, number: int) -> None:
        assert self.crawler.stats is not None
        self.crawler.stats.inc_value(f"sageon/{self.outlet.id}/{outcome}", number)
