"""Which type of incident a stretch of an article tells of: one row of features for every type, the same weights for all.

Scorer `type.<language>` ranks the types (the gravest of near-equals leads), scorer `linked.<language>` says which
further types the same incident holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from math import log1p

from extract.document import Document
from extract.scorers.gate import STRENGTH, region
from extract.scorers.linear import Features, LinearModel

#: Every incident type, gravest first (DESIGN.md: homicide > torture > kidnapping > unlawful_detention > fraud).
TYPES = (
    "homicide", "terrorism", "torture", "kidnapping", "human_trafficking", "sexual_assault", "unlawful_detention",
    "robbery", "assault", "arson", "extortion", "fraud", "cybercrime", "drug_offence", "theft", "disaster", "accident",
    "missing_person", "unexplained_death", "other_crime",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TypeEvidence:
    """How strongly, and where, each type is named within a scope of sentences."""

    mass: dict[str, dict[str, float]]
    charged: dict[str, float]
    tolls: frozenset[str]
    words: frozenset[str]

    def total(self, kind: str) -> float:
        return sum(self.mass.get(kind, {}).values()) + 2.0 * self.charged.get(kind, 0.0)


def type_evidence(doc: Document, scope: Collection[int] | None = None) -> TypeEvidence:
    """Trigger mass by type and region over the sentences of `scope` (all where None)."""
    lead = set(doc.lead)
    mass: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    inside = (lambda _: True) if scope is None else scope.__contains__
    for trigger in doc.triggers:
        if trigger.kind == "incident" and inside(trigger.sentence):
            mass[trigger.type][region(doc, trigger.start, lead)] += STRENGTH[trigger.weight]
    charged: dict[str, float] = defaultdict(float)
    for charge in doc.charges:
        if inside(doc.sentence_at(charge.start)):
            charged[charge.type] += 1.0
            for linked in charge.linked:
                charged[linked] += 0.5
    tolls = frozenset(c.what for c in doc.counts if (c.high or 0) > 0 and inside(doc.sentence_at(c.start)))
    words = frozenset(
        lemma
        for index, lemmas in enumerate(doc.lemmas)
        if inside(index) and (scope is not None or index in lead or doc.in_title(doc.sentences[index].start))
        for lemma in lemmas
    )
    return TypeEvidence({k: dict(v) for k, v in mass.items()}, dict(charged), tolls, words)


def type_features(kind: str, evidence: TypeEvidence, rank: dict[str, int]) -> Features:
    """Features of the claim "this scope tells of a `kind`"."""
    mass = evidence.mass.get(kind, {})
    total = evidence.total(kind)
    whole = sum(evidence.total(t) for t in TYPES) or 1.0
    features: Features = {f"is:{kind}": 1.0, "share": total / whole, f"share:{kind}": total / whole}
    for where in ("title", "lead", "body"):
        if mass.get(where):
            features[f"in {where}"] = 1.0
            features[f"in {where}:{kind}"] = 1.0
            features[f"mass {where}"] = log1p(mass[where])
    if evidence.charged.get(kind):
        features["charged"] = log1p(evidence.charged[kind])
        features[f"charged:{kind}"] = 1.0
    place = rank.get(kind)
    features[f"rank {min(place, 4) if place is not None else 'none'}"] = 1.0
    if not total:
        features[f"unnamed:{kind}"] = 1.0
    for other in TYPES:
        if other != kind and evidence.total(other) > 0:
            features[f"{kind} beside {other}"] = 1.0
    order = TYPES.index(kind)
    graver = [t for t in TYPES[:order] if evidence.total(t) > 0]
    features["graver named"] = float(bool(graver))
    features["graver up front"] = float(any(evidence.mass.get(t, {}).get(w) for t in graver for w in ("title", "lead")))
    features["graver charged"] = float(any(evidence.charged.get(t) for t in graver))
    features["graver share"] = sum(evidence.total(t) for t in graver) / whole
    for toll in evidence.tolls:
        features[f"{kind} with {toll}"] = 1.0
    for word in evidence.words:
        features[f"{kind}|{word}"] = 1.0
    return features


def ranking(evidence: TypeEvidence) -> dict[str, int]:
    """Types that are named at all, by mass (ties: the gravest first) -> their place from 0."""
    named = [t for t in TYPES if evidence.total(t) > 0]
    return {t: i for i, t in enumerate(sorted(named, key=lambda t: (-evidence.total(t), TYPES.index(t))))}


def score_types(doc: Document, model: LinearModel, scope: Collection[int] | None = None) -> list[tuple[str, float]]:
    """All types with the scorer's log-odds, best first."""
    evidence = type_evidence(doc, scope)
    rank = ranking(evidence)
    scored = [(t, model.decision(type_features(t, evidence, rank))) for t in TYPES]
    return sorted(scored, key=lambda pair: (-pair[1], TYPES.index(pair[0])))
