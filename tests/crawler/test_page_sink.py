"""Cleaned pages on their way into the database: what cannot be written is told, and no letter keeps a batch out."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from crawler.jobs.order import CrawlReport
from crawler.jobs.summary import RunSummary
from crawler.pipelines import pages
from crawler.pipelines.cleaning import Cleaned, clean
from crawler.pipelines.outlet import Outlet
from crawler.pipelines.pages import PageSink
from crawler.pipelines.storing import incoming_article, store_batch
from spiders.page import Listing, Page
from storage.database import Database
from storage.models import Article
from tests.crawler.press import story_page

OUTLET = Outlet("paper")


class CleanHere:
    """Cleaners without processes."""

    def submit(self, pairs: list[tuple[Page, Outlet]]) -> Future[list[Cleaned]]:
        done: Future[list[Cleaned]] = Future()
        done.set_result([clean(*pair) for pair in pairs])
        return done

    def close(self) -> None:
        """Nothing to end."""


def page(body: str, listing: Listing | None = None) -> Page:
    url = "http://paper.example/news/hanna"
    moment = datetime(2026, 3, 4, tzinfo=UTC)
    return Page("paper", url, url, 200, body.encode(), moment, listing=listing)


def test_half_a_letter_in_a_title_keeps_no_batch_out_of_the_database(tmp_path: Path) -> None:
    base = Database.open(f"sqlite:///{tmp_path / 'news.db'}")
    base.upgrade()
    source = page(story_page("hanna"))
    found = clean(source, OUTLET)
    assert found.page is not None
    hurt = replace(found, page=replace(found.page, title="Hanna \ud83d", byline="Dana\x00 Holm", section="\udc00World"))
    store_batch(base, [incoming_article(source, hurt, OUTLET)])
    with base.read() as session:
        stored = session.scalars(select(Article)).one()
        assert (stored.title, stored.byline, stored.section) == ("Hanna ", "Dana Holm", "World")
    base.close()


def test_a_batch_that_could_not_be_written_while_waiting_for_pages_is_told_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "LINGER", 0.0)
    base = Database.open(f"sqlite:///{tmp_path / 'without_tables.db'}")
    cleaners: Any = CleanHere()

    async def crawl() -> None:
        sink = PageSink(base, cleaners=cleaners, batch=50, count=lambda outcome, number: None)
        await sink.put(page(story_page("hanna")), OUTLET)
        while sink.failure is None:
            await asyncio.sleep(0)
        await sink.close()

    with pytest.raises(OperationalError):
        asyncio.run(crawl())
    base.close()


def test_a_run_that_stored_nothing_has_failed_however_well_the_outlet_answered() -> None:
    report = CrawlReport("paper", {"feed_ok": 1, "article_new": 6, "store_failed": 1}, store_failed=True)
    assert RunSummary((report,)).exit_code() == 1
