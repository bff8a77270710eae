"""A home town tells a nationality."""

from __future__ import annotations

import pytest

from extract.document import Document, build_document
from extract.records import Article


def _read(text: str) -> Document:
    return build_document(Article("1", "", text), "en")


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("A tourist from Leeds was stabbed.", "GB"),
        ("Tom Roe, 25, from Graz in Austria, was stabbed.", "AT"),
        ("Ann Poe, 36, originally from Paris, was held.", "FR"),
        ("The student, who is from Osaka, was robbed.", "JP"),
    ],
)
def test_who_is_from_a_town_is_a_national_of_its_country(text: str, country: str) -> None:
    doc = _read(text)
    assert [p.nationality for p in doc.people] == [country]
    start, end = doc.people[0].nationality_span or (0, 0)
    assert next((n.start, n.end, n.kind) for n in doc.nationalities if n.country == country) == (start, end, "home")
    assert doc.people[0].start < start < end <= doc.people[0].end


@pytest.mark.parametrize(
    "text",
    [
        "A tourist was stabbed in Leeds.",
        "A tourist flew from Leeds.",
        "Police officers from Leeds came.",
        "A tourist born in Leeds was stabbed.",
        "The bus from Leeds hit a tourist.",
    ],
)
def test_other_towns_are_nobody_s_home(text: str) -> None:
    assert {p.nationality for p in _read(text).people} <= {None}
