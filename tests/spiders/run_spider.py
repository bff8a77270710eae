"""Runs spiders in a process of its own (a reactor runs once) and prints what came of them as JSON.

Standard input: {"sources": [folder], "built_in": bool, "runs": [{"source": id, "arguments": {}}], "settings": {},
"states": [{...}], "known": {key: {"last_fetched": ..., "published": ...}}}.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import Any

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from spiders.loader import spider_class
from spiders.memory import FeedState, FeedStatesInMemory, Remembered
from spiders.page import Page
from spiders.source import load_sources


class KnownFrom:
    def __init__(self, rows: dict[str, dict[str, str]]) -> None:
        self.rows = rows
        self.misses: dict[str, str] = {}

    def known(self, keys: Collection[str]) -> dict[str, Remembered]:
        return {key: Remembered(**_times(self.rows[key], published=None)) for key in keys if key in self.rows}

    def missed(self, key: str, outcome: str) -> None:
        self.misses[key] = outcome


class Run:
    """One spider's run, and the pages it yielded."""

    def __init__(self, crawler: Crawler, states: list[dict[str, Any]]) -> None:
        self.crawler = crawler
        self.pages: list[Page] = []
        self.states = FeedStatesInMemory()
        for row in states:
            self.states.put(FeedState(**_times(row)))
        crawler.signals.connect(self.collect, signals.item_scraped)

    def collect(self, item: Page) -> None:
        self.pages.append(item)

    def told(self) -> dict[str, Any]:
        stats = self.crawler.stats.get_stats() if self.crawler.stats else {}
        spider: Any = self.crawler.spider
        return {
            "stats": {name: value for name, value in stats.items() if isinstance(value, int | float | str)},
            "pages": [_page(page) for page in self.pages],
            "states": [asdict(state) for state in self.states.states.values()],
            "polls": [{"url": p.url, "outcome": p.outcome, "new": p.new, "seen": p.seen} for p in spider.polls],
        }


def _page(page: Page) -> dict[str, Any]:
    return {name: getattr(page, name) for name in ("source", "url", "requested_url", "status", "text", "native_id")} | {
        "bytes": len(page.body),
        "shown": page.text or page.body.decode(errors="replace"),
        "listing": asdict(page.listing) if page.listing else None,
    }


def _times(row: dict[str, Any], **defaults: Any) -> dict[str, Any]:
    names = ("published", "last_fetched", "until", "polled", "full_fetch", "new_items")
    return defaults | {key: datetime.fromisoformat(v) if key in names and v else v for key, v in row.items()}


def main() -> None:
    job = json.load(sys.stdin)
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.setdict({"LOG_LEVEL": "ERROR", **job.get("settings", {})}, priority="cmdline")
    sources = load_sources(job.get("sources", []), built_in=job.get("built_in", False))
    process = AsyncCrawlerProcess(settings)
    runs = []
    for wanted in job["runs"]:
        run = Run(process.create_crawler(spider_class(sources[wanted["source"]])), job.get("states", []))
        arguments = {"now": None, **wanted.get("arguments", {})}  # but for `now` as text, as a command line gives them
        if arguments["now"]:
            arguments["now"] = datetime.fromisoformat(arguments["now"])
        process.crawl(run.crawler, feed_states=run.states, known=KnownFrom(job.get("known", {})), **arguments)
        runs.append(run)
    process.start()
    json.dump([run.told() for run in runs], sys.stdout, default=str)


if __name__ == "__main__":
    main()
