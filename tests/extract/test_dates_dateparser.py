"""dateparser reads our English absolute phrases; its known traps stay outside."""

from __future__ import annotations

from datetime import date

import pytest

from extract.dates import find_dates
from extract.dates.absolute import parse_absolute

PUBLISHED = date(2025, 10, 12)


@pytest.mark.parametrize(
    ("phrase", "value"),
    [
        ("12 oct 2025", "2025-10-12"),
        ("3 may 2019", "2019-05-03"),
        ("june 2018", "2018-06"),
        ("29 february 2024", "2024-02-29"),
        ("2025-10-08", "2025-10-08"),
    ],
)
def test_it_parses_absolute_phrases(phrase: str, value: str) -> None:
    when = parse_absolute(phrase)
    assert when is not None
    assert when.iso() == value


@pytest.mark.parametrize(
    "phrase", ["this Tuesday", "12일", "8일", "yesterday", "may", "second", "31 february 2024", "3pm"]
)
def test_it_is_not_asked_to_guess(phrase: str) -> None:
    assert parse_absolute(phrase) is None


def test_english_whole_dates_come_from_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extract.dates.english_calendar.parse_absolute", lambda phrase: None)
    values = [mention.value for mention in find_dates("He died on Oct. 8, 2025.", "en", PUBLISHED)]
    assert "2025-10-08" not in values


def test_the_traps_it_falls_into_are_read_by_our_own_rules() -> None:
    assert find_dates("12일 숨졌다", "ko", PUBLISHED)[0].value == "2025-10-12"
    assert find_dates("지난달 17일 숨졌다", "ko", PUBLISHED)[0].value == "2025-09-17"
    assert find_dates("It meets this Tuesday.", "en", PUBLISHED)[0].value == "2025-10-14"
    assert [mention.text for mention in find_dates("It may rain on Oct. 12, 2025.", "en", PUBLISHED)] == [
        "Oct. 12, 2025"
    ]
