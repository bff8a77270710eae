"""The watcher's own little port: /metrics for Prometheus, /healthz and /readyz for a supervisor."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from alerts.metrics import CONTENT_TYPE, exposition
from storage.database import Database
from storage.migrations import HEAD
from storage.vitals import vitals

log = logging.getLogger(__name__)

#: A watcher that has not come round for so long is stuck.
STUCK = timedelta(minutes=10)

Answer = tuple[int, str, str]


def answer(path: str, database: Database, now: datetime, beat: datetime | None) -> Answer:
    """Status, content type and body. `beat` is when the watcher last came round (None: it has not begun)."""
    plain = "text/plain; charset=utf-8"
    if path == "/healthz":
        stuck = beat is not None and now - beat > STUCK
        return (503, plain, f"stuck since {beat:%Y-%m-%d %H:%M:%S} UTC\n") if stuck else (200, plain, "ok\n")
    if path not in ("/metrics", "/readyz"):
        return 404, plain, "here are /metrics, /healthz and /readyz\n"
    try:
        if path == "/readyz":
            revision = database.revision()
            ready = revision == HEAD
            return (
                (200 if ready else 503),
                plain,
                "ready\n" if ready else f"the database is at {revision}, not {HEAD}\n",
            )
        with database.read() as session:
            return 200, CONTENT_TYPE, exposition(vitals(session, now))
    except Exception as error:  # noqa: BLE001 - the edge of the port: a database that is away is an answer, not a crash
        log.warning("%s: %s", path, type(error).__name__)
        return 503, plain, f"the database does not answer: {type(error).__name__}\n"


@contextmanager
def serving(
    host: str, port: int, database: Database, now: Callable[[], datetime], beat: Callable[[], datetime | None]
) -> Iterator[int]:
    """Answer on the address while the block runs; yields the port (of use where it was 0). Raises OSError."""

    class Handler(BaseHTTPRequestHandler):
        server_version = "sageon"
        sys_version = ""
        timeout = 10

        def do_GET(self) -> None:
            status, kind, text = answer(self.path.partition("?")[0], database, now(), beat())
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            log.debug(format, *args)

    server = ThreadingHTTPServer((host, port), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, name="metrics", daemon=True)
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
