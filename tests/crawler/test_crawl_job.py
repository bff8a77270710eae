"""A crawl as `sageon crawl` runs it: its own process, real HTTP, a cleaning pool, readers, one database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest
from sqlalchemy import update

from crawler.config import Config
from crawler.jobs.crawl import crawl_sources
from crawler.jobs.crawl_process import crawl_in_child
from crawler.jobs.order import CrawlOrder, CrawlReport
from crawler.jobs.summary import verdict_of
from spiders.source import Source
from storage.database import Database
from storage.filters import Filter
from storage.ledger import counts
from storage.models import Article, PageMissRow
from storage.query import find_incidents
from storage.runs import source_health
from storage.view import get_incident
from tests.crawler.press import Press, press


@pytest.fixture
def outlet() -> Iterator[Press]:
    with press() as served:
        yield served


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(
        database_url=f"sqlite:///{tmp_path / 'news.db'}",
        private_hosts=True,
        cleaners=1,
        readers=1,
        lease_seconds=2,
        reader="tests.crawler.stub_reader:StubReader",
    )


@pytest.fixture
def base(config: Config) -> Iterator[Database]:
    database = Database.open(config.database_url)
    database.upgrade()
    yield database
    database.close()


@pytest.fixture
def source(outlet: Press, tmp_path: Path) -> Source:
    return outlet.declare(tmp_path)


def test_a_crawl_ends_in_the_incident_table(outlet: Press, source: Source, base: Database, config: Config) -> None:
    outlet.publish("hanna", "tomas", "quiet")
    summary = crawl_sources([source], base, config)
    assert summary.exit_code() == 0
    assert summary.totals()["new"] == 3
    assert summary.read == {"read": 3}
    assert summary.changes == {"opened": 2}
    with base.read() as session:
        (row,) = find_incidents(session, Filter(nationalities=("KR",))).rows
        (report,) = get_incident(session, row.id).reports
    assert (row["type"], row["country"], row["date"]) == ("homicide", "KH", "2026-03-02")
    assert report.url.endswith("/news/hanna")
    assert {evidence.quote for evidence in report.report.evidence} >= {"KH", "2026-03-02"}


def test_a_second_crawl_fetches_only_what_is_new(outlet: Press, source: Source, base: Database, config: Config) -> None:
    outlet.publish("hanna")
    crawl_sources([source], base, config)
    outlet.publish("hanna", "tomas")
    summary = crawl_sources([source], base, config)
    assert (summary.totals()["known"], summary.totals()["new"]) == (1, 1)
    assert outlet.asked["/news/hanna"] == 1
    assert summary.exit_code() == 0


def test_a_crawl_that_brings_nothing_new_is_a_success(
    outlet: Press, source: Source, base: Database, config: Config
) -> None:
    outlet.publish("quiet")
    crawl_sources([source], base, config)
    summary = crawl_sources([source], base, config)
    assert [verdict_of(report) for report in summary.reports] == ["nothing_new"]
    assert summary.exit_code() == 0
    with base.read() as session:
        (health,) = source_health(session)
    assert health.failures_in_row == 0


def test_a_crawl_reads_no_settings_but_those_it_was_given(
    outlet: Press, source: Source, base: Database, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sageon.toml").write_text("of another program\n", encoding="utf-8")
    monkeypatch.setenv("SAGEON_CONFIG", str(tmp_path / "sageon.toml"))
    outlet.publish("quiet")
    order = CrawlOrder(source.id, declaration(source), config.database_url, run_id=1, private_hosts=True)
    assert crawled(order).outcomes["new"] == 1


def test_a_site_that_is_down_is_a_failed_run(outlet: Press, source: Source, base: Database, config: Config) -> None:
    outlet.pages["/feed.xml"] = (500, "text/plain", b"out of order")
    summary = crawl_sources([source], base, config)
    assert [verdict_of(report) for report in summary.reports] == ["failed"]
    assert summary.exit_code() == 1


def test_a_run_that_robots_txt_forbids_is_refused_and_fails(
    outlet: Press, source: Source, base: Database, config: Config
) -> None:
    outlet.publish("hanna")
    outlet.pages["/robots.txt"] = (200, "text/plain", b"User-agent: *\nDisallow: /\n")
    summary = crawl_sources([source], base, config)
    assert [verdict_of(report) for report in summary.reports] == ["refused"]
    assert summary.exit_code() == 1
    assert not outlet.asked["/news/hanna"]


def test_a_failed_source_does_not_stop_another(
    outlet: Press, source: Source, base: Database, config: Config, tmp_path: Path
) -> None:
    outlet.publish("hanna")
    broken = outlet.declare(tmp_path, "broken")
    (tmp_path / "broken.toml").unlink()
    summary = crawl_sources([broken, source], base, config)
    first, second = summary.reports
    assert (first.source, verdict_of(first)) == ("broken", "failed")
    assert "broken.toml" in (first.error or "")
    assert second.outcomes["new"] == 1
    assert summary.exit_code() == 0
    with base.read() as session:
        health = {state.source: state for state in source_health(session)}
    assert health["testpress"].last_new is not None


def test_pages_that_are_no_articles_are_counted_by_name(
    outlet: Press, source: Source, base: Database, config: Config
) -> None:
    outlet.publish("hanna", "quiet")
    outlet.pages["/news/quiet"] = (200, "text/html", b"<html><body></body></html>")
    summary = crawl_sources([source], base, config)
    assert summary.totals()["new"] == 1
    assert sum(number for name, number in summary.totals().items() if name.startswith("page_")) == 1


def test_an_article_that_cannot_be_read_is_given_up_and_stops_no_other(
    outlet: Press, source: Source, base: Database, config: Config
) -> None:
    outlet.publish("hanna", "odd")
    summary = crawl_sources([source], base, config)
    assert summary.read["read"] == 1
    assert summary.read["failed"] == 5  # tried again until the ledger gives it up
    with base.read() as session:
        ledger = counts(session)
    assert (ledger.done, ledger.failed, ledger.pending + ledger.claimed) == (1, 1, 0)


def test_names_can_be_kept_out_of_the_table(outlet: Press, source: Source, base: Database, tmp_path: Path) -> None:
    outlet.publish("hanna")
    config = Config(
        database_url=str(base.url),
        private_hosts=True,
        cleaners=1,
        readers=1,
        names=False,
        reader="tests.crawler.stub_reader:StubReader",
    )
    crawl_sources([source], base, config)
    with base.read() as session:
        (row,) = find_incidents(session, Filter()).rows
        view = get_incident(session, row.id)
    assert [victim["name"] for victim in view.victims] == [None]
    assert "victims.name" not in {evidence.field for evidence in view.reports[0].report.evidence}


def test_a_limit_leaves_the_rest_for_the_next_crawl(
    outlet: Press, source: Source, base: Database, config: Config
) -> None:
    outlet.publish("hanna", "tomas", "quiet")
    assert crawl_sources([source], base, config, limit=1).totals()["new"] == 1
    assert crawl_sources([source], base, config).totals()["new"] == 2


def test_a_page_without_a_story_is_left_alone_for_a_while(
    outlet: Press, source: Source, base: Database, config: Config
) -> None:
    outlet.publish("hanna", "quiet", "tomas")
    outlet.pages["/news/quiet"] = (200, "text/html", b"<html><body></body></html>")
    del outlet.pages["/news/tomas"]
    crawl_sources([source], base, config)
    totals = crawl_sources([source], base, config).totals()
    assert (totals["known"], totals["set_aside"]) == (1, 2)
    assert (outlet.asked["/news/quiet"], outlet.asked["/news/tomas"]) == (1, 1)
    with base.write() as session:  # the pause is over
        session.execute(update(PageMissRow).values(until=PageMissRow.at))
    outlet.publish("hanna", "quiet", "tomas")
    assert crawl_sources([source], base, config).totals()["new"] == 2


def test_an_article_that_no_listing_shows_any_more_is_fetched_again_when_due(
    outlet: Press, source: Source, base: Database, config: Config
) -> None:
    outlet.publish("hanna", "tomas")
    crawl_sources([source], base, config)
    now = datetime.now(UTC)
    with base.write() as session:  # as if published and fetched five hours ago
        session.execute(
            update(Article).values(published=now - timedelta(hours=5), last_fetched=now - timedelta(hours=5))
        )
    outlet.publish("quiet")
    outlet.pages["/news/hanna"] = outlet.pages["/news/tomas"]  # its text is another now
    totals = crawl_sources([source], base, config).totals()
    assert (totals["new"], totals["changed"], totals["unchanged"]) == (1, 1, 1)
    again = crawl_sources([source], base, config).totals()
    assert not again["article_again"]


def test_a_database_that_cannot_be_reached_is_said_to_be_ours(source: Source) -> None:
    order = CrawlOrder(source.id, declaration(source), "postgresql+psycopg://nobody@127.0.0.1:1/none", run_id=1)
    report = crawled(order)
    assert report.store_failed
    assert "127.0.0.1" in (report.error or "")


def declaration(source: Source) -> Path:
    assert source.path is not None
    return source.path


def crawled(order: CrawlOrder) -> CrawlReport:
    """What a process of its own makes of the order."""
    hear, tell = get_context("spawn").Pipe(duplex=False)
    child = get_context("spawn").Process(target=crawl_in_child, args=(order, tell))
    child.start()
    assert hear.poll(60)
    while not isinstance(report := hear.recv(), CrawlReport):
        pass
    child.join()
    return report
