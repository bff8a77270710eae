"""The logistic score of a pair of reports, learned from blocked pairs that annotators have judged."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.optimize import minimize  # type: ignore[import-untyped]

from extract.resolve import Signature, Weights, block_keys, clash, features
from training.resolve.gold import Mention

#: Standard deviation of the normal prior around PRIOR: a few dozen clusters cannot fit forty weights from nothing,
#: and what a shared name or a common day is worth is known well enough to start from.
SPREAD = 0.7
SAME = 0.5
ASK = 0.25
PRIOR_BIAS = -5.0
PRIOR = {
    "type_equal": 1.0,
    "name_shared": 4.0,
    "suspect_name_shared": 2.0,
    "names_differ": -1.5,
    "date_equal": 2.0,
    "date_near": 1.5,
    "date_month": 1.0,
    "date_apart": -1.5,
    "date_implied": 0.8,
    "published_apart": -1.0,
    "place_equal": 1.5,
    "place_part": 0.7,
    "place_differs": -2.0,
    "day_and_place": 1.5,
    "day_and_foreigner": 1.5,
    "month_and_foreigner": 0.5,
    "types_many": 0.5,
    "type_vague": -1.0,
    "ages_equal": 0.5,
    "age_exact": 1.0,
    "ages_differ": -1.5,
    "genders_differ": -1.0,
    "nationality_shared": 0.5,
    "nationalities_differ": -3.0,
    "suspect_ages_equal": 0.7,
    "suspect_ages_differ": -1.0,
    "amount_shared": 1.5,
    "amounts_differ": -0.5,
    "counts_equal": 1.5,
    "counts_differ": -1.5,
    "deaths_unsaid": -1.0,
    "victims_equal": 1.5,
    "suspects_equal": 2.0,
    "words": 8.0,
    "title": 6.0,
    "other_language": 1.0,
    "concepts": 2.0,
    "concepts_none": -1.0,
    "tools_shared": 0.5,
    "tools_differ": -1.0,
    "clock_equal": 1.5,
    "clock_differs": -0.5,
    "quantity_shared": 1.0,
    "whole_and_part": -4.0,
}
#: Weight of a pair of two clusters that look alike.
LOOK_ALIKE_WEIGHT = 5.0
#: Features whose sign is known beforehand; a fit on few pairs may not turn it round.
NEGATIVE = frozenset(name for name, value in PRIOR.items() if value < 0)
POSITIVE = frozenset(name for name, value in PRIOR.items() if value > 0) | {
    *("type_shared", "country_equal", "genders_equal", "suspect_nationality_shared"),
}
NAMES = tuple(features(Signature(("homicide",)), Signature(("homicide",))))


@dataclass(frozen=True)
class Pair:
    """Two mentions that share a blocking key, by their numbers, with the values of NAMES."""

    left: int
    right: int
    same: bool
    values: tuple[float, ...]
    look_alike: bool
    cluster: str


def blocked_pairs(mentions: Sequence[Mention], forbidden: Collection[frozenset[str]] = ()) -> list[Pair]:
    """Every pair of mentions that shares a blocking key and does not clash."""
    blocks: dict[int, list[int]] = defaultdict(list)
    for index, mention in enumerate(mentions):
        for key in block_keys(mention.signature):
            blocks[key].append(index)
    pairs = []
    for left, right in sorted({pair for block in blocks.values() for pair in combinations(block, 2)}):
        a, b = mentions[left], mentions[right]
        if clash(a.signature, b.signature):
            continue
        values = features(a.signature, b.signature)
        look_alike = frozenset((str(a.cluster), str(b.cluster))) in forbidden
        same = a.cluster == b.cluster
        pairs.append(Pair(left, right, same, tuple(values[name] for name in NAMES), look_alike, str(a.cluster)))
    return pairs


def fit(pairs: Sequence[Pair]) -> Weights:
    """Logistic regression drawn towards PRIOR, with the signs of what is known to speak for or against held."""
    x = np.array([pair.values for pair in pairs])
    y = np.array([pair.same for pair in pairs], dtype=float)
    w = pair_weights(pairs)
    prior = np.array([PRIOR_BIAS, *(PRIOR.get(name, 0.0) for name in NAMES)])
    design = np.hstack([np.ones((len(x), 1)), x])

    def loss(beta: np.ndarray) -> tuple[float, np.ndarray]:
        z = design @ beta
        value = (w * (np.logaddexp(0.0, z) - y * z)).sum() + ((beta - prior) ** 2).sum() / (2 * SPREAD**2)
        slope = design.T @ (w * (1 / (1 + np.exp(-z)) - y)) + (beta - prior) / SPREAD**2
        return float(value), slope

    bounds = [(None, None), *((0.0 if n in POSITIVE else None, 0.0 if n in NEGATIVE else None) for n in NAMES)]
    best = minimize(loss, prior, jac=True, method="L-BFGS-B", bounds=bounds).x
    return Weights(float(best[0]), dict(zip(NAMES, map(float, best[1:]), strict=True)), SAME, ASK)


def pair_weights(pairs: Sequence[Pair]) -> np.ndarray:
    """A cluster of n reports gives n(n-1)/2 pairs: they share one weight that grows with n only."""
    size = Counter(pair.cluster for pair in pairs if pair.same)
    return np.array(
        [
            1 / math.sqrt(size[pair.cluster]) if pair.same else LOOK_ALIKE_WEIGHT if pair.look_alike else 1.0
            for pair in pairs
        ]
    )


def as_toml(weights: Weights, pairs: int, positives: int) -> str:
    """The text of a weights file."""
    lines = [
        "# Weights of the resolution score: log-odds that two reports are of one event, by the features of compare.py.",
        "# Written by training/resolve/fit.py: logistic regression drawn towards a prior, signs held.",
        f"# Learned from {pairs} blocked pairs of reports (annotated, and read by our reader), {positives} of one event.",
        "# From `same` on, two reports are one event; from `ask` on, an analyst is asked.",
        f"bias = {weights.bias:.3f}",
        f"same = {weights.same}",
        f"ask = {weights.ask}",
        "",
        "[coefficients]",
        *(f"{name} = {value:.3f}" for name, value in sorted(weights.coefficients.items(), key=lambda i: -abs(i[1]))),
        "",
    ]
    return "\n".join(lines)
