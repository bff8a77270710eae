"""A capital's name that stands for the state there is told apart from the town."""

from __future__ import annotations

import pytest

from extract.document import build_document
from extract.records import Article
from extract.scorers.context import Focus
from extract.scorers.where import names_state, place_candidates


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("Seoul is negotiating the release of the crew.", "Seoul"),
        ("Officials are in talks with Phnom Penh about the case.", "Phnom Penh"),
        ("The ministry urged Bangkok to act.", "Bangkok"),
        ("A student was found dead in Phnom Penh on Friday.", ""),
        ("A bus bound for Bangkok overturned near Hanoi.", ""),
        ("He drove with his brother from Manila to Baguio.", ""),
    ],
)
def test_names_state(text: str, state: str) -> None:
    doc = build_document(Article("invented", "", text, language="en"), "en")
    assert " ".join(r.mention.text for r in doc.places if names_state(doc, r)) == state


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Officials held talks with Phnom Penh. More police are to go to Phnom Penh.", []),
        ("Officials held talks with Phnom Penh. A student was killed in Phnom Penh.", ["Phnom Penh"]),
        ("More police are to go to Phnom Penh.", ["Phnom Penh"]),
    ],
)
def test_a_capital_that_stands_for_its_state_is_no_place_but_where_an_act_is_told(text: str, places: list[str]) -> None:
    doc = build_document(Article("invented", "", text, language="en"), "en")
    focus = Focus([0.5] * len(doc.sentences), ("homicide",), [t.start for t in doc.triggers])
    assert [c.place.name for c in place_candidates(doc, focus)] == places
