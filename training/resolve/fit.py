"""Fit extract/resolve/weights.toml on annotated clusters, with the figures by grouped cross-validation.

    python -m training.resolve.fit ../shared/data/incidents [--write]

A pair is scored by a model that saw neither of its two clusters, so the printed figures are out of sample. Clusters
that must_not_merge.json names as look-alikes are kept in one fold.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from scipy.optimize import minimize  # type: ignore[import-untyped]

from extract.resolve import Match, Signature, Weights, block_keys, clash, features
from extract.resolve.score import combine
from training.resolve.gold import Mention, read_mentions

FOLDS = 5
#: Standard deviation of the normal prior around PRIOR: sixteen clusters of more than one report cannot fit thirty
#: weights from nothing, and what a shared name or a common day is worth is known well enough to start from.
SPREAD = 0.7
SAME = 0.7
ASK = 0.25
PRIOR_BIAS = -5.0
PRIOR = {
    "type_equal": 1.0,
    "name_shared": 4.0,
    "suspect_name_shared": 2.0,
    "names_differ": -1.5,
    "date_equal": 2.5,
    "date_near": 1.5,
    "date_month": 1.0,
    "date_apart": -1.5,
    "published_apart": -1.0,
    "place_equal": 1.5,
    "place_part": 0.7,
    "place_differs": -2.0,
    "country_foreign": 0.5,
    "ages_equal": 1.0,
    "ages_differ": -1.5,
    "genders_differ": -1.0,
    "nationality_shared": 0.5,
    "suspect_ages_equal": 0.7,
    "suspect_ages_differ": -1.0,
    "amount_shared": 1.5,
    "amounts_differ": -0.5,
    "counts_equal": 1.5,
    "counts_differ": -1.5,
    "victims_equal": 1.5,
    "suspects_equal": 2.0,
    "words": 8.0,
    "title": 6.0,
}
#: Weight of a pair of two clusters that look alike.
LOOK_ALIKE_WEIGHT = 5.0
#: Features whose sign is known beforehand; a fit on few pairs may not turn it round.
NEGATIVE = frozenset(name for name, value in PRIOR.items() if value < 0)
POSITIVE = frozenset(name for name, value in PRIOR.items() if value > 0) | {
    *("type_shared", "genders_equal", "suspect_nationality_shared"),
}
NAMES = tuple(features(Signature(("homicide",)), Signature(("homicide",))))


@dataclass(frozen=True)
class Pair:
    left: int
    right: int
    same: bool
    values: tuple[float, ...]
    look_alike: bool
    cluster: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", type=Path, help="where to write the weights fitted on everything")
    arguments = parser.parse_args()
    mentions = [mention for mention in read_mentions(arguments.folder / "articles.jsonl") if mention.cluster]
    forbidden = {
        frozenset((row["a"], row["b"])) for row in json.loads((arguments.folder / "must_not_merge.json").read_text())
    }
    folds = fold_of_clusters(mentions, forbidden)
    pairs = blocked_pairs(mentions, forbidden)
    positives = sum(pair.same for pair in pairs)
    all_same = sum(n * (n - 1) // 2 for n in Counter(mention.cluster for mention in mentions).values())
    print(f"{len(mentions)} reports, {len(folds)} clusters; {len(pairs)} blocked pairs, {positives} of {all_same} same")
    probability = out_of_sample(pairs, mentions, folds)
    for same in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        predicted = cluster(mentions, probability, same)
        precision, recall, f1 = bcubed(mentions, predicted)
        print(
            f"same {same}: B-cubed P {precision:.3f} R {recall:.3f} F1 {f1:.3f}, "
            f"wrong merges {wrong_merges(mentions, predicted):.4f}, "
            f"forbidden merged {merged(mentions, predicted, forbidden)}"
        )
    print(f"all apart: B-cubed F1 {bcubed(mentions, list(range(len(mentions))))[2]:.3f}")
    weights = fit(pairs)
    for name, value in sorted(weights.coefficients.items(), key=lambda item: -abs(item[1])):
        print(f"  {name:28} {value:+.2f}")
    if arguments.write:
        arguments.write.write_text(as_toml(weights, len(pairs), positives), encoding="utf-8")


def fold_of_clusters(mentions: Sequence[Mention], forbidden: set[frozenset[str]]) -> dict[str, int]:
    """Fold of each cluster; look-alikes share one, and so do clusters of one article."""
    parent = {mention.cluster: mention.cluster for mention in mentions if mention.cluster}

    def root(name: str) -> str:
        while parent[name] != name:
            name = parent[name]
        return name

    by_seat: dict[str, str] = {}
    links = [tuple(pair) for pair in forbidden if len(pair) == 2]
    for mention in mentions:
        assert mention.cluster
        links.append((by_seat.setdefault(mention.signature.seat, mention.cluster), mention.cluster))
    for a, b in links:
        if a in parent and b in parent:
            parent[root(a)] = root(b)
    size = Counter(root(name) for name in parent)
    load = [0] * FOLDS
    fold: dict[str, int] = {}
    for name, count in sorted(size.items(), key=lambda item: (-item[1], item[0])):
        fold[name] = load.index(min(load))
        load[fold[name]] += count
    return {name: fold[root(name)] for name in parent}


def blocked_pairs(mentions: Sequence[Mention], forbidden: set[frozenset[str]]) -> list[Pair]:
    """Every pair of reports that shares a blocking key and does not clash."""
    blocks: dict[int, list[int]] = defaultdict(list)
    for index, mention in enumerate(mentions):
        for key in block_keys(mention.signature):
            blocks[key].append(index)
    met = {pair for block in blocks.values() for pair in combinations(block, 2)}
    pairs = []
    for left, right in sorted(met):
        a, b = mentions[left], mentions[right]
        same = a.cluster == b.cluster
        veto = clash(a.signature, b.signature)
        if veto:
            if same:
                print(f"  veto on one event: {veto} [{a.cluster}]")
            continue
        values = features(a.signature, b.signature)
        look_alike = frozenset((str(a.cluster), str(b.cluster))) in forbidden
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


def out_of_sample(
    pairs: Sequence[Pair], mentions: Sequence[Mention], folds: dict[str, int]
) -> dict[tuple[int, int], float]:
    """Probability of each pair by a model fitted without the folds of its two clusters."""
    held_out: dict[frozenset[int], list[Pair]] = defaultdict(list)
    fold_of = [folds[str(mention.cluster)] for mention in mentions]
    for pair in pairs:
        held_out[frozenset((fold_of[pair.left], fold_of[pair.right]))].append(pair)
    out = {}
    for without, rest in held_out.items():
        weights = fit([p for p in pairs if fold_of[p.left] not in without and fold_of[p.right] not in without])
        for pair in rest:
            total = sum(weights.coefficients.get(n, 0.0) * v for n, v in zip(NAMES, pair.values, strict=True))
            out[pair.left, pair.right] = 1 / (1 + math.exp(-(weights.bias + total)))
    return out


def cluster(mentions: Sequence[Mention], probability: dict[tuple[int, int], float], same: float) -> list[int]:
    """The stream's own way: each report joins the incident that takes it best, or opens one."""
    weights = Weights(0.0, {}, same, same)
    incidents: list[list[int]] = []
    home = [-1] * len(mentions)
    for index in range(len(mentions)):
        near = {home[other] for other in range(index) if (other, index) in probability}
        best, best_probability = -1, 0.0
        for incident in near:
            matches = []
            for member in incidents[incident]:
                p = probability.get((member, index))
                if p is None:
                    veto = clash(mentions[member].signature, mentions[index].signature)
                    p = 0.0 if veto else 1 / (1 + math.exp(3.0))
                matches.append(Match("ask", p))
            match = combine(matches, weights)
            if match.answer == "same" and match.probability > best_probability:
                best, best_probability = incident, match.probability
        if best < 0:
            incidents.append([])
            best = len(incidents) - 1
        incidents[best].append(index)
        home[index] = best
    return home


