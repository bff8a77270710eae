"""A backfill of several archives: one after the other through the cleaning pool, while readers read."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Protocol

from crawler.backfill.archive import Archive
from crawler.backfill.checkpoint import archive_key, load_offset
from crawler.backfill.gate import Keep
from crawler.backfill.job import Outcomes, backfill_file
from crawler.backfill.outlets import Outlets
from crawler.config import Config
from crawler.jobs.order import CrawlReport
from crawler.jobs.read_stored import read_order
from crawler.jobs.reading_crew import ReadingCrew
from crawler.jobs.summary import RunSummary
from crawler.pipelines.cleaners import Cleaners
from spiders.source import Source
from storage.database import Database
from storage.runs import finish_run, record_outcomes, start_run

#: The name under which records that belong to no outlet are counted.
NO_SOURCE = "(archive)"


class BackfillWatcher(Protocol):
    """Told of a backfill while it goes on."""

    def file(self, number: int, archive: Archive, done: int, size: int | None) -> None:
        """So many bytes of the archive, the `number`th (from 0), have been read and stored; `size` may be unknown."""

    def reading(self, read: int, waiting: int) -> None:
        """So many articles have been read, about so many wait."""


def backfill_files(
    files: Sequence[Archive],
    sources: Sequence[Source],
    database: Database,
    config: Config,
    *,
    read: bool = True,
    keep: Keep = "relevant",
    watcher: BackfillWatcher | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> RunSummary:
    """Store and read the articles of the files; return what became of them by source.

    A file that was read in part goes on where it stopped. A file that cannot be opened, or is no archive, is a failed
    report under its own name, and the others go on.
    """
    started = time.monotonic()
    with database.write() as session:
        run_id = start_run(session, "backfill", now())
    outlets = Outlets(sources)
    to_read = read_order(config)
    cleaners = Cleaners(config.cleaner_count())
    crew = ReadingCrew(to_read, config.reader_count(), database, watcher)
    total: Outcomes = Counter()
    broken: list[CrawlReport] = []
    try:
        for number, file in enumerate(files):
            fresh = 0
            size: int | None = None

            def stored(offset: int, outcomes: Outcomes) -> None:
                nonlocal fresh
                if watcher is not None:
                    watcher.file(number, file, offset, size)  # noqa: B023 - called within its round of the loop
                if read:
                    so_far = sum(n for (_, outcome), n in outcomes.items() if outcome in ("new", "changed"))
                    crew.expect(so_far - fresh)
                    fresh = so_far
                    crew.work()

            try:
                size = file.size()
                with database.read() as session:
                    begun = bool(load_offset(session, archive_key(file)))
                if watcher is not None:
                    watcher.file(number, file, 0, size)
                outcomes = backfill_file(
                    file,
                    database,
                    outlets,
                    cleaners,
                    ahead=4 * config.cleaner_count(),
                    batch=config.store_batch,
                    stored=stored,
                    keep=keep,
                )
                if watcher is not None:
                    watcher.file(number, file, size or 0, size)
                if not begun and {outcome for _, outcome in outcomes} == {"broken_record"}:
                    damage = {"broken_record": outcomes.total()}
                    broken.append(CrawlReport(file.name, damage, error=f"{file.address}: no record can be read"))
                else:
                    total += outcomes
            except OSError as error:
                broken.append(CrawlReport(file.name, error=f"{file.address}: {error.strerror or error}"))
        if read:
            crew.drain()
    finally:
        cleaners.close()
        crew.close()
    reports = [*_reports(total, time.monotonic() - started), *broken]
    with database.write() as session:
        for report in reports:
            record_outcomes(session, run_id, report.source, report.outcomes, now=now())
        finish_run(session, run_id, now(), ok=len(broken) < len(files))
    return RunSummary(tuple(reports), dict(crew.outcomes), dict(crew.changes), time.monotonic() - started)


def _reports(total: Outcomes, seconds: float) -> list[CrawlReport]:
    by_source: dict[str, dict[str, int]] = {}
    for (source, outcome), number in sorted(total.items()):
        by_source.setdefault(source or NO_SOURCE, {})[outcome] = number
    return [CrawlReport(source, outcomes, seconds, archived=True) for source, outcomes in by_source.items()]
