"""Named spots that no gazetteer lists, in English."""

from __future__ import annotations

import pytest

from extract.document import Document, build_document
from extract.place_phrase import place_phrase
from extract.records import Article


def _spots(text: str) -> dict[str, str]:
    """Name to printed words of the spots found in `text`."""
    found: Document = build_document(Article("1", "", text), "en")
    return {r.place.name: r.mention.text for r in found.places if r.place and r.reason == "not in the gazetteer"}


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("A man drowned at Vessos beach, in South Corfu.", "Vessos beach", "Vessos beach, in South Corfu"),
        ("The lorry left the Ozarvi bridge at noon.", "Ozarvi bridge", "Ozarvi bridge"),
        ("She was hit outside the Muleskin Arms pub.", "Muleskin Arms pub", "Muleskin Arms pub"),
    ],
)
def test_a_spot_is_its_name_with_the_noun_and_where_it_lies(text: str, name: str, words: str) -> None:
    assert _spots(text) == {name: words}


@pytest.mark.parametrize(
    "text",
    [
        "He stayed at Bristow's for a week.",
        "The money went to Kolmar Biotech Co in cash.",
        "The case was passed to ED last year.",
        "The prize went to Ann Poe on Friday.",
        "He shouted at Antifon protesters.",
        "He met her on Tinder in spring.",
    ],
)
def test_firms_bodies_and_people_are_no_spots(text: str) -> None:
    assert _spots(text) == {}


@pytest.mark.parametrize(
    "text",
    [
        "Anyone who saw it is asked to ring Ballykeel Garda station.",
        "He is held at Larch Street Garda station.",
        "She was taken to Ballykeel Police Station.",
        "He appeared at Snarebrook Crown Court on Monday.",
    ],
)
def test_a_police_station_or_a_court_is_no_spot(text: str) -> None:
    assert _spots(text) == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("She was hit in Tubberky on Sunday.", {"Tubberky": "Tubberky"}),
        ("A climber fell near Gavarny on October 3.", {"Gavarny": "Gavarny"}),
        ("The body was found in Kinlomore on May 4.", {"Kinlomore": "Kinlomore"}),
        ("Shots were fired at the Ozarvi Mill Tuesday.", {"Ozarvi Mill": "Ozarvi Mill"}),
        ("He fell ill at Vessos beach, near Easter Kolmar.", {"Vessos beach": "Vessos beach, near Easter Kolmar"}),
    ],
)
def test_a_day_or_month_is_no_part_of_a_spot(text: str, words: dict[str, str]) -> None:
    assert _spots(text) == words


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        (
            "A worker died Monday at the Larkhill Mill in Denver.",
            ["Larkhill Mill in Denver", "the Larkhill Mill in Denver"],
        ),
        ("He was shot Sunday in Denver when the fair closed.", ["Denver"]),
        ("A stabbing in Denver Sept. 12 left two dead.", ["Denver"]),
        ("A boat sank off Cape May, New Jersey.", ["Cape May, New Jersey"]),
    ],
)
def test_a_day_or_month_is_no_part_of_the_phrase_round_a_place(text: str, phrases: list[str]) -> None:
    doc = build_document(Article("1", "", text), "en")
    spans = [place_phrase(doc, r.mention.start, r.mention.end) for r in doc.places if r.place]
    assert [doc.text[start:end] for start, end in spans] == phrases
