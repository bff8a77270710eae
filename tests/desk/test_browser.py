"""The desk in a real browser over the demo's table: every page, by mouse, by keys, without a script, on a phone."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from storage.database import Database
from storage.facets import count_all
from storage.filters import Filter
from tests.desk.browsing import PHONE, Site, follow, serious_faults, serving, too_wide, watched
from tests.e2e.crawled_demo import Demo

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(browser: Browser, demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    file = tmp_path_factory.mktemp("desk") / "desk.db"
    demo.copy_to(file)
    database = Database.open(f"sqlite:///{file}")
    with serving(database) as site:
        yield site
    database.close()


@pytest.fixture(scope="module")
def addresses(site: Site) -> tuple[str, ...]:
    """Every kind of page; the incident is the one of most reports."""
    with site.database.read() as session:
        rows = session.connection().exec_driver_sql(
            "SELECT i.id, r.article_id FROM incident i JOIN incident_report r ON r.incident_id = i.id "
            "WHERE i.status != 'merged' ORDER BY i.report_count DESC, i.id LIMIT 1"
        )
        incident, article = rows.one()
    return (
        "/", "/map", "/?country=KH&killed=1", f"/incidents/{incident}", f"/articles/{article}?incident={incident}",
        "/queue", "/sources", f"/incidents/{incident}/people/victims", "/login", "/incidents/999999",
    )  # fmt: skip


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_koreans_held_in_cambodia_since_july_on_a_map_as_a_spreadsheet(browser: Browser, site: Site) -> None:
    """The first question of the analysts, asked by somebody who has read nothing: seven clicks and a date."""
    openpyxl = pytest.importorskip("openpyxl")
    with watched(browser, site) as visit:
        page = visit.page
        page.goto("/")
        filters = page.get_by_role("complementary", name="Filter")
        follow(filters.get_by_role("region", name="Victims' nationality").get_by_role("link", name="South Korea"))
        follow(filters.get_by_role("region", name="Country").get_by_role("link", name="Cambodia"))
        follow(filters.get_by_role("region", name="Harm").get_by_role("link", name="held"))
        page.get_by_label("since").fill("2025-07-01")
        follow(page.get_by_role("button", name="Show"))
        follow(page.get_by_role("navigation", name="Shown as").get_by_role("link", name="Map"))
        assert page.locator("svg.world circle").count() > 0
        page.get_by_text("Take away").click()
        with page.expect_download() as download:
            page.get_by_role("link", name="Spreadsheet (XLSX)").click()
        sheet = openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes())).active
        shown = int(page.get_by_role("status").inner_text().split()[0])
    asked = Filter.from_query_string("nationality=KR&country=KH&held=1&since=2025-07-01")
    with site.database.read() as session:
        assert shown == count_all(session, asked) > 0
    assert sheet.max_row - 1 == shown


@pytest.mark.parametrize(("locale", "scheme"), [("en-US", "light"), ("ko-KR", "dark")])
def test_axe_finds_no_serious_fault(
    browser: Browser, site: Site, addresses: tuple[str, ...], locale: str, scheme: str
) -> None:
    with watched(browser, site, locale=locale, color_scheme=scheme) as visit:
        found = serious_faults(visit.page, addresses)
        # What is not there answers 404, which the browser's console repeats.
        visit.faults[:] = [fault for fault in visit.faults if "404" not in fault]
    assert found == []


def test_no_page_is_wider_than_a_phone(browser: Browser, site: Site, addresses: tuple[str, ...]) -> None:
    with watched(browser, site, viewport=PHONE, locale="ko-KR") as visit:
        wide = too_wide(visit.page, addresses[:-1])
    assert wide == {}


def test_on_a_phone_the_filter_folds_away_until_it_is_wanted(browser: Browser, site: Site) -> None:
    with watched(browser, site, viewport=PHONE) as visit:
        visit.page.goto("/")
        choice = visit.page.locator("aside .facets a[href*='country=KH']").first
        assert not choice.is_visible()
        visit.page.locator("summary", has_text="Filter").click()
        follow(choice)
        assert query(visit.page)["country"] == ["KH"]


def test_the_first_view_weighs_less_than_300_kilobytes(browser: Browser, site: Site) -> None:
    for address in ("/", "/map"):
        with watched(browser, site) as visit:
            session = visit.page.context.new_cdp_session(visit.page)
            session.send("Network.enable")
            sizes: list[float] = []
            session.on("Network.loadingFinished", lambda event, sizes=sizes: sizes.append(event["encodedDataLength"]))
            visit.page.goto(address, wait_until="networkidle")
            assert 0 < sum(sizes) < 300_000, address


def test_a_bar_and_a_stretch_of_the_timeline_filter_by_their_days(browser: Browser, site: Site) -> None:
    with watched(browser, site) as visit:
        page = visit.page
        page.goto("/")
        bars = page.locator(".timeline li a")
        first, last = bars.nth(bars.count() - 9), bars.last
        wanted = (first.get_attribute("data-since"), last.get_attribute("data-until"))
        here, there = first.bounding_box(), last.bounding_box()
        assert here and there
        page.mouse.move(here["x"] + here["width"] / 2, here["y"] + 30)
        page.mouse.down()
        page.mouse.move(there["x"] + there["width"] / 2, there["y"] + 30, steps=5)
        with page.expect_navigation():
            page.mouse.up()
        assert (query(page)["since"][0], query(page)["until"][0]) == wanted
        follow(page.locator(".timeline li a").last)
        assert query(page)["since"] == query(page)["until"] == [wanted[1]]


def test_a_rectangle_drawn_on_the_map_filters_by_place(browser: Browser, site: Site) -> None:
    with watched(browser, site) as visit:
        page = visit.page
        page.goto("/map?country=KH")
        frame = page.locator("svg.world").bounding_box()
        assert frame
        page.mouse.move(frame["x"] + frame["width"] * 0.02, frame["y"] + frame["height"] * 0.02)
        page.mouse.down()
        page.mouse.move(frame["x"] + frame["width"] * 0.9, frame["y"] + frame["height"] * 0.9, steps=6)
        with page.expect_navigation():
            page.mouse.up()
        west, south, east, north = map(float, query(page)["box"][0].split(","))
        assert -180 <= west < east <= 180 and -90 <= south < north <= 90
        assert query(page)["country"] == ["KH"]
        follow(page.get_by_role("link", name="All places"))
        assert "box" not in query(page)


def test_a_quote_leads_to_its_place_in_the_text(browser: Browser, site: Site, addresses: tuple[str, ...]) -> None:
    with watched(browser, site) as visit:
        page = visit.page
        page.goto(addresses[3])
        link = page.locator(".sheet a.intext").first
        words = link.locator("xpath=../preceding-sibling::q").inner_text().strip("“”")
        follow(link)
        anchor = page.url.partition("#")[2]
        marked = page.locator(f'mark:has([id="{anchor}"])')
        assert marked.is_visible()
        assert words.startswith(marked.inner_text()) or marked.inner_text() in words


def test_the_queue_is_worked_through_by_keys(browser: Browser, site: Site) -> None:
    with watched(browser, site) as visit:
        page = visit.page
        page.goto("/queue?country=KR")
        first, second = (page.locator(".card").nth(number).get_attribute("id") for number in (0, 1))
        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press("k")
        with page.expect_navigation():
            page.keyboard.press("c")
        assert page.get_by_role("status").inner_text().startswith("Confirmed.")
        assert page.locator(f"#{first}").count() == 0
        assert page.evaluate("document.activeElement.id") == second, "the next card is at hand"
        with page.expect_navigation():
            page.keyboard.press("u")
        assert page.locator(f"#{first}").count() == 1
        page.keyboard.press("j")
        with page.expect_navigation():
            page.keyboard.press("o")
        assert "/incidents/" in page.url


def test_reading_and_curating_need_no_script(browser: Browser, site: Site, addresses: tuple[str, ...]) -> None:
    with watched(browser, site, java_script_enabled=False) as visit:
        page = visit.page
        page.goto("/")
        follow(page.get_by_role("complementary").get_by_role("link", name="Cambodia").first)
        follow(page.locator(".headline a").first)
        follow(page.get_by_role("button", name="Reject"))
        assert page.locator(".badge.rejected").count() == 1
        follow(page.get_by_role("button", name="Undo").first)
        assert page.locator(".badge.rejected").count() == 0
        page.locator("#fact-killed summary", has_text="Edit").click()
        page.locator("#fact-killed").get_by_label("At least").fill("4")
        page.locator("#fact-killed").get_by_label("At most").fill("6")
        follow(page.locator("#fact-killed").get_by_role("button", name="Save"))
        assert "4–6" in page.locator("#fact-killed").inner_text()
        follow(page.get_by_role("button", name="Undo").first)
        assert "4–6" not in page.locator("#fact-killed").inner_text()


def test_an_incident_prints_on_one_page_with_its_sources(
    browser: Browser, site: Site, addresses: tuple[str, ...]
) -> None:
    with watched(browser, site) as visit:
        visit.page.goto(addresses[3])
        pdf = visit.page.pdf(format="A4", prefer_css_page_size=True)
        visit.page.emulate_media(media="print")
        assert visit.page.locator(".reports").is_visible()
        assert not visit.page.locator(".acts").first.is_visible()
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) == 1


def test_the_language_is_the_browser_s_until_another_is_chosen(browser: Browser, site: Site) -> None:
    with watched(browser, site, locale="ko-KR") as visit:
        page = visit.page
        page.goto("/?country=KH")
        assert page.locator("html").get_attribute("lang") == "ko"
        assert "시아누크빌" in page.locator(".incidents").inner_text()
        follow(page.get_by_role("link", name="English"))
        assert query(page)["country"] == ["KH"]
        follow(page.get_by_role("link", name="Review"))
        assert page.locator("html").get_attribute("lang") == "en"
