"""The language of a text."""

from __future__ import annotations

import pytest

from extract.language import detect_language
from tests.extract.clean_pages import STORY_EN, STORY_KO


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" ".join(STORY_KO), "ko"),
        (" ".join(STORY_EN), "en"),
        ("경찰은 ABC Holdings International Group CEO와 CFO를 소환했다", "ko"),
        ("속보", "ko"),
        ("警察は月曜日、ベルムのホテル前で韓国人技術者二人が強盗に遭ったと発表した。", "ja"),
        (
            "Die Polizei der Hafenstadt teilte am Montag mit, dass zwei Männer vor ihrem Hotel beraubt worden seien.",
            "de",
        ),
        ("La policía de la ciudad informó el lunes que dos hombres fueron asaltados frente a su hotel.", "es"),
        ("", None),
        ("12 345 --- 67", None),
        ("Velm", None),
    ],
)
def test_language(text: str, expected: str | None) -> None:
    assert detect_language(text) == expected


def test_the_answer_does_not_change_from_call_to_call() -> None:
    doubtful = "Velm Orla Kasten Brigade Marina Delta Polo Fabrika Nova"
    assert len({detect_language(doubtful) for _ in range(20)}) == 1
