"""What holds for every date, rendered in every shape."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.dates import find_dates

ANCHOR = date(2025, 10, 12)
DAYS = st.dates(date(1950, 1, 1), date(2049, 12, 31))
MONTH_NAMES = tuple(date(2024, month, 1).strftime("%B") for month in range(1, 13))
SHORT = ("Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.")
KOREAN = (
    "{y}년 {m}월 {d}일",
    "{y}년{m}월{d}일",
    "지난 {y}년 {m}월 {d}일",
    "{y}.{m:02}.{d:02}.",
    "{y}. {m}. {d}.",
    "{y}-{m:02}-{d:02}",
    "{y}/{m:02}/{d:02}",
)
ENGLISH = (
    "{name} {d}, {y}",
    "{name} {d} {y}",
    "{short} {d}, {y}",
    "{d} {name} {y}",
    "{d} {name}, {y}",
    "the {d}{th} of {name} {y}",
    "{name} {d}{th}, {y}",
    "{y}-{m:02}-{d:02}",
)
KOREAN_PIECES = (
    "지난 오는 8일 31일 12월 2024년 부터 까지 전날 이날 오전 9시 ( ) ( 10일) ~ · "
    "사흘 전 만에 추석 당시 , . 같은 해 이듬해 금요일 매주"
)
ENGLISH_PIECES = (
    "on Friday at 9 p.m. last May 12 2021 Oct. - the next day two weeks ago in and 10/12/2025 Christmas \n \u00b7 2024."
)
PIECES = st.sampled_from(tuple(f"{KOREAN_PIECES} {ENGLISH_PIECES}".split(" ")))
#: The first English phrase imports dateparser, which takes longer than an example may.
UNHURRIED = settings(deadline=None)


def _render(shape: str, day: date) -> str:
    last = "th" if 11 <= day.day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10, "th")
    names = {"name": MONTH_NAMES[day.month - 1], "short": SHORT[day.month - 1], "th": last}
    return shape.format(y=day.year, m=day.month, d=day.day, **names)


@pytest.mark.parametrize("published", [ANCHOR, None])
@pytest.mark.parametrize("shape", KOREAN)
@given(day=DAYS)
def test_a_whole_korean_date_reads_back(shape: str, published: date | None, day: date) -> None:
    [mention] = find_dates(f"사건은 {_render(shape, day)} 일어났다", "ko", published)
    assert (mention.value, mention.precision) == (day.isoformat(), "day")


@pytest.mark.parametrize("published", [ANCHOR, None])
@pytest.mark.parametrize("shape", ENGLISH)
@UNHURRIED
@given(day=DAYS)
def test_a_whole_english_date_reads_back(shape: str, published: date | None, day: date) -> None:
    [mention] = find_dates(f"It happened on {_render(shape, day)} in town", "en", published)
    assert (mention.value, mention.precision) == (day.isoformat(), "day")


@given(day=st.integers(1, 31), published=DAYS)
def test_a_past_day_of_the_month_is_the_latest_such_day(day: int, published: date) -> None:
    [mention] = find_dates(f"지난 {day}일 숨졌다", "ko", published)
    found = date.fromisoformat(mention.value or "")
    assert found.day == day
    assert timedelta(0) <= published - found <= timedelta(days=62)


@UNHURRIED
@given(month=st.integers(1, 12), day=st.integers(1, 28), published=DAYS)
def test_a_past_month_and_day_lies_within_the_year_before(month: int, day: int, published: date) -> None:
    for text, language in (
        (f"지난 {month}월 {day}일 숨졌다", "ko"),
        (f"He died on {MONTH_NAMES[month - 1]} {day}", "en"),
    ):
        [mention] = find_dates(text, language, published)
        found = date.fromisoformat(mention.value or "")
        assert (found.month, found.day) == (month, day)
        assert timedelta(0) <= published - found < timedelta(days=366)


@UNHURRIED
@given(weekday=st.integers(0, 6), published=DAYS)
def test_a_weekday_in_the_past_is_within_the_week_before(weekday: int, published: date) -> None:
    korean, english = "월화수목금토일"[weekday], (date(2024, 1, 1) + timedelta(days=weekday)).strftime("%A")
    for text, language in ((f"{korean}요일 숨졌다", "ko"), (f"He died on {english}", "en")):
        [mention] = find_dates(text, language, published)
        found = date.fromisoformat(mention.value or "")
        assert found.weekday() == weekday
        assert timedelta(0) <= published - found < timedelta(days=7)


@UNHURRIED
@given(words=st.lists(PIECES, max_size=24), language=st.sampled_from(("ko", "en")), published=st.none() | DAYS)
def test_mentions_are_verbatim_in_order_and_apart(words: list[str], language: str, published: date | None) -> None:
    text = " ".join(words)
    end = 0
    for mention in find_dates(text, language, published):
        assert text[mention.start : mention.end] == mention.text
        assert end <= mention.start < mention.end
        assert (mention.value is None) == (mention.precision is None)
        assert (
            mention.value is None or len(mention.value) == {"year": 4, "month": 7, "day": 10}[mention.precision or ""]
        )
        end = mention.end


@UNHURRIED
@given(st.text(max_size=200), st.sampled_from(("ko", "en")))
def test_no_text_breaks_the_reader(text: str, language: str) -> None:
    for mention in find_dates(text, language, ANCHOR):
        assert text[mention.start : mention.end] == mention.text
