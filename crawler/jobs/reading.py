"""Reading articles that are not stored: in this process for a few, in worker processes for many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import chain, islice
from typing import TYPE_CHECKING

from crawler.pool import in_order, worker_pool
from extract.records import Article, Reading

if TYPE_CHECKING:
    from extract.reader import Reader

#: A worker needs about 2 s to load its analyser; below this many articles one process is done sooner.
WORTH_A_POOL = 200
BATCH = 16


@cache
def default_reader() -> Reader:
    """This process's reader; its analyser is loaded once."""
    from extract.reader import LexiconReader  # the analyser; a process that reads nothing never loads it

    return LexiconReader()


def read_batch(articles: Sequence[Article]) -> list[Reading]:
    """Readings of the articles, in their order."""
    return list(default_reader().read_many(articles))


def read_articles(articles: Iterable[Article], *, processes: int = 1) -> Iterator[tuple[Article, Reading]]:
    """Each article with its reading, in order. With `processes` above 1 a long stream is read by that many workers."""
    stream = iter(articles)
    first = list(islice(stream, WORTH_A_POOL))
    if processes < 2 or len(first) < WORTH_A_POOL:
        for article in chain(first, stream):
            yield article, default_reader().read(article)
        return
    with worker_pool(processes, preload=("crawler.jobs.reading", "extract.reader")) as pool:
        yield from in_order(pool, read_pairs, chain(first, stream), batch=BATCH, ahead=2 * processes)


def read_pairs(articles: list[Article]) -> list[tuple[Article, Reading]]:
    """Each article with its reading."""
    return list(zip(articles, read_batch(articles), strict=True))
