"""A declared source, crawled over HTTP on loopback: every kind of listing, and the spider's arguments."""

from __future__ import annotations

import gzip
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from spiders.arguments import ArgumentError, Arguments
from spiders.outcomes import runs, verdict
from tests.spiders.press import ROOT, Answer, article, crawl, declare, item, outcomes, rss, serve

NOW = datetime(2025, 11, 16, 12, 0, tzinfo=UTC)


def once(tmp_path: Path, **arguments: Any) -> dict[str, Any]:
    (told,) = crawl({"source": "daily", "arguments": {"now": NOW.isoformat(), **arguments}}, sources=[str(tmp_path)])
    return told


def ids(told: dict[str, Any]) -> list[str]:
    return sorted(page["native_id"] for page in told["pages"])


def urlset(*rows: tuple[str, datetime | None]) -> str:
    entries = (
        f"<url><loc>{u}</loc>" + (f"<lastmod>{t.isoformat()}</lastmod>" if t else "") + "</url>" for u, t in rows
    )
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{"".join(entries)}</urlset>'


def test_articles_of_a_feed_come_as_pages_with_id_and_listing(tmp_path: Path) -> None:
    with serve() as press:
        date = "Sun, 12 Oct 2025 23:04:00 +0700"
        press.xml("/feed.xml", rss(item("/news/101?utm_source=rss", "Teacher missing", date), item("/about")))
        press.html("/news/101?utm_source=rss", article())
        declare(tmp_path, press, '[feeds]\nall = "PRESS/feed.xml"')
        told = once(tmp_path)
    (page,) = told["pages"]
    assert page["native_id"] == "101"
    assert page["listing"]["title"] == "Teacher missing"
    assert page["listing"]["published"] == "2025-10-12 23:04:00+07:00"
    assert outcomes(told) == {"feed_ok": 1, "not_article": 1, "article_new": 1, "items_new": 1}


def test_an_article_in_two_feeds_is_fetched_once(tmp_path: Path) -> None:
    with serve() as press:
        press.xml("/a.xml", rss(item("/news/1?utm_source=a")))
        press.xml("/b.xml", rss(item("/news/1?fbclid=b"), item("/news/1")))
        press.html("/news/1?utm_source=a", article())
        press.html("/news/1?fbclid=b", article())
        declare(tmp_path, press, '[feeds]\na = "PRESS/a.xml"\nb = "PRESS/b.xml"')
        told = once(tmp_path)
    assert outcomes(told)["article_new"] == 1
    assert outcomes(told)["duplicate"] == 2


def test_nested_and_packed_sitemaps_are_walked_to_the_recent_articles(tmp_path: Path) -> None:
    with serve() as press:
        day = timedelta(days=1)
        index = "".join(
            f"<sitemap><loc>/{name}</loc><lastmod>{moment.isoformat()}</lastmod></sitemap>"
            for name, moment in (("new.xml.gz", NOW - day), ("old.xml", NOW - 300 * day))
        )
        press.xml("/sitemap.xml", f"<sitemapindex>{index}</sitemapindex>")
        rows = (("/news/1", NOW - day), ("/news/2", NOW - 9 * day), ("/news/3", None), ("/2025/11/15/news/4", None))
        press.xml("/new.xml.gz", gzip.compress(urlset(*rows).encode()), type="application/gzip")
        for path in ("/news/1", "/2025/11/15/news/4"):
            press.html(path, article())
        declare(tmp_path, press, '[sitemaps]\nall = "PRESS/sitemap.xml"')
        told = once(tmp_path)
        assert press.asked("/old.xml") == 0
    assert ids(told) == ["1", "4"]
    assert outcomes(told)["too_old"] == 1
    assert outcomes(told)["undated"] == 1


