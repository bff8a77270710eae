"""Crawl-delay: Scrapy reads it and does not keep to it; this does."""

from __future__ import annotations

from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.robotstxt import RobotParser


class CrawlDelay:
    """Slows a host's download slot to the Crawl-delay of its robots.txt, held at CRAWL_DELAY_MOST seconds.

    Our own delay stays where it is longer. The slot then has one request at a time and no jitter, which would go below
    what was asked for. Stats: `crawl_delay/<host>` (seconds kept to), `crawl_delay/capped`.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.most = crawler.settings.getfloat("CRAWL_DELAY_MOST")
        self.agent = crawler.settings["ROBOTSTXT_USER_AGENT"] or crawler.settings["USER_AGENT"]

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """The extension, listening for every robots.txt that is read."""
        extension = cls(crawler)
        crawler.signals.connect(extension.robots_parsed, signals.robots_parsed)
        return extension

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Keep to what this host's robots.txt asks for, from the next request on."""
        asked = robotparser.crawl_delay(self.agent)
        if not asked or asked <= 0:
            return
        assert self.crawler.engine is not None
        assert self.crawler.stats is not None
        if asked > self.most:
            self.crawler.stats.inc_value("crawl_delay/capped")
        downloader = self.crawler.engine.downloader
        host = downloader.get_slot_key(request)
        slot = downloader.slots.get(host)
        own = slot.delay if slot else self.crawler.settings.getfloat("DOWNLOAD_DELAY")
        delay = max(own, min(asked, self.most))
        # An idle slot is thrown away after a minute; its successor is made from these.
        downloader.per_slot_settings[host] = {"delay": delay, "concurrency": 1, "jitter": 0.0}
        if slot:
            slot.delay, slot.concurrency, slot.jitter = delay, 1, 0.0
        self.crawler.stats.set_value(f"crawl_delay/{host}", delay)
