"""Named spots that no gazetteer lists, in English."""

from __future__ import annotations

import pytest

from extract.document import Document, build_document
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
    ],
)
def test_firms_bodies_and_people_are_no_spots(text: str) -> None:
    assert _spots(text) == {}
