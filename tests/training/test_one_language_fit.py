"""Fitting one language leaves the other's scorers as they were."""

from __future__ import annotations

from extract.scorers.linear import LinearModel, Weights
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
