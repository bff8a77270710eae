"""The reader's figures do not sink below the committed baselines.

`floor_articles.jsonl` holds invented articles that no scorer learned from; the shipped reader must read them as well as
when `reader_floor.json` was written; one of its nine events may change its type, day or place. The cross-validated
floor needs the annotated articles beside the checkout:

    python -m training.reader cv --baseline tests/extract/reader_baseline.json
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crawler import scoring
from extract.reader import LexiconReader
from extract.serialise import reading_to_row
from training.folds import folds
from training.reader.gold import GOLD, load_gold

HERE = Path(__file__).parent
#: One fold has about 85 Korean and 43 English articles: a single one moves a figure by up to this much.
TOLERANCE = {"ko": 0.05, "en": 0.06}


def test_the_shipped_reader_reads_the_invented_articles_as_well_as_before() -> None:
    rows = load_gold(HERE / "floor_articles.jsonl")
    reader = LexiconReader()
    predicted = [reading_to_row(reader.read(row.article)) for row in rows]
    figures, errors = scoring.score([row.raw for row in rows], predicted, errors=20)
    wanted = json.loads((HERE / "reader_floor.json").read_text("utf-8"))
    below = {name: figures[name]["f1"] for name, value in wanted.items() if figures[name]["f1"] < value - 0.001}
    assert not below, errors
    assert figures["evidence_verbatim"] == 1.0


def test_no_invented_article_without_an_incident_opens_one() -> None:
    reader = LexiconReader()
    empty = [row for row in load_gold(HERE / "floor_articles.jsonl") if not row.raw["incidents"]]
    assert len(empty) >= 4
    assert [row.raw["id"] for row in empty if reading_to_row(reader.read(row.article))["incidents"]] == []


@pytest.mark.slow
@pytest.mark.skipif(not GOLD.exists(), reason="../shared/data/incidents is absent")
def test_no_cross_validated_figure_sinks_below_the_baseline() -> None:
    pytest.importorskip("sklearn", reason="fitting needs scikit-learn")
    from training.reader.floor import FOLD, below, figures_of
    from training.reader.validation import by_language, material, read_fold

    wanted = json.loads((HERE / "reader_baseline.json").read_text("utf-8"))
    given = material(None)
    read = read_fold(given, folds([row.raw for row in given.rows]), FOLD)
    rows = [given.rows[i] for i, _ in read]
    for language, gold, answers in by_language(rows, [row for _, row in read]):
        if language in wanted:
            assert not below(figures_of(gold, answers), wanted[language]["fold"], TOLERANCE[language]), language
