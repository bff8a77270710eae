"""Redirects: each host keeps its own pace, and a loop has a name."""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from spiders.failures import Refused


class PacedRedirectMiddleware(RedirectMiddleware):
    """Scrapy's redirects. A redirect to another host is paced as that host's own request, where Scrapy would carry the
    first host's download slot along and with it escape the second one's crawl-delay."""

    def process_response(self, request: Request, response: Response, spider: Any = None) -> Request | Response:
        """The response, or the request it redirects to. Raises `Refused` after REDIRECT_MAX_TIMES."""
        try:
            result = super().process_response(request, response)
        except IgnoreRequest as error:
            raise Refused("redirect_loop", f"{request.url}: {error}") from error
        if isinstance(result, Request):
            result.meta.pop("download_slot", None)
        return result
