"""Trying again, when the server says."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Response

from spiders.answers import answer_outcome


def retry_after(value: bytes | None, now: datetime) -> float | None:
    """Seconds to wait by a Retry-After header (RFC 9110, 10.2.3: seconds or a date); None where it says nothing."""
    if not value:
        return None
    text = value.decode("latin-1").strip()
    if text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


class RetryAfterMiddleware(RetryMiddleware):
    """Scrapy's retries, with three rules more: a challenge is not retried, the whole host waits as long as Retry-After
    says, and a wait longer than RETRY_AFTER_MOST is not waited for: the answer goes to the spider as it is."""

    def process_response(self, request: Request, response: Response, spider: Any = None) -> Request | Response:
        """The response, or the request to make again after the wait."""
        if response.status not in self.retry_http_codes or request.meta.get("dont_retry"):
            return response
        if answer_outcome(response, listing=True) == "blocked":
            return response
        wait = retry_after(response.headers.get("Retry-After"), datetime.now(UTC))
        if wait is not None and wait > self.crawler.settings.getfloat("RETRY_AFTER_MOST"):
            return response
        if wait:
            hold_host(self.crawler, request, wait)
        return super().process_response(request, response)


def hold_host(crawler: Crawler, request: Request, seconds: float) -> None:
    """Ask nothing of the request's host for so long: its download slot is made to look just used, that much later."""
    assert crawler.engine is not None
    downloader = crawler.engine.downloader
    slot = downloader.slots.get(downloader.get_slot_key(request))
    if slot is not None:
        slot.delay = max(slot.delay, 0.001)  # a slot without a delay never looks at when it was last used
        slot.lastseen = max(slot.lastseen, monotonic() + seconds)
