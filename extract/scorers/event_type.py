"""Which type of incident a stretch of an article tells of: one row of features for every type, the same weights for all.

Scorer `type` ranks the types (the gravest of near-equals leads), scorer `linked` says which
further types the same incident holds.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from math import log1p

from extract.document import Document
from extract.scorers.gate import STRENGTH, region
from extract.scorers.linear import Features, LinearModel
from extract.triggers import Trigger

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
    title_words: frozenset[str]
    #: Types whose act stands in one sentence with a death, and how often charges name no type at all.
    fatal: frozenset[str] = frozenset()
    unnamed_charges: int = 0
    attempts: int = 0

    def total(self, kind: str) -> float:
        return sum(self.mass.get(kind, {}).values()) + 2.0 * self.charged.get(kind, 0.0)


#: What follows a killing that was only tried, planned or threatened.
_ATTEMPT = {
    "ko": re.compile(r"(?:을|를)? ?(?:시도|미수|기도|예비|모의|계획|협박|위협|예고)|하려|하겠다"),
    "en": re.compile(r"(?!)"),
}
_ATTEMPTED_BEFORE = re.compile(
    r"\b(?:attempted|attempting to|tried to|plot(?:ted|ting)? to|threatened to|conspiracy to)\s+$", re.I
)
#: Acts of violence whose victim's death makes them a homicide.
VIOLENT = frozenset({"torture", "kidnapping", "unlawful_detention", "assault", "robbery", "sexual_assault", "arson"})

#: Beside one of these a death need not be anybody's act.
MISHAP = frozenset({"accident", "disaster"})


def type_evidence(doc: Document, scope: Collection[int] | None = None) -> TypeEvidence:
    """Trigger mass by type and region over the sentences of `scope` (all where None)."""
    lead = set(doc.lead)
    mass: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    inside = (lambda _: True) if scope is None else scope.__contains__
    by_sentence: dict[int, set[str]] = defaultdict(set)
    attempts = 0
    for trigger in doc.triggers:
        if trigger.kind != "incident" or not inside(trigger.sentence):
            continue
        kind = trigger.type
        if kind == "homicide" and attempted(doc, trigger):
            kind, attempts = "assault", attempts + 1
        mass[kind][region(doc, trigger.start, lead)] += STRENGTH[trigger.weight]
        by_sentence[trigger.sentence].add(kind)
    charged: dict[str, float] = defaultdict(float)
    for charge in doc.charges:
        if inside(doc.sentence_at(charge.start)):
            charged[charge.type] += 1.0
            for linked in charge.linked:
                charged[linked] += 0.5
    tolls = frozenset(c.what for c in doc.counts if (c.high or 0) > 0 and inside(doc.sentence_at(c.start)))
    deaths = {doc.sentence_at(c.start) for c in doc.counts if c.what == "killed" and (c.high or 0) > 0}
    deaths |= {i for i, kinds in by_sentence.items() if "unexplained_death" in kinds}
    words = frozenset(
        lemma
        for index, lemmas in enumerate(doc.lemmas)
        if inside(index) and (scope is not None or index in lead or doc.in_title(doc.sentences[index].start))
        for lemma in lemmas
    )
    for index, kinds in by_sentence.items():
        if index in deaths and kinds & VIOLENT and "homicide" not in kinds and not kinds & MISHAP:
            mass["homicide"][region(doc, doc.sentences[index].start, lead)] += STRENGTH["strong"]
    title_words = frozenset(w for i in range(doc.lead.start) if inside(i) for w in doc.lemmas[i])
    fatal = frozenset(k for i, kinds in by_sentence.items() if i in deaths for k in kinds & VIOLENT)
    unnamed = sum(
        not by_sentence.get(doc.sentence_at(o)) and not doc.charges_in(doc.sentence_at(o))
        for o in _charge_words(doc)
        if inside(doc.sentence_at(o))
    )
    return TypeEvidence(
        {k: dict(v) for k, v in mass.items()}, dict(charged), tolls, words, title_words, fatal, unnamed, attempts
    )


def attempted(doc: Document, trigger: Trigger) -> bool:
    before = doc.text[max(0, trigger.start - 24) : trigger.start]
    return bool(_ATTEMPT[doc.language].match(doc.text, trigger.end) or _ATTEMPTED_BEFORE.search(before))


_CHARGE_WORD = {
    "ko": re.compile("혐의"),
    "en": re.compile(r"\b(?:charged with|accused of|convicted of|guilty of)\b", re.I),
}


def _charge_words(doc: Document) -> list[int]:
    return [m.start() for m in _CHARGE_WORD[doc.language].finditer(doc.text)]


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
    if kind in evidence.fatal:
        features["fatal itself"] = 1.0
    if evidence.fatal:
        features[f"{kind}: violence was fatal"] = 1.0
    if evidence.attempts:
        features[f"{kind}: a killing was tried"] = 1.0
    if evidence.unnamed_charges:
        features[f"{kind}: unnamed charges"] = log1p(evidence.unnamed_charges)
    order = TYPES.index(kind)
    graver = [t for t in TYPES[:order] if evidence.total(t) > 0]
    features["graver named"] = float(bool(graver))
    features["graver up front"] = float(any(evidence.mass.get(t, {}).get(w) for t in graver for w in ("title", "lead")))
    features["graver charged"] = float(any(evidence.charged.get(t) for t in graver))
    features["graver share"] = sum(evidence.total(t) for t in graver) / whole
    for toll in evidence.tolls:
        features[f"{kind} with {toll}"] = 1.0
    for word in evidence.words:
        features[f"{kind}|{word}"] = 0.5
    for word in evidence.title_words:
        features[f"{kind}|title:{word}"] = 0.7
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
