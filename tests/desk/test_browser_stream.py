"""The desk in a real browser over what a real paper gives: two hundred articles of the shared stream, read and resolved."""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

import pytest

from benchmarks.pages import SHARED
from benchmarks.stream import incoming
from crawler.config import Config
from crawler.jobs.read_stored import read_order
from crawler.jobs.reading_crew import ReadingCrew
from crawler.pipelines.storing import store_batch
from storage.database import Database
from tests.desk.browsing import PHONE, Site, serious_faults, serving, too_wide, watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.slow
STREAM = SHARED / "news" / "stream_ko_2025-10.jsonl.xz"
ARTICLES = 200


@pytest.fixture(scope="module")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    if not STREAM.is_file():
        pytest.skip("the shared data is not beside this checkout")
    file = tmp_path_factory.mktemp("stream") / "stream.db"
    config = Config(database_url=f"sqlite:///{file}", readers=1)
    base = Database.open(config.database_url)
    base.upgrade()
    with lzma.open(STREAM, "rt", encoding="utf-8") as stream:
        rows = [incoming(json.loads(line), number) for number, line in enumerate(islice(stream, ARTICLES))]
    store_batch(base, rows)
    crew = ReadingCrew(read_order(config), 1, base)
    try:
        crew.drain()
    finally:
        crew.close()
    with serving(base) as site:
        yield site
    base.close()


@pytest.fixture(scope="module")
def addresses(site: Site) -> tuple[str, ...]:
    """The table in its forms, and ten incidents with an article of each."""
    with site.database.read() as session:
        told = session.connection().exec_driver_sql(
            "SELECT i.id, min(r.article_id) FROM incident i JOIN incident_report r ON r.incident_id = i.id "
            "WHERE i.status != 'merged' AND r.active GROUP BY i.id ORDER BY count(*) DESC, i.id LIMIT 10"
        )
        pairs = [(int(incident), int(article)) for incident, article in told]
    assert len(pairs) == 10, "two hundred articles tell of more than ten incidents"
    pages = [f"/incidents/{incident}" for incident, _ in pairs]
    pages += [f"/articles/{article}?incident={incident}" for incident, article in pairs]
    return (
        "/",
        "/map",
        "/?country=KR",
        "/?type=homicide",
        "/?text=경찰",
        "/map?country=KR",
        "/queue",
        "/sources",
        *pages,
    )


@pytest.mark.parametrize("locale", ["ko-KR", "en-US"])
def test_every_page_opens_without_a_fault_and_fits_a_phone(
    browser: Browser, site: Site, addresses: tuple[str, ...], locale: str
) -> None:
    statuses: set[int] = set()
    with watched(browser, site, locale=locale, viewport=PHONE) as visit:
        visit.page.on("response", lambda answer: statuses.add(answer.status))
        wide = too_wide(visit.page, addresses)
    assert statuses == {200}
    assert wide == {}


def test_axe_finds_no_serious_fault_in_real_texts(browser: Browser, site: Site, addresses: tuple[str, ...]) -> None:
    with watched(browser, site, locale="ko-KR") as visit:
        found = serious_faults(visit.page, addresses)
    assert found == []


def test_an_incident_shows_its_evidence_in_the_text_it_came_from(
    browser: Browser, site: Site, addresses: tuple[str, ...]
) -> None:
    """Every mark on the page is verbatim in the stored text: offsets are right in real copy too."""
    with site.database.read() as session:
        texts = " ".join(
            f"{title}\n{body}"
            for title, body in session.connection().exec_driver_sql("SELECT title, text FROM article_version")
        )
    whole = " ".join(texts.split())
    marked = 0
    with watched(browser, site, locale="ko-KR") as visit:
        for address in addresses:
            if address.startswith("/articles/"):
                visit.page.goto(address, wait_until="networkidle")
                for words in visit.page.locator("main mark[title]").all_inner_texts():
                    assert " ".join(words.split()) in whole, (address, words)
                    marked += 1
    assert marked > 20
