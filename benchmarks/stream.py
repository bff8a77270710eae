"""A month of one paper read end to end into a database: articles per second, peak memory, share of each stage."""

from __future__ import annotations

import argparse
import json
import lzma
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.pages import SHARED
from crawler.config import Config, database_url
from crawler.jobs.memory_use import peak_bytes
from crawler.jobs.read_stored import read_order
from crawler.jobs.reading_crew import ReadingCrew
from crawler.pipelines.storing import store_batch
from extract.fingerprint import simhash, text_hash
from extract.serialise import article_from_row
from storage.articles import IncomingArticle
from storage.database import Database
from storage.filters import Filter
from storage.query import count_incidents


def main() -> int:
    """Store the stream by batch, read it with the readers, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stream", default="stream_ko_2025-10")
    parser.add_argument("--articles", type=int, help="only the first so many")
    parser.add_argument("--readers", type=int, default=0)
    parser.add_argument("--database", help="keep the table here")
    arguments = parser.parse_args()
    file = SHARED / "news" / f"{arguments.stream}.jsonl.xz"
    if not file.is_file():
        print(f"{arguments.stream}: the shared data is not beside this checkout; nothing is measured")
        return 0
    with lzma.open(file, "rt", encoding="utf-8") as stream:
        articles = [
            incoming(json.loads(line), number) for number, line in enumerate(islice(stream, arguments.articles))
        ]
    with tempfile.TemporaryDirectory() as folder:
        url = database_url(arguments.database or str(Path(folder) / "stream.db"))
        measure(articles, Config(database_url=url, readers=arguments.readers))
    return 0


def incoming(row: dict[str, Any], number: int) -> IncomingArticle:
    """A row of the stream as a crawl would hand it over."""
    article = article_from_row(row, default_id=str(number))
    return IncomingArticle(
        source=article.source or "stream",
        url=article.url or f"https://stream.example/{article.id}",
        title=article.title,
        text=article.text,
        fetched_at=article.published or datetime.now(UTC),
        text_hash=text_hash(article.text),
        simhash=simhash(article.text),
        native_id=article.id,
        language=article.language,
        published=article.published,
        country=article.country,
        timezone=article.timezone,
    )


def measure(articles: list[IncomingArticle], config: Config) -> None:
    """Store, read and resolve the articles; print what it took."""
    base = Database.open(config.database_url)
    base.upgrade()
    begun = time.monotonic()
    stored: Counter[str] = Counter()
    for first in range(0, len(articles), config.store_batch):
        stored += store_batch(base, articles[first : first + config.store_batch])
    storing = time.monotonic() - begun
    crew = ReadingCrew(read_order(config), config.reader_count(), base)
    begun = time.monotonic()
    try:
        crew.drain()
    finally:
        crew.close()
    reading = time.monotonic() - begun
    total = storing + reading
    busy = storing + crew.read_seconds + crew.store_seconds
    with base.read() as session:
        incidents = count_incidents(session, Filter(), cap=1_000_000)
    print(f"{len(articles)} articles in {total:.1f} s: {len(articles) / total:.1f} articles/s, {incidents} incidents")
    print(f"stored: {dict(stored)}; read: {dict(crew.outcomes)}; changes: {dict(crew.changes)}")
    print(f"wall: storing {storing:.1f} s, reading with {config.reader_count()} processes {reading:.1f} s")
    for name, seconds in (("store", storing), ("read", crew.read_seconds), ("resolve", crew.store_seconds)):
        print(f"  {name:8s} {1000 * seconds / len(articles):6.2f} ms an article, {seconds / busy:4.0%} of the work")
    print(f"peak memory: this process {peak_bytes() / 2**20:.0f} MiB, a reader {crew.peak_bytes / 2**20:.0f} MiB")
    base.close()


if __name__ == "__main__":
    sys.exit(main())
