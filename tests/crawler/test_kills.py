"""Killed with SIGKILL at random moments and started again, a crawl and a backfill give the undisturbed table."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from benchmarks.kills import Table, backfill_trial, crawl_trial, write_warc
from crawler.backfill.archive import Archive
from crawler.backfill.warc import records
from tests.crawler.press import story_page

NAMES = ("hanna", "tomas", "quiet")
ROOT = Path(__file__).parents[2]


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Pages that the stub reader can read; the jobs' processes find it through the environment."""
    monkeypatch.setenv("SAGEON_READER", "tests.crawler.stub_reader:StubReader")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return [story_page(name).encode() for name in NAMES]


def whole(table: Table) -> bool:
    return table.doubled == 0 and table.open == 0 and len(table.articles) == len(NAMES) and len(table.incidents) == 2


@pytest.mark.slow
def test_a_killed_crawl_loses_and_doubles_nothing(pages: list[bytes], tmp_path: Path) -> None:
    outcome = crawl_trial(tmp_path, pages, 2, random.Random(1))
    assert outcome.kills == 2
    assert whole(outcome.undisturbed)
    assert outcome.killed == outcome.undisturbed


@pytest.mark.slow
def test_a_killed_backfill_loses_and_doubles_nothing(pages: list[bytes], tmp_path: Path) -> None:
    outcome = backfill_trial(tmp_path, pages, 2, random.Random(2))
    assert outcome.kills == 2
    assert whole(outcome.undisturbed)
    assert outcome.killed == outcome.undisturbed


def test_the_archive_of_the_trial_can_be_read(pages: list[bytes], tmp_path: Path) -> None:
    write_warc(tmp_path / "pages.warc.gz", pages)
    assert [record.outcome for record in records(Archive(str(tmp_path / "pages.warc.gz")))] == ["page"] * len(NAMES)
