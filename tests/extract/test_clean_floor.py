"""The score of cleaning on the pages of ../shared/data/pages does not sink below the committed baseline."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from benchmarks.cleaning import CONTENDERS, PAGES, gold_pages, mean, run

#: What `python -m benchmarks.cleaning` measured when the baseline was last raised, and how far a run may stay below.
BASELINE = json.loads((Path(__file__).parent / "clean_baseline.json").read_text(encoding="utf-8"))


@pytest.mark.slow
@pytest.mark.skipif(not PAGES.exists(), reason="../shared/data/pages is absent")
def test_no_figure_sinks_below_the_baseline(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    pages = list(gold_pages())
    scores = run(pages, {"sageon": CONTENDERS["sageon"]})["sageon"]
    korean = [score for score, page in zip(scores, pages, strict=True) if page.script == "Korean"]
    others = [score for score, page in zip(scores, pages, strict=True) if page.script != "Korean"]
    figures = {
        "body_f1": mean(scores, "f1"),
        "title": mean(scores, "title"),
        "minute": mean(scores, "minute"),
        "korean_body_f1": mean(korean, "f1"),
    }
    below = {name: value for name, value in figures.items() if value < BASELINE[name] - BASELINE["tolerance"]}
    assert not below
    assert all(score.outcome == "article" for score in scores)
    assert mean(korean, "f1") >= mean(others, "f1")
