"""Reading by one process and by two, embedded and through Celery, and how long a new article waits in an idle cluster.

    python -m benchmarks cluster [--articles 400] [--singles 60]

The articles are the first of `news/stream_ko_2025-10`, read by the shipped reader. PostgreSQL and Redis are started for
it on this machine and take their share of its cores. The rate counts from the end of the first batch to the end of the
last one, so that no start is in it; processor time is that of the readers and whatever started them, without the servers.
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import sqlalchemy as sa

from benchmarks.machines import Worker
from benchmarks.month.checks import percentile
from benchmarks.pages import SHARED
from benchmarks.processes import cpu_seconds
from benchmarks.servers import NoServer, PostgreSQL, Redis
from benchmarks.stream import incoming
from crawler.config import Config
from crawler.jobs.read_stored import read_order
from crawler.jobs.reading_crew import ReadingCrew
from crawler.pipelines.storing import store_batch
from storage.articles import IncomingArticle
from storage.database import Database
from storage.ledger import unread

STREAM = SHARED / "news" / "stream_ko_2025-10.jsonl.xz"
BATCH = 32


@dataclass(frozen=True, slots=True)
class Rate:
    """Articles read a second of the clock, and processor seconds an article."""

    a_second: float
    cpu: float

    def __str__(self) -> str:
        return f"{self.a_second:5.1f} articles/s, {1000 * self.cpu:5.1f} CPU ms an article"


def embedded(url: str, articles: Sequence[IncomingArticle], readers: int) -> Rate:
    """Read by the reader processes of `sageon crawl` and `watch`."""
    config = replace(Config(database_url=url, readers=readers), read_batch=BATCH)
    base = _stored(url, articles)
    begun = cpu_seconds(os.getpid())
    crew = ReadingCrew(read_order(config), readers, base)
    try:
        crew.drain()
        spent = cpu_seconds(os.getpid()) - begun
    finally:
        crew.close()
    rate = _rate(base)
    base.close()
    return Rate(rate, spent / len(articles))


@contextmanager
def cluster(url: str, broker: str, folder: Path, concurrency: int) -> Iterator[list[Worker]]:
    """A read worker of so many processes and the dispatcher."""
    env = os.environ | {
        "SAGEON_DATABASE_URL": url, "SAGEON_BROKER_URL": broker, "SAGEON_READ_BATCH": str(BATCH),
        "SAGEON_ALERTS": str(folder / "none.toml"), "SAGEON_READERS": str(concurrency),
    }  # fmt: skip
    workers = [Worker("read", env, folder / "read.log"), Worker("beat", env, folder / "beat.log")]
    try:
        for worker in workers:
            worker.start(concurrency)
        yield workers
    finally:
        for worker in workers:
            worker.stop()


def through_celery(url: str, broker: str, folder: Path, articles: Sequence[IncomingArticle], concurrency: int) -> Rate:
    """Read by `sageon worker --queue read`."""
    base = _stored(url, articles)
    with cluster(url, broker, folder, concurrency) as workers:
        _until_read(base)
        spent = sum(cpu_seconds(worker.process.pid) for worker in workers if worker.process)
    rate = _rate(base)
    base.close()
    return Rate(rate, spent / len(articles))


def waits(url: str, broker: str, folder: Path, articles: Sequence[IncomingArticle]) -> list[float]:
    """Seconds from storing an article in an idle, warm cluster to the end of its reading, one article at a time."""
    base = _stored(url, articles[:1])
    chance = random.Random(2026)
    stored: dict[str, datetime] = {}
    with cluster(url, broker, folder, 1):
        _until_read(base)
        for article in articles[1:]:
            time.sleep(chance.uniform(0.2, 2.0))
            store_batch(base, [article])
            stored[article.url] = datetime.now(UTC)
            _until_read(base)
    with base.read() as session:
        ended = dict(session.execute(sa.text(_READ_AT)).all())
    base.close()
    return sorted((ended[url] - at).total_seconds() for url, at in stored.items() if ended.get(url) is not None)


_READ_AT = "SELECT a.url, l.read_at FROM ledger l JOIN article a ON a.id = l.article_id"


def _stored(url: str, articles: Sequence[IncomingArticle]) -> Database:
    base = Database.open(url)
    base.upgrade()
    for first in range(0, len(articles), BATCH):
        store_batch(base, list(articles[first : first + BATCH]))
    return base


def _until_read(base: Database, patience: float = 900.0) -> None:
    end = time.monotonic() + patience
    while time.monotonic() < end:
        with base.read() as session:
            if not unread(session):
                return
        time.sleep(0.05)
    raise RuntimeError("the workers did not read everything")


def _rate(base: Database) -> float:
    with base.read() as session:
        ends = sorted(at for (at,) in session.execute(sa.text("SELECT read_at FROM ledger WHERE read_at IS NOT NULL")))
    ends = [datetime.fromisoformat(at) if isinstance(at, str) else at for at in ends]
    return (len(ends) - BATCH) / (ends[-1] - ends[BATCH - 1]).total_seconds()


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=400)
    parser.add_argument("--singles", type=int, default=60)
    given = parser.parse_args()
    if not STREAM.is_file():
        print("the shared data is not beside this checkout; nothing is measured")
        return 0
    with lzma.open(STREAM, "rt", encoding="utf-8") as stream:
        articles = [incoming(json.loads(line), n) for n, line in enumerate(islice(stream, given.articles))]
    rates: dict[str, Rate] = {}
    for readers in (1, 2):
        with tempfile.TemporaryDirectory() as folder:
            rates[f"embedded, SQLite, {readers}"] = embedded(f"sqlite:///{folder}/c.db", articles, readers)
            _tell(rates)
    try:
        for readers in (1, 2):
            with ExitStack() as stack:
                url, _, _ = _servers(stack)
                rates[f"embedded, PostgreSQL, {readers}"] = embedded(url, articles, readers)
                _tell(rates)
            with ExitStack() as stack:
                url, broker, folder_ = _servers(stack)
                rates[f"Celery, PostgreSQL, {readers}"] = through_celery(url, broker, folder_, articles, readers)
                _tell(rates)
        with ExitStack() as stack:
            took = waits(*_servers(stack), articles[: given.singles + 1])
    except NoServer as reason:
        print(f"not tried: {reason}")
        return 0
    for way in ("embedded, SQLite", "embedded, PostgreSQL", "Celery, PostgreSQL"):
        print(
            f"{way}: two processes read {rates[f'{way}, 2'].a_second / rates[f'{way}, 1'].a_second:.2f} times as fast"
        )
    one, other = rates["embedded, PostgreSQL, 1"], rates["Celery, PostgreSQL, 1"]
    print(f"Celery costs {other.cpu / one.cpu - 1:+.1%} processor time, {one.a_second / other.a_second - 1:+.1%} time")
    print(
        f"an article in an idle cluster is read after p50 {percentile(took, 0.5):.2f} s, p95 {percentile(took, 0.95):.2f} s"
    )
    return 0


def _servers(stack: ExitStack) -> tuple[str, str, Path]:
    redis, database = Redis(), PostgreSQL()
    stack.callback(database.remove)
    for server in (redis, database):
        server.start()
        stack.callback(server.kill)
    return database.url, redis.url, Path(stack.enter_context(tempfile.TemporaryDirectory()))


def _tell(rates: dict[str, Rate]) -> None:
    name = list(rates)[-1]
    print(f"{name:26} {rates[name]}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
