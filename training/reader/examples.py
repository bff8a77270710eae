"""Training rows of every scorer, made with the very functions the reader uses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from extract.counts import Harm
from extract.document import Document
from extract.incidents import focus_of
from extract.people import PersonMention
from extract.scorers.context import Focus
from extract.scorers.event_type import TYPES, ranking, type_evidence, type_features
from extract.scorers.further import another_rows, further_features, sentence_facts
from extract.scorers.linear import Features
from extract.scorers.roles import abroad_features, nation_features, nations_of, people_of, person_features
from extract.scorers.sentence import sentence_features
from extract.scorers.toll import toll_candidates, toll_features
from extract.scorers.when import date_candidates, date_features
from extract.scorers.where import country_candidates, country_features, place_candidates, place_features
from extract.stretches import runs
from training.reader.labels import (
    date_label,
    event_sentences,
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


@dataclass(frozen=True)
class View:
    """One event of one article as a scorer learns it: `scope` None is the main event, seen with the whole article.

    `number` is the article's place among those fitted on; `event` the annotated incident, `people` those whose
    victims and perpetrators count as right.
    """

    number: int
    event: dict[str, Any]
    people: Gold
    scope: frozenset[int] | None = None

    def focus(self, doc: Document, told: Sequence[float], types: Sequence[str]) -> Focus:
        return focus_of(doc, told, [(t, 1.0) for t in types], self.scope)


def main_of(live: Gold) -> dict[str, Any]:
    return next((i for i in live if i["role"] == "main"), live[0])


def views_of(number: int, doc: Document, live: Gold) -> list[View]:
    """The main event, and every further one that has sentences of its own."""
    main = main_of(live)
    views = [View(number, main, live)]
    for event, sentences in zip(live, event_sentences(doc, live), strict=True):
        if event is not main and sentences:
            views.append(View(number, event, [event], sentences))
    return views


def type_rows(doc: Document, view: View) -> tuple[Rows, Rows]:
    """Rows of the leading and of the linked type."""
    gold = view.event
    evidence = type_evidence(doc, view.scope)
    rank = ranking(evidence)
    rows = {t: type_features(t, evidence, rank) for t in TYPES}
    lead = [(rows[t], t == gold["type"]) for t in TYPES]
    linked = [(rows[t], t in gold["other_types"]) for t in TYPES if t != gold["type"]]
    return lead, linked


def sentence_rows(doc: Document, live: Gold, types: Sequence[str]) -> Rows:
    labels = sentence_labels(doc, live)
    return [(sentence_features(doc, i, types), labels[i]) for i in range(len(doc.sentences))]


def another_examples(doc: Document, live: Gold, told: Sequence[float]) -> Rows:
    """A sentence is right where it tells of a current event other than the main one."""
    main = main_of(live)
    right: set[int] = set()
    for event, sentences in zip(live, event_sentences(doc, live), strict=True):
        right |= sentences if event is not main else set()
    rows = another_rows(doc, sentence_facts(doc), told)
    return [(row, index in right) for index, row in rows.items()]


def further_rows(doc: Document, live: Gold, told: Sequence[float], another: Sequence[float]) -> Rows:
    """A stretch is right where it tells of a current event that is neither the main one nor told by a stretch before."""
    facts = sentence_facts(doc)
    scores = dict(zip(another_rows(doc, facts, told), another, strict=True))
    main = main_of(live)
    owned = [s for e, s in zip(live, event_sentences(doc, live), strict=True) if e is not main]
    rows: Rows = []
    before: list[int] = []
    for run in runs(doc, facts, scores):
        mine = next((s for s in owned if s & set(run)), None)
        rows.append((further_features(doc, facts, run, scores, told, before), mine is not None))
        if mine is not None:
            owned.remove(mine)
            before += run
    return rows


def place_rows(doc: Document, focus: Focus, view: View) -> Rows:
    candidates = place_candidates(doc, focus)
    return [(place_features(doc, focus, c, candidates), place_label(view.event, c)) for c in candidates]


def date_rows(doc: Document, focus: Focus, view: View) -> Rows:
    mentions = date_candidates(doc, focus)
    return [(date_features(doc, focus, m), date_label(view.event, m.value or "")) for m in mentions]


def country_rows(doc: Document, focus: Focus, view: View, place: Any, score: float) -> Rows:
    gold = view.event["country"]
    if not gold:
        return []
    countries = country_candidates(doc, place)
    return [(country_features(doc, focus, c, place, score), c == gold) for c in countries]


def person_rows(doc: Document, focus: Focus, view: View, role: str) -> Rows:
    spans = people_spans(doc, view.people, role)
    known = names(view.people, role)
    other = names(view.people, "perpetrators" if role == "victims" else "victims")
    rows: Rows = []
    for person in people_of(doc, focus):
        right = overlaps(person.start, person.end, spans) or bool(
            person.name and person.name in known and person.name not in other
        )
        rows.append((person_features(doc, focus, person), right))
    return rows


def nation_rows(
    doc: Document,
    focus: Focus,
    view: View,
    role: str,
    victim: Mapping[int, float],
    perpetrator: Mapping[int, float],
) -> Rows:
    wanted = nations(view.people, role)
    quoted = [
        span
        for i in view.people
        for p in i[role]
        if p.get("nationality")
        for quote in (p.get("nationality_text"), p.get("text"))
        for span in spans_of(doc, quote)
    ]
    rows: Rows = []
    for mention in nations_of(doc, focus):
        right = mention.country in wanted and overlaps(mention.start, mention.end, quoted)
        if mention.country in wanted and not right:
            continue
        features = nation_features(doc, focus, mention, victim, perpetrator)
        if role == "victims":
            features |= abroad_features(doc, focus, mention)
        rows.append((features, right))
    return rows


def toll_rows(doc: Document, focus: Focus, view: View, what: Harm, victims: list[tuple[float, PersonMention]]) -> Rows:
    gold = view.event.get(what)
    sure = [(p.start, p.end, p.count, score) for score, p in victims if score >= 0.3]
    candidates = toll_candidates(doc, focus, what, sure)
    return [(toll_features(doc, focus, what, c, candidates), bool(gold) and c.low == gold) for c in candidates]
