"""A spot that no gazetteer lists is put into the likeliest town; the street is given in the town's place."""

from __future__ import annotations

import pytest

from extract.document import Document, build_document
from extract.records import Article
from extract.scorers.context import Focus, context_features
from extract.scorers.linear import LinearModel
from extract.scorers.roles import cast_of
from extract.scorers.where import PlaceCandidate, choose_country, place_candidates, settled
from extract.slots import STREET_SHARE, finer

TEXT = "A man was shot on Larchwood Avenue in Amarillo, Texas. Police in Dallas said Ovid Brannock, 32, died."


@pytest.fixture(scope="module")
def doc() -> Document:
    return build_document(Article("invented", "", TEXT, language="en"), "en")


def _focus(doc: Document) -> Focus:
    return Focus([0.9] * len(doc.sentences), ("homicide",), [])


def _candidates(doc: Document) -> tuple[PlaceCandidate, PlaceCandidate, PlaceCandidate]:
    street, amarillo, dallas = place_candidates(doc, _focus(doc))
    assert (street.place.name, amarillo.place.name, dallas.place.name) == (
        "Larchwood Avenue", "Amarillo, Texas", "Dallas",
    )  # fmt: skip
    return street, amarillo, dallas


def test_a_street_lies_in_the_likeliest_town(doc: Document) -> None:
    street, amarillo, dallas = _candidates(doc)
    place = settled(street, [(0.6, street), (0.4, amarillo), (0.2, dallas)])
    assert place.name == "Larchwood Avenue, Amarillo, Texas" and place.country == "US"
    assert (place.latitude, place.longitude) == (amarillo.place.latitude, amarillo.place.longitude)
    assert place.precision == "city" and place.geonameid is None
    assert place.text == street.place.text


def test_a_street_without_a_likely_town_stays_as_it_is(doc: Document) -> None:
    street, amarillo, _ = _candidates(doc)
    assert settled(street, [(0.6, street), (0.05, amarillo)]) == street.place
    assert settled(amarillo, [(0.6, amarillo), (0.5, street)]) == amarillo.place


def test_the_street_is_given_for_the_town_where_it_is_likely_enough(doc: Document) -> None:
    street, amarillo, dallas = _candidates(doc)
    likely = [(0.8, amarillo), (0.8 * STREET_SHARE, street), (0.7, dallas)]
    assert finer(likely, amarillo, 0.8) is street
    assert finer([(0.8, amarillo), (0.7 * STREET_SHARE, street)], amarillo, 0.8) is amarillo


def test_a_mention_knows_who_suffered_it_in_its_sentence_and_in_the_next(doc: Document) -> None:
    people = {p.text: p for p in doc.people}
    victim = next(p for text, p in people.items() if "Brannock" in text)
    cast = cast_of(doc, [(0.7, victim)], [(0.1, victim)])
    assert cast == {1: (0.7, 0.1)}
    focus = Focus([0.9, 0.9], ("homicide",), [], cast=cast)
    first, second = doc.sentences
    there = context_features(doc, focus, second.start, second.start + 6)
    before = context_features(doc, focus, first.start, first.start + 5)
    assert there["victim here"] == 0.7 and there["best victim here"] == 1.0
    assert before["victim here"] == 0.0 and before["victim beside"] == 0.7
    assert "victim here" not in context_features(doc, _focus(doc), second.start, second.start + 6)


@pytest.mark.parametrize(
    ("text", "language", "country"),
    [
        ("Two men were held in Myanmar's Myawaddy, near the border with Thailand.", "en", "MM"),
        ("Two men were held in Myawaddy, Myanmar, and fled to Thailand.", "en", "MM"),
        ("Two men were held in Myawaddy, near the border with Thailand.", "en", "TH"),
        ("두 사람이 미얀마 미야와디에 감금됐다가 태국으로 달아났다.", "ko", "MM"),
    ],
)
def test_the_country_named_with_the_chosen_place_is_the_country(text: str, language: str, country: str) -> None:
    doc = build_document(Article("invented", "", text, language=language), language)
    chosen = place_candidates(doc, _focus(doc))[0].place
    elsewhere = LinearModel({"chosen place is elsewhere": 5.0})
    assert choose_country(doc, _focus(doc), elsewhere, chosen, 0.8)[0] == country
