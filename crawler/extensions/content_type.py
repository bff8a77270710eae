"""Downloads stopped at their headers: a film behind an article's address is not taken in to be thrown away."""

from __future__ import annotations

import re
from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import StopDownload
from scrapy.http import Headers

#: What cannot hold an article or a listing. Feeds come as any text or application type; those are read and judged.
_NEVER = re.compile(rb"\s*(?:image|video|audio|font|model)/", re.IGNORECASE)
#: What an article page may say it is.
_PAGE = re.compile(rb"\s*(?:text/(?:html|plain|xml)|application/(?:xhtml\+xml|xml))\b", re.IGNORECASE)


class ContentTypeGate:
    """Stops the download of anything that is neither HTML nor XML; the spider counts it as `not_html`."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """The gate, listening for every answer's headers."""
        gate = cls()
        crawler.signals.connect(gate.headers_received, signals.headers_received)
        return gate

    def headers_received(self, headers: Headers, body_length: int, request: Request) -> None:
        """Let the body come, or stop it. An answer that names no type is read and judged by its bytes."""
        named = headers.get(b"Content-Type")
        if not named:
            return
        kind = request.meta.get("sageon_kind")
        if _NEVER.match(named) or (kind == "article" and not _PAGE.match(named)):
            raise StopDownload(fail=True)
