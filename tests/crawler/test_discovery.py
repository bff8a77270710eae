"""`sageon sources add` looks at a site politely and writes a declaration that the loader accepts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.config import Config
from crawler.jobs.discovery import PoliteFetch, discover_site
from spiders.discover import DiscoveryError
from spiders.source import load_source_file
from tests.crawler.press import Press, press


@pytest.fixture
def site() -> Iterator[Press]:
    with press() as outlet:
        home = "<html lang='en'><head><title>Bardin Post</title>"
        home += '<link rel="alternate" type="application/rss+xml" href="/feed.xml"></head><body>news</body></html>'
        outlet.pages["/"] = (200, "text/html; charset=utf-8", home.encode())
        base = f"http://127.0.0.1:{outlet.port}/news/2026/03"
        links = "".join(
            f"<item><title>Story {n}</title><link>{base}/0{n}/{70000 + n}</link></item>" for n in range(1, 9)
        )
        outlet.pages["/feed.xml"] = (200, "application/rss+xml", f"<rss><channel>{links}</channel></rss>".encode())
        yield outlet


def test_a_site_with_a_feed_becomes_a_source(site: Press, tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{site.port}/"
    file = discover_site(url, tmp_path / "mine", source_id="bardin", config=Config())
    source = load_source_file(file)
    assert source.id == "bardin"
    assert [index.url for index in source.feeds] == [f"{url}feed.xml"]
    assert source.article_url.search(f"{url}news/2026/03/01/70001")


def test_an_existing_declaration_is_not_overwritten(site: Press, tmp_path: Path) -> None:
    (tmp_path / "bardin.toml").write_text("mine", encoding="utf-8")
    with pytest.raises(DiscoveryError, match="is there already"):
        discover_site(f"http://127.0.0.1:{site.port}/", tmp_path, source_id="bardin", config=Config())
    assert (tmp_path / "bardin.toml").read_text(encoding="utf-8") == "mine"


def test_a_folder_that_cannot_be_written_to_is_said(site: Press, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("a file", encoding="utf-8")
    with pytest.raises(DiscoveryError, match="--folder"):
        discover_site(f"http://127.0.0.1:{site.port}/", tmp_path / "mine", source_id="bardin", config=Config())


def test_a_sitemap_that_robots_txt_names_wrongly_is_passed_over(site: Press, tmp_path: Path) -> None:
    site.pages["/robots.txt"] = (200, "text/plain", b"Sitemap: http://[127.0.0.1/sitemap.xml\n")
    file = discover_site(f"http://127.0.0.1:{site.port}/", tmp_path, source_id="bardin", config=Config())
    assert load_source_file(file).feeds


def test_what_robots_txt_forbids_is_not_fetched(site: Press) -> None:
    site.pages["/robots.txt"] = (200, "text/plain", b"User-agent: *\nDisallow: /feed.xml\n")
    fetch = PoliteFetch()
    assert fetch(f"http://127.0.0.1:{site.port}/feed.xml") is None
    assert site.asked["/feed.xml"] == 0
    assert fetch(f"http://127.0.0.1:{site.port}/") is not None


@pytest.mark.parametrize("status", [503, 429])
def test_nothing_is_fetched_while_robots_txt_cannot_be_had(site: Press, tmp_path: Path, status: int) -> None:
    site.pages["/robots.txt"] = (status, "text/plain", b"out of order")
    with pytest.raises(DiscoveryError, match=f"robots.txt answered {status}"):
        discover_site(f"http://127.0.0.1:{site.port}/", tmp_path, source_id="bardin", config=Config())
    assert set(site.asked) == {"/robots.txt"}


def test_a_page_in_place_of_robots_txt_holds_no_rules(site: Press) -> None:
    site.pages["/robots.txt"] = (200, "text/html", b"<html>\nUser-agent: *\nDisallow: /\n</html>")
    assert PoliteFetch()(f"http://127.0.0.1:{site.port}/") is not None


@pytest.mark.parametrize(
    "url", ["ftp://news.example/", "news.example", "http://[news.example/", "http://news.example:port/"]
)
def test_what_is_no_web_address_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(DiscoveryError, match="no web address"):
        discover_site(url, tmp_path, source_id=None, config=Config())
