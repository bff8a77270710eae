"""The dispatcher invites to what the database says is to be done, again where nothing came of it, less where reading lags."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.cluster.dispatch import AGAIN, FILES_AHEAD, LEADS, MOST_STRETCH, SOON, BrokerDown, Dispatcher, stretch
from crawler.config import Config
from crawler.schedule.alerting import Alerting
from spiders.source import Source
from storage.archive import add_files
from storage.articles import store_article
from storage.database import Database
from storage.due import SourceEnd, claim_due, finish_due, release_due, sync_due
from storage.ledger import claim
from storage.waiting import Unread
from tests.crawler.press import Press
from tests.storage.press import incoming

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class Box:
    """A mailbox that keeps what was sent; `lying` are the messages that nobody has taken."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, ...]] = []
        self.lying: Counter[str] = Counter()
        self.down = False

    def send(self, queue: str, *arguments: str, expires: timedelta | None = None) -> None:
        if self.down:
            raise BrokerDown("connection refused")
        self.sent.append((queue, *arguments))
        self.lying[queue] += 1

    def waiting(self, queue: str) -> int:
        return self.lying[queue]

    def taken(self) -> Counter[str]:
        """What was sent since the last call, by queue; workers take all of it."""
        counted = Counter(queue for queue, *_ in self.sent)
        self.sent.clear()
        self.lying.clear()
        return counted


class Clock:
    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def base(tmp_path: Path) -> Iterator[Database]:
    database = Database.open(f"sqlite:///{tmp_path / 'news.db'}")
    database.upgrade()
    yield database
    database.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def source(tmp_path: Path) -> Source:
    return Press(port=80).declare(tmp_path)


@pytest.fixture
def dispatcher(base: Database, tmp_path: Path, box: Box, clock: Clock, source: Source) -> Dispatcher:
    config = Config(database_url=str(base.url), read_batch=2, backlog=4)
    alerting = Alerting(base, tmp_path / "none.toml", "test", clock)
    return Dispatcher(base, config, {source.id: source}, box, alerting, holder="one", now=clock)


def put_articles(base: Database, numbers: range, priority: int = 0) -> None:
    with base.write() as session:
        for number in numbers:
            text = f"{number + 2}명이 다친 {number}번째 사고"
            store_article(session, incoming(number, text=text, fetched_at=NOON, priority=priority))


def test_a_source_that_is_due_is_invited_once_and_again_only_when_nothing_came_of_it(
    dispatcher: Dispatcher, box: Box, clock: Clock, source: Source
) -> None:
    dispatcher.step()
    clock.at += timedelta(seconds=1)
    dispatcher.step()
    assert box.sent == [("crawl", source.id)]
    clock.at += AGAIN
    dispatcher.step()
    assert box.sent == [("crawl", source.id)] * 2


def test_a_source_whose_message_was_taken_and_left_is_invited_again_soon(
    dispatcher: Dispatcher, box: Box, clock: Clock
) -> None:
    dispatcher.step()
    box.taken()  # its host was busy, or its worker died
    clock.at += SOON
    dispatcher.step()
    assert box.taken()["crawl"] == 1


def test_a_source_that_a_worker_is_at_is_not_invited_until_its_claim_ends(
    dispatcher: Dispatcher, box: Box, base: Database, clock: Clock
) -> None:
    dispatcher.step()
    with base.write() as session:
        claim_due(session, "worker", 1, timedelta(minutes=5), clock.at)
    box.taken()
    clock.at += timedelta(minutes=4)
    dispatcher.step()
    assert box.taken()["crawl"] == 0
    clock.at += timedelta(minutes=2)
    dispatcher.step()
    assert box.taken()["crawl"] == 1


