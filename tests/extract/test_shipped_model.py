"""The model in the repository: it finds names of both languages, alone and in a batch."""

from __future__ import annotations

from pathlib import Path

import pytest

import extract.model
from extract.entities import Tagger, find_entities
from extract.model import load_tagger

#: Invented people; each name or measure is told by its spelling or its frame.
TEXTS = (
    "서울중앙지법은 12일 김철수(45)씨에게 징역 5년을 선고했다.",
    "Amina Bello was last seen in Lagos on Monday.",
    "Police in Nairobi said on Tuesday that two Kenyan men had been arrested.",
)
FOUND = (
    {("12일", "DATE"), ("김철수", "PER"), ("45", "AGE")},
    {("Amina Bello", "PER"), ("Lagos", "LOC"), ("Monday", "DATE")},
    {("Nairobi", "LOC"), ("Tuesday", "DATE"), ("Kenyan", "NAT")},
)


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return load_tagger()


def test_names_and_measures_of_both_languages_are_found(tagger: Tagger) -> None:
    for text, wanted, found in zip(TEXTS, FOUND, find_entities(TEXTS, tagger), strict=True):
        assert wanted <= {(e.text, e.label) for e in found}
        assert all(text[e.start : e.end] == e.text and 0.0 < e.score <= 1.0 for e in found)


def test_a_text_is_tagged_alike_alone_and_beside_longer_ones(tagger: Tagger) -> None:
    together = find_entities([*TEXTS, " ".join(TEXTS) * 5], tagger)
    for text, found in zip(TEXTS, together, strict=False):
        alone = find_entities([text], tagger)[0]
        assert [(e.start, e.end, e.label) for e in alone] == [(e.start, e.end, e.label) for e in found]


def test_it_is_small_and_says_its_terms(tagger: Tagger) -> None:
    folder = Path(extract.model.__file__).parent / "shipped"
    assert sum(file.stat().st_size for file in folder.iterdir()) < 40_000_000
    assert "license: cc-by-sa-4.0" in (folder / "README.md").read_text(encoding="utf-8")
    assert tagger.version.startswith("shipped-")
