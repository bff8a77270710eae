"""A backfill stores the pages of an archive by the rules of their outlets, once."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.kills import write_warc
from crawler.backfill.archive import Archive
from crawler.backfill.outlets import Outlets
from crawler.config import Config
from crawler.jobs.backfill import backfill_files
from crawler.jobs.summary import verdict_of
from crawler.progress import closing_line
from spiders.source import Source
from storage.database import Database
from storage.filters import Filter
from storage.query import find_incidents
from tests.crawler.press import Press, story_page

STORIES = ("hanna", "tomas", "quiet")


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(
        database_url=f"sqlite:///{tmp_path / 'news.db'}",
        cleaners=1,
        readers=1,
        store_batch=2,
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
def source(tmp_path: Path) -> Source:
    return Press(port=80).declare(tmp_path)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    file = tmp_path / "pages.warc.gz"
    write_warc(file, [story_page(name).encode() for name in STORIES], host="http://paper.example")
    return file


def test_pages_of_an_archive_end_in_the_incident_table(
    archive: Path, source: Source, base: Database, config: Config
) -> None:
    summary = backfill_files([Archive(str(archive))], [source], base, config)
    assert [(report.source, report.outcomes["new"]) for report in summary.reports] == [("paper.example", 3)]
    with base.read() as session:
        assert {row["type"] for row in find_incidents(session, Filter()).rows} == {"homicide", "kidnapping"}


def test_a_file_that_was_read_is_not_read_again_wherever_it_lies(
    archive: Path, source: Source, base: Database, config: Config, tmp_path: Path
) -> None:
    backfill_files([Archive(str(archive))], [source], base, config)
    moved = archive.rename(tmp_path / "moved.warc.gz")
    assert backfill_files([Archive(str(moved))], [source], base, config).reports == ()


def test_a_file_that_is_none_does_not_stop_the_others(
    archive: Path, source: Source, base: Database, config: Config, tmp_path: Path
) -> None:
    summary = backfill_files([Archive(str(tmp_path / "absent.warc.gz")), Archive(str(archive))], [source], base, config)
    assert summary.totals()["new"] == 3
    assert [report.error is None for report in summary.reports] == [True, False]


def test_a_backfill_that_stored_its_pages_is_reported_so(
    archive: Path, source: Source, base: Database, config: Config
) -> None:
    summary = backfill_files([Archive(str(archive))], [source], base, config)
    assert [verdict_of(report) for report in summary.reports] == ["ok"]
    assert "failed" not in closing_line(summary)


@pytest.mark.parametrize(
    "content", [b"<html>no archive</html>", gzip.compress(b"no archive " * 99)], ids=["page", "compressed"]
)
def test_a_file_that_is_no_archive_has_failed_each_time(
    source: Source, base: Database, config: Config, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "page.warc.gz"
    file.write_bytes(content)
    for _ in range(2):
        (report,) = backfill_files([Archive(str(file))], [source], base, config).reports
        assert (report.source, verdict_of(report)) == ("page.warc.gz", "failed")
        assert "no record can be read" in (report.error or "")


def test_a_damaged_end_of_an_archive_is_no_failure(
    archive: Path, source: Source, base: Database, config: Config
) -> None:
    archive.write_bytes(archive.read_bytes() + b"no record")
    for stored in (3, 0):
        summary = backfill_files([Archive(str(archive))], [source], base, config)
        assert summary.totals()["new"] == stored
        assert not any(report.error for report in summary.reports)


def test_a_url_belongs_to_the_outlet_whose_articles_look_so(source: Source) -> None:
    outlets = Outlets([source])
    article = outlets.find("http://127.0.0.1/news/hanna")
    assert article.outlet is not None
    assert (article.outlet.id, article.outlet.timezone, article.native_id) == ("testpress", "UTC", "hanna")
    assert outlets.find("http://127.0.0.1/about").outlet is None
    stranger = outlets.find("https://www.other.example/2026/story")
    assert stranger.outlet is not None
    assert stranger.outlet.id == "other.example"