def test_reading_is_invited_by_batches_and_no_more_than_wait(dispatcher: Dispatcher, box: Box, base: Database) -> None:
    put_articles(base, range(3))
    dispatcher.step()
    dispatcher.step()
    assert box.taken()["read"] == 2  # three articles are two batches of two
    with base.write() as session:
        claim(session, "reader", 10, timedelta(minutes=1), NOON)
    dispatcher.step()
    assert box.taken()["read"] == 0


def test_a_redis_that_lost_everything_is_filled_again(dispatcher: Dispatcher, box: Box, base: Database) -> None:
    put_articles(base, range(3))
    dispatcher.step()
    box.taken()
    dispatcher.step()
    assert box.taken()["read"] == 2


def test_archives_wait_while_news_wait_to_be_read(
    dispatcher: Dispatcher, box: Box, base: Database, clock: Clock
) -> None:
    with base.write() as session:
        add_files(session, {f"{n}.warc.gz": None for n in range(FILES_AHEAD + 3)}, "relevant", NOON)
    put_articles(base, range(4))
    dispatcher.step()
    assert box.taken()["backfill"] == 0
    with base.write() as session:
        claim(session, "reader", 1, timedelta(minutes=1), clock.at)
    dispatcher.step()
    assert box.taken()["backfill"] == FILES_AHEAD


def test_articles_of_an_archive_do_not_hold_up_news(dispatcher: Dispatcher, box: Box, base: Database) -> None:
    put_articles(base, range(9), priority=1)
    dispatcher.step()
    assert box.taken()["crawl"] == 1


def test_crawls_come_more_seldom_in_step_with_what_waits() -> None:
    def lag(live: int) -> float:
        return stretch(Unread(live, 0, 0, None), backlog=1000)

    assert [lag(0), lag(1000), lag(2500), lag(90_000)] == [1.0, 1.0, 2.5, MOST_STRETCH]


def test_a_due_source_is_put_off_while_reading_lags(
    dispatcher: Dispatcher, box: Box, base: Database, clock: Clock, source: Source
) -> None:
    period = timedelta(minutes=10)
    with base.write() as session:
        sync_due(session, {source.id: timedelta(0)}, NOON)
        (due,) = claim_due(session, "worker", 1, period, NOON)
        finish_due(session, due, SourceEnd(), NOON, period=period, next_due=NOON + period)
    put_articles(base, range(8))  # twice the backlog: every other visit
    clock.at = NOON + period
    dispatcher.step()
    assert box.taken()["crawl"] == 0
    clock.at = NOON + 2 * period
    dispatcher.step()
    assert box.taken()["crawl"] == 1


def test_one_dispatcher_leads_and_another_takes_over_when_it_is_gone(
    dispatcher: Dispatcher, base: Database, tmp_path: Path, clock: Clock, source: Source
) -> None:
    other_box = Box()
    alerting = Alerting(base, tmp_path / "none.toml", "other", clock)
    other = Dispatcher(base, Config(), {source.id: source}, other_box, alerting, holder="two", now=clock)
    assert dispatcher.step().leads
    assert not other.step().leads
    assert other_box.sent == []
    clock.at += LEADS + timedelta(seconds=1)
    assert other.step().leads
    assert other_box.sent == [("crawl", source.id)]
    assert not dispatcher.step().leads


def test_what_a_broker_that_was_down_did_not_take_is_sent_later(
    dispatcher: Dispatcher, box: Box, clock: Clock, source: Source
) -> None:
    box.down = True
    with pytest.raises(BrokerDown):
        dispatcher.step()
    box.down = False
    clock.at += timedelta(seconds=3)
    dispatcher.step()
    assert box.sent == [("crawl", source.id)]


def test_a_claim_given_back_is_due_at_once(dispatcher: Dispatcher, box: Box, base: Database, clock: Clock) -> None:
    dispatcher.step()
    with base.write() as session:
        (due,) = claim_due(session, "worker", 1, timedelta(minutes=5), clock.at)
        release_due(session, due)
    box.taken()
    clock.at += AGAIN
    dispatcher.step()
    assert box.taken()["crawl"] == 1
