"""The web on loopback: every host's pages are asked of one server, over real HTTP, under /<host>/<path>.

So the built-in declarations are crawled as they are, with their own hosts and https addresses.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Request, Response
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred, succeed

#: A public address; nothing is ever sent to it.
SOMEWHERE = "1.1.1.1"


class PretendedWeb(HTTP11DownloadHandler):
    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.server: str = crawler.settings["PRETENDED_WEB"]

    async def download_request(self, request: Request) -> Response:
        parts = urlsplit(request.url)
        query = f"?{parts.query}" if parts.query else ""
        asked = request.replace(url=f"{self.server}/{parts.netloc}{parts.path}{query}")
        response = await super().download_request(asked)
        return response.replace(url=request.url)


class PretendedNames(CachingThreadedResolver):
    def getHostByName(self, name: str, timeout: Any = ()) -> Deferred[str]:  # noqa: N802
        return succeed(name if name == "127.0.0.1" else SOMEWHERE)
