"""The sample press on loopback: four outlets, four ports, real HTTP with conditional requests and the usual mishaps."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from crawler.demo.articles import FIRST_LOOK, Outlet, PressArticle, load_articles, load_outlets
from crawler.demo.listings import atom, newest_first, news_sitemap, robots, rss, section_list, sitemap_index
from crawler.demo.pages import article_page, template

#: A page behind a bot wall, a page that is gone and a page that robots.txt forbids: (path, headline in the feed).
WALLED = ("/national/2026/03/05/court-calendar-7901", "Court calendar for the week")
GONE = ("/story/52901/a-story-taken-down", "A story taken down")
FORBIDDEN = ("/members/2026/03/05/from-the-archive-7902", "From the members' archive")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server sends: `kind` is the Content-Type."""

    body: bytes
    kind: str = "text/html; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class Press:
    """The four outlets at an hour of the press calendar, which `turn_to` moves on."""

    def __init__(self, hour: datetime = FIRST_LOOK) -> None:
        self.outlets = load_outlets()
        self.articles = load_articles()
        self.hour = hour
        #: When a page that had been served changed, by article id.
        self.changed: dict[str, datetime] = {}
        #: Requests answered, by (outlet, path) and by status.
        self.asked: Counter[tuple[str, str]] = Counter()
        self.statuses: Counter[int] = Counter()

    def turn_to(self, hour: datetime) -> None:
        """From now on the press stands as it did at that hour.

        A sitemap's lastmod is when a page changed on its server; for an article corrected meanwhile that is now.
        """
        for article in self.articles.values():
            if article.published <= self.hour and article.at(self.hour) != article.at(hour):
                self.changed[article.id] = datetime.now(UTC)
        self.hour = hour

    def of(self, outlet: str) -> list[PressArticle]:
        """The outlet's articles at this hour, newest first."""
        return newest_first([a for a in self.articles.values() if a.outlet == outlet], self.hour)

    def url(self, article: str) -> str:
        """Where the article of that id is served."""
        found = self.articles[article]
        return self.outlets[found.outlet].base + found.path

    def answer(self, outlet_id: str, target: str) -> Answer:
        """The answer to a GET of `target` (path and query) at the outlet."""
        outlet, articles = self.outlets[outlet_id], self.of(outlet_id)
        if target == "/robots.txt":
            return Answer(robots(outlet), "text/plain")
        found = _listing(outlet, articles, target, self.changed) or _mishap(outlet, target)
        if found is not None:
            return found
        article = next((a for a in articles if a.path == target), None)
        if article is None:
            return Answer(b"<title>404</title><p>Nothing is here.</p>", status=404)
        return Answer(article_page(outlet, article), _content_type(outlet, article))


def _listing(
    outlet: Outlet, articles: list[PressArticle], target: str, changed: Mapping[str, datetime]
) -> Answer | None:
    """The outlet's feeds, sitemaps and section lists; None for any other address."""
    path, query = urlsplit(target).path, parse_qs(urlsplit(target).query)
    rss_kind, xml = "application/rss+xml; charset=utf-8", "application/xml"
    match outlet.id, path:
        case "hanbit", "/rss/news.xml":
            return Answer(rss(outlet, [a for a in articles if a.section != "international"]), rss_kind)
        case "hanbit", "/rss/international.xml":
            return Answer(rss(outlet, [a for a in articles if a.section == "international"]), rss_kind)
        case "hanbit", "/news-sitemap.xml":
            return Answer(news_sitemap(outlet, [a for a in articles if a.kind != "flash"], changed), xml)
        case "dumul", "/news/articleList.html":
            page = int(query.get("page", ["1"])[0])
            return Answer(section_list(outlet, articles, page), "text/html; charset=EUC-KR")
        case "dispatch", "/feed.atom":
            return Answer(atom(outlet, articles[:12], [WALLED, FORBIDDEN]), "application/atom+xml; charset=utf-8")
        case "dispatch", "/sitemap.xml":
            return Answer(sitemap_index(outlet, ["2026-03"]), xml)
        case "dispatch", "/sitemap-2026-03.xml":
            return Answer(news_sitemap(outlet, articles, changed), xml)
        case "ledger", "/rss":
            return Answer(rss(outlet, articles[:12], [GONE]), rss_kind)
        case "ledger", "/sitemaps/news.xml":
            return Answer(news_sitemap(outlet, articles, changed), xml)
    return None


def _mishap(outlet: Outlet, target: str) -> Answer | None:
    """A bot wall and a short link; None for any other address."""
    if outlet.id == "dispatch" and target == WALLED[0]:
        return Answer(template("challenge.html").template.encode(), status=403)
    if outlet.id == "hanbit" and target.startswith("/v/"):
        return Answer(b"", status=301, headers={"Location": target.replace("/v/", "/view/")})
    return None


def _content_type(outlet: Outlet, article: PressArticle) -> str:
    """The charset as the server claims it; on one page of the EUC-KR outlet it lies."""
    if outlet.charset != "utf-8" and article.kind != "lying_header":
        return "text/html; charset=EUC-KR"
    return "text/html; charset=utf-8"


@contextmanager
def serve(press: Press) -> Iterator[Press]:
    """Serve every outlet on its declared port, or on a free one where that is taken; `press.outlets` say which."""
    servers: list[ThreadingHTTPServer] = []
    try:
        for outlet in list(press.outlets.values()):
            server = _bind(outlet, press)
            host, port = server.server_address[:2]
            press.outlets[outlet.id] = replace(outlet, host=f"{host!s}:{port}")
            servers.append(server)
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield press
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


def _bind(outlet: Outlet, press: Press) -> ThreadingHTTPServer:
    handler = type("Handler", (_Handler,), {"press": press, "outlet": outlet.id})
    host, _, port = outlet.host.partition(":")
    try:
        return _Server((host, int(port)), handler)
    except OSError:  # taken
        return _Server((host, 0), handler)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    #: Without this a second run within a minute would find its own port "in use"; on Windows it would share a port.
    allow_reuse_address = True


class _Handler(BaseHTTPRequestHandler):
    press: Press
    outlet: str
    # One connection an answer: a kept one that closes late ends a Scrapy crawl with a traceback (http11.py, close).
    protocol_version = "HTTP/1.0"
    timeout = 30

    def do_GET(self) -> None:
        """Answer one request, with 304 where the client has this very body."""
        answer = self.press.answer(self.outlet, self.path)
        tag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
        status, body = answer.status, answer.body
        if status == 200 and self.headers.get("If-None-Match") == tag:
            status, body = 304, b""
        self.press.asked[self.outlet, self.path] += 1
        self.press.statuses[status] += 1
        self.send_response(status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(body)))
        if answer.status == 200:
            self.send_header("ETag", tag)
            self.send_header("Last-Modified", format_datetime(self.press.hour.astimezone(UTC), usegmt=True))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the crawl tells what it fetched."""
