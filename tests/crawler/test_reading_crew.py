"""The crew reads to the end of what can be read, and names every way in which it did not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.jobs.read_stored import ReadOrder
from crawler.jobs.reading_crew import MOST_CRASHES, ReadingCrew
from crawler.jobs.summary import RunSummary
from storage.articles import IncomingArticle, store_article
from storage.database import Database
from storage.ledger import counts

#: Claims after which the ledger gives an article up.
TRIES = 5
NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


@pytest.fixture
def base(tmp_path: Path) -> Iterator[Database]:
    database = Database.open(f"sqlite:///{tmp_path / 'news.db'}")
    database.upgrade()
    yield database
    database.close()


def order(base: Database, reader: str) -> ReadOrder:
    return ReadOrder(str(base.url), batch=2, lease_seconds=1, reader=f"tests.crawler.odd_readers:{reader}")


def store(base: Database, *texts: str) -> None:
    with base.write() as session:
        for number, text in enumerate(texts):
            url = f"https://daily.example/{number}"
            store_article(session, IncomingArticle("daily", url, text, text, NOW, f"{number:064x}", 7919 * number))


def read(base: Database, reader: str) -> ReadingCrew:
    crew = ReadingCrew(order(base, reader), 1, base)
    try:
        crew.drain()
    finally:
        crew.close()
    return crew


def test_a_reader_that_loads_longer_than_a_lease_is_waited_for(base: Database) -> None:
    store(base, "one", "two", "three")
    assert read(base, "SlowToLoad").outcomes == {"read": 3}


def test_an_article_that_kills_its_readers_is_given_up_and_costs_no_other(base: Database) -> None:
    store(base, "one", "deadly", "two")
    crew = read(base, "Dying")
    assert crew.outcomes["reader_died"] == TRIES
    with base.read() as session:
        ledger = counts(session)
    assert (ledger.done, ledger.failed) == (2, 1)


def test_a_reader_that_cannot_be_made_fails_the_run(base: Database) -> None:
    store(base, "one")
    crew = read(base, "NobodyHasThisOne")
    assert crew.outcomes == {"reader_error": MOST_CRASHES, "left_unread": 1}
    assert RunSummary((), dict(crew.outcomes)).exit_code() == 1


def test_one_article_that_cannot_be_read_does_not_fail_a_run_that_read_others() -> None:
    assert not RunSummary((), {"read": 3, "failed": 5}).reading_failed()
    assert RunSummary((), {"failed": 5}).reading_failed()
    assert not RunSummary((), {}).reading_failed()
