"""Reading by one process and by two, embedded and through Celery, and how long a new article waits in an idle cluster.

    python -m benchmarks cluster [--articles 400] [--singles 60] [--rounds 2] [--only overhead]

The articles are those of `news/stream_ko_2025-10`, read by the shipped reader. PostgreSQL and Redis are started for it
on this machine and take their share of its cores. Each way is a process of its own, started anew. Processor time is that
of the readers and whatever started them, without the servers, in two parts: the start, up to the end of the first batch
of each reader, and what an article costs from there on; the rate is of the second part, up to where the first reader may
run out of work.
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import random
import subprocess
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

from benchmarks.machines import ROOT, Worker
from benchmarks.month.checks import percentile
from benchmarks.pages import SHARED
from benchmarks.processes import cpu_of_each
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
    """Articles read a second of the clock, processor seconds an article, both without start and end, and those of the start.

    `beside` is what processes that do not read took of an article's processor seconds: whoever keeps the readers, and
    the dispatcher.
    """

    a_second: float
    cpu: float
    start: float
    beside: float

    def __str__(self) -> str:
        return (
            f"{self.a_second:5.1f} articles/s, {1000 * self.cpu:5.1f} CPU ms an article,"
            f" {1000 * self.beside:4.2f} of them beside the readers ({self.beside / self.cpu:.1%}); start {self.start:.1f} CPU s"
        )


@dataclass(frozen=True, slots=True)
class _Mark:
    at: float
    read: int
    cpu: dict[int, float]


def embedded(url: str, articles: Sequence[IncomingArticle], readers: int) -> Rate:
    """Read by the reader processes of `sageon crawl` and `watch`."""
    base = _stored(url, articles)
    command = f"from benchmarks.cluster import drain; drain({url!r}, {readers})"
    process = subprocess.Popen([sys.executable, "-c", command], cwd=ROOT, stdin=subprocess.PIPE)
    try:
        return _watched(base, len(articles), readers, [process.pid])
    finally:
        process.communicate()  # it waits for the end of its input
        base.close()


def drain(url: str, readers: int) -> None:
    """What the process of `embedded` does: read everything, then stay until it has been measured."""
    config = replace(Config(database_url=url, readers=readers), read_batch=BATCH)
    base = Database.open(url)
    crew = ReadingCrew(read_order(config), readers, base)
    crew.drain()
    sys.stdin.read()
    crew.close()
    base.close()


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
        rate = _watched(base, len(articles), concurrency, [one.process.pid for one in workers if one.process])
    base.close()
    return rate


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


def _watched(base: Database, articles: int, readers: int, processes: Sequence[int]) -> Rate:
    """Wait until all is read by these processes and what they started."""

    def mark(unread: int) -> _Mark:
        spent = {pid: cpu for process in processes for pid, cpu in cpu_of_each(process).items()}
        return _Mark(time.monotonic(), articles - unread, spent)

    warm = mark(_until_read(base, articles - BATCH * readers))
    end = mark(_until_read(base, BATCH * (readers - 1)))
    _until_read(base)
    number = end.read - warm.read
    each = sorted((end.cpu[pid] - warm.cpu.get(pid, 0.0)) / number for pid in end.cpu)
    start = sum(warm.cpu.values()) - warm.read * sum(each)
    return Rate(number / (end.at - warm.at), sum(each), start, sum(each[:-readers]))


def _until_read(base: Database, left: int = 0, patience: float = 900.0) -> int:
    """Wait until at most `left` are unread; returns how many are."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        with base.read() as session:
            if (waiting := unread(session)) <= left:
                return waiting
        time.sleep(0.05)
    raise RuntimeError("the workers did not read everything")


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=400)
    parser.add_argument("--singles", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--only", choices=["overhead"], help="one reader on PostgreSQL, embedded and through Celery")
    given = parser.parse_args()
    if not STREAM.is_file():
        print("the shared data is not beside this checkout; nothing is measured")
        return 0
    with lzma.open(STREAM, "rt", encoding="utf-8") as stream:
        articles = [incoming(json.loads(line), n) for n, line in enumerate(islice(stream, given.articles))]
    try:
        for number in range(given.rounds):
            print(f"round {number + 1}", flush=True)
            _round(articles, overhead=given.only == "overhead")
        if not given.only:
            with ExitStack() as stack:
                took = waits(*_servers(stack), articles[: given.singles + 1])
            print(
                f"an article in an idle cluster is read after p50 {percentile(took, 0.5):.2f} s,"
                f" p95 {percentile(took, 0.95):.2f} s"
            )
    except NoServer as reason:
        print(f"not tried: {reason}")
    return 0


def _round(articles: Sequence[IncomingArticle], *, overhead: bool) -> None:
    rates: dict[str, Rate] = {}
    numbers = (1,) if overhead else (1, 2)
    for readers in () if overhead else numbers:
        with tempfile.TemporaryDirectory() as folder:
            rates[f"embedded, SQLite, {readers}"] = embedded(f"sqlite:///{folder}/c.db", articles, readers)
            _tell(rates)
    for readers in numbers:
        with ExitStack() as stack:
            url, _, _ = _servers(stack)
            rates[f"embedded, PostgreSQL, {readers}"] = embedded(url, articles, readers)
            _tell(rates)
        with ExitStack() as stack:
            url, broker, folder_ = _servers(stack)
            rates[f"Celery, PostgreSQL, {readers}"] = through_celery(url, broker, folder_, articles, readers)
            _tell(rates)
    for way in () if overhead else ("embedded, SQLite", "embedded, PostgreSQL", "Celery, PostgreSQL"):
        print(
            f"{way}: two processes read {rates[f'{way}, 2'].a_second / rates[f'{way}, 1'].a_second:.2f} times as fast"
        )
    one, other = rates["embedded, PostgreSQL, 1"], rates["Celery, PostgreSQL, 1"]
    print(
        f"Celery costs {other.cpu / one.cpu - 1:+.1%} processor time ({(other.beside - one.beside) / one.cpu:+.1%} beside the"
        f" readers), {one.a_second / other.a_second - 1:+.1%} time, and {other.start - one.start:+.1f} CPU s once",
        flush=True,
    )


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
