"""Pace, robots and retries, over HTTP on loopback."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from crawler.middlewares.retry_after import retry_after
from tests.spiders.press import Answer, Press, article, crawl, declare, item, outcomes, rss, serve

FEED = '[feeds]\nall = "PRESS/feed.xml"'


def press_with_articles(press: Press, count: int = 1) -> None:
    press.xml("/feed.xml", rss(*(item(f"/news/{number}") for number in range(1, count + 1))))
    for number in range(1, count + 1):
        press.html(f"/news/{number}", article())


def robots(press: Press, text: str, **more: object) -> None:
    press.answers["/robots.txt"] = Answer(text.encode(), "text/plain", **more)  # type: ignore[arg-type]


def test_what_robots_forbids_is_not_asked_for(tmp_path: Path) -> None:
    with serve() as press:
        press_with_articles(press)
        robots(press, "User-agent: *\nDisallow: /news/\n")
        declare(tmp_path, press, FEED)
        (told,) = crawl({"source": "daily"}, sources=[str(tmp_path)])
        assert press.asked("/news/1") == 0
    assert outcomes(told)["robots_disallowed"] == 1


def test_rules_for_us_by_name_go_before_the_rules_for_all(tmp_path: Path) -> None:
    with serve() as press:
        press_with_articles(press)
        robots(press, "User-agent: *\nAllow: /\n\nUser-agent: sageon\nDisallow: /\n")
        declare(tmp_path, press, FEED)
        (told,) = crawl({"source": "daily"}, sources=[str(tmp_path)])
    assert outcomes(told) == {"robots_disallowed": 1}


def test_a_robots_file_that_cannot_be_had_allows_nothing(tmp_path: Path) -> None:
    with serve() as press:
        press_with_articles(press)
        robots(press, "oops", status=503)
        declare(tmp_path, press, FEED)
        (told,) = crawl({"source": "daily"}, sources=[str(tmp_path)])
        assert press.asked("/feed.xml") == 0
    assert outcomes(told) == {"robots_unreachable": 1}


def test_a_missing_robots_file_allows_everything(tmp_path: Path) -> None:
    with serve() as press:
        press_with_articles(press)
        robots(press, "User-agent: *\nDisallow: /\n", status=404)
        declare(tmp_path, press, FEED)
        (told,) = crawl({"source": "daily"}, sources=[str(tmp_path)])
    assert outcomes(told)["article_new"] == 1


def test_a_crawl_delay_is_kept_to(tmp_path: Path) -> None:
    asked: list[float] = []

    def timed(_: Mapping[str, str]) -> Answer:
        asked.append(time.monotonic())
        return Answer(article().encode())

    with serve() as press:
        press_with_articles(press, 3)
        for number in (1, 2, 3):
            press.answers[f"/news/{number}"] = timed
        robots(press, "User-agent: *\nCrawl-delay: 0.5\n")
        declare(tmp_path, press, FEED)
        (told,) = crawl({"source": "daily"}, sources=[str(tmp_path)], settings={"DOWNLOAD_DELAY_JITTER": 0.5})
    assert outcomes(told)["article_new"] == 3
    assert told["stats"]["crawl_delay/127.0.0.1"] == 0.5
    assert asked[2] - asked[0] >= 0.7  # twice the delay, less what a busy machine may shift the first arrival


def test_a_crawl_delay_beyond_reason_is_capped_and_said(tmp_path: Path) -> None:
    with serve() as press:
        press_with_articles(press)
        robots(press, "User-agent: *\nCrawl-delay: 86400\n")
        declare(tmp_path, press, FEED)
        (told,) = crawl({"source": "daily"}, sources=[str(tmp_path)], settings={"CRAWL_DELAY_MOST": 0.1})
    assert told["stats"]["crawl_delay/capped"] == 1
    assert told["stats"]["crawl_delay/127.0.0.1"] == 0.1
    assert outcomes(told)["article_new"] == 1


def test_a_declared_rate_paces_the_requests(tmp_path: Path) -> None:
    with serve() as press:
        press_with_articles(press, 2)
        declare(tmp_path, press, FEED + "\n[policy]\nrate = 0.4")
        began = time.monotonic()
        (told,) = crawl({"source": "daily"}, sources=[str(tmp_path)], settings={"DOWNLOAD_DELAY_JITTER": 0}, paced=True)
        assert time.monotonic() - began >= 3 * 0.4
    assert outcomes(told)["article_new"] == 2


def test_retry_after_holds_the_whole_host(tmp_path: Path) -> None:
    asked: list[float] = []

    def busy(_: Mapping[str, str]) -> Answer:
        asked.append(time.monotonic())
        return (
            Answer(b"later", status=503, headers={"Retry-After": "1"})
            if len(asked) == 1
            else Answer(article().encode())
        )

    with serve() as press:
        press_with_articles(press)
        press.answers["/news/1"] = busy
        declare(tmp_path, press, FEED)
        (told,) = crawl({"source": "daily"}, sources=[str(tmp_path)], settings={"RETRY_TIMES": 2})
    assert outcomes(told)["article_new"] == 1
    assert asked[1] - asked[0] >= 0.95


def test_a_wait_too_long_is_not_waited_for(tmp_path: Path) -> None:
    with serve() as press:
        press_with_articles(press)
        press.html("/news/1", "later", status=429, headers={"Retry-After": "3600"})
        declare(tmp_path, press, FEED)
        (told,) = crawl({"source": "daily"}, sources=[str(tmp_path)], settings={"RETRY_TIMES": 2})
        assert press.asked("/news/1") == 1
    assert outcomes(told)["rate_limited"] == 1


def test_retry_after_reads_seconds_and_dates() -> None:
    now = datetime(2025, 11, 3, 12, 0, tzinfo=UTC)
    assert retry_after(b"120", now) == 120
    assert retry_after(format_datetime(now + timedelta(seconds=90), usegmt=True).encode(), now) == 90
    assert retry_after(b"Mon, 03 Nov 2025 11:00:00 GMT", now) == 0
    assert retry_after(b"soon", now) is None
    assert retry_after(None, now) is None


def test_we_say_who_we_are_and_carry_no_cookies(tmp_path: Path) -> None:
    with serve() as press:
        press_with_articles(press)
        press.xml("/feed.xml", rss(item("/news/1")), headers={"Set-Cookie": "id=1"})
        declare(tmp_path, press, FEED)
        crawl({"source": "daily"}, sources=[str(tmp_path)])
        (headers,) = [sent for path, sent in press.requests if path == "/news/1"]
    assert headers["user-agent"].startswith("Sageon/")
    assert "cookie" not in headers
    assert "referer" not in headers
