"""Fit extract/resolve/weights.toml on annotated and invented reports, with the figures by grouped cross-validation.

    python -m training.resolve.fit [--write extract/resolve/weights.toml] [--cache FILE]

A pair of annotated reports is scored by weights that saw neither of its two clusters, so their printed figures are out
of sample; clusters that must_not_merge.json names as look-alikes are in one fold. The held-out half of the invented
pairs is never learned from.
"""

from __future__ import annotations

import argparse
import json
import pickle
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from crawler.jobs.reading import read_articles
from extract.records import Article, Reading
from extract.resolve import Match, Signature, Weights, block_keys, score
from training.reader.gold import GOLD, load_gold
from training.resolve import gold
from training.resolve.gold import Mention
from training.resolve.learn import Pair, as_toml, blocked_pairs, fit
from training.resolve.measure import bcubed, merged, stream, wrong_merges
from training.resolve.read import Invented, invented_mentions, load_pairs, main_signature, read_mentions

FOLDS = 5
THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


@dataclass(frozen=True)
class Material:
    """What is learned from and measured on: annotated slots, our reader's slots, the invented pairs, look-alikes."""

    gold: list[Mention]
    read: list[Mention]
    invented: list[Invented]
    readings: dict[str, Reading]
    forbidden: frozenset[frozenset[str]]

    @property
    def learned(self) -> list[Mention]:
        """The invented mentions that may be learned from."""
        return invented_mentions([event for event in self.invented if not event.held_out], self.readings)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, help="where to write the weights fitted on everything")
    parser.add_argument("--cache", type=Path, help="keep our reader's readings here, and take them from here")
    arguments = parser.parse_args()
    material = load_material(arguments.cache)
    folds = fold_of_clusters([*material.gold, *material.read], material.forbidden)
    for name, mentions in (("annotated slots", material.gold), ("our reader's slots", material.read)):
        report(name, mentions, material, folds)
    weights = fit_on(material, folds)
    print_pairs(material, weights)
    for name, value in sorted(weights.coefficients.items(), key=lambda item: -abs(item[1])):
        print(f"  {name:28} {value:+.2f}")
    if arguments.write:
        pairs = all_pairs(material)
        arguments.write.write_text(as_toml(weights, len(pairs), sum(p.same for p in pairs)), encoding="utf-8")


def load_material(cache_file: Path | None) -> Material:
    """Everything, read with our reader. Raises FileNotFoundError where the shared articles are not there."""
    rows, invented = load_gold(GOLD), load_pairs()
    articles = [*(row.article for row in rows), *(a for event in invented for a in event.articles.values())]
    readings = readings_of(articles, cache_file)
    look_alikes = json.loads((GOLD.parent / "must_not_merge.json").read_text(encoding="utf-8"))
    return Material(
        [mention for mention in gold.read_mentions(GOLD) if mention.cluster],
        read_mentions(rows, readings),
        invented,
        readings,
        frozenset(frozenset((row["a"], row["b"])) for row in look_alikes)
        | frozenset(frozenset((event.event, f"{event.event}-near")) for event in invented),
    )


def readings_of(articles: Sequence[Article], cache_file: Path | None) -> dict[str, Reading]:
    """Each article's reading by its id; from the cache file if it is there."""
    if cache_file and cache_file.exists():
        held: dict[str, Reading] = pickle.loads(cache_file.read_bytes())
        return held
    readings = {article.id: reading for article, reading in read_articles(articles, processes=2)}
    if cache_file:
        cache_file.write_bytes(pickle.dumps(readings))
    return readings


def all_pairs(material: Material, folds: dict[str, int] | None = None, without: Iterable[int] = ()) -> list[Pair]:
    """The blocked pairs of all mentions whose clusters are in none of the folds `without`."""
    out = set(without)
    sets = (material.gold, material.read, material.learned)
    kept = [[m for m in mentions if not folds or folds.get(str(m.cluster), -1) not in out] for mentions in sets]
    return [pair for mentions in kept for pair in blocked_pairs(mentions, material.forbidden)]


def fit_on(material: Material, folds: dict[str, int], without: Iterable[int] = ()) -> Weights:
    """Weights learned from everything but the clusters of some folds."""
    return fit(all_pairs(material, folds, without))


def report(name: str, mentions: list[Mention], material: Material, folds: dict[str, int]) -> None:
    """Print the out-of-sample figures of one set of mentions, by threshold."""

    @cache
    def weights(without: frozenset[int]) -> Weights:
        return fit_on(material, folds, without)

    @cache
    def scorer(left: int, right: int) -> Match:
        a, b = mentions[left], mentions[right]
        return score(a.signature, b.signature, weights(frozenset((folds[str(a.cluster)], folds[str(b.cluster)]))))

    size = Counter(mention.cluster for mention in mentions)
    print(f"{name}: {len(mentions)} reports, {len(size)} clusters, {sum(n > 1 for n in size.values())} of several")
    for same in THRESHOLDS:
        predicted = stream([mention.signature for mention in mentions], scorer, same)
        precision, recall, f1 = bcubed(mentions, predicted)
        print(
            f"  same {same}: B-cubed P {precision:.3f} R {recall:.3f} F1 {f1:.3f}, "
            f"wrong merges {wrong_merges(mentions, predicted):.4f}, "
            f"forbidden merged {merged(mentions, predicted, set(material.forbidden))}"
        )
    print(f"  all apart: B-cubed F1 {bcubed(mentions, list(range(len(mentions))))[2]:.3f}")


def print_pairs(material: Material, weights: Weights) -> None:
    """Print recall and precision on the invented pairs, for each half and by threshold."""
    for name, held_out in (("learned from", False), ("held out", True)):
        events = [event for event in material.invented if event.held_out is held_out]
        same, other = [], []
        for event in events:
            told = {s: main_signature(a, material.readings[a.id]) for s, a in event.articles.items()}
            same.append(_probability(told["ko"], told["en"], weights))
            other += [_probability(told[side], told["near"], weights) for side in ("ko", "en")]
        for least in THRESHOLDS:
            found, wrong = sum(p >= least for p in same), sum(p >= least for p in other)
            asked = sum(weights.ask <= p < least for p in same)
            print(
                f"invented pairs, {name}, same {least}: {len(events)}, recall {found / len(events):.3f}, "
                f"precision {found / max(1, found + wrong):.3f}, asked {asked}"
            )


def _probability(a: Signature | None, b: Signature | None, weights: Weights) -> float:
    """That two reports are of one event; 0 where one was not read or they never meet."""
    if a is None or b is None or not set(block_keys(a)) & set(block_keys(b)):
        return 0.0
    return score(a, b, weights).probability


def fold_of_clusters(mentions: Sequence[Mention], forbidden: Iterable[frozenset[str]]) -> dict[str, int]:
    """Fold of each cluster; look-alikes share one, and so do clusters of one article."""
    parent = {str(mention.cluster): str(mention.cluster) for mention in mentions}

    def root(name: str) -> str:
        while parent[name] != name:
            name = parent[name]
        return name

    by_seat: dict[str, str] = {}
    links = [(min(pair), max(pair)) for pair in forbidden if len(pair) == 2]
    links += [(by_seat.setdefault(m.signature.seat, str(m.cluster)), str(m.cluster)) for m in mentions]
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


if __name__ == "__main__":
    main()
