"""Reading stored articles again with the present coder: what it would change, or changing it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.config import Config
from crawler.jobs.read_stored import read_order, without_names
from crawler.jobs.reading import read_articles, reader_named
from crawler.jobs.reading_changes import ReadingChange, compare
from crawler.jobs.reading_crew import ReadingCrew, ReadingWatcher
from extract.records import Article
from storage.database import Database
from storage.recode import Choice, OldReading, cells_recoded, chosen_versions, last_history, old_readings, put_back

#: Versions put back into the ledger in one transaction; no more than these wait in it when a recode is ended.
PUT_BACK = 500
#: Versions compared at a time.
BATCH = 200


@dataclass(frozen=True, slots=True)
class ArticleChange:
    """What a newer reading of one article would change."""

    article: Article
    change: ReadingChange


@dataclass(frozen=True, slots=True)
class Recoded:
    """What was changed: outcomes of the readings, changes of incidents by kind, changed cells by name."""

    read: dict[str, int]
    changes: dict[str, int]
    cells: dict[str, int]


def preview(database: Database, config: Config, choice: Choice, *, limit: int | None = None) -> Iterator[ArticleChange]:
    """Read the chosen articles with the present reader and compare; nothing is written."""
    with database.read() as session:
        version_ids = chosen_versions(session, choice, limit=limit)
    waiting: dict[str, OldReading] = {}

    def articles() -> Iterator[Article]:
        for first in range(0, len(version_ids), BATCH):
            with database.read() as session:  # a session each: a long one would keep SQLite's log from being emptied
                batch = old_readings(session, version_ids[first : first + BATCH])
            for old in batch:
                waiting[old.article.id] = old
                yield old.article

    for article, reading in read_articles(
        articles(), processes=config.reader_count(), reader=config.reader, model=config.model
    ):
        old = waiting.pop(article.id)
        told = reading if config.names else without_names(reading)
        yield ArticleChange(article, compare(old.reports, old.incidents, told.reports))


def apply(
    database: Database, config: Config, choice: Choice, *,
    limit: int | None = None, watcher: ReadingWatcher | None = None,
) -> Recoded:  # fmt: skip
    """Read the chosen articles again and let the readings replace the older ones; analysts' edits stand.

    Ended at any moment it leaves a right table: what was read is changed, what was put back is read by the next crawl
    or recode, and the rest is chosen again by the next recode.
    """
    with database.read() as session:
        version_ids = chosen_versions(session, choice, limit=limit)
        before = last_history(session)
    crew = ReadingCrew(read_order(config), config.reader_count(), database, watcher)
    try:
        crew.drain()  # what an earlier recode has left
        for first in range(0, len(version_ids), PUT_BACK):
            with database.write() as session:
                put_back(session, version_ids[first : first + PUT_BACK])
            crew.drain()
    finally:
        crew.close()
    with database.read() as session:
        cells = cells_recoded(session, before)
    return Recoded(dict(crew.outcomes), dict(crew.changes), cells)


def present_coder(config: Config) -> str:
    """The coder version of the reader that the settings name."""
    return reader_named(config.reader, config.model).coder


def counted(one: ArticleChange) -> Counter[tuple[str, str]]:
    """How often each (cell, kind) occurs in it; kind is same, filled, emptied or changed."""
    counts: Counter[tuple[str, str]] = Counter({(cell, "same"): times for cell, times in one.change.same.items()})
    counts.update((item.cell, item.kind) for item in one.change.changes)
    return counts
