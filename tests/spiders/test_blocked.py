"""A wall is told from a page, and a page about walls from a wall."""

from __future__ import annotations

import pytest
from scrapy.http import HtmlResponse

from spiders.answers import answer_outcome, page_text
from spiders.blocked import MARKERS, blocked_by
from tests.spiders.press import article


def blocked(status: int, headers: dict[str, str], page: str) -> str | None:
    return blocked_by(status, headers, page.encode(), lambda: page)


@pytest.mark.parametrize("who", MARKERS)
@pytest.mark.parametrize("status", [200, 403, 503])
def test_each_wall_is_known_by_each_of_its_marks(who: str, status: int) -> None:
    for mark in MARKERS[who]:
        page = f"<html><title>Wait</title><body><script src='{mark}'></script><p>{mark}</p></body></html>"
        assert blocked(status, {}, page) is not None


@pytest.mark.parametrize("headers", [{"cf-mitigated": "challenge"}, {"x-amzn-waf-action": "captcha"}])
def test_a_wall_that_names_itself_in_a_header(headers: dict[str, str]) -> None:
    assert blocked(403, headers, "") == "header"


def test_a_header_that_a_guarded_outlet_sends_with_every_page_is_no_wall() -> None:
    assert blocked(200, {"x-datadome": "protected", "server": "cloudflare", "cf-ray": "1"}, article()) is None


def test_an_article_about_walls_is_an_article() -> None:
    words = "The outage began when the checking your browser before page, hcaptcha.com/1/api.js, failed to load. " * 20
    assert blocked(200, {}, f"<html><body><p>{words}</p></body></html>") is None


def test_an_article_with_a_comment_captcha_is_an_article() -> None:
    assert blocked(200, {}, article().replace("</body>", "<script src='recaptcha/api.js'></script></body>") * 3) is None


def test_a_short_page_with_story_data_is_no_wall() -> None:
    shell = "<html><meta property='og:title' content='t'><body><div id='root'></div><script>x()</script></body></html>"
    assert blocked(200, {}, shell) is None


def test_a_page_drawn_by_script_that_carries_its_story_is_no_wall() -> None:
    shell = f"<html><body><div id='__next'></div><script id='__NEXT_DATA__'>{'x' * 500}</script></body></html>"
    assert blocked(200, {}, shell) is None


def test_a_plain_refusal_shows_no_wall() -> None:
    assert blocked(403, {}, "<html><body><h1>403 Forbidden</h1></body></html>") is None
    assert blocked(404, {}, "<html><body>g-recaptcha</body></html>") is None


def test_what_stands_in_scripts_pictures_and_comments_is_not_seen() -> None:
    hidden = "".join(f"<{tag}>{'word ' * 400}</{tag.upper()} >" for tag in ("script", "svg", "noscript", "template"))
    shell = (
        f"<html><head>{'word ' * 400}</head><body>{hidden}<!-- > {'word ' * 400} --><p>g-recaptcha</p></body></html>"
    )
    assert blocked(200, {}, shell) == "captcha"
    assert blocked(200, {}, f"<header>{'word ' * 400}</header><p>g-recaptcha</p>") is None


@pytest.mark.parametrize("opened", ["<svg>", "<!--", "<script ", "<", "<p>"])
def test_the_length_of_a_page_is_told_in_one_pass_however_much_of_it_is_left_open(opened: str) -> None:
    # With the square of its length a page of this size would take hours.
    page = f"<html><body>{'word ' * 300}g-recaptcha{opened * 1_000_000}"
    assert blocked(200, {}, page) is None


@pytest.mark.parametrize("charset", ["undefined", "idna", "punycode", "hex"])
def test_an_answer_in_a_charset_that_is_none_is_left_to_its_bytes(charset: str) -> None:
    body = "<html><body><p>자동입력 방지</p></body></html>".encode("cp949")
    answer = HtmlResponse("http://paper.example/", body=body, headers={"Content-Type": f"text/html; charset={charset}"})
    assert page_text(answer, "ko") is None
    assert answer_outcome(answer, listing=False) == "blocked"
