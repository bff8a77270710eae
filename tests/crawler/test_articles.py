"""Articles from files: every line is an article or a named mistake; boxes are blanked without moving an offset."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from crawler.jobs.articles import ArticleError, articles_in, form_of
from extract.records import Article

STORY = (
    "Police in Phnom Penh said on Monday that two men were held for several weeks in a guarded office block "
    "by a gang that ran a telephone swindle, and that officers freed them after one sent a message to his family."
)


def rows(*items: object) -> bytes:
    return "\n".join(item if isinstance(item, str) else json.dumps(item) for item in items).encode()


def only(name: str, content: bytes, **options: str) -> Article:
    (found,) = articles_in(name, content, **options)
    assert isinstance(found, Article), found
    return found


def test_a_row_becomes_an_article_with_its_zone() -> None:
    row = {"id": 7, "title": "제목", "text": "본문이다.", "published": "2026-03-02T09:30:00", "lang": "ko"}
    article = only("in.jsonl", rows(row))
    assert (article.id, article.language) == ("7", "ko")
    assert article.published is not None
    assert article.published.astimezone(UTC) == datetime(2026, 3, 2, 0, 30, tzinfo=UTC)
    assert article.published_day() == date(2026, 3, 2)


def test_a_day_without_a_time_stays_that_day() -> None:
    article = only("in.jsonl", rows({"title": "", "text": "x", "published": "2026-03-02", "lang": "ko"}))
    assert article.date_only
    assert article.published_day() == date(2026, 3, 2)
    assert article.id == "1"


def test_a_bad_line_is_told_with_file_and_line_and_stops_nothing() -> None:
    found = list(articles_in("in.jsonl", rows({"text": "one"}, "{broken", {"title": "no text"}, [], {"text": "two"})))
    assert [type(item) for item in found] == [Article, ArticleError, ArticleError, ArticleError, Article]
    assert str(found[1]).startswith("in.jsonl:2: not JSON")
    assert "in.jsonl:3: 'text' is missing" in str(found[2])
    assert str(found[3]).startswith("in.jsonl:4: not an object")


def test_only_a_line_feed_ends_a_line() -> None:
    text = "One\u2028two\u0085three"
    found = list(articles_in("in.jsonl", f'{{"text": "{text}"}}\r\n{{"text": "x"}}\n'.encode()))
    assert [item.text for item in found if isinstance(item, Article)] == [text, "x"]


@pytest.mark.parametrize("line", ["[" * 100_000, '{"text": "x", "id": %s}' % ("7" * 5000)])
def test_a_line_that_no_parser_takes_is_told_by_its_number(line: str) -> None:
    first, second = articles_in("in.jsonl", rows(line, {"text": "two"}))
    assert str(first).startswith("in.jsonl:1: not JSON")
    assert isinstance(second, Article)


def test_half_a_character_is_replaced_and_a_whole_one_kept() -> None:
    article = only("in.jsonl", rows({"id": "a\ud83d", "title": "\U0001f600", "text": "held \udc00 men"}))
    assert (article.id, article.title, article.text) == ("a\ufffd", "\U0001f600", "held \ufffd men")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"text": "x", "published": "2026-03-02T01:00", "timezone": "Asia"}, "no time zone is called 'Asia'"),
        ({"text": "x", "published": "9999-12-31T23:00-12:00", "lang": "ko"}, "is no ISO 8601 time"),
        ({"text": "x", "published": "yesterday"}, "'published': 'yesterday' is no ISO 8601 time"),
        ({"text": "x", "published": "2026-03-02T01:00", "timezone": "Mars/Base"}, "no time zone is called 'Mars/Base'"),
        ({"text": 5}, "'text': expected text, not 5"),
    ],
)
def test_a_wrong_value_is_named(row: dict[str, object], expected: str) -> None:
    (found,) = articles_in("in.jsonl", rows(row))
    assert isinstance(found, ArticleError)
    assert expected in str(found)


def test_the_first_line_of_a_plain_text_is_its_title() -> None:
    article = only("story.txt", f"Two freed\n\n{STORY}\n".encode(), published="2026-03-02")
    assert (article.id, article.title, article.text) == ("story", "Two freed", STORY)
    assert article.published_day() == date(2026, 3, 2)


def test_a_korean_text_in_the_windows_code_page_is_read() -> None:
    assert only("story.txt", "제목\n본문이다".encode("cp949")).title == "제목"


def test_summary_boxes_are_blanked_and_no_offset_moves() -> None:
    text = f"Key Takeaways\n- Two men were held.\n- Police freed them.\n{STORY}\nA second paragraph of the story."
    article = only("in.jsonl", rows({"text": text}))
    assert len(article.text) == len(text)
    assert "Takeaways" not in article.text
    assert "Police freed them" not in article.text
    assert article.text[text.index(STORY) :][: len(STORY)] == STORY


@pytest.mark.parametrize(
    ("name", "content", "form"),
    [
        ("a.jsonl", b"", "jsonl"),
        ("a.HTML", b"", "html"),
        ("stdin", b'  {"id": 1}', "jsonl"),
        ("stdin", b"\xef\xbb\xbf<!doctype html>", "html"),
        ("stdin", b"Title\nbody", "text"),
    ],
)
def test_the_form_is_known_by_name_or_beginning(name: str, content: bytes, form: str) -> None:
    assert form_of(name, content) == form
