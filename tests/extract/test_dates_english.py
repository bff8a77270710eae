"""English date phrases as the press writes them, read against a publication day."""

from __future__ import annotations

from datetime import date

import pytest

from extract.dates import DateMention, find_dates

PUBLISHED = date(2025, 10, 12)  # a Sunday


def read(text: str, published: date | None = PUBLISHED) -> list[DateMention]:
    mentions = find_dates(text, "en", published)
    assert all(text[mention.start : mention.end] == mention.text for mention in mentions)
    return mentions


def dates(text: str, published: date | None = PUBLISHED) -> list[str | None]:
    return [mention.value for mention in read(text, published) if mention.kind in ("point", "range")]


@pytest.mark.parametrize(
    ("phrase", "value"),
    [
        ("on Oct. 8, 2025", "2025-10-08"),
        ("on 8 October 2025", "2025-10-08"),
        ("on the 8th of October", "2025-10-08"),
        ("on October 10", "2025-10-10"),
        ("on Dec. 3", "2024-12-03"),
        ("on Sunday the 26 June, 2022", "2022-06-26"),
        ("on the 9th, he fled", "2025-10-09"),
        ("on Friday", "2025-10-10"),
        ("on Sunday", "2025-10-12"),
        ("last Sunday", "2025-10-05"),
        ("on Friday night", "2025-10-10"),
        ("next Tuesday", "2025-10-14"),
        ("yesterday", "2025-10-11"),
        ("last night", "2025-10-11"),
        ("tonight", "2025-10-12"),
        ("two days ago", "2025-10-10"),
        ("Two days ago", "2025-10-10"),
        ("a week ago", "2025-10-05"),
        ("four weeks ago", "2025-09"),
        ("five years ago", "2020"),
        ("early this month", "2025-10"),
        ("last month", "2025-09"),
        ("last year", "2024"),
        ("last October", "2024-10"),
        ("in October last year", "2024-10"),
        ("in September", "2025-09"),
        ("in June 2018", "2018-06"),
        ("in 2021", "2021"),
        ("in May", "2025-05"),
        ("2025-10-08", "2025-10-08"),
        ("25/12/2024", "2024-12-25"),
        ("on Christmas Day", "2024-12-25"),
        ("on May Day", "2025-05-01"),
        ("on May Day 2024", "2024-05-01"),
        ("the day before yesterday", "2025-10-10"),
    ],
)
def test_a_phrase_alone_means_a_day_month_or_year(phrase: str, value: str) -> None:
    assert dates(f"He was shot {phrase}.")[:1] == [value]


@pytest.mark.parametrize(
    ("phrase", "value", "end_value"),
    [
        ("Oct. 1-3", "2025-10-01", "2025-10-03"),
        ("between July 14 and 30", "2025-07-14", "2025-07-30"),
        ("from June 1 to July 3", "2025-06-01", "2025-07-03"),
        ("between March and May 2024", "2024-03", "2024-05"),
        ("in 2018-2020", "2018", "2020"),
        ("in the 1990s", "1990", "1999"),
        ("last weekend", "2025-10-04", "2025-10-05"),
    ],
)
def test_a_range_has_a_first_and_a_last(phrase: str, value: str, end_value: str) -> None:
    [mention] = read(f"Homes were robbed {phrase} in the town")
    assert (mention.kind, mention.value, mention.end_value) == ("range", value, end_value)


@pytest.mark.parametrize(
    "text",
    [
        "She may go. They march in second place. May said so.",
        "A 22-year-old and a three-month-old baby were hurt.",
        "Some 2000 people and $2010 were counted; flight 1999 left.",
        "He was jailed for five years after a two-day trial.",
        "He trains every Monday and on Tuesdays.",
    ],
)
def test_words_ages_counts_terms_and_habits_are_no_dates(text: str) -> None:
    assert dates(text) == []


def test_month_and_day_that_cannot_be_told_apart_have_no_value() -> None:
    [mention] = read("The form is dated 10/12/2025.")
    assert (mention.value, mention.rule) == (None, "numeric_ambiguous")


def test_the_time_of_day_joins_its_day_from_either_side() -> None:
    before, after = read("It began at 4.30am on Friday. It ended on September 2 around 9:40 p.m. on the coast")
    assert (before.text, before.value, before.time) == ("4.30am on Friday", "2025-10-10", "04:30")
    assert (after.value, after.time) == ("2025-09-02", "21:40")


def test_pointing_words_follow_the_last_day_named() -> None:
    text = "He was seen on March 3, 2021. He vanished the next day. That year two more vanished; that June, a third."
    assert dates(text) == ["2021-03-03", "2021-03-04", "2021", "2021-06"]


def test_a_month_named_again_keeps_its_year() -> None:
    assert dates("The attack began on January 7, 2015. On 9 January four more died.") == ["2015-01-07", "2015-01-09"]


def test_a_coming_day_is_told_by_the_verb() -> None:
    assert dates("The hearing will be held on Nov. 3.") == ["2025-11-03"]
    assert dates("The trial is due on Tuesday.") == ["2025-10-14"]
    assert dates("He was arrested on Nov. 3.") == ["2024-11-03"]


def test_without_a_publication_day_only_stated_dates_resolve() -> None:
    assert dates("On Friday. On July 8. On July 8, 2021.", None) == [None, None, "2021-07-08"]


def test_an_unread_language_finds_nothing() -> None:
    assert find_dates("2025-10-08", "fr", PUBLISHED) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("The shop was robbed at 8pm.", None),
        ("It shut on Monday. The shop was robbed at 8pm.", "2025-09-29"),
        ("It shut on Monday. It rained. Crowds came. They left. It was robbed at 8pm.", None),
    ],
)
def test_a_time_of_day_is_of_a_day_named_near_it_and_never_of_the_day_of_publication(
    text: str, value: str | None
) -> None:
    clock = next(m for m in find_dates(text, "en", date(2025, 10, 1)) if m.time == "20:00")
    assert clock.value == value
