"""A real browser before a desk that really listens: Debian's chromium by playwright, everything on loopback."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn

from desk.app import create_app
from desk.desk import Desk
from desk.settings import DeskSettings, Outlet
from storage.database import Database

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

PHONE = {"width": 390, "height": 844}
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
#: `npm install --no-save axe-core` in the checkout, as .ci/run does.
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
#: The demo's outlets (crawler/demo/outlets.toml) by the names they print.
OUTLETS = {
    name: Outlet(name, title, language, country, "http://127.0.0.1/")
    for name, title, language, country in (
        ("hanbit", "한빛통신", "ko", "KR"), ("dumul", "두물일보", "ko", "KR"),
        ("dispatch", "The Han River Dispatch", "en", "KR"), ("ledger", "Mekong Ledger", "en", "KH"),
    )
}  # fmt: skip


@dataclass
class Site:
    """A desk that listens at `url`."""

    url: str
    database: Database


@contextmanager
def serving(database: Database, **settings: Any) -> Iterator[Site]:
    """Serve the desk on a free port of loopback while the block runs."""
    from crawler.korean_places import korean_place

    chosen = DeskSettings(outlets=OUTLETS, korean_place=korean_place, **settings)
    server = uvicorn.Server(
        uvicorn.Config(create_app(Desk.of(database, chosen)), port=0, log_level="error", lifespan="off")
    )
    config = server.config
    listener = config.bind_socket()
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    try:
        yield Site(f"http://127.0.0.1:{listener.getsockname()[1]}", database)
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser; skips where it or playwright is absent."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("no chromium here: apt-get install chromium")
    with playwright.sync_playwright() as run:
        browser = run.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class Watched:
    """A page, and whatever it did that a page of ours must not do."""

    page: Page
    faults: list[str] = field(default_factory=list)
    weight: int = 0


@contextmanager
def watched(browser: Browser, site: Site, **context: Any) -> Iterator[Watched]:
    """A fresh visitor's page. Fails at the end for a console message, a script's error or a request to elsewhere."""
    options = {"locale": "en-US", "viewport": {"width": 1280, "height": 800}, "timezone_id": "Asia/Seoul", **context}
    visit = browser.new_context(base_url=site.url, **options)
    visit.set_default_timeout(60_000)
    watch = Watched(visit.new_page())
    watch.page.on("console", lambda message: watch.faults.append(f"console: {message.text}"))
    watch.page.on("pageerror", lambda error: watch.faults.append(f"script: {error}"))
    watch.page.on("requestfailed", lambda request: watch.faults.append(f"failed: {request.url} {request.failure}"))
    visit.on("request", lambda request: request.url.startswith(site.url) or watch.faults.append(f"left: {request.url}"))
    try:
        yield watch
        assert watch.faults == []
    finally:
        visit.close()


def follow(link: Locator) -> None:
    """Click what leads to another page, and wait until that page is whole: a click alone returns before it is read."""
    with link.page.expect_navigation():
        link.click()


def serious_faults(page: Page, addresses: Iterable[str]) -> list[tuple[str, str, list[Any]]]:
    """What axe calls serious or critical, by address; skips where axe-core is absent."""
    if not AXE.exists():
        pytest.skip("no axe-core here: npm install --no-save axe-core")
    axe = AXE.read_text(encoding="utf-8")
    found = []
    for address in addresses:
        page.goto(address, wait_until="networkidle")
        page.evaluate(axe)
        for fault in page.evaluate("async () => (await axe.run()).violations"):
            if fault["impact"] in ("serious", "critical"):
                found.append((address, fault["id"], [node["target"] for node in fault["nodes"]][:4]))
    return found


def too_wide(page: Page, addresses: Iterable[str]) -> dict[str, int]:
    """The pages that a phone would have to scroll sideways, with their width in pixels."""
    wide = {}
    for address in addresses:
        page.goto(address, wait_until="networkidle")
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > PHONE["width"]:
            wide[address] = width
    return wide
