"""Figures of a clustering beside the annotators' clusters, and the clustering that the stream would make."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from extract.resolve import Match, Signature, block_keys
from extract.resolve.score import agreement
from training.resolve.gold import Mention

#: The match of two mentions, by their numbers.
Scorer = Callable[[int, int], Match]


def stream(signatures: Sequence[Signature], scorer: Scorer, same: float) -> list[int]:
    """The incident of each report where they come in this order: it joins the one that takes it best or opens one,
    and incidents that it shows to be one are put together, as storage does.
    """
    incidents: dict[int, list[int]] = {}
    home: dict[int, int] = {}
    by_key: dict[int, list[int]] = defaultdict(list)
    for index, signature in enumerate(signatures):
        keys = block_keys(signature)
        near = {home[other] for key in keys for other in by_key[key]}
        matches = {incident: _between([index], incidents[incident], scorer, same) for incident in sorted(near)}
        taken = [incident for incident, match in matches.items() if match.probability >= same]
        best = max(taken, key=lambda incident: (matches[incident].probability, -incident), default=index)
        incidents.setdefault(best, []).append(index)
        home[index] = best
        for key in keys:
            by_key[key].append(index)
        for other in taken:
            if other != best and _between(incidents[best], incidents[other], scorer, same).probability >= same:
                incidents[best] += incidents.pop(other)
                home.update(dict.fromkeys(incidents[best], best))
    return [home[index] for index in range(len(signatures))]


def _between(left: Sequence[int], right: Sequence[int], scorer: Scorer, same: float) -> Match:
    return agreement([[scorer(a, b) for b in right] for a in left], same=same, ask=same)


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
    return [sorted(pair) for pair in forbidden if any(pair <= names for names in held.values())]
