"""What `sageon sources add URL` finds, at small sites on loopback."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from datetime import date
from pathlib import Path

import pytest

from spiders.addresses import native_id
from spiders.article_pattern import guess_pattern
from spiders.declaration import Declaration
from spiders.discover import DiscoveryError, Fetched, Found, declaration_text, discover, suggested_id
from spiders.source import Source, read_source
from tests.spiders.press import Answer, Press, item, rss, serve

TODAY = date(2025, 11, 16)


def fetch(url: str) -> Fetched | None:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return Fetched(answer.url, answer.status, answer.headers.get("Content-Type", ""), answer.read())
    except urllib.error.HTTPError as error:
        return Fetched(url, error.code, "", b"")
    except urllib.error.URLError:
        return None


def at(press: Press, path: str = "/") -> Found:
    return discover(press.url + path, fetch, today=TODAY)


def declared(found: Found) -> Source:
    return read_source(Declaration(Path("site.toml"), declaration_text(found, "site")))


def front(head: str = "", body: str = "", lang: str = "en") -> str:
    return f'<html lang="{lang}"><head><title>The Front</title>{head}</head><body>{body}</body></html>'


def news_sitemap(*links: str) -> str:
    rows = "".join(
        f"<url><loc>{link}</loc><n:news><n:publication_date>2025-11-15T09:00:00Z</n:publication_date>"
        f"<n:title>A title</n:title></n:news></url>"
        for link in links
    )
    return f'<urlset xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">{rows}</urlset>'


def test_feeds_that_the_front_page_names_make_a_declaration() -> None:
    with serve() as press:
        named = '<meta property="og:site_name" content="The Takeo Times">'
        press.html("/", front(named + '<link rel="alternate" type="application/rss+xml" href="/rss/world.xml">'))
        press.xml("/rss/world.xml", rss(*(item(f"/world/2025/11/a-story-{n}-4900{n}.html") for n in range(100, 110))))
        found = at(press)
        source = declared(found)
        assert native_id(source, f"{press.url}/world/2025/11/another-story-4900555.html") == "4900555"
    assert source.name == "The Takeo Times"
    assert [(index.name, index.kind) for index in source.indexes()] == [("world", "feed")]
    assert source.seen_live
    assert native_id(source, f"{press.url}/world/") is None


def test_a_news_sitemap_is_found_through_robots_and_its_index() -> None:
    with serve() as press:
        press.answers["/robots.txt"] = Answer(
            f"User-agent: *\nDisallow: /search\nCrawl-delay: 3\nSitemap: {press.url}/index.xml\n".encode(), "text/plain"
        )
        press.html("/", front())
        press.xml(
            "/index.xml",
            "<sitemapindex><sitemap><loc>/pages.xml</loc></sitemap><sitemap><loc>/news-1.xml</loc></sitemap></sitemapindex>",
        )
        press.xml("/news-1.xml", news_sitemap(*(f"/article/1082705{n}" for n in range(5))))
        found = at(press)
        source = declared(found)
    assert [index.url for index in source.news_sitemaps] == [f"{press.url}/news-1.xml"]
    assert source.sitemaps == ()
    assert source.policy.robots == "disallow /search; crawl-delay 3"


def test_a_site_that_names_nothing_is_tried_at_the_usual_places() -> None:
    with serve() as press:
        links = "".join(
            f'<a href="/news/articleView.html?idxno=12345{n}">삼척 바닷가에서 실종된 관광객 찾아 {n}</a>'
            for n in range(3)
        )
        press.html("/", front(body=links, lang="ko"))
        press.xml("/rss/allArticle.xml", rss(*(item(f"/news/articleView.html?idxno=12345{n}") for n in range(5))))
        source = declared(at(press))
        url = f"{press.url}/news/articleView.html?page=2&amp;idxno=99".replace("&amp;", "&")
        assert native_id(source, url) == "99"
    assert source.keep_query == ("idxno",)
    assert (source.language, source.country, source.timezone) == ("ko", "KR", "Asia/Seoul")


def test_a_site_without_feeds_is_read_from_its_front_page() -> None:
    with serve() as press:
        links = "".join(
            f'<a href="/national/why-did-police-seek-{n}-men">Why did police seek {n} men?</a>' for n in "abcde"
        )
        press.html("/", front(body=links + '<a href="/about">About</a>'))
        source = declared(at(press))
    assert [index.kind for index in source.indexes()] == ["section"]
    assert native_id(source, f"{press.url}/national/what-next-for-the-trial") == "what-next-for-the-trial"


def test_html_where_a_feed_should_be_is_not_declared() -> None:
    with serve() as press:
        press.html("/", front('<link rel="alternate" type="application/rss+xml" href="/feed">'))
        press.html("/feed", front())
        with pytest.raises(DiscoveryError, match="no common form"):
            at(press)


def test_a_site_that_does_not_answer_is_said_so() -> None:
    with serve() as press:
        with pytest.raises(DiscoveryError, match="answered 404"):
            at(press, "/nothing")
        closed = press.url
    with pytest.raises(DiscoveryError, match="no answer"):
        discover(closed, fetch, today=TODAY)


@pytest.mark.parametrize(
    ("form", "found", "urls"),
    [
        ("letters and digits", "AKR20251012000100001", "/view/AKR20251012000100001 /view/AKR20251013000200002"),
        ("number.html", "1228001", "/arti/society/1228001.html /arti/world/1228002.html"),
        ("number before words", "501696759", "/501696759/some-story-here/ /501696760/other/"),
        ("words", "a-student-found-dead", "/news/2025/nov/15/a-student-found-dead /2025/nov/14/nine-die-in-sinking"),
        ("words-number", "4961234", "/news/man-arrested-4961234.html /news/news/another-story-4961235.html"),
        ("26 capitals and digits", "QWERTYUIOPASDFGHJKLZXCVB12", "/a/2025/11/05/QWERTYUIOPASDFGHJKLZXCVB12/"),
    ],
)
def test_forms_of_addresses(form: str, found: str, urls: str) -> None:
    addresses = [f"https://www.outlet.example{path}" for path in urls.split()]
    guessed = guess_pattern(addresses)
    assert guessed is not None
    assert (guessed.form, guessed.share) == (form, 1)
    match = re.search(guessed.expression, addresses[0])
    assert match
    assert match["id"] == found


def test_addresses_without_a_common_form_give_none() -> None:
    assert guess_pattern(["https://a.kr/", "https://a.kr/about", "https://a.kr/one/12345678"]) is None
    assert guess_pattern([]) is None


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.koreaherald.com/", "koreaherald"),
        ("https://en.yna.co.kr/", "en_yna"),
        ("https://127.0.0.1/", "site_127_0"),
    ],
)
def test_an_id_is_suggested_from_the_host(url: str, name: str) -> None:
    pattern = guess_pattern(["https://a.kr/12345678"])
    assert pattern
    found = Found(url, "n", "en", "KR", "UTC", (), {}, {}, {}, {}, pattern, (), "", TODAY)
    assert suggested_id(found).startswith(name)
