"""What a watcher costs while nothing happens: so many quiet sources, real crawls, a clock that skips the waiting.

    python -m benchmarks quiet [--sources 200] [--settle 1.5] [--days 2]

Each source has a feed that never changes (every second poll the server says so by 304, else it sends the same feed
again). After `--settle` simulated days, in which their few old articles are read and the periods grow, processor time
of the watcher and of all that it starts is counted over `--days`, visits and looks between them; memory is that of the
watcher and of its fork server after each half day. The server's own time is not counted.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks.loopback import serving
from benchmarks.processes import cpu_seconds, family, memory_mib
from crawler.config import Config
from crawler.schedule.alerting import Alerting
from crawler.schedule.readers import Readers
from crawler.schedule.watch import IDLE, Watch
from spiders.source import load_sources
from storage.database import Database

SOURCE = """name = "Quiet outlet {number}"
language = "en"
country = "US"
timezone = "UTC"
hosts = ["127.0.0.1"]
article_url = "/s{number}/a/(?P<id>[0-9]+)"
rests_on = "made by a benchmark"
[feeds]
all = "http://127.0.0.1:{port}/s{number}/feed.xml"
[policy]
rate = 0
"""
ITEMS = 3
PAGE = """<!doctype html><html lang="en"><head><title>Council reopens the old bridge, {key}</title>
<meta property="article:published_time" content="2025-01-06T08:00:00Z"></head><body><article>
<h1>Council reopens the old bridge, {key}</h1>{paragraphs}</article></body></html>"""
PARAGRAPH = (
    "<p>The council of the invented town of Varrow has opened its bridge again after two years of works, said {n}.</p>"
)


def serve_outlets(tell: Connection) -> None:
    """Serve any number of outlets on a free port, until the process is ended."""
    polls: Counter[str] = Counter()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            outlet, _, rest = self.path.lstrip("/").partition("/")
            if rest == "feed.xml":
                polls[outlet] += 1
                if self.headers.get("If-None-Match") == '"same"' and polls[outlet] % 2:
                    self.answer(304, b"")
                else:
                    self.answer(200, feed(outlet), "application/rss+xml")
            elif rest.startswith("a/"):
                page = PAGE.format(key=rest, paragraphs="".join(PARAGRAPH.format(n=n) for n in range(8)))
                self.answer(200, page.encode(), "text/html")
            elif outlet == "robots.txt":
                self.answer(200, b"User-agent: *\nDisallow:\n", "text/plain")
            else:
                self.answer(404, b"", "text/plain")

        def answer(self, status: int, body: bytes, kind: str = "text/plain") -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("ETag", '"same"')
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    def feed(outlet: str) -> bytes:
        items = "".join(
            f"<item><title>Bridge {n}</title><link>http://127.0.0.1:{port}/{outlet}/a/{n}</link>"
            "<pubDate>Mon, 06 Jan 2025 08:00:00 GMT</pubDate></item>"
            for n in range(ITEMS)
        )
        return f'<?xml version="1.0"?><rss version="2.0"><channel><title>all</title>{items}</channel></rss>'.encode()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    port = server.server_address[1]
    tell.send(port)
    server.serve_forever()


class Clock:
    """The wall clock, and what was skipped of it."""

    def __init__(self) -> None:
        self.skipped = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.skipped

    def go_to(self, moment: datetime) -> None:
        """Skip what lies before that moment."""
        self.skipped += max(moment - self(), timedelta(0))


def main() -> int:
    """Let the watcher work through the days; print what it cost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=int, default=200)
    parser.add_argument("--settle", type=float, default=1.5, help="days before anything is counted")
    parser.add_argument("--days", type=float, default=2.0)
    parser.add_argument("--database", help="PostgreSQL URL (else SQLite in a temporary folder)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, serving(serve_outlets) as port:
        folder = Path(name)
        (folder / "sources").mkdir()
        for number in range(given.sources):
            file = folder / "sources" / f"quiet_{number}.toml"
            file.write_text(SOURCE.format(number=number, port=port), encoding="utf-8")
        url = given.database or f"sqlite:///{folder / 'quiet.db'}"
        database = Database.open(url)
        database.upgrade()
        _watch(database, folder, url, given.settle, given.days)
        database.close()
    return 0


def _watch(database: Database, folder: Path, url: str, settle: float, days: float) -> None:
    clock = Clock()
    me = os.getpid()
    server = frozenset(family(me)) - {me}
    config = Config(database_url=url, parallel_sources=2, private_hosts=True, readers=1)
    sources = load_sources([str(folder / "sources")], built_in=False)
    alerting = Alerting(database, folder / "alerts.toml", "watcher:quiet", clock)
    watch = Watch(database, config, sources, alerting, Readers(database, config), now=clock)
    watch.prepare()
    _until(watch, clock, clock() + timedelta(days=settle))
    begun, visits, failed = cpu_seconds(me, server), watch.totals.visits, watch.totals.failed
    print(f"settled: {visits} visits ({failed} failed), {begun:.0f} CPU s", flush=True)
    held = []
    for _ in range(max(round(2 * days), 1)):
        _until(watch, clock, clock() + timedelta(days=0.5))
        held.append(memory_mib(me, server))
    spent, visits = cpu_seconds(me, server) - begun, watch.totals.visits - visits
    looks = 86_400 / IDLE
    begun_look = time.process_time()
    for _ in range(200):
        watch.step()
        watch.next_due()
    look = (time.process_time() - begun_look) / 200
    spent_days = max(round(2 * days), 1) / 2
    share = (spent / spent_days + look * looks) / 86_400
    print(
        f"{visits / spent_days:.0f} visits a day, {spent / max(visits, 1):.3f} CPU s each ({watch.totals.failed - failed} failed)"
    )
    print(f"{looks:.0f} looks a day, {1000 * look:.2f} CPU ms each")
    print(f"together {100 * share:.2f}% of a core (aim: under 2%)")
    print(f"memory after each half day, MiB: {', '.join(f'{value:.0f}' for value in held)}")


def _until(watch: Watch, clock: Clock, end: datetime) -> None:
    while clock() < end:
        watch.step()
        if watch.busy:
            watch.wait(0.1)
            continue
        soonest = watch.next_due()
        clock.go_to(min(soonest or end, end))


if __name__ == "__main__":
    raise SystemExit(main())
