"""Hostile, broken and merely odd answers: each a counted, named outcome, over HTTP on loopback."""

from __future__ import annotations

import gzip
import socket
from pathlib import Path

import brotli
import pytest

from crawler.middlewares.private_addresses import _literal, is_public
from tests.spiders.press import Answer, Press, article, crawl, declare, item, outcomes, rss, serve

FEED = '[feeds]\nall = "PRESS/feed.xml"'
TWELVE_MB = b"<html><body>" + b"a" * 12_000_000


def answer_of(tmp_path: Path, answer: Answer, **job: object) -> dict[str, int]:
    """The outcomes of a crawl whose one article answers so."""
    with serve() as press:
        press.xml("/feed.xml", rss(item("/news/1")))
        press.answers["/news/1"] = answer
        declare(tmp_path, press, FEED)
        (told,) = crawl({"source": "daily"}, sources=[str(tmp_path)], **job)
    assert "Traceback" not in told["log"]
    found = outcomes(told)
    assert found.pop("feed_ok") == 1
    found.pop("items_new")
    return found


def test_a_body_over_the_limit_is_too_large(tmp_path: Path) -> None:
    assert answer_of(tmp_path, Answer(TWELVE_MB)) == {"too_large": 1}


@pytest.mark.parametrize("encoding", ["gzip", "br"])
def test_a_compression_bomb_is_too_large(tmp_path: Path, encoding: str) -> None:
    packed = gzip.compress(TWELVE_MB) if encoding == "gzip" else brotli.compress(TWELVE_MB, quality=1)
    assert len(packed) < 100_000
    assert answer_of(tmp_path, Answer(packed, headers={"Content-Encoding": encoding})) == {"too_large": 1}


def test_broken_compression_is_a_connection_failure(tmp_path: Path) -> None:
    broken = Answer(b"\x1f\x8bnot gzip at all", headers={"Content-Encoding": "gzip"})
    assert answer_of(tmp_path, broken) == {"connection": 1}


def test_an_empty_body_is_no_page(tmp_path: Path) -> None:
    assert answer_of(tmp_path, Answer(b" \n")) == {"not_html": 1}


@pytest.mark.parametrize("kind", ["application/pdf", "video/mp4", "image/jpeg", "application/json"])
def test_what_is_no_page_is_not_taken_in(tmp_path: Path, kind: str) -> None:
    assert answer_of(tmp_path, Answer(b"%PDF-1.7 " + b"x" * 100_000, kind)) == {"not_html": 1}


def test_a_page_that_names_no_type_is_judged_by_its_bytes(tmp_path: Path) -> None:
    assert answer_of(tmp_path, Answer(article().encode(), None)) == {"article_new": 1}


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(404, "gone"), (410, "gone"), (403, "refused"), (451, "refused"), (429, "rate_limited"), (500, "http_error")],
)
def test_a_refusing_status_has_its_name(tmp_path: Path, status: int, outcome: str) -> None:
    assert answer_of(tmp_path, Answer(b"<html><body>No.</body></html>", status=status)) == {outcome: 1}


CHALLENGE = (
    "<html><head><title>Just a moment...</title></head><body><script>window._cf_chl_opt={}</script></body></html>"
)


@pytest.mark.parametrize("status", [200, 202, 403, 429, 503])
def test_a_challenge_is_blocked_and_not_an_empty_article(tmp_path: Path, status: int) -> None:
    settings = {"RETRY_TIMES": 2}
    assert answer_of(tmp_path, Answer(CHALLENGE.encode(), status=status), settings=settings) == {"blocked": 1}


def test_an_accepted_without_content_is_blocked(tmp_path: Path) -> None:
    assert answer_of(tmp_path, Answer(b"", status=202)) == {"blocked": 1}


def test_a_page_of_nothing_but_script_is_blocked(tmp_path: Path) -> None:
    shell = b"<html><body><script>document.cookie='k=1';location.reload()</script></body></html>"
    assert answer_of(tmp_path, Answer(shell)) == {"blocked": 1}


def test_a_redirect_loop_has_its_name(tmp_path: Path) -> None:
    assert answer_of(tmp_path, Answer(b"", status=302, headers={"Location": "/news/1"})) == {"redirect_loop": 1}


def test_an_article_sent_on_to_the_front_page_is_gone(tmp_path: Path) -> None:
    with serve() as press:
        press.xml("/feed.xml", rss(item("/news/1")))
        press.answers["/news/1"] = Answer(b"", status=301, headers={"Location": "/"})
        press.html("/", article())
        declare(tmp_path, press, FEED)
        (told,) = crawl({"source": "daily"}, sources=[str(tmp_path)])
    assert outcomes(told)["gone"] == 1


def test_a_moved_article_keeps_both_addresses(tmp_path: Path) -> None:
    with serve() as press:
        press.xml("/feed.xml", rss(item("/news/1")))
        press.answers["/news/1"] = Answer(b"", status=301, headers={"Location": "/news/1/teacher-missing"})
        press.html("/news/1/teacher-missing", article())
        declare(tmp_path, press, FEED)
        (told,) = crawl({"source": "daily"}, sources=[str(tmp_path)])
        (page,) = told["pages"]
        assert page["requested_url"] == f"{press.url}/news/1"
        assert page["url"] == f"{press.url}/news/1/teacher-missing"


