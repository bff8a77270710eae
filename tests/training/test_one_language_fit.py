"""Fitting one language leaves the other's scorers as they were."""

from __future__ import annotations

from pathlib import Path

from extract.scorers.linear import LinearModel, Weights, dump_weights, load_weights
from training.reader.__main__ import with_language


def _weights(made: str, value: float) -> Weights:
    names = ("gate.ko", "gate.en")
    return Weights(
        {n: LinearModel({"a": value}) for n in names},
        dict.fromkeys(names, value),
        dict.fromkeys(names, ((0.0, value),)),
        made,
    )


def test_only_the_fitted_language_changes() -> None:
    merged = with_language(_weights("2025-11-01", 0.1), _weights("2025-11-02", 0.9), "en")
    assert (merged.models["gate.ko"].weights["a"], merged.models["gate.en"].weights["a"]) == (0.1, 0.9)
    assert (merged.thresholds["gate.ko"], merged.thresholds["gate.en"]) == (0.1, 0.9)
    assert (merged.calibration["gate.ko"], merged.calibration["gate.en"]) == (((0.0, 0.1),), ((0.0, 0.9),))
    assert merged.made == "2025-11-02"


def test_two_fits_of_one_day_are_two_coders(tmp_path: Path) -> None:
    made = []
    for number, value in enumerate((0.1, 0.9, 0.1)):
        dump_weights(_weights("2025-11-01", value), tmp_path / f"{number}.json.gz")
        made.append(load_weights(tmp_path / f"{number}.json.gz").made)
    assert all(name.startswith("2025-11-01.") for name in made)
    assert made[0] == made[2] != made[1]