def bcubed(mentions: Sequence[Mention], predicted: Sequence[int]) -> tuple[float, float, float]:
    """B-cubed precision, recall, F1 over all reports (Bagga and Baldwin 1998)."""
    gold: dict[str | None, set[int]] = defaultdict(set)
    system: dict[int, set[int]] = defaultdict(set)
    for index, mention in enumerate(mentions):
        gold[mention.cluster].add(index)
        system[predicted[index]].add(index)
    precision = recall = 0.0
    for index, mention in enumerate(mentions):
        shared = len(gold[mention.cluster] & system[predicted[index]])
        precision += shared / len(system[predicted[index]]) / len(mentions)
        recall += shared / len(gold[mention.cluster]) / len(mentions)
    return precision, recall, 2 * precision * recall / (precision + recall)


def wrong_merges(mentions: Sequence[Mention], predicted: Sequence[int]) -> float:
    """Share of gold clusters that share a predicted incident with another gold cluster."""
    held: dict[int, set[str | None]] = defaultdict(set)
    for mention, incident in zip(mentions, predicted, strict=True):
        held[incident].add(mention.cluster)
    wrong = {name for names in held.values() if len(names) > 1 for name in names}
    return len(wrong) / len({mention.cluster for mention in mentions})


def merged(mentions: Sequence[Mention], predicted: Sequence[int], forbidden: set[frozenset[str]]) -> list[list[str]]:
    """The forbidden pairs that share an incident."""
    held: dict[int, set[str]] = defaultdict(set)
    for mention, incident in zip(mentions, predicted, strict=True):
        held[incident].add(str(mention.cluster))
    return sorted({tuple(sorted(pair)) for names in held.values() for pair in forbidden if pair <= names})  # type: ignore[misc]


def as_toml(weights: Weights, pairs: int, positives: int) -> str:
    lines = [
        "# Weights of the resolution score: log-odds that two reports are of one event, by the features of compare.py.",
        "# Written by training/resolve/fit.py: logistic regression drawn towards a prior, signs held.",
        f"# Learned from {pairs} blocked pairs of annotated reports, {positives} of them of one event.",
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


if __name__ == "__main__":
    main()
