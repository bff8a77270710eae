"""What every request and answer passes: the Host header, other sites' pages, size, and the headers of a strict page."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from desk.access import foreign_origin
from desk.desk import Desk
from desk.problems import Problem, answer

log = logging.getLogger(__name__)

#: The largest body that is read: an edit of a long list of victims is a few kilobytes.
MOST_BODY = 1 << 20
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
#: Set by proxies. Where nobody logs in, whoever comes through one would be an admin.
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
HEADERS = {
    # No inline script or style, nothing from elsewhere, no frame around us, no form that leaves.
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: browsers would send "Origin: null" with our own forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
HSTS = "max-age=31536000"
REFUSED_HOST = Problem(421, "other-host", "This desk does not answer to that name")
PROXIED = Problem(403, "proxied", "Nobody logs in here")
FOREIGN = Problem(403, "foreign-page", "A page of another site sent this")
TOO_LARGE = Problem(413, "too-large", "This is too large")
FAILED = Problem(500, "failed", "The desk failed")


class Guard:
    """The outermost layer. What fails unforeseen inside is logged and answered here, with all the headers."""

    def __init__(self, app: ASGIApp, desk: Desk) -> None:
        self.app = app
        self.desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = False
        arrived = time.perf_counter()

        async def headed(message: Message) -> None:
            nonlocal began
            if message["type"] == "http.response.start":
                began = True
                headers = MutableHeaders(scope=message)
                for name, value in self._headers():
                    headers.setdefault(name, value)
                headers["Server-Timing"] = f"desk;dur={1000 * (time.perf_counter() - arrived):.1f}"
            await send(message)

        request = Request(scope, receive)
        refusal = self._refusal(request)
        if refusal is not None:
            await answer(request, *refusal)(scope, receive, headed)
            return
        try:
            await self.app(scope, _bounded(receive), headed)
        except Exception as error:  # the edge of the desk: whatever it is, the next request is answered
            log.error("%s %s failed", request.method, request.url.path, exc_info=error)
            if began:  # half an answer is out: break off, so that it is not taken for whole
                raise
            await answer(request, FAILED, "the desk's log says why")(scope, receive, headed)

    def _headers(self) -> Iterable[tuple[str, str]]:
        yield from HEADERS.items()
        if self.desk.settings.https:
            yield "Strict-Transport-Security", HSTS

    def _refusal(self, request: Request) -> tuple[Problem, str] | None:
        settings = self.desk.settings
        host = request.headers.get("host", "")
        if settings.hosts and _name(host) not in settings.hosts:
            return REFUSED_HOST, f"it answers to {', '.join(sorted(settings.hosts))}"
        if not settings.login and any(name in request.headers for name in FORWARDED):
            return PROXIED, "a proxy sent this request; start the desk with --login to serve others"
        if request.method not in SAFE and foreign_origin(request):
            return FOREIGN, "only the desk's own pages and programs with a token may change anything"
        length = request.headers.get("content-length", "0")
        if not length.isdigit() or int(length) > MOST_BODY:
            return TOO_LARGE, f"at most {MOST_BODY} bytes are read"
        return None


def _name(host: str) -> str:
    """The host without its port."""
    return host[: host.find("]") + 1] if host.startswith("[") else host.partition(":")[0].lower()


def _bounded(receive: Receive) -> Receive:
    read = 0

    async def counted() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > MOST_BODY:  # a chunked body says no length beforehand
            raise HTTPException(TOO_LARGE.status, f"at most {MOST_BODY} bytes are read")
        return message

    return counted