def test_of_many_undated_sitemaps_only_some_from_either_end_are_read(tmp_path: Path) -> None:
    with serve() as press:
        names = [f"/part-{number}.xml" for number in range(20)]
        children = "".join(f"<sitemap><loc>{name}</loc></sitemap>" for name in names)
        press.xml("/sitemap.xml", f"<sitemapindex>{children}</sitemapindex>")
        for name in names:
            press.xml(name, urlset(("/news/1", NOW)))
        press.html("/news/1", article())
        declare(tmp_path, press, '[sitemaps]\nall = "PRESS/sitemap.xml"')
        told = once(tmp_path)
        read = [name for name in names if press.asked(name)]
    assert read == names[:3] + names[-3:]
    assert ids(told) == ["1"]


def test_section_pages_are_turned_until_one_brings_nothing_new(tmp_path: Path) -> None:
    with serve() as press:
        for page, numbers in enumerate(((1, 2), (2, 3), (3, 2), (4,)), 1):
            links = "".join(f'<a href="/news/{number}">t</a>' for number in numbers)
            press.html(f"/world?page={page}", f"<html><body>{links}</body></html>")
        for number in (1, 2, 3, 4):
            press.html(f"/news/{number}", article())
        declare(tmp_path, press, '[sections]\nworld = { url = "PRESS/world?page={page}", pages = 9 }')
        told = once(tmp_path)
        assert press.asked("/world?page=4") == 0
    assert ids(told) == ["1", "2", "3"]


def test_a_dated_archive_is_walked_day_by_day(tmp_path: Path) -> None:
    with serve() as press:
        for day, number in ((3, 1), (4, 2), (5, 3)):
            press.html(f"/2025/11/{day:02}?p=1", f'<html><body><a href="/news/{number}">t</a></body></html>')
            press.html(f"/2025/11/{day:02}?p=2", "<html><body></body></html>")
            press.html(f"/news/{number}", article())
        listings = '[feeds]\nall = "PRESS/feed.xml"\n[archive]\nurl = "PRESS/{date:%Y/%m/%d}?p={page}"\npages = 3'
        declare(tmp_path, press, listings)
        told = once(tmp_path, since="2025-11-03", until="2025-11-04")
        assert press.asked("/feed.xml") == 0  # it shows the last hours only
    assert ids(told) == ["1", "2"]


def test_since_and_until_bound_the_publication(tmp_path: Path) -> None:
    with serve() as press:
        dates = (
            "Sat, 15 Nov 2025 09:00:00 +0700",
            "Fri, 14 Nov 2025 09:00:00 +0700",
            "Mon, 03 Nov 2025 09:00:00 +0700",
        )
        press.xml("/feed.xml", rss(*(item(f"/news/{n}", date=date) for n, date in enumerate(dates, 1))))
        press.html("/news/2", article())
        declare(tmp_path, press, '[feeds]\nall = "PRESS/feed.xml"')
        told = once(tmp_path, since="7d", until="2025-11-14")
    assert ids(told) == ["2"]
    assert (outcomes(told)["too_old"], outcomes(told)["too_new"]) == (1, 1)


def test_sections_chooses_listings_by_name(tmp_path: Path) -> None:
    with serve() as press:
        press.xml("/b.xml", rss(item("/news/1")))
        press.html("/news/1", article())
        declare(tmp_path, press, '[feeds]\na = "PRESS/a.xml"\nb = "PRESS/b.xml"')
        told = once(tmp_path, sections="b")
        assert press.asked("/a.xml") == 0
    assert ids(told) == ["1"]


def test_html_served_as_a_feed_has_a_name(tmp_path: Path) -> None:
    with serve() as press:
        press.xml("/feed.xml", "<html><body>We moved our feeds. Read about it on our help pages.</body></html>")
        declare(tmp_path, press, '[feeds]\nall = "PRESS/feed.xml"')
        told = once(tmp_path)
    assert outcomes(told) == {"not_a_listing": 1}
    assert verdict(outcomes(told)) == "failed"


