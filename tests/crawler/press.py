"""A tiny outlet on loopback whose pages a test writes and changes."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from spiders.source import Source, load_source_file

DECLARATION = """name = "Test outlet"
language = "en"
country = "US"
timezone = "UTC"
hosts = ["127.0.0.1"]
article_url = "/news/(?P<id>[a-z0-9-]+)$"
rests_on = "made by a test"
[feeds]
all = "http://127.0.0.1:{port}/feed.xml"
[policy]
rate = 0
"""
#: What a wire story reads like round the sentence that the stub reader knows; long enough to be a body.
PARAGRAPHS = (
    "{case}",
    "Officers in {town} said that the family of {name} had asked them for help some days before, and that a search "
    "of {count} houses along the {town} river road had begun at once.",
    "A spokesman for the {town} district named {number} witnesses who had been heard by Tuesday evening, and asked "
    "anyone who had seen {name} near the market of {town} to come forward.",
)


@dataclass
class Press:
    """The pages of the outlet by path: (status, content type, body)."""

    port: int = 0
    pages: dict[str, tuple[int, str, bytes]] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)

    def declare(self, folder: Path, name: str = "testpress") -> Source:
        """The outlet's declaration, written to the folder and read."""
        file = folder / f"{name}.toml"
        file.write_text(DECLARATION.format(port=self.port), encoding="utf-8")
        return load_source_file(file)

    def publish(self, *stories: str) -> None:
        """Serve these stories (names of `STORIES`) and a feed that lists them."""
        links = "".join(
            f"<item><title>{name}</title><link>http://127.0.0.1:{self.port}/news/{name}</link></item>"
            for name in stories
        )
        feed = f'<?xml version="1.0"?><rss version="2.0"><channel>{links}</channel></rss>'
        self.pages["/feed.xml"] = (200, "application/rss+xml", feed.encode())
        for name in stories:
            self.pages[f"/news/{name}"] = (200, "text/html; charset=utf-8", story_page(name).encode())


#: The stories of the outlet: (case, town, name, count, number).
STORIES = {
    "hanna": ("CASE homicide in KH on 2026-03-02: 1 killed, victim Hanna of KR.", "Kelmora", "Hanna", "forty", "nine"),
    "tomas": ("CASE kidnapping in PH on 2026-02-11: 0 killed, victim Tomas of CZ.", "Bardin", "Tomas", "six", "two"),
    "quiet": ("The council of Ostwick will meet again in May.", "Ostwick", "the clerk", "eleven", "four"),
    "odd": ("UNREADABLE words stand here for the reader to stumble on.", "Velm", "the printer", "three", "seven"),
}


def story_page(name: str) -> str:
    """The page of a story."""
    case, town, person, count, number = STORIES[name]
    values = {"case": case, "town": town, "name": person, "count": count, "number": number}
    body = "".join(f"<p>{paragraph.format(**values)}</p>" for paragraph in PARAGRAPHS)
    return (
        f"<!doctype html><html lang='en'><head><title>{person} of {town}</title>"
        f'<meta property="article:published_time" content="2026-03-03T08:00:00+00:00"></head>'
        f"<body><article><h1>{person} of {town}</h1>{body}</article></body></html>"
    )


@contextmanager
def press() -> Iterator[Press]:
    """Serve an outlet; its pages may be changed while it is served."""
    outlet = Press()
    outlet.pages["/robots.txt"] = (200, "text/plain", b"User-agent: *\nDisallow:\n")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            outlet.asked[self.path] += 1
            status, kind, body = outlet.pages.get(self.path, (404, "text/plain", b"nothing here"))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    outlet.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield outlet
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
