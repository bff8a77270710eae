"""A WARC file into the article table: what is not worth cleaning turned away, the rest cleaned in a pool, stored by
batch with the offset to go on from."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from crawler.backfill.archive import Archive
from crawler.backfill.checkpoint import archive_key, load_offset, save_offset
from crawler.backfill.gate import Keep, turned_away
from crawler.backfill.outlets import Outlets
from crawler.backfill.warc import WarcRecord, records
from crawler.pipelines.cleaners import Cleaners
from crawler.pipelines.cleaning import Cleaned, page_outcome
from crawler.pipelines.outlet import Outlet
from crawler.pipelines.storing import incoming_article
from spiders.page import Page
from storage.articles import known_keys, native_key, store_article, url_key
from storage.database import Database
from storage.ledger import ARCHIVE

#: Outcomes by source; what belongs to no source (a broken record) stands under "".
Outcomes = Counter[tuple[str, str]]


#: Pages that go to a cleaner together.
TOGETHER = 4
#: Records whose addresses are looked up together.
LOOKED_UP = 64
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
    archive: Archive,
    database: Database,
    outlets: Outlets,
    cleaners: Cleaners,
    *,
    ahead: int,
    batch: int,
    stored: Callable[[int, Outcomes], None],
    keep: Keep = "relevant",
) -> Outcomes:
    """Store every article of the archive that is not stored yet; return the outcomes of this run.

    `keep` says which pages of undeclared hosts are worth cleaning; those of declared sources all are.
    At most `ahead` groups of pages wait for cleaners or for their turn to be stored.
    `stored` is called after each commit with the offset reached and all outcomes so far. Articles and offset are
    committed together, so a run that is killed goes on behind its last batch. Raises OSError for an unreadable archive;
    what `stored` raises ends the run.
    """
    key = archive_key(archive)
    with database.read() as session:
        start = load_offset(session, key)
    outcomes: Outcomes = Counter()
    tasks = _unknown((_task(record, outlets, keep) for record in records(archive, start)), database)
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


def _unknown(tasks: Iterable[_Task], database: Database) -> Iterator[_Task]:
    """The tasks, those of addresses that were fetched as late or later already with the outcome `known`.

    Archives hold most pages several times; an older fetch must not take the place of a newer one either.
    """
    source = iter(tasks)
    while group := list(islice(source, LOOKED_UP)):
        names = {_name(task): task for task in group if task.page is not None}
        with database.read() as session:
            known = known_keys(session, names)
        for task in group:
            if task.page is not None:
                found = known.get(_name(task))
                if found is not None and found.last_fetched >= task.page.fetched_at:
                    task = replace(task, page=None, outlet=None, outcome="known")
            yield task


def _name(task: _Task) -> str:
    assert task.page is not None
    return native_key(task.source, task.page.native_id) if task.page.native_id else url_key(task.page.url)


def _task(record: WarcRecord, outlets: Outlets, keep: Keep) -> _Task:
    if record.page is None:
        return _Task(record, outcome=record.outcome)
    found = outlets.find(record.page.url)
    if found.outlet is None:
        return _Task(replace(record, page=None), outcome="not_article_url")
    if not found.declared and (reason := turned_away(record.page, keep)) is not None:
        return _Task(replace(record, page=None), outcome=reason)
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
    incoming = replace(incoming_article(task.page, cleaned, task.outlet), priority=ARCHIVE)
    return str(store_article(session, incoming).outcome)


def _groups(results: Iterator[tuple[_Task, Cleaned | None]], size: int) -> Iterator[list[tuple[_Task, Cleaned | None]]]:
    while group := list(islice(results, size)):
        yield group
