"""The scorer in the repository is the shared one, word for word."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler import scoring

SHARED = Path(__file__).parents[2].parent / "shared" / "eval" / "score_incidents.py"


@pytest.mark.skipif(not SHARED.is_file(), reason="the shared evaluation is not beside this checkout")
def test_the_scorer_is_the_shared_one() -> None:
    ours = Path(scoring.__file__).read_text(encoding="utf-8")
    assert ours.partition("# fmt: off\n")[2] == SHARED.read_text(encoding="utf-8")


def test_the_annotations_themselves_score_full_marks() -> None:
    incident = {"role": "main", "type": "fraud", "country": "KH", "date": "2026-03", "killed": None, "victims": []}
    rows = [{"id": "1", "title": "", "text": "", "incidents": [incident]}]
    figures, _ = scoring.score(rows, rows)
    assert figures["incident"]["f1"] == figures["end_to_end"]["f1"] == 1.0
