"""The shared real pages, served on loopback under their own addresses, crawled by the product and read from a WARC.

    python -m benchmarks crawled_pages [--every N]

A proxy on loopback answers for every outlet: feeds that list its pages, and the pages, under the outlet's host and path
(over http, so that nobody's certificate is needed). One declaration a country, with its language and time zone; no rule
of any outlet. Scores as in `benchmarks.cleaning`, from what stands in the database; a page that gave no article has
score 0. Trafilatura alone cleans the same bytes in the same run.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import http.server
import json
import logging
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from benchmarks.cleaning import (
    CONTENDERS,
    PAGES,
    GoldPage,
    Score,
    body_score,
    gold_pages,
    mean,
    same_minute,
    same_title,
)

#: Language and zone of the folders of pages/fundus, as a declaration would have them.
COUNTRIES = {
    "at": "de Europe/Vienna", "au": "en Australia/Sydney", "be": "nl Europe/Brussels", "ca": "en America/Toronto",
    "ch": "de Europe/Zurich", "cn": "zh Asia/Shanghai", "cz": "cs Europe/Prague", "de": "de Europe/Berlin",
    "dk": "da Europe/Copenhagen", "es": "es Europe/Madrid", "fr": "fr Europe/Paris", "gl": "kl America/Nuuk",
    "id": "id Asia/Jakarta", "il": "en Asia/Jerusalem", "ind": "en Asia/Kolkata", "isl": "is Atlantic/Reykjavik",
    "it": "it Europe/Rome", "jp": "ja Asia/Tokyo", "kr": "ko Asia/Seoul", "lb": "ar Asia/Beirut",
    "li": "de Europe/Vaduz", "ls": "en Africa/Maseru", "lt": "lt Europe/Vilnius", "lu": "de Europe/Luxembourg",
    "mx": "es America/Mexico_City", "my": "en Asia/Kuala_Lumpur", "na": "en Africa/Windhoek", "no": "no Europe/Oslo",
    "pl": "pl Europe/Warsaw", "pt": "pt Europe/Lisbon", "py": "es America/Asuncion", "ru": "ru Europe/Moscow",
    "se": "sv Europe/Stockholm", "tr": "tr Europe/Istanbul", "tw": "zh Asia/Taipei", "tz": "en Africa/Dar_es_Salaam",
    "ua": "uk Europe/Kyiv", "uk": "en Europe/London", "us": "en America/New_York", "vn": "vi Asia/Ho_Chi_Minh",
    "za": "en Africa/Johannesburg",
}  # fmt: skip
DECLARATION = """name = "{id}"
language = "{language}"
country = "XX"
timezone = "{zone}"
hosts = {hosts}
article_url = "^(?P<id>.+)$"
rests_on = "made by a benchmark"
[feeds]
all = "http://feeds.example/{id}.xml"
[clean]
keep_query = {keys}
[policy]
rate = 0
"""


def pages_by_country(every: int) -> dict[str, list[GoldPage]]:
    """The pages with gold by folder, and under "kr" those of Korean broadcasters, which have none (empty gold)."""
    folders = {file.name.removesuffix(".html.gz"): file.parent.name for file in (PAGES / "fundus").rglob("*.html.gz")}
    found: dict[str, list[GoldPage]] = {}
    for page in list(gold_pages())[::every]:
        found.setdefault(folders.get(page.name, "kr"), []).append(page)
    for row in json.loads((PAGES / "korean" / "index.json").read_text(encoding="utf-8"))[::every]:
        body = gzip.decompress((PAGES / "korean" / row["file"]).read_bytes())
        found.setdefault("kr", []).append(
            GoldPage(f"korean/{row['file']}", "no gold", row["url"], body, datetime.now(UTC), "", "", None)
        )
    return found


def once(pages: Sequence[GoldPage]) -> list[GoldPage]:
    """The pages under http, the first of each address: a second one would be a later version of it."""
    by_url: dict[str, GoldPage] = {}
    for page in pages:
        url = "http" + page.url[page.url.index("://") :]
        by_url.setdefault(url, replace(page, url=url.partition("#")[0]))
    return list(by_url.values())


@contextmanager
def proxy(answers: dict[str, tuple[str, bytes]]) -> Iterator[int]:
    """Serve the answers (content type, body) by URL to whoever asks through this proxy; yields its port."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            kind, body = answers.get(self.path, ("", b""))
            self.send_response(200 if kind else 404)
            self.send_header("Content-Type", kind or "text/plain")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(ConnectionError):
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def declare(folder: Path, country: str, pages: Sequence[GoldPage]) -> str:
    """Write the declaration of a country's pages; returns its id."""
    language, zone = COUNTRIES.get(country, "en UTC").split()
    hosts = sorted({urlsplit(page.url).hostname or "" for page in pages})
    keys = sorted({pair.partition("=")[0] for page in pages for pair in urlsplit(page.url).query.split("&") if pair})
    text = DECLARATION.format(
        id=f"pages_{country}", language=language, zone=zone, hosts=json.dumps(hosts), keys=json.dumps(keys)
    )
    (folder / f"pages_{country}.toml").write_text(text, encoding="utf-8")
    return f"pages_{country}"


def feed(pages: Sequence[GoldPage]) -> bytes:
    """A feed that says no more of the pages than where they are."""
    items = "".join(f"<item><link>{escape(page.url)}</link></item>" for page in pages)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>all</title>{items}</channel></rss>'.encode()


