"""Pages per second of a crawl on loopback beside plain Scrapy, news-please, fundus and trafilatura on every core."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.loopback import declare, outlet
from benchmarks.pages import SHARED, pages

#: A spider as the Scrapy tutorial has it: the feed, then every page; with `extract` trafilatura in the callback.
SPIDER = """
import sys, scrapy, trafilatura
from scrapy.crawler import AsyncCrawlerProcess
class Plain(scrapy.Spider):
    name = "plain"
    start_urls = [sys.argv[1]]
    def parse(self, response):
        for url in response.xpath("//item/link/text()").getall():
            yield scrapy.Request(url, self.page)
    def page(self, response):
        yield {"url": response.url, "text": trafilatura.extract(response.body) if sys.argv[2] == "extract" else ""}
process = AsyncCrawlerProcess({"LOG_LEVEL": "ERROR", "REMOTE_CONTROL_ENABLED": False, "TELNETCONSOLE_ENABLED": False,
    "CONCURRENT_REQUESTS": 16, "DOWNLOAD_DELAY": 0, "CONCURRENT_REQUESTS_PER_DOMAIN": 16, "ROBOTSTXT_OBEY": False})
process.crawl(Plain)
process.start()
"""
#: Pages fetched one after the other and read by news-please, which looks for images on the network unless told not to.
NEWSPLEASE = """
import sys, urllib.request
from newsplease import NewsPlease
for n in range(int(sys.argv[2])):
    url = sys.argv[1].replace("feed.xml", f"a/{n}")
    NewsPlease.from_html(urllib.request.urlopen(url).read(), url=url, fetch_images=False)
"""
#: The same pages as files, each through the parser that fundus has for its outlet; prints pages read and seconds.
FUNDUS = """
import datetime, gzip, json, sys, time
from pathlib import Path
from fundus import PublisherCollection
parsers = {publisher.__name__: publisher.parser for publisher in PublisherCollection}
pages = []
for file in sorted(Path(sys.argv[1]).rglob("*.html.gz")):
    outlet, *day = file.name.removesuffix(".html.gz").split("_")
    if outlet in parsers:
        pages.append((parsers[outlet], datetime.datetime(*map(int, day[:3])), gzip.decompress(file.read_bytes())))
started = time.monotonic()
for parser, day, body in pages:
    parser(day).parse(body.decode("utf-8", "replace"), "suppress")
print(json.dumps([len(pages), time.monotonic() - started]))
"""


def main() -> int:
    """Run every row once in turn, so that they share the machine's mood; print pages per second and the shares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--peers", metavar="PYTHON", help="an interpreter that has fundus and news-please")
    parser.add_argument("--memory", action="store_true", help="also crawl 20,000 pages and print the peak memory")
    arguments = parser.parse_args()
    bodies, count, processes = pages(), arguments.pages, arguments.processes
    rows: dict[str, float] = {}

    def row(name: str, pages: int, work: Callable[[], object], cores: int = 1) -> None:
        rows[name] = timed(pages, work) * cores
        print(f"{name:46s} {rows[name]:7.1f} pages/s   {rows[name] / next(iter(rows.values())):5.2f} of the limit")

    row("limit: trafilatura alone", count, lambda: pooled(_extract, bodies, count, processes))
    row("Sageon's cleaner alone", count, lambda: pooled(_clean, bodies, count, processes))
    with outlet(bodies, count) as port:
        feed = f"http://127.0.0.1:{port}/feed.xml"
        row("Scrapy, fetch only", count, lambda: script(sys.executable, SPIDER, feed, "fetch"))
        row("Scrapy with trafilatura", count, lambda: script(sys.executable, SPIDER, feed, "extract"))
        row("Sageon: fetch, clean, store", count, lambda: sageon(port, processes))
        if arguments.peers:
            some = max(1, count // 10)  # it takes its time
            news_please = "news-please, one process, times the cores"
            row(news_please, some, lambda: script(arguments.peers, NEWSPLEASE, feed, str(some)), processes)
    if arguments.peers:
        read, seconds = json.loads(script(arguments.peers, FUNDUS, str(SHARED / "pages" / "fundus")))
        speed = processes * read / seconds
        share = speed / next(iter(rows.values()))
        print(f"{'fundus, parsing alone, times the cores':46s} {speed:7.1f} pages/s   {share:5.2f} of the limit")
    if arguments.memory:
        for many in (count, 20_000):
            with outlet(bodies, many) as port:
                print(f"peak memory over {many} pages: {sageon(port, arguments.processes) / 2**20:.0f} MiB")
    return 0


def timed(count: int, work: Callable[[], object]) -> float:
    """Pages per second of `work` over `count` pages."""
    started = time.monotonic()
    work()
    return count / (time.monotonic() - started)


def pooled(work: Callable[[bytes], object], bodies: list[bytes], count: int, processes: int) -> None:
    """Every page through `work`, on all cores."""
    with ProcessPoolExecutor(processes) as pool:
        for _ in pool.map(work, (bodies[n % len(bodies)] for n in range(count)), chunksize=8):
            pass


def _extract(body: bytes) -> int:
    import trafilatura

    return len(trafilatura.extract(body) or "")


def _clean(body: bytes) -> int:
    from extract.clean import clean_page

    return len(clean_page(body, url="http://127.0.0.1/a/1", fetched_at=datetime.now(UTC)).text)


def script(python: str, program: str, *arguments: str) -> str:
    """What a program of a few lines prints; from a file, since Scrapy looks into the source of a callback."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "program.py"
        file.write_text(program, encoding="utf-8")
        done = subprocess.run([python, str(file), *arguments], check=True, capture_output=True, text=True)
    if "Traceback" in done.stderr:
        raise RuntimeError(done.stderr[-2000:])
    return done.stdout


CRAWL = """
import json, sys
from pathlib import Path
from crawler.jobs.preload import CRAWL
from crawler.pool import start_fork_server
if __name__ == "__main__":
    start_fork_server(CRAWL)  # as the command line does
from crawler.config import load_config
from crawler.jobs.crawl import crawl_sources
from spiders.source import load_source_file
from storage.database import Database
if __name__ == "__main__":
    config = load_config()
    base = Database.open(config.database_url)
    base.upgrade()
    summary = crawl_sources([load_source_file(Path(sys.argv[1]))], base, config, read=False)
    print(json.dumps([summary.reports[0].peak_bytes, dict(summary.reports[0].outcomes), summary.reports[0].error]))
"""


def sageon(port: int, processes: int) -> int:
    """A crawl by the product into a new database, nothing read; returns the peak memory of its process in bytes."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "crawl.py"
        file.write_text(CRAWL, encoding="utf-8")
        env = os.environ | {
            "SAGEON_DATABASE_URL": str(Path(folder) / "news.db"),
            "SAGEON_PRIVATE_HOSTS": "yes",
            "SAGEON_CLEANERS": str(processes),
            "PYTHONPATH": str(Path(__file__).parents[1]),
        }
        command = [sys.executable, str(file), str(declare(Path(folder), port))]
        done = subprocess.run(command, env=env, check=True, capture_output=True, text=True)
        peak, outcomes, error = json.loads(done.stdout)
        if error or not outcomes.get("article_new"):
            raise RuntimeError(f"the crawl gave {outcomes}, {error}")
        return int(peak)


if __name__ == "__main__":
    sys.exit(main())
