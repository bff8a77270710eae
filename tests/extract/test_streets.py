"""Streets, crossings and roads of English text; words inside them are no towns."""

from __future__ import annotations

import pytest

from extract.document import build_document
from extract.places.streets import find_streets
from extract.records import Article


@pytest.mark.parametrize(
    ("text", "streets"),
    [
        ("They came to the 1300 block of Larch Street in Harbourtown.", ["1300 block of Larch Street"]),
        ("a car on the 5500 block of Base Line Road.", ["5500 block of Base Line Road"]),
        ("shot in the 1300 block of Broadway, he said", ["1300 block of Broadway"]),
        ("the 0-100 block of East 102nd Place", ["0-100 block of East 102nd Place"]),
        ("6600 block of Fulton Drive NW in Jackson", ["6600 block of Fulton Drive NW"]),
        ("at the intersection of Wynn Road and Adair Avenue on Friday", ["Wynn Road and Adair Avenue"]),
        ("near Cullom and Third avenues", ["Cullom and Third avenues"]),
        ("a flat at 910 Sheridan Ave. in town. The door", ["910 Sheridan Ave."]),
        ("It stopped on Mill Road. The driver fled.", ["Mill Road"]),
        ("along Interstate 275, I-96 and U.S. Highway 20", ["Interstate 275", "I-96", "U.S. Highway 20"]),
        ("Gardaí at Roxby Road and neighbours", ["Roxby Road"]),
    ],
)
def test_streets_as_printed(text: str, streets: list[str]) -> None:
    assert [text[start:end] for start, end, _ in find_streets(text)] == streets


@pytest.mark.parametrize(
    "text",
    [
        "The High Court sat on Monday.",
        "Wall Street fell.",
        "He asked for 500 dollars.",
        "The Belt and Road summit opened.",
    ],
)
def test_other_names_are_no_streets(text: str) -> None:
    assert find_streets(text) == ()


def test_a_street_named_after_a_town_is_not_that_town() -> None:
    text = "Two men were shot on Wichita Avenue in Amarillo, Texas."
    places = build_document(Article("invented", "", text, language="en"), "en").places
    assert [(r.place.name, r.place.precision) for r in places if r.place] == [
        ("Wichita Avenue", "point"),
        ("Amarillo, Texas", "city"),
    ]