def test_a_page_that_never_ends_is_a_timeout(tmp_path: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with serve() as press:
            press.xml("/feed.xml", rss(item("/news/1")))
            elsewhere = f"http://127.0.0.1:{silent.getsockname()[1]}/news/2"
            press.answers["/news/1"] = Answer(b"", status=302, headers={"Location": elsewhere})
            declare(tmp_path, press, FEED)
            settings = {"DOWNLOAD_TIMEOUT": 1, "ROBOTSTXT_OBEY": False}
            (told,) = crawl({"source": "daily"}, sources=[str(tmp_path)], settings=settings)
    assert outcomes(told)["timeout"] == 1


def test_a_closed_door_is_a_connection_failure(tmp_path: Path) -> None:
    with socket.socket() as taken:  # bound, not listening: a connection is refused
        taken.bind(("127.0.0.1", 0))
        closed = Press.__new__(Press)
        closed.url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        declare(tmp_path, closed, FEED)
        (told,) = crawl({"source": "daily"}, sources=[str(tmp_path)])
    assert outcomes(told) == {"connection": 1}
    assert told["stats"]["finish_reason"] == "finished"


def test_a_private_address_is_not_asked_unless_a_setting_allows_it(tmp_path: Path) -> None:
    with serve() as press:
        press.xml("/feed.xml", rss(item("/news/1")))
        declare(tmp_path, press, FEED)
        (told,) = crawl({"source": "daily"}, sources=[str(tmp_path)], settings={"PRIVATE_HOSTS": False})
        assert press.requests == []
    assert outcomes(told) == {"private_address": 1}


def test_a_name_that_resolves_to_a_private_address_is_not_asked(tmp_path: Path) -> None:
    with serve() as press:
        press.xml("/feed.xml", rss(item("/news/1")))
        listing = FEED.replace("PRESS", press.url.replace("127.0.0.1", "localhost"))
        declare(tmp_path, press, listing)
        (told,) = crawl({"source": "daily"}, sources=[str(tmp_path)], settings={"PRIVATE_HOSTS": False})
        assert press.requests == []
    assert outcomes(told) == {"private_address": 1}


@pytest.mark.parametrize("allowed", [False, True])
def test_a_public_page_cannot_send_us_to_a_private_one(tmp_path: Path, allowed: bool) -> None:
    settings = {
        "DOWNLOAD_HANDLERS": dict.fromkeys(("http", "https"), "tests.spiders.pretended_web.PretendedWeb"),
        "TWISTED_DNS_RESOLVER": "tests.spiders.pretended_web.PretendedNames",
        "PRIVATE_HOSTS": allowed,
    }
    with serve() as press:
        press.xml("/outlet.example/feed.xml", rss(item("/news/1"), item("/news/2"), item("/news/3")))
        for number, place in enumerate(
            ("http://169.254.169.254/news/9", "http://[::1]/news/9", "http://127.1/news/9"), 1
        ):
            press.answers[f"/outlet.example/news/{number}"] = Answer(b"", status=302, headers={"Location": place})
        declare(tmp_path, press, '[feeds]\nall = "https://outlet.example/feed.xml"')
        file = tmp_path / "daily.toml"
        file.write_text(file.read_text().replace('hosts = ["127.0.0.1"]', 'hosts = ["outlet.example"]'))
        (told,) = crawl({"source": "daily"}, sources=[str(tmp_path)], settings={**settings, "PRETENDED_WEB": press.url})
        inside = [path for path, _ in press.requests if not path.startswith("/outlet.example/")]
    assert outcomes(told)["redirected_private"] == 3
    assert inside == []


PRIVATE = """
    127.0.0.1 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 ::1 fe80::1%eth0 fd00::1
    ::ffff:127.0.0.1 2002:7f00:1:: 64:ff9b::7f00:1 nonsense
"""


@pytest.mark.parametrize("address", PRIVATE.split())
def test_addresses_nobody_may_be_sent_to(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "211.234.0.1", "2606:4700::1111", "::ffff:1.1.1.1"])
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.0.0.1"])
def test_an_address_is_seen_through_its_spelling(host: str) -> None:
    assert _literal(host) == "127.0.0.1"


def test_a_name_is_no_literal() -> None:
    assert _literal("outlet.example") is None
    assert _literal("1.2.3.4.example") is None


def test_a_mistake_of_ours_is_counted_and_stops_nothing(tmp_path: Path) -> None:
    with serve() as press:
        press.xml("/feed.xml", rss(item("/news/1"), item("/news/2")))
        press.html("/news/1", article())
        press.html("/news/2", article())
        declare(tmp_path, press, FEED)
        settings = {"ITEM_PIPELINES": {"tests.crawler.failing_pipeline.FailsOnOne": 1}}
        (told,) = crawl({"source": "daily"}, sources=[str(tmp_path)], settings=settings)
    assert outcomes(told)["article_new"] == 2
    assert len(told["pages"]) == 1
    (state,) = told["states"]
    assert state["body_hash"] is None  # the next poll must offer the lost article again
