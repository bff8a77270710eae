"""A WARC file into the article table: pages cleaned in a pool, stored by batch with the offset to go on from."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from crawler.backfill.checkpoint import archive_key, load_offset, save_offset
from crawler.backfill.outlets import Outlets
from crawler.backfill.warc import WarcRecord, records
from crawler.pipelines.cleaners import Cleaners
from crawler.pipelines.cleaning import Cleaned, page_outcome
from crawler.pipelines.outlet import Outlet
from crawler.pipelines.storing import incoming_article
from spiders.page import Page
from storage.articles import store_article
from storage.database import Database

#: Outcomes by source; what belongs to no source (a broken record) stands under "".
Outcomes = Counter[tuple[str, str]]


#: Pages that go to a cleaner together.
TOGETHER = 4
_Pair = tuple[Page, Outlet]


@dataclass(frozen=True, slots=True)
class _Task:
    """One record on its way: what to clean, or what became of it already."""

    record: WarcRecord
    source: str = ""
    outcome: str | None = None
    page: Page | None = None
    outlet: Outlet | None = None


def backfill_file(
    file: Path,
    database: Database,
    outlets: Outlets,
    cleaners: Cleaners,
    *,
    ahead: int,
    batch: int,
    stored: Callable[[int, Outcomes], None],
) -> Outcomes:
    """Store every article of the file that is not stored yet; return the outcomes of this run.

    At most `ahead` groups of pages wait for cleaners or for their turn to be stored.
    `stored` is called after each commit with the offset reached and all outcomes so far. Articles and offset are
    committed together, so a run that is killed goes on behind its last batch. Raises OSError for an unreadable file.
    """
    key = archive_key(file)
    with database.read() as session:
        start = load_offset(session, key)
    outcomes: Outcomes = Counter()
    tasks = (_task(record, outlets) for record in records(file, start))
    for group in _groups(cleaned_in_order(tasks, cleaners, ahead=ahead), batch):
        with database.write() as session:
            for task, result in group:
                outcomes[task.source, _store(session, task, result)] += 1
            save_offset(session, key, group[-1][0].record.offset)
        stored(group[-1][0].record.offset, outcomes)
    return outcomes


def cleaned_in_order(
    tasks: Iterable[_Task], cleaners: Cleaners, *, ahead: int
) -> Iterator[tuple[_Task, Cleaned | None]]:
    """Each task with its cleaned page, in order; drawn as they are taken, so that an archive of any size fits."""
    source = iter(tasks)
    waiting: deque[tuple[list[_Task], list[_Pair], Future[list[Cleaned]] | None]] = deque()
    while True:
        while len(waiting) < ahead and (group := list(islice(source, TOGETHER))):
            pairs = [(task.page, task.outlet) for task in group if task.page is not None and task.outlet is not None]
            waiting.append((group, pairs, cleaners.submit(pairs) if pairs else None))
        if not waiting:
            return
        group, pairs, coming = waiting.popleft()
        try:
            pages = iter(coming.result() if coming else ())
        except BrokenProcessPool:  # one of these pages, or one that was cleaned beside them
            pages = iter(cleaners.one_by_one(pairs))
        for task in group:
            yield task, next(pages) if task.page is not None and task.outlet is not None else None


def _task(record: WarcRecord, outlets: Outlets) -> _Task:
    if record.page is None:
        return _Task(record, outcome=record.outcome)
    found = outlets.find(record.page.url)
    if found.outlet is None:
        return _Task(replace(record, page=None), outcome="not_article_url")
    page = Page(
        source=found.outlet.id,
        url=record.page.url,
        requested_url=record.page.url,
        status=200,
        body=record.page.body,
        text=record.page.text,
        fetched_at=record.page.fetched_at,
        native_id=found.native_id,
    )
    return _Task(replace(record, page=None), found.outlet.id, page=page, outlet=found.outlet)


def _store(session: Any, task: _Task, cleaned: Cleaned | None) -> str:
    if task.outcome is not None:
        return task.outcome
    assert task.page is not None
    assert task.outlet is not None
    assert cleaned is not None
    if cleaned.text_hash is None:
        return page_outcome(cleaned)
    return str(store_article(session, incoming_article(task.page, cleaned, task.outlet)).outcome)


def _groups(results: Iterator[tuple[_Task, Cleaned | None]], size: int) -> Iterator[list[tuple[_Task, Cleaned | None]]]:
    while group := list(islice(results, size)):
        yield group
