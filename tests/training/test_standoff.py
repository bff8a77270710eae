"""Words of a tagged set put together to running text, and annotations that hold places in it instead of words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from training.reader.gold import load_apart, load_gold, load_own
from training.reader.standoff import (
    ANNOTATED,
    SETS,
    AnnotationError,
    joined,
    packed,
    read_annotated,
    read_texts,
    unpacked,
)

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
TEXT = 'HARBOURTOWN – Two men, aged 20 and 31, were shot at the "Blue Anchor" on Friday.'


def _row(quote: str = "were shot") -> dict[str, Any]:
    victim = {"text": "Two men", "count": 2, "nationality": None, "nationality_text": None, "name": None}
    return {
        "id": "ww:invented_1",
        "incidents": [
            {"role": "main", "type": "assault", "trigger": quote, "place_text": "Blue Anchor", "date_text": None,
             "victims": [victim], "perpetrators": []},
        ],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("The mayor 's house ( U. S. ) burned , he said .", "The mayor's house (U. S.) burned, he said."),
        ("He lives in the U . S . with the boys ' father .", "He lives in the U.S. with the boys' father."),
        ('" We can ’t , " she told the crowd .', '"We can’t," she told the crowd.'),
        ("a well - known man paid US $ 3 and £ 4", "a well-known man paid US$3 and £4"),
        ("the family ’ s boat , the workers ’ camp", "the family’s boat, the workers’ camp"),
    ],
)
def test_words_become_printed_text(words: str, text: str) -> None:
    assert joined(words.split(" ")) == text


def test_empty_words_part_paragraphs() -> None:
    assert joined(["", "One", ".", "", "", "Two", ".", ""]) == "One.\n\nTwo."


def test_an_annotation_keeps_no_word_of_the_text_and_comes_back_whole() -> None:
    kept = packed(TEXT, _row())
    assert "shot" not in json.dumps(kept) and "Anchor" not in json.dumps(kept)
    (incident,) = unpacked(TEXT, "2024-05-03", kept)["incidents"]
    assert incident["trigger"] == "were shot" and incident["place_text"] == "Blue Anchor"
    assert incident["date_text"] is None and incident["victims"][0]["text"] == "Two men"
    assert incident["victims"][0]["count"] == 2


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(AnnotationError, match="were hanged"):
        packed(TEXT, _row("were hanged"))
    with pytest.raises(AnnotationError, match="not the one that was annotated"):
        unpacked(TEXT + " More.", None, packed(TEXT, _row()))


@pytest.mark.skipif(not (SHARED / "ner").is_dir(), reason="the shared data is not beside this checkout")
@pytest.mark.parametrize("name", SETS)
def test_every_annotation_fits_its_article(name: str) -> None:
    rows = read_annotated(SHARED, name)
    assert len(rows) == len({row["id"] for row in rows}) >= 80
    assert {row["id"] for row in rows} < {key for key, _, _ in read_texts(SHARED, name)}
    for row in rows:
        for incident in row["incidents"]:
            assert incident["trigger"] and incident["trigger"] in row["text"]


@pytest.mark.parametrize("name", SETS)
def test_the_kept_annotations_hold_no_quotes(name: str) -> None:
    for line in (ANNOTATED / SETS[name]).read_text("utf-8").splitlines():
        for incident in json.loads(line)["incidents"]:
            assert all(incident[n] is None or len(incident[n]) == 2 for n in ("trigger", "place_text", "date_text"))


@pytest.mark.skipif(not (SHARED / "incidents").is_dir(), reason="the shared data is not beside this checkout")
def test_no_article_apart_is_learned_from() -> None:
    learned = {row.raw["id"] for row in (*load_gold(), *load_own())}
    assert not learned & {row.raw["id"] for name in SETS for row in load_apart(name)}
