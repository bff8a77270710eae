"""The schedule: every source by its own period, nothing twice at once, failures further apart, health told once."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from crawler.config import Config
from crawler.jobs.order import CrawlReport
from crawler.schedule.alerting import Alerting
from crawler.schedule.endpoint import answer
from crawler.schedule.visit import STORE_RETRY
from crawler.schedule.watch import Watch
from spiders.source import Source, load_source_file
from storage.database import Database
from storage.due import schedule
from storage.outbox import outbox_rows
from tests.storage.conftest import database_url, db, postgresql_url

__all__ = ["database_url", "db", "postgresql_url"]

DAWN = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
GOOD = {"feed_ok": 1, "article_new": 1, "new": 1}
DECLARATION = """name = "{name}"
language = "en"
country = "US"
timezone = "UTC"
hosts = ["{name}.example"]
article_url = "/news/(?P<id>[0-9]+)"
rests_on = "invented for a test"
[feeds]
all = "https://{name}.example/feed.xml"
"""
RULES = """
[targets.duty]
webhook = "https://hooks.example/duty"
secret = "env:DUTY_KEY"
[rules.sources]
on = ["source"]
after = 2
remind = "6h"
to = ["duty"]
"""


class NoReaders:
    """Nothing is to be read."""

    busy = False
    read = 0

    def expect(self, articles: int) -> None: ...

    def work(self, now: datetime) -> None: ...

    def drain(self) -> None: ...

    def close(self) -> None: ...


class Station:
    """A watcher over three invented outlets; `now` is its clock, `outlets` what a visit to each comes to."""

    def __init__(self, db: Database, folder: Path) -> None:
        self.now = DAWN
        self.visits: list[tuple[datetime, str]] = []
        self.outcomes: dict[str, dict[str, int]] = {}
        self.sources: dict[str, Source] = {}
        for name in ("anvil", "beacon", "comet"):
            file = folder / f"{name}.toml"
            file.write_text(DECLARATION.format(name=name), encoding="utf-8")
            self.sources[name] = load_source_file(file)
        self.rules = folder / "alerts.toml"
        self.db = db
        self.watch = self.watcher("one", self.crawl)

    def watcher(self, worker: str, crawl: Callable[[Source], CrawlReport]) -> Watch:
        config = replace(Config(), parallel_sources=2)
        alerting = Alerting(self.db, self.rules, worker, lambda: self.now)
        readers: Any = NoReaders()
        return Watch(
            self.db, config, self.sources, alerting, readers, crawl=crawl, now=lambda: self.now, chance=lambda: 0.5,
            worker=worker,
        )  # fmt: skip

    def crawl(self, source: Source) -> CrawlReport:
        self.visits.append((self.now, source.id))
        return CrawlReport(source.id, self.outcomes.get(source.id, GOOD))

    def until(self, end: datetime) -> None:
        """Let the watcher work, the clock going from one due thing to the next."""
        while self.now < end:
            self.watch.step()
            while self.watch.busy:
                self.watch.wait(0.001)
                self.watch.step()
            self.now = min(max(self.watch.next_due() or end, self.now + timedelta(seconds=1)), end)

    def times(self, source: str) -> list[datetime]:
        return [at for at, name in self.visits if name == source]


@pytest.fixture
def station(db: Database, tmp_path: Path) -> Iterator[Station]:
    made = Station(db, tmp_path)
    yield made
    made.watch.stop()


def test_each_source_is_visited_by_its_own_period(station: Station) -> None:
    station.watch.prepare()
    station.until(DAWN + timedelta(hours=2))
    assert Counter(name for _, name in station.visits) == {"anvil": 4, "beacon": 4, "comet": 4}
    assert len({station.times(name)[0] for name in station.sources}) == 3  # not all at the first moment


def test_a_failing_source_is_asked_less_and_less_and_the_others_go_on(station: Station) -> None:
    station.outcomes["anvil"] = {"http_error": 1}
    station.watch.prepare()
    station.until(DAWN + timedelta(hours=8))
    pauses = [later - earlier for earlier, later in pairwise(station.times("anvil"))]
    assert pauses == [timedelta(hours=1), timedelta(hours=2), timedelta(hours=4)]
    assert len(station.times("beacon")) == 16


def test_a_source_that_cannot_be_reached_is_asked_again_in_a_minute(station: Station) -> None:
    station.outcomes["anvil"] = {"connection": 1, "timeout": 2}
    station.watch.prepare()
    station.until(DAWN + timedelta(minutes=90))
    pauses = [later - earlier for earlier, later in pairwise(station.times("anvil"))]
    assert pauses == [timedelta(minutes=n) for n in (1, 2, 4, 8, 16, 32)]


def test_an_outage_of_less_than_an_hour_is_no_alarm(station: Station) -> None:
    station.rules.write_text(RULES, encoding="utf-8")
    station.watch.prepare()
    station.until(DAWN + timedelta(minutes=61))
    last_ok = station.times("anvil")[-1]
    station.outcomes["anvil"] = {"dns": 1}
    in_vain = len(station.times("anvil"))
    station.until(last_ok + timedelta(minutes=59))
    assert len(station.times("anvil")) - in_vain >= 3
    with station.db.read() as session:
        assert outbox_rows(session) == []
    station.until(DAWN + timedelta(hours=3))
    with station.db.read() as session:
        assert {row.subject for row in outbox_rows(session)} == {"source:anvil"}


def test_after_a_night_asleep_each_source_is_visited_once(station: Station) -> None:
    station.watch.prepare()
    station.until(DAWN + timedelta(hours=1))
    before = len(station.visits)
    station.now += timedelta(hours=9)
    station.until(station.now + timedelta(seconds=2))
    assert sorted(name for _, name in station.visits[before:]) == ["anvil", "beacon", "comet"]


def test_a_source_that_fails_is_told_once_reminded_of_and_told_well(station: Station) -> None:
    station.rules.write_text(RULES, encoding="utf-8")
    station.outcomes["anvil"] = {"http_error": 1}
    station.watch.prepare()
    station.until(DAWN + timedelta(hours=8))
    station.outcomes["anvil"] = GOOD
    station.until(DAWN + timedelta(hours=16))
    with station.db.read() as session:
        rows = outbox_rows(session)
    assert {row.subject for row in rows} == {"source:anvil"}
    with station.db.read() as session:
        from storage.alerts import matches_of

        states = [match.facts["state"] for match in matches_of(session, "source:anvil")]
    assert states == ["unwell", "still unwell", "well again"]


def test_a_crawl_that_raises_is_a_failed_visit_and_no_end(station: Station) -> None:
    def crawl(source: Source) -> CrawlReport:
        raise OSError("no space left")

    station.watch = station.watcher("one", crawl)
    station.watch.prepare()
    station.until(DAWN + timedelta(minutes=10))
    with station.db.read() as session:
        assert {one.last_error for one in schedule(session)} == {"OSError: no space left"}


def test_a_database_that_was_away_is_not_the_outlets_failure(station: Station) -> None:
    station.rules.write_text(RULES, encoding="utf-8")

    def crawl(source: Source) -> CrawlReport:
        station.visits.append((station.now, source.id))
        if station.now < DAWN + timedelta(minutes=9):
            raise OperationalError("SELECT 1", {}, Exception("connection refused"))
        return CrawlReport(source.id, GOOD)

    station.watch = station.watcher("one", crawl)
    station.watch.prepare()
    station.until(DAWN + timedelta(minutes=20))
    pauses = {later - earlier for name in station.sources for earlier, later in pairwise(station.times(name))}
    assert pauses == {STORE_RETRY}
    with station.db.read() as session:
        assert {(one.fail_count, one.last_error, one.runs) for one in schedule(session)} == {(0, None, 1)}
        assert not outbox_rows(session)


def test_a_bad_file_of_rules_leaves_the_last_good_ones_in_force(station: Station) -> None:
    station.rules.write_text(RULES, encoding="utf-8")
    station.watch.prepare()
    station.rules.write_text("[rules.sources]\nto = 7\n", encoding="utf-8")
    assert not station.watch.alerting.refresh()
    assert set(station.watch.alerting.settings.rules) == {"sources"}


def test_of_two_watchers_on_one_database_each_visit_is_made_by_one(station: Station) -> None:
    at_work: Counter[str] = Counter()
    most: Counter[str] = Counter()
    visits: Counter[str] = Counter()
    guard = threading.Lock()

    def crawl(source: Source) -> CrawlReport:
        with guard:
            at_work[source.id] += 1
            visits[source.id] += 1
            most[source.id] = max(most[source.id], at_work[source.id])
        both.wait(timeout=30)  # until the other watcher has had its chance to take the same source
        with guard:
            at_work[source.id] -= 1
        return CrawlReport(source.id, GOOD)

    both = threading.Event()
    watchers = [station.watcher(name, crawl) for name in ("one", "two")]
    watchers[0].prepare()
    station.now += timedelta(minutes=10)  # all three are due
    for watcher in watchers * 3:
        watcher.step()
    both.set()
    while any(watcher.busy for watcher in watchers):
        for watcher in watchers:
            watcher.wait(0.001)
            watcher.step()
    assert visits == {"anvil": 1, "beacon": 1, "comet": 1}
    assert set(most.values()) == {1}


def test_a_source_whose_watcher_was_killed_is_taken_over_when_its_lease_ends(station: Station) -> None:
    from storage.due import claim_due

    station.watch.prepare()
    station.now += timedelta(minutes=10)
    with station.db.write() as session:
        assert len(claim_due(session, "killed", 3, timedelta(minutes=10), station.now)) == 3
    station.until(station.now + timedelta(minutes=9))
    assert station.visits == []
    station.until(station.now + timedelta(minutes=3))
    assert Counter(name for _, name in station.visits) == {"anvil": 1, "beacon": 1, "comet": 1}


def test_metrics_and_readiness_come_from_the_database(station: Station) -> None:
    station.outcomes["anvil"] = {"http_error": 1}
    station.watch.prepare()
    station.until(DAWN + timedelta(hours=1))
    status, kind, text = answer("/metrics", station.db, station.now, None)
    assert (status, kind) == (200, "text/plain; version=0.0.4; charset=utf-8")
    lines = text.splitlines()
    assert 'sageon_outbox{state="dead"} 0' in lines
    assert 'sageon_source_failures_in_row{source="beacon"} 0' in lines
    assert any(line.startswith('sageon_source_failures_in_row{source="anvil"}') and line[-1] != "0" for line in lines)
    assert answer("/readyz", station.db, station.now, None)[0] == 200
    assert answer("/healthz", station.db, station.now, station.now - timedelta(hours=1))[0] == 503


def test_readiness_fails_where_there_is_no_schema(tmp_path: Path) -> None:
    empty = Database.open(f"sqlite:///{tmp_path / 'none.db'}")
    assert answer("/readyz", empty, DAWN, None)[0] == 503
