"""What it costs to put one more report to its incident."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import func, select

from benchmarks.million_rows import CODER, MONTHS, Inventor
from extract.records import Article, Reading
from storage.articles import IncomingArticle, store_article
from storage.database import Database
from storage.ledger import claim, finish
from storage.models import Article as ArticleRow


@dataclass(frozen=True, slots=True)
class Cost:
    """Wall time of each report in milliseconds, CPU time of this process for all of them, and how many joined."""

    milliseconds: tuple[float, ...]
    cpu_milliseconds: float
    joined: int


def resolve_cost(database: Database, incidents: int, reports: int, seed: int) -> Cost:
    """Resolve so many reports, one transaction each: every other one tells of an event that the one before it has told.

    The events lie all over the ten years of the table, so that candidates are looked for among as many as it has.
    """
    with database.read() as session:  # another run over the same table must tell of other events
        known = session.scalar(select(func.max(ArticleRow.id))) or 0
    seed += known
    chance = random.Random(seed)
    inventor = Inventor(incidents, 30 * MONTHS, seed)
    times: list[float] = []
    cpu, joined = 0.0, 0
    for number in range(-(-reports // 2)):
        (invented,) = inventor.chunk(chance.randrange(incidents), [2])
        for told in invented.told:
            article = replace(told.article, title=f"{told.article.title} {number}")
            _store(database, article, told.source, known + len(times) + 1)
            with database.write() as session:
                claims = claim(session, "bench", 100, timedelta(minutes=5), told.published)
            for one in claims:
                reading = Reading(one.article.id, one.article.language, CODER, (told.report,))
                begun, begun_cpu = time.perf_counter(), time.process_time()
                with database.write() as session:
                    changes = finish(session, one, reading, told.published)
                times.append(1000 * (time.perf_counter() - begun))
                cpu += 1000 * (time.process_time() - begun_cpu)
                joined += all(change.kind != "opened" for change in changes)
    return Cost(tuple(times), cpu, joined)


def _store(database: Database, article: Article, source: str, number: int) -> None:
    assert article.published is not None
    with database.write() as session:
        store_article(
            session,
            IncomingArticle(
                source, f"https://bench.example/{number}", article.title, article.text,
                article.published, f"{number:032x}", number * 0x9E3779B97F4A7C15 % (1 << 64),
                language=article.language, published=article.published, country=article.country,
            ),
        )  # fmt: skip
