"""A sparse logistic model: named features in, a probability out. Fitted in `training/reader`, evaluated here."""

from __future__ import annotations

import gzip
import hashlib
import itertools
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Literal

Features = dict[str, float]
#: What the scorers have beside lexicon and morphology: a model that knows events and entities, entities alone, none.
Evidence = Literal["events", "entities", "none"]
#: The shipped fit for each.
FILES: Mapping[Evidence, str] = {
    "events": "reader.json.gz",
    "entities": "reader_entities.json.gz",
    "none": "reader_alone.json.gz",
}


class WeightsError(ValueError):
    """The weights file is missing, unreadable or lacks a model that the reader needs."""


@dataclass(frozen=True, slots=True)
class LinearModel:
    """`weights` maps a feature's name to its weight; a feature that training never saw weighs nothing."""

    weights: Mapping[str, float]
    bias: float = 0.0

    def decision(self, features: Mapping[str, float]) -> float:
        """The log-odds of "yes"."""
        get = self.weights.get
        return self.bias + sum(value * get(name, 0.0) for name, value in features.items())

    def probability(self, features: Mapping[str, float]) -> float:
        """The probability of "yes", in [0, 1]."""
        return sigmoid(self.decision(features))


def sigmoid(x: float) -> float:
    if x >= 0:
        return 1.0 / (1.0 + math.exp(-x))
    e = math.exp(x)
    return e / (1.0 + e)


@dataclass(frozen=True, slots=True)
class Weights:
    """All scorers of one fit. `made` is the day of the fit, with a mark of the contents where they were read from a file;
    `thresholds` are the operating points chosen on it.
    """

    models: Mapping[str, LinearModel]
    thresholds: Mapping[str, float]
    calibration: Mapping[str, tuple[tuple[float, float], ...]]
    made: str

    def model(self, name: str) -> LinearModel:
        """Raises WeightsError where the file holds no such model."""
        try:
            return self.models[name]
        except KeyError:
            raise WeightsError(f"the reader's weights of {self.made} hold no scorer {name!r}") from None

    def confidence(self, field: str, score: float) -> float:
        """The calibrated probability that a value chosen with this score is right (piecewise linear, isotonic fit)."""
        points = self.calibration.get(field)
        if not points:
            return score
        if score <= points[0][0]:
            return points[0][1]
        for (x0, y0), (x1, y1) in itertools.pairwise(points):
            if score <= x1:
                return y1 if x1 == x0 else y0 + (y1 - y0) * (score - x0) / (x1 - x0)
        return points[-1][1]


def dump_weights(weights: Weights, path: Path) -> None:
    """Write `weights` as gzipped JSON, the same bytes for the same fit."""
    payload = {
        "made": weights.made,
        "thresholds": dict(sorted(weights.thresholds.items())),
        "calibration": {k: [list(p) for p in v] for k, v in sorted(weights.calibration.items())},
        "models": {
            name: {"bias": round(m.bias, 5), "weights": {k: round(v, 4) for k, v in sorted(m.weights.items())}}
            for name, m in sorted(weights.models.items())
        },
    }
    data = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    with path.open("wb") as raw, gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as packed:
        packed.write(data)


def load_weights(path: Path | None = None, evidence: Evidence = "events") -> Weights:
    """The shipped weights for a reader with that evidence, or those at `path`. Raises WeightsError with path and reason."""
    source = path if path is not None else files("extract") / "weights" / FILES[evidence]
    try:
        data = gzip.decompress(source.read_bytes())
        payload = json.loads(data)
        return Weights(
            models={n: LinearModel(m["weights"], float(m["bias"])) for n, m in payload["models"].items()},
            thresholds={k: float(v) for k, v in payload["thresholds"].items()},
            calibration={k: tuple((float(x), float(y)) for x, y in v) for k, v in payload["calibration"].items()},
            made=f"{payload['made']}.{hashlib.sha256(data).hexdigest()[:6]}",  # two fits of one day are two coders
        )
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise WeightsError(f"cannot read the reader's weights at {source}: {error}") from error
