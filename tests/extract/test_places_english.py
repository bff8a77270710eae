"""Place names in English sentences (all written for these tests; the people in them are invented)."""

from __future__ import annotations

import pytest

from extract.places import country_of, find_places, resolve_places


def names(text: str, **options: object) -> list[tuple[str, str | None]]:
    return [(r.place.name, r.country) for r in resolve_places(find_places(text, "en"), **options) if r.place]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The fire broke out in Louisville, Kentucky, on Monday.", ("Louisville, Kentucky", "US")),
        ("He was arrested in Portland, Ore., on Friday.", ("Portland, Oregon", "US")),
        ("The hikers were found near Queenstown, Tasmania.", ("Queenstown, Tasmania", "AU")),
        ("Two men were killed in Nablus in the West Bank.", ("Nablus, West Bank", "PS")),
        ("The flat in Gangnam-gu, Seoul, was searched.", ("Gangnam-gu, Seoul", "KR")),
        ("Snow fell in China's Shaanxi province.", ("Shaanxi", "CN")),
        ("Workers fled a compound in Sihanoukville, Cambodia.", ("Sihanoukville", "KH")),
        ("The flood reached Cox's Bazar, Bangladesh.", ("Cox's Bazar", "BD")),
    ],
)
def test_a_town_and_the_area_after_it_are_one_place(text: str, expected: tuple[str, str]) -> None:
    assert names(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "Jordan Ashworth told the court he was asleep.",
        "Austin Merriweather was last seen on Tuesday.",
        "Most officers said the same.",
        "Police said the man was held.",
        "The Paris Delacroix trial begins.",
        "Reading the letter made him cry.",
        "University staff were told.",
    ],
)
def test_people_and_ordinary_words_are_not_places(text: str) -> None:
    assert names(text) == []


def test_an_ambiguous_word_is_a_place_after_a_preposition_of_place() -> None:
    assert names("The stabbing happened in Reading, England.") == [("Reading, England", "GB")]


def test_the_rest_of_the_text_decides_between_towns_of_one_name() -> None:
    alone = names("He was born in Alexandria.")
    louisiana = names("Police in Baton Rouge and Shreveport, Louisiana, said he was born in Alexandria.")
    assert alone == [("Alexandria", "EG")]
    assert louisiana[-1] == ("Alexandria", "US")


def test_votes_from_outside_count() -> None:
    assert names("They met in Tripoli.", votes={"LB": 5.0})[-1][1] == "LB"
    assert names("They met in Tripoli.")[-1][1] == "LY"


def test_the_dateline_is_marked_and_the_cue_is_read() -> None:
    lead, place = find_places("NAIROBI (Dawn Wire) -- A bus overturned near Mombasa.", "en")
    assert lead.dateline
    assert (place.dateline, place.cue, place.near) == (False, "near", True)


@pytest.mark.parametrize(
    ("text", "follow"),
    [("Manila Police said", "police"), ("at Heathrow Airport", "airport"), ("the London embassy", "embassy")],
)
def test_what_follows_an_english_name(text: str, follow: str) -> None:
    mentions = find_places(text, "en")
    assert all(m.follow == follow for m in mentions)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("UAE", "AE"),
        ("the Philippines", "PH"),
        ("필리핀", "PH"),
        ("버마", "MM"),
        ("미국", "US"),
        ("Türkiye", "TR"),
        ("Busan", None),
    ],
)
def test_country_names(text: str, code: str | None) -> None:
    assert country_of(text) == code


def test_us_is_a_country_and_us_is_not() -> None:
    assert names("US officials told us so.") == [("United States", "US")]


def test_other_languages_are_not_read() -> None:
    assert find_places("À Paris, la police", "fr") == []
