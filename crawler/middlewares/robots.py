"""Robots: obeyed, named, and not taken for permission where it cannot be had."""

from __future__ import annotations

import asyncio
import logging
from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.misc import build_from_crawler, load_object

from spiders.failures import Refused, outcome_of

logger = logging.getLogger(__name__)

#: Ends of the request for robots.txt that are the end of every other request to that host too.
SHARED = frozenset({"dns", "tls", "connection", "private_address", "redirected_private"})
#: Before every other request to the host.
FIRST = 1000


class RobotsMiddleware:
    """Asks each host for its robots.txt once and lets through what it allows.

    In place of Scrapy's own, which takes an error page for rules and a server that does not answer for permission. By
    RFC 9309 (2.3.1) a missing file allows everything; a server error or no answer allows nothing, and the requests end
    in `robots_unreachable`, or in the reason itself where the host cannot be reached at all. Sends Scrapy's
    `robots_parsed` signal.
    """

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self.crawler = crawler
        self.agent: str = crawler.settings["ROBOTSTXT_USER_AGENT"] or crawler.settings["USER_AGENT"]
        self.parser = load_object(crawler.settings["ROBOTSTXT_PARSER"])
        self._rules: dict[str, asyncio.Future[RobotParser | str]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """The middleware, with the crawl's settings."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let the request pass, or raise `Refused`."""
        if request.meta.get("dont_obey_robotstxt"):
            return
        rules = await self._of_host(request)
        if isinstance(rules, str):
            redirected = rules == "private_address" and request.meta.get("redirect_urls")
            raise Refused("redirected_private" if redirected else rules, f"no robots.txt to be had for {request.url}")
        if not rules.allowed(request.url, self.agent):
            raise Refused("robots_disallowed", f"robots.txt forbids {request.url}")

    async def _of_host(self, request: Request) -> RobotParser | str:
        """The rules of the request's host, or the outcome that every request to it ends in."""
        parts = urlparse_cached(request)
        asked = self._rules.get(parts.netloc)
        if asked is None:
            asked = self._rules[parts.netloc] = asyncio.get_running_loop().create_future()
            asked.set_result(await self._ask(request, f"{parts.scheme}://{parts.netloc}/robots.txt"))
        return await asyncio.shield(asked)

    async def _ask(self, request: Request, url: str) -> RobotParser | str:
        # Where the request came from goes along, so that no robots.txt is fetched where the request itself may not go.
        meta = {"dont_obey_robotstxt": True, "redirect_urls": request.meta.get("redirect_urls", [])}
        asking = Request(url, priority=FIRST, meta=meta, callback=NO_CALLBACK)
        assert self.crawler.engine is not None
        try:
            response = await self.crawler.engine.download_async(asking)
        except Exception as error:  # noqa: BLE001  (any end of a download, told by its name)
            outcome = outcome_of(error)
            logger.info("no answer from %s: %s", url, error)
            return outcome if outcome in SHARED else "robots_unreachable"
        if response.status >= 500 or response.status == 429:
            return "robots_unreachable"
        rules: RobotParser = build_from_crawler(self.parser, self.crawler, _rules_in(response))
        await self.crawler.signals.send_catch_log_async(signals.robots_parsed, robotparser=rules, request=request)
        return rules


def _rules_in(response: Response) -> bytes:
    """The body of an answer that is a robots.txt; an error page or a page of HTML holds no rules."""
    page = response.body.lstrip()[:1] == b"<"
    return b"" if response.status >= 400 or page else response.body
