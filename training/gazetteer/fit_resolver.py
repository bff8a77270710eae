"""Fits the weights of `extract.places.resolve` on gold toponyms: `python -m training.gazetteer.fit_resolver DIR`.

A conditional logit (softmax over the candidates of one name) with a small L2 penalty, by gradient ascent. Prints
accuracy at 161 km of five-fold cross-validation by article, and the weights fitted on all of it, for WEIGHTS.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.places import kilometres, toponyms
from extract.places import find_places
from extract.places.english_names import latin_candidates
from extract.places.mention import Candidate, PlaceMention
from extract.places.resolve import FEATURES, WEIGHTS, features, surroundings

Case = tuple[NDArray[np.float64], NDArray[np.bool_]]


def right(c: Candidate, latitude: float, longitude: float, geonameid: int | None) -> bool:
    if c.geonameid is not None and c.geonameid == geonameid:
        return True
    if c.kind == "country" or c.latitude is None or c.longitude is None:
        return False
    return kilometres((c.latitude, c.longitude), (latitude, longitude)) <= 161


def cases(path: Path) -> list[list[Case]]:
    """For each article, (candidate features, which are right) of each gold name with at least two candidates."""
    out = []
    for text, gold in toponyms(path):
        mentions = find_places(text, "en")
        held = {m.head_start: m for m in mentions}
        held.update({p.head_start: p for m in mentions for p in m.parents if p.head_start not in held})
        article = []
        for t in gold:
            mention = held.get(t.start)
            if mention is None:
                mention = PlaceMention(t.start, t.end, t.phrase, t.start, t.end, latin_candidates(t.phrase), "en")
            if len(mention.candidates) < 2:
                continue
            others = [m for m in mentions if m.head_start != mention.head_start]
            around = surroundings([*others, mention])[mention.head]
            truth = np.array([right(c, t.latitude, t.longitude, t.geonameid) for c in mention.candidates])
            article.append((np.array([features(c, around) for c in mention.candidates]), truth))
        out.append(article)
    return out


def fit(data: list[Case], steps: int = 400, rate: float = 0.3, penalty: float = 0.002) -> NDArray[np.float64]:
    weights = np.array(WEIGHTS)
    usable = [(x, y) for x, y in data if y.any()]
    for _ in range(steps):
        gradient = -penalty * weights
        for x, y in usable:
            score = np.exp(x @ weights - (x @ weights).max())
            p = score / score.sum()
            q = np.where(y, p, 0.0)
            gradient += (q / q.sum() - p) @ x / len(usable)
        weights = weights + rate * gradient
    return weights


def accuracy(data: list[Case], weights: NDArray[np.float64]) -> float:
    return float(np.mean([bool(y[int(np.argmax(x @ weights))]) for x, y in data]))


def main() -> int:
    folder = Path(sys.argv[1])
    articles = {name: cases(folder / name) for name in ("lgl.xml", "TR-News.xml", "GWN.xml")}
    everything = [(name, article) for name, held in articles.items() for article in held]
    order = np.random.default_rng(7).permutation(len(everything))
    results: dict[str, list[tuple[float, int]]] = {name: [] for name in articles}
    for fold in range(5):
        train = [c for i in order if i % 5 != fold for c in everything[i][1]]
        weights = fit(train)
        for name in articles:
            test = [c for i in order if i % 5 == fold and everything[i][0] == name for c in everything[i][1]]
            results[name].append((accuracy(test, weights), len(test)))
    for name, scored in results.items():
        total = sum(n for _, n in scored)
        before = accuracy([c for a in articles[name] for c in a], np.array(WEIGHTS))
        fitted = sum(a * n for a, n in scored) / total
        sys.stdout.write(f"{name}: ambiguous names {total}, now {before:.3f}, cross-validated {fitted:.3f}\n")
    weights = fit([c for _, article in everything for c in article])
    sys.stdout.write(", ".join(f"{n} {w:.2f}" for n, w in zip(FEATURES, weights, strict=True)) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
