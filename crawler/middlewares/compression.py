"""Compression bombs, by name."""

from __future__ import annotations

import zlib
from typing import Any

import brotli  # type: ignore[import-untyped]  # Scrapy requires it
from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from spiders.failures import Refused


class CompressionMiddleware(HttpCompressionMiddleware):
    """Scrapy's decompression, which stops at DOWNLOAD_MAXSIZE; what it stops ends in the outcome `too_large`."""

    def process_response(self, request: Request, response: Response, spider: Any = None) -> Request | Response:
        """The response unpacked. Raises `Refused` for one that unpacks beyond the limit or not at all."""
        try:
            return super().process_response(request, response)
        except IgnoreRequest as error:
            raise Refused("too_large", str(error)) from error
        except (OSError, EOFError, zlib.error, brotli.error) as error:
            raise Refused("connection", f"{request.url}: broken compression: {error}") from error
