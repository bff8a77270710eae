"""Robots: obeyed, named, and not taken for permission where it cannot be had."""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

from spiders.failures import Refused

_NOTHING = b"User-agent: *\nDisallow: /\n"


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's robots middleware with two things added.

    A refusal ends in a named outcome. A server error or "too many requests" in place of robots.txt disallows
    everything for this run (RFC 9309, 2.3.1.4); any other missing file allows everything, as the RFC has it.
    """

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        self._unreachable: set[str] = set()

    async def process_request(self, request: Request, spider: Any = None) -> None:
        """Let the request pass, or raise `Refused` with `robots_disallowed` or `robots_unreachable`."""
        try:
            await super().process_request(request)
        except Refused:
            raise
        except IgnoreRequest as error:
            host = urlparse_cached(request).netloc
            outcome = "robots_unreachable" if host in self._unreachable else "robots_disallowed"
            raise Refused(outcome, f"robots.txt of {host}: {request.url}") from error

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500 or response.status == 429:
            self._unreachable.add(netloc)
            response = response.replace(body=_NOTHING)
        elif response.status >= 400:
            response = response.replace(body=b"")  # an error page is no robots.txt
        await super()._parse_robots(response, netloc, request)
