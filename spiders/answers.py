"""What an HTTP answer is, before anything is read in it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from scrapy.http import HtmlResponse, Response, TextResponse

from spiders.blocked import REFUSING, blocked_by
from spiders.listings.decoding import decode, is_charset

_HANGUL = re.compile("[가-힣]")
_MARKUP = re.compile(rb"<(?:!doctype\s+html|html|head|body|article|div|meta|title|p)\b", re.IGNORECASE)


def header_map(response: Response) -> Mapping[str, str]:
    """The headers by lower-case name, the last value of each."""
    return {
        name.decode("latin-1").lower(): values[-1].decode("latin-1")
        for name, values in response.headers.items()
        if values
    }


def page_text(response: Response, language: str) -> str | None:
    """The decoded page where its declared charset held: no character was lost and a Korean page shows Hangul.
    Else None; the reader of the page then decides from its bytes."""
    text = _declared_text(response)
    if text is None or "\ufffd" in text or (language == "ko" and not _HANGUL.search(text)):
        return None
    return text


def other_text(response: Response, language: str) -> str | None:
    """`page_text` of a page whose bytes are not UTF-8, else None: UTF-8 says itself what it is, and its cleaner need
    not be sent the page twice."""
    try:
        response.body.decode()
    except UnicodeDecodeError:
        return page_text(response, language)
    return None


def answer_outcome(response: Response, *, listing: bool) -> str | None:
    """The outcome of an answer that brings nothing to read, or None where there is something.

    A listing may be XML, a packed sitemap or HTML; an article is HTML or nothing.
    """
    status = response.status
    if status == 304:
        return "http_304"
    html = _is_html(response)
    if status in REFUSING or status == 202 or html:
        headers = header_map(response)
        if blocked_by(status, headers, response.body, lambda: _decoded(response)):
            return "blocked"
        if status == 429 or (status == 503 and "retry-after" in headers):
            return "rate_limited"
    if status in (401, 403, 407, 451):
        return "refused"
    if status in (404, 410):
        return "gone"
    if status != 200:
        return "http_error"
    if not listing and (not html or not response.body.strip()):
        return "not_html"
    return None


def _decoded(response: Response) -> str:
    text = _declared_text(response)
    return decode(response.body[:200_000]) if text is None else text


def _declared_text(response: Response) -> str | None:
    """The answer in the charset that it names or shows, None where that is none or it is no text."""
    if not isinstance(response, TextResponse) or not is_charset(response.encoding):
        return None
    return response.text


def _is_html(response: Response) -> bool:
    if isinstance(response, HtmlResponse):
        return True
    return isinstance(response, TextResponse) and bool(_MARKUP.search(response.body[:2000]))
