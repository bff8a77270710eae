"""Training rows of every scorer, made with the very functions the reader uses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from extract.document import Document
from extract.incidents import anchors_of
from extract.people import PersonMention
from extract.scorers.context import Focus
from extract.scorers.event_type import TYPES, ranking, type_evidence, type_features
from extract.scorers.linear import Features
from extract.scorers.roles import nation_features, person_features
from extract.scorers.sentence import sentence_features
from extract.scorers.toll import What, toll_candidates, toll_features
from extract.scorers.when import date_candidates, date_features
from extract.scorers.where import country_candidates, country_features, place_candidates, place_features
from training.reader.labels import (
    date_label,
    names,
    nations,
    overlaps,
    people_spans,
    place_label,
    sentence_labels,
    spans_of,
)

Rows = list[tuple[Features, bool]]
Gold = list[dict[str, Any]]


def main_of(live: Gold) -> dict[str, Any]:
    return next((i for i in live if i["role"] == "main"), live[0])


def type_rows(doc: Document, live: Gold) -> tuple[Rows, Rows]:
    """Rows of the leading and of the linked type."""
    gold = main_of(live)
    evidence = type_evidence(doc)
    rank = ranking(evidence)
    rows = {t: type_features(t, evidence, rank) for t in TYPES}
    lead = [(rows[t], t == gold["type"]) for t in TYPES]
    linked = [(rows[t], t in gold["other_types"]) for t in TYPES if t != gold["type"]]
    return lead, linked


def sentence_rows(doc: Document, live: Gold, types: Sequence[str]) -> Rows:
    labels = sentence_labels(doc, live)
    return [(sentence_features(doc, i, types), labels[i]) for i in range(len(doc.sentences))]


def focus_of(doc: Document, told: Sequence[float], types: Sequence[str]) -> Focus:
    return Focus(told, tuple(types), anchors_of(doc, types))


def place_rows(doc: Document, focus: Focus, live: Gold) -> Rows:
    candidates = place_candidates(doc)
    return [(place_features(doc, focus, c, candidates), place_label(main_of(live), c)) for c in candidates]


def date_rows(doc: Document, focus: Focus, live: Gold) -> Rows:
    gold = main_of(live)
    return [(date_features(doc, focus, m), date_label(gold, m.value or "")) for m in date_candidates(doc)]


def country_rows(doc: Document, focus: Focus, live: Gold, place: Any, score: float) -> Rows:
    gold = main_of(live)
    if not gold["country"]:
        return []
    return [
        (country_features(doc, focus, c, place, score), c == gold["country"]) for c in country_candidates(doc, place)
    ]


def person_rows(doc: Document, focus: Focus, live: Gold, role: str) -> Rows:
    spans = people_spans(doc, live, role)
    known = names(live, role)
    other = names(live, "perpetrators" if role == "victims" else "victims")
    rows: Rows = []
    for person in doc.people:
        right = overlaps(person.start, person.end, spans) or bool(
            person.name and person.name in known and person.name not in other
        )
        rows.append((person_features(doc, focus, person), right))
    return rows


def nation_rows(
    doc: Document, focus: Focus, live: Gold, role: str, victim: dict[int, float], perpetrator: dict[int, float]
) -> Rows:
    wanted = nations(live, role)
    quoted = [
        span
        for i in live
        for p in i[role]
        if p.get("nationality")
        for quote in (p.get("nationality_text"), p.get("text"))
        for span in spans_of(doc, quote)
    ]
    rows: Rows = []
    for mention in doc.nationalities:
        right = mention.country in wanted and overlaps(mention.start, mention.end, quoted)
        if mention.country in wanted and not right:
            continue
        rows.append((nation_features(doc, focus, mention, victim, perpetrator), right))
    return rows


def toll_rows(doc: Document, focus: Focus, live: Gold, what: What, victims: list[tuple[float, PersonMention]]) -> Rows:
    gold = main_of(live).get(what)
    sure = [(p.start, p.end, p.count, score) for score, p in victims if score >= 0.3]
    candidates = toll_candidates(doc, what, sure)
    return [(toll_features(doc, focus, what, c, candidates), bool(gold) and c.low == gold) for c in candidates]
