"""Reading articles that are not stored: in this process for a few, in worker processes for many."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator
from functools import cache, partial
from itertools import chain, islice
from typing import TYPE_CHECKING

from crawler.pool import in_order, worker_pool
from extract.records import Article, Reading

if TYPE_CHECKING:
    from extract.reader import Reader

#: A worker needs about 2 s to load its analyser; below this many articles one process is done sooner.
WORTH_A_POOL = 200
BATCH = 16


#: The reader that is used where the settings name no other.
DEFAULT = "extract.reader:LexiconReader"


class NoSuchReaderError(Exception):
    """The settings name a reader that cannot be imported or made."""


@cache
def reader_named(target: str = DEFAULT, model: str = "") -> Reader:
    """This process's reader "module:Class", asked for with `model` where one is named; its analyser is loaded once.

    Raises NoSuchReaderError.
    """
    module, _, name = target.partition(":")
    try:
        reader = getattr(importlib.import_module(module), name)
        made: Reader = reader(model=model) if model else reader()
    except (ImportError, AttributeError, TypeError) as error:
        raise NoSuchReaderError(f"reader {target}: {error}") from error
    return made


def read_articles(
    articles: Iterable[Article], *, processes: int = 1, reader: str = DEFAULT, model: str = ""
) -> Iterator[tuple[Article, Reading]]:
    """Each article with its reading, in order. With `processes` above 1 a long stream is read by that many workers."""
    stream = iter(articles)
    first = list(islice(stream, WORTH_A_POOL))
    if processes < 2 or len(first) < WORTH_A_POOL:
        for article in chain(first, stream):
            yield article, reader_named(reader, model).read(article)
        return
    with worker_pool(processes, preload=("crawler.jobs.reading", "extract.reader")) as pool:
        yield from in_order(
            pool, partial(read_pairs, reader, model), chain(first, stream), batch=BATCH, ahead=2 * processes
        )


def read_pairs(reader: str, model: str, articles: list[Article]) -> list[tuple[Article, Reading]]:
    """Each article with its reading by the named reader."""
    return list(zip(articles, reader_named(reader, model).read_many(articles), strict=True))
