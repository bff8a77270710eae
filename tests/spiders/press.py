"""A press on loopback, served over real HTTP: paths and what they answer; and crawls of it, each in its own process."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
#: Seconds after which a crawl of a loopback press is hung.
PATIENCE = 120


@dataclass(frozen=True)
class Answer:
    body: bytes = b""
    type: str | None = "text/html; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Answering = Answer | Callable[[Mapping[str, str]], Answer]


class Press:
    """Answers by path (with the query) and keeps every request: path and headers, in order."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.url = f"http://127.0.0.1:{server.server_address[1]}"
        self.answers: dict[str, Answering] = {"/robots.txt": Answer(b"", "text/plain")}
        self.requests: list[tuple[str, dict[str, str]]] = []

    def html(self, path: str, body: str, **more: Any) -> None:
        self.answers[path] = Answer(body.encode(), **more)

    def xml(self, path: str, body: str | bytes, **more: Any) -> None:
        text = body.encode() if isinstance(body, str) else body
        self.answers[path] = Answer(text, **{"type": "application/rss+xml", **more})

    def asked(self, path: str) -> int:
        return sum(1 for asked, _ in self.requests if asked == path)


@contextmanager
def serve() -> Iterator[Press]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    press = server.press = Press(server)  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield press
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        press: Press = self.server.press  # type: ignore[attr-defined]
        headers = {name.lower(): value for name, value in self.headers.items()}
        press.requests.append((self.path, headers))
        answering = press.answers.get(self.path, Answer(b"<html><body>no such page</body></html>", status=404))
        answer = answering if isinstance(answering, Answer) else answering(headers)
        self.send_response(answer.status)
        if answer.type:
            self.send_header("Content-Type", answer.type)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 304:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if answer.status != 304:
            self.wfile.write(answer.body)

    def log_message(self, *_: Any) -> None:
        """Nothing on the screen."""


def crawl(*runs: dict[str, Any], **job: Any) -> list[dict[str, Any]]:
    """What each run came to. Private hosts are allowed, and delays off unless `paced` leaves the declared rate on."""
    settings = {"PRIVATE_HOSTS": True, "RETRY_TIMES": 0, "ITEM_PIPELINES": {}, **job.pop("settings", {})}
    if not job.pop("paced", False):
        settings = {"DOWNLOAD_DELAY": 0, "CONCURRENT_REQUESTS_PER_DOMAIN": 8, **settings}
    done = subprocess.run(
        [sys.executable, "-m", "tests.spiders.run_spider"],
        input=json.dumps({"runs": runs, "settings": settings, **job}, default=str),
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: list[dict[str, Any]] = json.loads(done.stdout)
    for one in told:
        one["log"] = done.stderr
    return told


def outcomes(told: dict[str, Any], source: str = "daily") -> dict[str, int]:
    """The counted ends of one run, by name."""
    prefix = f"sageon/{source}/"
    return {name.removeprefix(prefix): count for name, count in told["stats"].items() if name.startswith(prefix)}


def declare(folder: Path, press: Press, listings: str, *, name: str = "daily", more: str = "") -> Path:
    """A declaration of an outlet on the press, whose articles lie under /news/<number>."""
    text = f"""
name = "The Daily of the Tests"
language = "en"
country = "KH"
timezone = "Asia/Phnom_Penh"
hosts = ["127.0.0.1"]
article_url = '/news/(?P<id>\\d+)'
rests_on = "tests/spiders"
{more}
{listings.replace("PRESS", press.url)}
"""
    file = folder / f"{name}.toml"
    file.write_text(text, encoding="utf-8")
    return file


def rss(*items: str, channel: str = "") -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>d</title>{channel}{"".join(items)}</channel></rss>'


def item(link: str, title: str = "A title", date: str | None = None) -> str:
    when = f"<pubDate>{date}</pubDate>" if date else ""
    return f"<item><title>{title}</title><link>{link}</link>{when}</item>"


def article(title: str = "Police in Takeo look for a missing teacher") -> str:
    """A page that no check can take for anything but an article."""
    words = "The provincial police said that they had asked neighbours for help and would search the canal. " * 6
    return f"<!doctype html><html><head><title>{title}</title></head><body><h1>{title}</h1><p>{words}</p></body></html>"
