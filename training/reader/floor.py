"""The figures that the reader must not sink below: what is kept of a cross-validation, and what is below it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crawler import scoring
from training.folds import folds
from training.reader.validation import Material, by_language

#: Figures that are kept: (name in the scorer's output, part).
KEPT = (
    ("article", "f1"), ("incident", "p"), ("incident", "f1"), ("end_to_end", "f1"), ("victim_nationality_all", "f1"),
    ("type", "f1"), ("country", "f1"), ("date", "f1"), ("place", "f1"), ("killed", "f1"),
)  # fmt: skip
#: The fold that the test reads again; one fold takes a fifth of the time of all.
FOLD = 0

Figures = dict[str, float]


def figures_of(gold: Sequence[Mapping[str, Any]], predicted: Sequence[Mapping[str, Any]]) -> Figures:
    """The kept figures of some articles."""
    scored, _ = scoring.score(list(gold), list(predicted))
    return {f"{name} {part}": scored[name][part] for name, part in KEPT} | {"main_recall": scored["main_recall"]}


def baseline(given: Material, predicted: Sequence[dict[str, Any]]) -> dict[str, dict[str, Figures]]:
    """By language the figures of all folds and of fold `FOLD` alone."""
    fold = folds([row.raw for row in given.rows])
    kept = {
        language: {"all": figures_of(gold, answers)} for language, gold, answers in by_language(given.rows, predicted)
    }
    some = [i for i, f in enumerate(fold) if f == FOLD]
    for language, gold, answers in by_language([given.rows[i] for i in some], [predicted[i] for i in some]):
        kept[language]["fold"] = figures_of(gold, answers)
    return kept


def below(found: Figures, wanted: Figures, tolerance: float) -> dict[str, tuple[float, float]]:
    """Figures that lie more than `tolerance` under their baseline: name to (found, wanted)."""
    return {name: (found[name], value) for name, value in wanted.items() if found[name] < value - tolerance}