def test_a_korean_page_under_a_lying_header_is_left_to_the_cleaner(tmp_path: Path) -> None:
    with serve() as press:
        press.xml("/feed.xml", rss(item("/news/1"), item("/news/2")))
        page = "<html><title>실종 신고</title><body><p>경찰은 실종 신고를 받고 수색에 나섰다.</p></body></html>"
        press.answers["/news/1"] = Answer(page.encode("cp949"), "text/html; charset=utf-8")
        press.answers["/news/2"] = Answer(page.encode("cp949"), "text/html; charset=euc-kr")
        declare(tmp_path, press, '[feeds]\nall = "PRESS/feed.xml"')
        file = tmp_path / "daily.toml"
        file.write_text(file.read_text().replace('language = "en"', 'language = "ko"'))
        told = once(tmp_path)
    lying, right = sorted(told["pages"], key=lambda one: one["native_id"])
    assert lying["text"] is None
    assert "실종 신고" in right["text"]


def test_stored_articles_that_are_due_are_asked_for_without_a_listing(tmp_path: Path) -> None:
    with serve() as press:
        press.xml("/feed.xml", rss(item("/news/2")))
        press.html("/news/1", article())
        press.html("/news/2", article())
        declare(tmp_path, press, '[feeds]\nall = "PRESS/feed.xml"')
        told = once(tmp_path, revisit=[f"{press.url}/news/1"])
    assert ids(told) == ["1", "2"]
    assert outcomes(told)["article_again"] == 1


def test_scrapy_lists_and_crawls_the_sources_of_a_checkout(tmp_path: Path) -> None:
    scrapy = [sys.executable, "-m", "scrapy"]
    listed = subprocess.run([*scrapy, "list"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {"yonhap_ko", "nationpress", "guardian"} <= set(listed.stdout.split())
    with serve() as press:
        press.xml("/feed.xml", rss(item("/news/1")))
        press.html("/news/1", article())
        declare(tmp_path, press, '[feeds]\nall = "PRESS/feed.xml"')
        settings = ["-s", f"SOURCES_DIRS={tmp_path}", "-s", "PRIVATE_HOSTS=1", "-s", "DOWNLOAD_DELAY=0"]
        settings += ["-s", f"SAGEON_DATABASE_URL=sqlite:///{tmp_path}/t.db"]
        done = subprocess.run(
            [*scrapy, "crawl", "daily", *settings], cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert press.asked("/news/1") == 1
    assert "'sageon/daily/article_new': 1" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"limit": "many"}, "limit=many"),
        ({"limit": "0"}, "limit=0"),
        ({"since": "last week"}, "2025-10-01"),
        ({"since": "2025-11-04", "until": "2025-11-03"}, "after"),
        ({"refetch": "perhaps"}, "true or false"),
    ],
)
def test_an_argument_that_cannot_be_used_says_what_would_be_right(arguments: dict[str, Any], says: str) -> None:
    with pytest.raises(ArgumentError, match=says):
        Arguments.read(zone=ZoneInfo("Asia/Seoul"), now=NOW, **arguments)


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ({"feed_ok": 1, "article_new": 2, "timeout": 9}, "ok"),
        ({"http_304": 1}, "nothing_new"),
        ({"feed_ok": 1, "known": 30}, "nothing_new"),
        ({"feed_ok": 1, "known": 30, "blocked": 1}, "nothing_new"),
        ({"feed_ok": 1, "not_article": 30}, "nothing_found"),
        ({"feed_empty": 1, "feed_ok": 1}, "nothing_found"),
        ({}, "nothing_found"),
        ({"robots_disallowed": 3}, "refused"),
        ({"feed_ok": 1, "blocked": 30}, "refused"),
        ({"dns": 5}, "failed"),
        ({"feed_ok": 1, "timeout": 30}, "failed"),
    ],
)
def test_what_a_run_came_to(outcomes: dict[str, int], expected: str) -> None:
    assert verdict(outcomes) == expected


def test_runs_are_read_from_the_stats_of_several_sources() -> None:
    stats = {"sageon/a/article_new": 2, "sageon/b/dns": 1, "sageon/b/items_new": 0, "downloader/request_count": 9}
    told = runs(stats)
    assert told["a"].succeeded
    assert told["b"].outcomes == {"dns": 1}
    assert told["b"].verdict == "failed"