def sageon(folder: Path, database: str, *arguments: str, port: int | None = None) -> str:
    """Run the command on a database of the folder; returns what it printed."""
    env = os.environ | {
        "SAGEON_DATABASE_URL": str(folder / database),
        "SAGEON_SOURCES": str(folder),
        "SAGEON_PRIVATE_HOSTS": "yes",
    }
    if port:
        env |= {"http_proxy": f"http://127.0.0.1:{port}", "no_proxy": ""}
    command = [sys.executable, "-c", "import sys; from crawler.cli import main; sys.exit(main())", *arguments]
    done = subprocess.run(command, env=env, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stderr[-2000:])
    return done.stdout


def stored(file: Path) -> dict[str, tuple[str, str, datetime | None]]:
    """Text, title and publication time of every stored article by the URL it was fetched from."""
    base = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        rows = base.execute(
            "SELECT a.url, v.text, v.title, a.published FROM article a JOIN article_version v ON v.id = a.version_id"
        ).fetchall()
        names = base.execute("SELECT k.key, a.url FROM article_key k JOIN article a ON a.id = k.article_id").fetchall()
    finally:
        base.close()
    by_url = {url: (text, title, _moment(published)) for url, text, title, published in rows}
    return by_url | {key[2:]: by_url[url] for key, url in names if key.startswith("u ")}


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None


def score(page: GoldPage, found: tuple[str, str, datetime | None] | None) -> Score:
    """The score of a stored article. A gold time without zone is held against the clock of the outlet's zone."""
    if found is None:
        return Score(0.0, 0.0, 0.0, False, page.published is None, 0.0, "no article")
    text, title, published = found
    if page.published is not None and page.published.tzinfo is None and published is not None:
        apart = (published.replace(tzinfo=None) - page.published).total_seconds()
        minute = abs(apart) <= 50400 and round(apart) % 900 <= 60  # the zone is the outlet's: whole quarters of an hour
    else:
        minute = same_minute(published, page.published)
    return Score(*body_score(text, page.text), same_title(title, page.title), minute, 0.0, "article")


def write_warc(file: Path, pages: Sequence[GoldPage]) -> None:
    """The pages as a WARC of one crawl."""
    with file.open("wb") as stream:
        for number, page in enumerate(pages):
            http_part = (
                f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(page.body)}\r\n\r\n".encode()
                + page.body
            )
            head = (
                "WARC/1.0\r\nWARC-Type: response\r\n"
                f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012d}>\r\n"
                f"WARC-Target-URI: {page.url}\r\nWARC-Date: {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}\r\n"
                f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http_part)}\r\n\r\n"
            )
            stream.write(gzip.compress(head.encode() + http_part + b"\r\n\r\n"))


def table(file: Path) -> set[tuple[str, str]]:
    """URL and hash of the text of every stored article."""
    base = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        return set(base.execute("SELECT canonical_url, text_hash FROM article").fetchall())
    finally:
        base.close()


def main() -> int:
    """Crawl the pages, backfill them, print both beside trafilatura."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="take every Nth page")
    arguments = parser.parse_args()
    if not PAGES.is_dir():
        print("the shared data is not beside this checkout; nothing is measured")
        return 0
    logging.disable(logging.CRITICAL)
    by_country = {country: once(pages) for country, pages in sorted(pages_by_country(arguments.every).items())}
    pages = [page for group in by_country.values() for page in group]
    answers = {page.url: ("text/html", page.body) for page in pages}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ids = []
        for country, group in by_country.items():
            ids.append(declare(folder, country, group))
            answers[f"http://feeds.example/{ids[-1]}.xml"] = ("application/rss+xml", feed(group))
        with proxy(answers) as port:
            print(sageon(folder, "crawled.db", "crawl", *ids, "--no-read", port=port).splitlines()[-1])
        write_warc(folder / "pages.warc.gz", pages)
        print(sageon(folder, "archive.db", "backfill", str(folder / "pages.warc.gz"), "--no-read").splitlines()[-1])
        articles, crawled, archive = (
            stored(folder / "crawled.db"),
            table(folder / "crawled.db"),
            table(folder / "archive.db"),
        )
    print(f"the same articles from the WARC: {crawled == archive} ({len(crawled & archive)} of {len(crawled)})")
    for url, _ in sorted(crawled ^ archive)[:10]:
        print(f"  differs: {url}")
    gold = [page for page in pages if page.script != "no gold"]
    scores = {"sageon, crawled": [score(page, articles.get(page.url)) for page in gold]}
    scores["trafilatura"] = [CONTENDERS["trafilatura"](page) for page in gold]
    print(f"\n{'':20}{'script':20}{'pages':>6}{'F1':>8}{'title':>8}{'minute':>8}")
    for script in ("all", *sorted({page.script for page in gold})):
        for name, row in scores.items():
            part = [s for s, page in zip(row, gold, strict=True) if script in ("all", page.script)]
            figures = "".join(f"{mean(part, field):8.4f}" for field in ("f1", "title", "minute"))
            print(f"{name:20}{script:20}{len(part):6}{figures}")
    lost = [page for page in pages if page.url not in articles]
    print(f"\npages without an article: {len(lost)} of {len(pages)}", dict(Counter(page.script for page in lost)))
    for page in lost[:20]:
        print(f"  {page.name}  {page.url}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
