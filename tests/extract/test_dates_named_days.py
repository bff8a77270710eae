"""Holidays and the dates that are names, and the table they come from."""

from __future__ import annotations

from datetime import date

import pytest

from extract.dates.holidays import NamedDayError, day_of, easter, load, named_days, nearest


@pytest.mark.parametrize(
    ("name", "year", "day"),
    [
        ("설날", 2025, "2025-01-29"),
        ("추석", 2025, "2025-10-06"),
        ("부처님오신날", 2024, "2024-05-15"),
        ("광복절", 1999, "1999-08-15"),
        ("Good Friday", 2024, "2024-03-29"),
        ("Christmas Eve", 2030, "2030-12-24"),
    ],
)
def test_a_holiday_has_its_day_of_the_year(name: str, year: int, day: str) -> None:
    when = day_of(name, year)
    assert when is not None
    assert when.iso() == day


def test_a_lunar_holiday_beyond_the_table_has_no_day() -> None:
    assert day_of("추석", 2060) is None


def test_every_lunar_table_has_every_year_from_1990_to_2040() -> None:
    for name, days in named_days().moon.items():
        assert sorted(days) == list(range(1990, 2041)), name


def test_a_holiday_is_the_latest_one_unless_it_is_to_come() -> None:
    published = date(2025, 9, 1)
    past, coming = nearest("추석", published, False), nearest("추석", published, True)
    assert past is not None
    assert coming is not None
    assert (past.iso(), coming.iso()) == ("2024-09-17", "2025-10-06")


def test_easter_sunday_of_known_years() -> None:
    assert [easter(year) for year in (1961, 2000, 2024, 2025)] == [
        date(1961, 4, 2),
        date(2000, 4, 23),
        date(2024, 3, 31),
        date(2025, 4, 20),
    ]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("fixed\t13-40\tNever", "days.tsv:2"),
        ("fixed\t01-01", "days.tsv:2"),
        ("weekly\t1\tMarket day", "'weekly' is none of"),
        ("lunar\tnowhere\tFeast", "no moon rows for nowhere"),
    ],
)
def test_a_mistake_in_the_table_is_named_with_its_line(line: str, says: str) -> None:
    with pytest.raises(NamedDayError, match=says):
        load(f"# a comment\n{line}\n", "days.tsv")
