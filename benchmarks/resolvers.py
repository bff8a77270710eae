"""Resolution alone, by one process and by several: articles of events a second, with locks by block and with one lock.

    python -m benchmarks resolvers [--stream stream_ko_2025-10 --stream stream_en_2020] [--articles 800] [--processes 1 2]

The articles of the streams are read first, in turn; those that report something are stored in a PostgreSQL of the trial's
own. Then so many processes put them to incidents, each claiming a few at a time, as readers do that have nothing else to
do. The server runs on the same cores.

What more processes would gain on more cores is simulated: what each article locks is written down in one pass, and so
many workers then take the articles in order, lock as `storage.blocks` does, and hold their locks for an equal time.
"""

from __future__ import annotations

import argparse
import heapq
import json
import lzma
import multiprocessing
import sys
import tempfile
import time
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain, islice, zip_longest
from typing import Any
from unittest import mock

import sqlalchemy as sa
from sqlalchemy.orm import Session

from benchmarks.pages import SHARED
from benchmarks.servers import NoServer, PostgreSQL
from benchmarks.stream import incoming
from crawler.config import Config
from crawler.jobs.read_stored import prepared
from extract.records import Article, Reading
from storage import blocks, ledger
from storage.articles import IncomingArticle, store_article
from storage.database import Database
from storage.ledger import claim, finish

#: Articles that a process claims at a time.
CLAIM = 4
Told = dict[str, Reading]
Lock = tuple[int, int]


def read(names: Sequence[str], number: int) -> tuple[list[IncomingArticle], Told]:
    """The streams' articles that report something, the streams in turn, with what they report by address."""
    reader = prepared(Config().reader, Config().model)
    streams = []
    for name in names:
        with lzma.open(SHARED / "news" / f"{name}.jsonl.xz", "rt", encoding="utf-8") as lines:
            streams.append([incoming(json.loads(line), n) for n, line in enumerate(islice(lines, number))])
    kept, told = [], {}
    for one in chain.from_iterable(zip_longest(*streams)):
        if one is None:
            continue
        made = reader.read(
            Article(one.url, one.title, one.text, one.published, one.language, one.url, one.source, one.country)
        )
        if made.reports:
            kept.append(one)
            told[one.url] = made
    return kept, told


def work(url: str, told: Told, begin: Any, alone: bool) -> None:
    """One process: put claimed articles to incidents until none is left."""
    if alone:
        blocks.MOST_KEYS = -1
    base = Database.open(url)
    with base.read() as session:
        session.execute(sa.text("SELECT 1"))
    begin.wait()
    while True:
        with base.write() as session:
            claims = claim(session, multiprocessing.current_process().name, CLAIM, timedelta(hours=1), _now())
        if not claims:
            break
        for one in claims:
            made = replace(told[one.article.url or ""], article_id=one.article.id)
            with base.write() as session:
                finish(session, one, made, _now())
    base.close()


def rate(articles: Sequence[IncomingArticle], told: Told, processes: int, *, alone: bool) -> tuple[float, int, int]:
    """Articles a second, incidents at the end, and deadlocks that the server had to break."""
    server = PostgreSQL()
    server.start()
    try:
        base = Database.open(server.url)
        base.upgrade()
        for first in range(0, len(articles), 64):
            with base.write() as session:
                for one in articles[first : first + 64]:
                    store_article(session, one)
        with base.read() as session:
            stored = session.scalar(sa.text("SELECT count(*) FROM ledger WHERE state = 'pending'")) or 0
        context = multiprocessing.get_context("fork")
        base.close()
        begin = context.Barrier(processes + 1)
        running = [context.Process(target=work, args=(server.url, told, begin, alone)) for _ in range(processes)]
        for one in running:
            one.start()
        begin.wait()
        begun = time.monotonic()
        for one in running:
            one.join()
        took = time.monotonic() - begun
        with base.read() as session:
            incidents = session.scalar(sa.text("SELECT count(*) FROM incident WHERE status <> 'merged'")) or 0
            broken = session.scalar(sa.text("SELECT sum(deadlocks) FROM pg_stat_database")) or 0
            left = session.scalar(sa.text("SELECT count(*) FROM ledger WHERE state IN ('pending', 'claimed')"))
        assert not left, f"{left} articles were not finished"
        base.close()
        return stored / took, incidents, int(broken)
    finally:
        server.kill()
        server.remove()


