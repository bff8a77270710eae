"""Each cell of an incident takes the value with the support that is most to be trusted for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from extract.records import Count, EventDate, IncidentReport, Perpetrator, Place, Victim
from storage.fusion import Voice, fuse

MORNING = datetime(2025, 10, 12, tzinfo=UTC)
TOWN = Place("Sihanoukville", "시아누크빌", "KH", None, 10.63, 103.5, 1821306, "city")
PROVINCE = Place("Preah Sihanouk", "프레아시아누크주", "KH", None, 10.7, 103.8, 1899262, "admin1")


def told(
    number: int, hours: float = 0, *, voice: str | None = None, attribution: str | None = "official", **said: Any
) -> Voice:
    fields: dict[str, Any] = {"type": "accident", "country": "KH", **said}
    name = voice or f"article {number}"
    return Voice(
        number, name, IncidentReport(**fields), MORNING + timedelta(hours=hours), f"title {number}", attribution
    )


def cells(*voices: Voice) -> dict[str, Any]:
    return fuse(voices).cells


def toll(*voices: Voice) -> tuple[int | None, int | None]:
    fused = cells(*voices)
    return fused["killed_min"], fused["killed_max"]


def test_a_toll_that_rose_is_the_later_figure_once_the_first_is_a_day_old() -> None:
    assert toll(told(1, killed=Count(2, 2)), told(2, 30, killed=Count(5, 5))) == (5, 5)


def test_figures_of_one_day_that_differ_are_both_kept_and_less_sure() -> None:
    apart = (told(1, killed=Count(2, 2)), told(2, 3, killed=Count(3, 3)))
    alike = (told(1, killed=Count(3, 3)), told(2, 3, killed=Count(3, 3)))
    assert toll(*apart) == (2, 3)
    assert fuse(apart).confidence["killed"] < fuse(alike).confidence["killed"]


def test_a_rumoured_toll_does_not_displace_what_police_say() -> None:
    police, rumour = told(1, killed=Count(3, 3)), told(2, 2, attribution="hearsay", killed=Count(20, 20))
    assert toll(police, rumour) == (3, 3)
    assert toll(rumour) == (20, 20)
    assert fuse([police, rumour]).confidence["killed"] < fuse([police]).confidence["killed"]


def test_a_background_mention_gives_a_figure_only_where_nobody_else_does() -> None:
    aside = told(2, 50, role="background", killed=Count(9, 9))
    assert toll(told(1, killed=Count(2, 2)), aside) == (2, 2)
    assert toll(told(1), aside) == (9, 9)


@pytest.mark.parametrize("coarse", ["2025", "2025-10"])
def test_a_coarse_date_never_displaces_a_day_it_holds(coarse: str) -> None:
    day = told(1, date=EventDate("2025-10-08", "day"))
    later = [told(n, n, date=EventDate(coarse, "year" if len(coarse) == 4 else "month")) for n in (2, 3, 4)]
    fused = fuse([day, *later])
    assert (fused.cells["date"], fused.cells["date_precision"]) == ("2025-10-08", "day")


def test_a_stated_day_wins_over_the_day_of_printing() -> None:
    printed = [told(n, n, date=EventDate("2025-10-12", "day", "published")) for n in (1, 2, 3)]
    assert cells(*printed, told(4, 5, date=EventDate("2025-10-08", "day")))["date"] == "2025-10-08"


def test_the_day_of_the_act_wins_over_the_day_of_the_find_unless_far_fewer_tell_it() -> None:
    act = told(1, date=EventDate("2025-10-06", "day"))
    finds = [told(n, n, date=EventDate("2025-10-08", "day", "discovered")) for n in range(2, 6)]
    one = cells(act, *finds[:2])
    assert (one["date"], one["date_basis"]) == ("2025-10-06", "stated")
    many = cells(act, *finds)
    assert (many["date"], many["date_basis"]) == ("2025-10-08", "discovered")


def test_a_town_stands_over_its_province() -> None:
    fused = cells(told(1, place=TOWN), told(2, 1, place=PROVINCE), told(3, 2, place=PROVINCE))
    assert (fused["place"], fused["place_precision"]) == ("Sihanoukville", "city")


def test_a_place_in_another_country_than_most_say_is_left_out() -> None:
    elsewhere = Place("Bangkok", "방콕", "TH", None, 13.75, 100.5, 1609350, "city")
    fused = cells(told(1, place=TOWN), told(2, 1, place=TOWN), told(3, 2, country="TH", place=elsewhere))
    assert (fused["country"], fused["place"]) == ("KH", "Sihanoukville")


def test_one_wire_text_in_many_papers_is_one_voice() -> None:
    reposts = [told(n, n, voice="wire yonhap", country="VN") for n in (1, 2, 3)]
    fused = fuse([*reposts, told(4, country="KH"), told(5, country="KH")])
    assert fused.voices == 3
    assert fused.cells["country"] == "KH"


def test_certainty_rises_from_alleged_to_confirmed_and_falls_to_denied() -> None:
    alleged, confirmed = told(1, certainty="alleged"), told(2, 1, certainty="confirmed")
    assert cells(alleged)["certainty"] == "alleged"
    assert cells(alleged, confirmed)["certainty"] == "confirmed"
    assert cells(alleged, confirmed, told(3, 2, certainty="denied"))["certainty"] == "denied"


def test_one_misreading_among_many_does_not_make_a_homicide() -> None:
    many = [told(n, n) for n in range(1, 6)]
    assert cells(*many, told(9, 9, type="homicide"))["type"] == "accident"
    assert cells(told(1), told(2, 1, type="homicide"))["type"] == "homicide"


def test_one_person_told_twice_is_one_and_gains_what_either_knew() -> None:
    by_age = told(1, victims=(Victim("20대 한국인", 1, "KR", age="20s", outcome="injured"),))
    by_name = told(2, 1, victims=(Victim("Oh Da-som", 1, "KR", "Oh Da-som", "24", "female", "killed"),))
    (person,) = cells(by_age, by_name)["victims"]
    assert (person["nationality"], person["name"], person["age"], person["outcome"]) == (
        *("KR", "Oh Da-som", "24", "killed"),
    )


def test_a_suspect_who_was_convicted_is_not_at_large_again() -> None:
    caught = told(1, perpetrators=(Perpetrator("a man", 1, "CN", status="convicted"),))
    sought = told(2, 1, perpetrators=(Perpetrator("a man", 1, "CN", status="at_large"),))
    (person,) = cells(caught, sought)["perpetrators"]
    assert person["status"] == "convicted"


def test_the_order_of_the_voices_does_not_matter() -> None:
    voices = (
        told(1, killed=Count(2, 2), place=TOWN, certainty="alleged"),
        told(2, 3, killed=Count(3, 3), type="homicide", date=EventDate("2025-10-08", "day")),
        told(3, 30, attribution="hearsay", killed=Count(4, 4), place=PROVINCE, victims=(Victim("a man", 1, "KR"),)),
    )
    first = fuse(voices)
    assert all(fuse(order) == first for order in permutations(voices))
