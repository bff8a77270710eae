"""A declared source, crawled over HTTP on loopback."""

from __future__ import annotations

from pathlib import Path

from tests.spiders.press import article, crawl, declare, item, outcomes, rss, serve


def test_articles_of_a_feed_come_as_pages_with_id_and_listing(tmp_path: Path) -> None:
    with serve() as press:
        date = "Sun, 12 Oct 2025 23:04:00 +0700"
        press.xml("/feed.xml", rss(item("/news/101?utm_source=rss", "Teacher missing", date), item("/about")))
        press.html("/news/101?utm_source=rss", article())
        declare(tmp_path, press, '[feeds]\nall = "PRESS/feed.xml"')
        (told,) = crawl({"source": "daily"}, sources=[str(tmp_path)])
    (page,) = told["pages"]
    assert page["native_id"] == "101"
    assert page["listing"]["title"] == "Teacher missing"
    assert page["listing"]["published"] == "2025-10-12 23:04:00+07:00"
    assert outcomes(told) == {"feed_ok": 1, "not_article": 1, "article_new": 1, "items_new": 1}
