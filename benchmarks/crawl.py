"""Pages per second of a crawl on loopback beside plain Scrapy and beside both cores busy with trafilatura alone."""

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
from pathlib import Path

from benchmarks.loopback import declare, outlet
from benchmarks.pages import pages

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
#: One page through another crawler's extraction, for interpreters that have it (fundus has hand-written parsers for
#: its own publishers only, so news-please is what reads any page).
NEWSPLEASE = """
import sys
from newsplease import NewsPlease
for n in range(int(sys.argv[2])):
    NewsPlease.from_url(sys.argv[1].replace("feed.xml", f"a/{n}"))
"""


def main() -> int:
    """Run every row once in turn, so that they share the machine's mood; print pages per second and the shares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--news-please", metavar="PYTHON", help="an interpreter that has news-please")
    parser.add_argument("--memory", action="store_true", help="also crawl 20,000 pages and print the peak memory")
    arguments = parser.parse_args()
    bodies, count = pages(), arguments.pages
    rows: dict[str, float] = {}
    rows["limit: trafilatura alone"] = timed(count, lambda: limit(bodies, count, arguments.processes))
    with outlet(bodies, count) as port:
        feed = f"http://127.0.0.1:{port}/feed.xml"
        rows["Scrapy, fetch only"] = timed(count, lambda: script(sys.executable, SPIDER, feed, "fetch"))
        rows["Scrapy with trafilatura"] = timed(count, lambda: script(sys.executable, SPIDER, feed, "extract"))
        rows["Sageon: fetch, clean, store"] = timed(count, lambda: sageon(port, arguments.processes))
        if arguments.news_please:
            some = max(1, count // 10)  # it takes its time
            rows["news-please"] = timed(some, lambda: script(arguments.news_please, NEWSPLEASE, feed, str(some)))
    best = rows["limit: trafilatura alone"]
    for name, speed in rows.items():
        print(f"{name:30s} {speed:7.1f} pages/s   {speed / best:5.2f} of the limit")
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


def limit(bodies: list[bytes], count: int, processes: int) -> None:
    """Every page through trafilatura, on all cores."""
    with ProcessPoolExecutor(processes) as pool:
        for _ in pool.map(_extract, (bodies[n % len(bodies)] for n in range(count)), chunksize=8):
            pass


def _extract(body: bytes) -> int:
    import trafilatura

    return len(trafilatura.extract(body) or "")


def script(python: str, program: str, *arguments: str) -> None:
    """Run a program of a few lines; from a file, since Scrapy looks into the source of a callback."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "program.py"
        file.write_text(program, encoding="utf-8")
        done = subprocess.run([python, str(file), *arguments], check=True, capture_output=True, text=True)
    if "Traceback" in done.stderr:
        raise RuntimeError(done.stderr[-2000:])


CRAWL = """
import json, sys
from pathlib import Path
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