def lock_sets(articles: Sequence[IncomingArticle], told: Told) -> list[list[Lock]]:
    """What each article locks when they come one after another: its keys (0, key), then its incidents (1, number)."""
    taken: list[list[Lock]] = []

    def noted(session: Session, article_id: int, keys: set[int], near: Any, write: Any) -> Any:
        homes = near()
        done = write(blocks.EVERYTHING)
        homes |= {change.incident_id for change in done}
        taken.append([*((0, key) for key in sorted(keys)), *((1, home) for home in sorted(homes))])
        return done

    with tempfile.TemporaryDirectory() as folder, mock.patch.object(ledger, "resolving", noted):
        base = Database.open(f"sqlite:///{folder}/locks.db")
        base.upgrade()
        with base.write() as session:
            for one in articles:
                store_article(session, one)
        with base.write() as session:
            claims = claim(session, "locks", len(articles), timedelta(hours=1), _now())
        for one in claims:
            with base.write() as session:
                finish(session, one, replace(told[one.article.url or ""], article_id=one.article.id), _now())
        base.close()
    return taken


def alongside(sets: Sequence[Sequence[Lock]], workers: int) -> float:
    """How many articles are put to incidents in the time of one, with so many workers and cores enough."""
    queues: dict[Lock, deque[int]] = defaultdict(deque)  # the first in a queue holds the lock
    got = [0] * len(sets)
    ends: list[tuple[float, int]] = []
    coming = iter(range(len(sets)))
    now = 0.0

    def go_on(article: int) -> None:
        """Take its next locks up to one that another holds; with all of them, work."""
        while got[article] < len(sets[article]):
            queue = queues[sets[article][got[article]]]
            if article not in queue:
                queue.append(article)
            if queue[0] != article:
                return
            got[article] += 1
        heapq.heappush(ends, (now + 1.0, article))

    for article in islice(coming, workers):
        go_on(article)
    while ends:
        now, article = heapq.heappop(ends)
        for lock in sets[article]:
            queues[lock].popleft()
        for lock in sets[article]:
            if queues[lock] and got[queues[lock][0]] < len(sets[queues[lock][0]]):
                go_on(queues[lock][0])
        for fresh in islice(coming, 1):
            go_on(fresh)
    return len(sets) / now


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stream", action="append", dest="streams")
    parser.add_argument("--articles", type=int, default=800, help="of each stream")
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=2, help="0: the simulation alone")
    given = parser.parse_args()
    streams = given.streams or ["stream_ko_2025-10", "stream_en_2020"]
    if not all((SHARED / "news" / f"{name}.jsonl.xz").is_file() for name in streams):
        print("the shared data is not beside this checkout; nothing is measured")
        return 0
    articles, told = read(streams, given.articles)
    print(f"{len(articles)} articles that report something", flush=True)
    sets = lock_sets(articles, told)
    gains = ", ".join(f"{workers}: {alongside(sets, workers):.1f}" for workers in (2, 4, 8, 16, 32))
    print(
        f"{sum(map(len, sets)) / len(sets):.0f} locks an article; workers and their gain, simulated: {gains}",
        flush=True,
    )
    try:
        for number in range(given.rounds):
            for alone in (True, False):
                rates = {}
                for processes in given.processes:
                    rates[processes], incidents, broken = rate(articles, told, processes, alone=alone)
                    print(
                        f"round {number + 1}, {'one lock' if alone else 'locks by block'}, {processes} processes:"
                        f" {rates[processes]:.1f} articles/s ({rates[processes] / rates[given.processes[0]]:.2f}),"
                        f" {incidents} incidents, {broken} deadlocks",
                        flush=True,
                    )
    except NoServer as reason:
        print(f"not tried: {reason}")
    return 0


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    sys.exit(main())
