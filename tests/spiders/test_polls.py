"""What a crawl remembers: conditional requests and their guard, overlap between polls, known articles."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from spiders.schedule import FIRST, LONGEST, SHORTEST, STEPS, full_fetch_due, next_period, next_refetch
from tests.spiders.press import Answer, Press, article, crawl, declare, item, outcomes, rss, serve

FEED = '[feeds]\nall = "PRESS/feed.xml"'
NOW = datetime(2025, 11, 16, 12, 0, tzinfo=UTC)
EARLIER = NOW - timedelta(hours=1)


def conditional(body: str, etag: str = '"v1"') -> Any:
    def answer(headers: Mapping[str, str]) -> Answer:
        if headers.get("if-none-match") == etag:
            return Answer(status=304, headers={"ETag": etag})
        return Answer(body.encode(), "application/rss+xml", headers={"ETag": etag, "Last-Modified": "x"})

    return answer


def press_with(press: Press, *numbers: int) -> None:
    press.xml("/feed.xml", rss(*(item(f"/news/{number}") for number in numbers)), headers={"ETag": '"v1"'})
    for number in numbers:
        press.html(f"/news/{number}", article())


def polled(tmp_path: Path, press: Press, *, now: datetime = NOW, **job: Any) -> dict[str, Any]:
    declare(tmp_path, press, FEED)
    arguments = {"now": now.isoformat(), **job.pop("arguments", {})}
    (told,) = crawl({"source": "daily", "arguments": arguments}, sources=[str(tmp_path)], **job)
    return told


def state(press: Press, **more: Any) -> dict[str, Any]:
    times = {"polled": EARLIER.isoformat(), "full_fetch": EARLIER.isoformat()}
    return {"url": f"{press.url}/feed.xml", **times, "outcome": "feed_ok", **more}


def test_a_second_poll_sends_back_the_servers_own_words(tmp_path: Path) -> None:
    with serve() as press:
        press.answers["/feed.xml"] = conditional(rss(item("/news/1")))
        press.html("/news/1", article())
        first = polled(tmp_path, press)
        (kept,) = first["states"]
        again = polled(tmp_path, press, states=[state(press, etag=kept["etag"], last_modified="x", body_hash="h")])
        sent = [headers for path, headers in press.requests if path == "/feed.xml"][-1]
    assert (sent["if-none-match"], sent["if-modified-since"]) == ('"v1"', "x")
    assert outcomes(again) == {"http_304": 1}
    assert again["states"][0]["etag"] == '"v1"'


def test_validators_are_not_kept_while_an_article_is_missing(tmp_path: Path) -> None:
    with serve() as press:
        press_with(press, 1, 2)
        press.html("/news/2", "oops", status=500)
        told = polled(tmp_path, press)
    (kept,) = told["states"]
    assert outcomes(told)["http_error"] == 1
    assert (kept["etag"], kept["body_hash"]) == (None, None)
    assert kept["keys"] == ["daily:1", "daily:2"]


def test_a_limit_leaves_the_rest_for_the_next_poll(tmp_path: Path) -> None:
    with serve() as press:
        press_with(press, 1, 2, 3)
        told = polled(tmp_path, press, arguments={"limit": "2"})
    assert outcomes(told)["over_limit"] == 1
    assert len(told["pages"]) == 2
    assert told["states"][0]["etag"] is None


def test_the_body_is_asked_for_again_after_a_while_whatever_the_server_says(tmp_path: Path) -> None:
    with serve() as press:
        press.answers["/feed.xml"] = conditional(rss(item("/news/1")))
        press.html("/news/1", article())
        long_ago = (NOW - timedelta(hours=13)).isoformat()
        told = polled(tmp_path, press, states=[state(press, etag='"v1"', full_fetch=long_ago, body_hash="other")])
        (sent,) = [headers for path, headers in press.requests if path == "/feed.xml"]
    assert "if-none-match" not in sent
    assert outcomes(told)["feed_ok"] == 1


def test_a_validator_that_stays_while_the_body_moves_is_never_trusted_again(tmp_path: Path) -> None:
    with serve() as press:
        press_with(press, 1)
        long_ago = (NOW - timedelta(hours=13)).isoformat()
        told = polled(tmp_path, press, states=[state(press, etag='"v1"', full_fetch=long_ago, body_hash="other")])
        assert told["states"][0]["distrusted"]
        assert outcomes(told)["distrusted"] == 1
        told = polled(tmp_path, press, states=[state(press, etag='"v1"', body_hash="other", distrusted=True)])
        assert all("if-none-match" not in headers for _, headers in press.requests)
    assert outcomes(told)["article_new"] == 1


def test_a_304_nobody_asked_for_is_false(tmp_path: Path) -> None:
    with serve() as press:
        press.answers["/feed.xml"] = Answer(status=304)
        told = polled(tmp_path, press)
    assert outcomes(told) == {"false_304": 1}


def test_overlap_is_measured_and_a_gap_is_said(tmp_path: Path) -> None:
    with serve() as press:
        press_with(press, 3, 4)
        overlapping = polled(tmp_path, press, states=[state(press, keys=["daily:2", "daily:3"])])
        apart = polled(tmp_path, press, states=[state(press, keys=["daily:1", "daily:2"])])
    assert (outcomes(overlapping)["items_new"], outcomes(overlapping)["items_seen"]) == (1, 1)
    assert "gap" not in outcomes(overlapping)
    assert outcomes(apart)["gap"] == 1
    assert apart["states"][0]["gaps"] == 1


def test_an_unchanged_body_without_validators_is_the_same(tmp_path: Path) -> None:
    with serve() as press:
        press.xml("/feed.xml", rss(item("/news/1")))
        press.html("/news/1", article())
        first = polled(tmp_path, press)
        body_hash = first["states"][0]["body_hash"]
        known = {"daily:1": {"last_fetched": NOW.isoformat(), "published": NOW.isoformat()}}
        told = polled(tmp_path, press, states=[state(press, body_hash=body_hash, keys=["daily:1"])], known=known)
    assert outcomes(told) == {"feed_same": 1, "known": 1, "items_seen": 1}


@pytest.mark.parametrize(
    ("published", "fetched", "outcome"),
    [
        (timedelta(minutes=90), timedelta(minutes=80), "article_again"),  # fetched young, an hour old since
        (timedelta(minutes=90), timedelta(minutes=20), "known"),  # next due at four hours
        (timedelta(days=30), timedelta(days=29), "known"),  # too old to change
    ],
)
def test_a_known_article_is_fetched_again_on_its_schedule(
    tmp_path: Path, published: timedelta, fetched: timedelta, outcome: str
) -> None:
    known = {"daily:1": {"published": str(NOW - published), "last_fetched": str(NOW - fetched)}}
    with serve() as press:
        press_with(press, 1)
        told = polled(tmp_path, press, known=known)
        assert outcomes(told)[outcome] == 1
        told = polled(tmp_path, press, known=known, arguments={"refetch": "false"})
        assert outcomes(told)["known"] == 1


def test_an_article_the_listing_says_has_changed_is_fetched_at_once(tmp_path: Path) -> None:
    known = {"daily:1": {"published": str(NOW - timedelta(days=20)), "last_fetched": str(NOW - timedelta(hours=2))}}
    with serve() as press:
        changed = (NOW - timedelta(minutes=5)).isoformat()
        press.xml("/feed.xml", f"<urlset><url><loc>{press.url}/news/1</loc><lastmod>{changed}</lastmod></url></urlset>")
        press.html("/news/1", article())
        assert outcomes(polled(tmp_path, press, known=known))["article_again"] == 1


def test_the_schedule_decays_and_ends() -> None:
    fetched, seen = NOW, []
    while (due := next_refetch(NOW, fetched, fetched)) is not None:
        seen.append(due - NOW)
        fetched = due
    assert seen == list(STEPS)


def test_the_poll_period_follows_the_overlap() -> None:
    assert next_period(None, 100, 5) > FIRST
    assert next_period(FIRST, 100, 30) == FIRST
    assert next_period(FIRST, 100, 80) == FIRST / 2
    assert next_period(FIRST, 100, 100, gap=True) == FIRST / 2
    assert next_period(SHORTEST, 100, 100) == SHORTEST
    assert next_period(LONGEST, 100, 0) == LONGEST


def test_a_full_fetch_is_due_at_first_and_after_half_a_day() -> None:
    assert full_fetch_due(None, NOW)
    assert not full_fetch_due(EARLIER, NOW)
    assert full_fetch_due(NOW - timedelta(hours=12), NOW)
