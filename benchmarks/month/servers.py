"""The outlets and the three receivers on loopback, all by the simulated clock."""

from __future__ import annotations

import json
import random
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

from benchmarks.month.truth import Month, text_of

KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#: Items that a feed shows: more than are published while an outlet is away.
SHOWN = 60


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that a receiver took: when by the simulated clock, under which id, and what it said."""

    target: str
    at: datetime
    key: str
    payload: dict[str, Any]


class World:
    """Outlets under /outletNN/, receivers under /hook/NAME; `taken` is what receivers took, in order."""

    def __init__(self, month: Month, now: Callable[[], datetime], seed: int) -> None:
        self.month = month
        self.now = now
        self.taken: list[Taken] = []
        self.refused = 0
        self.forged = 0
        self._rng = random.Random(seed)
        self._lock = threading.Lock()
        self._of = {name: [s for s in month.stories if s.source == name] for name in month.sources}

    def outlet(self, name: str, rest: str, match: str | None, base: str) -> tuple[int, str, bytes, str | None]:
        """Status, content type, body and ETag of a request to an outlet."""
        now = self.now()
        trouble = self.month.trouble(name, now)
        if trouble:
            return {"broken": 500, "blocked": 403, "vanished": 404}[trouble], "text/html", b"<p>no</p>", None
        if rest.startswith("a/"):
            story = next((s for s in self._of[name] if str(s.number) == rest[2:] and s.published <= now), None)
            if story is None:
                return 404, "text/html", b"", None
            return 200, "application/json", json.dumps(text_of(story, self.month.events, now)).encode(), None
        shown = [story for story in self._of[name] if story.published <= now][-SHOWN:][::-1]
        etag = f'"{shown[0].number if shown else 0}"'
        if match == etag:
            return 304, "application/rss+xml", b"", etag
        items = "".join(
            f"<item><title>{escape(str(s.number))}</title><link>{base}/{name}/a/{s.number}</link>"
            f"<pubDate>{format_datetime(s.published)}</pubDate></item>"
            for s in shown
        )
        feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>{items}</channel></rss>'
        return 200, "application/rss+xml", feed.encode(), etag

    def take(self, target: str, headers: dict[str, str], body: bytes) -> int:
        """The receiver's answer; a message with a bad signature is counted and refused."""
        now = self.now()
        with self._lock:
            down = target == "away" and self.month.down[0] <= now < self.month.down[1]
            if down or (target == "flaky" and self._rng.random() < 0.5):
                self.refused += 1
                return 503
            try:
                # the simulated clock is months away: the age of the signature is held against that clock
                payload = Webhook(KEY).sign(headers["webhook-id"], _at(headers["webhook-timestamp"]), body.decode())
                if payload != headers["webhook-signature"] or abs(now - _at(headers["webhook-timestamp"])) > FRESH:
                    raise WebhookVerificationError("no")
            except (KeyError, ValueError, WebhookVerificationError):
                self.forged += 1
                return 401
            self.taken.append(Taken(target, now, headers["webhook-id"], json.loads(body)))
            return 200


FRESH = timedelta(minutes=30)


def _at(seconds: str) -> datetime:
    from datetime import UTC

    return datetime.fromtimestamp(int(seconds), UTC)


@contextmanager
def serving(world: World) -> Iterator[int]:
    """Serve the world on a free port while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            name, _, rest = self.path.lstrip("/").partition("/")
            base = f"http://{self.headers['Host']}"
            status, kind, body, etag = world.outlet(name, rest, self.headers.get("If-None-Match"), base)
            self._answer(status, kind, body, etag)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {key.lower(): value for key, value in self.headers.items()}
            self._answer(world.take(self.path.rpartition("/")[2], headers, body), "text/plain", b"", None)

        def _answer(self, status: int, kind: str, body: bytes, etag: str | None) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            if etag:
                self.send_header("ETag", etag)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nothing on the screen."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            """A worker that is killed leaves its connection: nothing to be told."""
            if not isinstance(sys.exception(), ConnectionError):
                super().handle_error(request, client_address)

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
