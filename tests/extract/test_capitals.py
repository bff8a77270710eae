"""A capital's name that stands for the state there is told apart from the town."""

from __future__ import annotations

import pytest

from extract.document import build_document
from extract.records import Article
from extract.scorers.where import names_state


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
