"""Does an article tell of further current events? Scorer `another` over sentences, scorer `further` over stretches.

A sentence is compared with the head of the article (title and lead), which tells of the main event in nearly every news
story; a stretch is a run of sentences that tell of one further event (`extract.stretches`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log1p
from typing import Any

from extract.document import Document
from extract.lexicon.discourse import marks_in
from extract.scorers.gate import STRENGTH
from extract.scorers.linear import Features

#: Types that one event is often told under by turns; a change within a family is no sign of a further event.
FAMILY = {
    name: family
    for family, members in {
        "violence": "homicide assault torture terrorism sexual_assault kidnapping unlawful_detention human_trafficking",
        "property": "robbery theft fraud cybercrime extortion",
        "drugs": "drug_offence",
        "mishap": "accident disaster arson",
        "unclear": "missing_person unexplained_death",
        "other": "other_crime",
    }.items()
    for name in members.split()
}
_TOLLS = ("killed", "injured", "held", "missing")


@dataclass(frozen=True)
class Facts:
    """What some sentences name: types, fine places, countries, days, people and figures."""

    types: frozenset[str]
    strength: float
    charges: frozenset[str]
    lemmas: frozenset[str]
    places: frozenset[str]
    countries: frozenset[str]
    days: frozenset[str]
    names: frozenset[str]
    ages: frozenset[str]
    nations: frozenset[str]
    tolls: frozenset[tuple[str, int]]
    words: frozenset[str]

    @property
    def families(self) -> frozenset[str]:
        return frozenset(FAMILY[t] for t in self.types)


def sentence_facts(doc: Document) -> list[Facts]:
    """The facts of every sentence."""
    return [_facts(doc, i) for i in range(len(doc.sentences))]


def joined(facts: Iterable[Facts]) -> Facts:
    """What some sentences name together."""
    some = list(facts)

    def union(name: str) -> frozenset[Any]:
        return frozenset().union(*(getattr(f, name) for f in some))

    sets = {name: union(name) for name in Facts.__dataclass_fields__ if name != "strength"}
    return Facts(strength=max((f.strength for f in some), default=0.0), **sets)


def _facts(doc: Document, index: int) -> Facts:
    triggers = [t for t in doc.triggers_in(index) if t.kind == "incident"]
    charges = doc.charges_in(index)
    places = [p for p in doc.places_in(index) if p.mention.follow in ("", "people", "facility")]
    people = [p for p in doc.people_in(index) if not p.is_official]
    return Facts(
        types=frozenset([t.type for t in triggers] + [c.type for c in charges]),
        strength=max((STRENGTH[t.weight] for t in triggers), default=0.0),
        charges=frozenset(c.type for c in charges),
        lemmas=frozenset(t.lemma for t in triggers),
        places=frozenset(p.place.name for p in places if p.place and p.place.precision != "country"),
        countries=frozenset(p.country for p in places if p.country),
        days=frozenset(
            d.value
            for d in doc.dates_in(index)
            if d.value and d.kind in ("point", "range", "clock") and not _announces(doc, d.end)
        ),
        names=frozenset(p.name for p in people if p.name),
        ages=frozenset(p.age for p in people if p.age),
        nations=frozenset(p.nationality for p in people if p.nationality),
        tolls=frozenset((c.what, c.low) for c in doc.counts_in(index) if c.what in _TOLLS and c.low),
        words=frozenset(doc.lemmas[index]),
    )


def _announces(doc: Document, end: int) -> bool:
    """Whether the day that ends at `end` is the day somebody said it ("23일 밝혔다")."""
    return doc.text[end : end + 5].lstrip().startswith(("밝", "전했", "말했", "발표"))


def _bucket(value: float) -> str:
    return "0" if value < 0.1 else "1" if value < 0.3 else "2" if value < 0.6 else "3"


def _contrast(own: Facts, known: Facts, prefix: str) -> Features:
    """How the facts of a sentence or stretch stand to those `known`: the same, new, or none."""
    features: Features = {}
    for name in ("places", "countries", "days", "names", "ages", "nations", "types", "charges", "lemmas", "tolls"):
        mine, theirs = getattr(own, name), getattr(known, name)
        if not mine:
            state = "none"
        elif mine <= theirs:
            state = "same"
        elif mine & theirs:
            state = "mixed"
        else:
            state = "new" if theirs else "only here"
        features[f"{prefix}{name} {state}"] = 1.0
    families = "none" if not own.types else "same" if own.families <= known.families else "new"
    features[f"{prefix}family {families}"] = 1.0
    clashes = sum(
        bool(getattr(own, n)) and bool(getattr(known, n)) and not getattr(own, n) & getattr(known, n)
        for n in ("places", "days", "names", "ages", "types", "tolls")
    )
    features[f"{prefix}clashes"] = clashes / 3.0
    shared = len(own.words & known.words) / max(1, len(own.words))
    features[f"{prefix}overlap"] = shared
    return features


def another_rows(doc: Document, facts: Sequence[Facts], told: Sequence[float]) -> dict[int, Features]:
    """For every sentence of the body but its first: features of "it tells of a current event that is not the main one".

    `told[i]` is the probability that sentence i tells of a current event at all.
    """
    first = doc.lead.start
    rows: dict[int, Features] = {}
    before = joined(facts[:first])
    for index in range(first + 1, len(facts)):
        before = joined((before, facts[index - 1]))
        head = joined(facts[: min(doc.lead.stop, index)])
        rows[index] = _another(doc, index, facts, head, before, told)
    return rows


def _another(
    doc: Document, index: int, facts: Sequence[Facts], head: Facts, before: Facts, told: Sequence[float]
) -> Features:
    own = facts[index]
    features = _contrast(own, head, "")
    for name in ("places", "days", "names", "types", "lemmas", "nations"):
        mine = getattr(own, name)
        features[f"{name} first told here"] = float(bool(mine) and not mine & getattr(before, name))
    features |= _contrast(own, facts[index - 1], "last: ")
    sentence = doc.sentences[index]
    text = doc.text[sentence.start : sentence.end]
    for mark in marks_in(text, doc.language):
        features[f"mark {mark}"] = 1.0
        if own.types:
            features[f"mark {mark} with trigger"] = 1.0
    features["told"] = told[index]
    features[f"told {_bucket(told[index])}"] = 1.0
    features["strength"] = own.strength
    features[f"strength {own.strength} told {_bucket(told[index])}"] = 1.0
    order = index - doc.lead.start
    features[f"order {order if order < 3 else '3-5' if order < 6 else 'later'}"] = 1.0
    features["depth"] = order / max(1, len(doc.sentences) - doc.lead.start)
    for trigger in doc.triggers_in(index):
        if trigger.kind == "response":
            features["response"] = 1.0
        elif trigger.voice:
            features[f"voice {trigger.voice}"] = 1.0
    published = doc.article.published_day()
    for day in own.days:
        if published:
            features[f"years ago {min(max(published.year - int(day[:4]), 0), 3)}"] = 1.0
        features[f"precision {len(day)}"] = 1.0
    features["quoted"] = float(any(mark in text for mark in '“”"'))
    for word in doc.lemmas[index][:3]:
        features[f"opens with {word}"] = 0.5
    for word in doc.lemmas[index][-2:]:
        features[f"closes with {word}"] = 0.5
    return features


def further_features(
    doc: Document,
    facts: Sequence[Facts],
    stretch: Sequence[int],
    another: Mapping[int, float],
    told: Sequence[float],
    before: Collection[int],
) -> Features:
    """Features of the claim "`stretch` tells of a current event not told of yet".

    `another[i]` is the probability of scorer `another`; `before` are the sentences of stretches already opened.
    """
    first = min(stretch)
    own = joined(facts[i] for i in stretch)
    features = _contrast(own, joined(facts[: min(doc.lead.stop, first)]), "head: ")
    features |= _contrast(own, joined(facts[i] for i in range(first) if i not in before), "rest: ")
    if before:
        features |= _contrast(own, joined(facts[i] for i in before), "opened: ")
    scores = sorted((another[i] for i in stretch), reverse=True)
    features["best"] = scores[0]
    features[f"best {_bucket(scores[0])}"] = 1.0
    features["mean"] = sum(scores) / len(scores)
    features["mass"] = log1p(sum(scores))
    features["told"] = max(told[i] for i in stretch)
    features["strength"] = own.strength
    features[f"sentences {min(len(stretch), 4)}"] = 1.0
    features["opened before"] = log1p(len(before))
    for name in ("places", "days", "names", "ages", "nations", "tolls", "charges", "countries"):
        features[f"has {name}"] = float(bool(getattr(own, name)))
    features["cells"] = sum(bool(getattr(own, n)) for n in ("places", "days", "names", "ages", "nations", "tolls")) / 3
    opening = doc.sentences[first]
    for mark in marks_in(doc.text[opening.start : opening.end], doc.language):
        features[f"mark {mark}"] = 1.0
    for kind in own.types:
        features[f"type {kind}"] = 0.5
    return features
