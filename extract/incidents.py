"""From a document's mentions to its incident reports: the scorers choose, this file only puts together.

Order of choice: types of the article, sentences that tell of it, people, place, country, date, tolls, nationalities.
Each later choice sees the earlier ones through `Focus`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from extract.cast import Member, as_perpetrator, as_victim, attach_nations, fold
from extract.document import Document
from extract.nationality import NationalityMention
from extract.people import PersonMention
from extract.records import Count, EventDate, Evidence, IncidentReport, Place, Role
from extract.scorers.context import Focus
from extract.scorers.event_type import TYPES, ranking, type_evidence, type_features
from extract.scorers.linear import LinearModel, Weights
from extract.scorers.roles import nation_features, person_features
from extract.scorers.sentence import score_sentences
from extract.scorers.toll import WHATS, What, toll_candidates, toll_features
from extract.scorers.when import date_candidates, date_features
from extract.scorers.where import choose_country, place_candidates, place_features
from extract.standing import certainty_of, perpetrator_status


@dataclass
class Draft:
    """One incident in the making: its document, its scorers, and what has been chosen with which words."""

    doc: Document
    weights: Weights
    confidence: dict[str, float] = field(default_factory=dict)
    evidence: list[Evidence] = field(default_factory=list)

    def model(self, name: str) -> LinearModel:
        return self.weights.model(f"{name}.{self.doc.language}")

    def threshold(self, name: str) -> float:
        return self.weights.thresholds.get(f"{name}.{self.doc.language}", 0.5)

    def note(self, name: str, score: float, spans: Sequence[tuple[int, int]], found_by: str) -> None:
        """Keep a field's confidence and the words it rests on."""
        sure = round(self.weights.confidence(f"{name}.{self.doc.language}", score), 3)
        self.confidence[name] = max(sure, self.confidence.get(name, 0.0))
        for start, end in spans:
            evidence = self.doc.evidence(name, start, end, found_by)
            if evidence.quote and evidence not in self.evidence:
                self.evidence.append(evidence)


def choose_types(doc: Document, weights: Weights) -> list[tuple[str, float]]:
    """The leading type and every linked type above its threshold, with probabilities."""
    evidence = type_evidence(doc)
    rank = ranking(evidence)
    lead, linked = weights.model(f"type.{doc.language}"), weights.model(f"linked.{doc.language}")
    rows = {t: type_features(t, evidence, rank) for t in TYPES}
    first = max(TYPES, key=lambda t: (lead.decision(rows[t]), -TYPES.index(t)))
    least = weights.thresholds.get(f"linked.{doc.language}", 0.5)
    others = [(t, linked.probability(rows[t])) for t in TYPES if t != first]
    return [(first, lead.probability(rows[first])), *sorted((o for o in others if o[1] >= least), key=lambda o: -o[1])]


def anchors_of(doc: Document, types: Sequence[str]) -> list[int]:
    """Offsets of the triggers and charges that name one of `types`."""
    return sorted(
        [t.start for t in doc.triggers if t.kind == "incident" and t.type in types]
        + [c.start for c in doc.charges if c.type in types]
    )


def role_scores(
    doc: Document, focus: Focus, victim: LinearModel, perpetrator: LinearModel
) -> tuple[list[tuple[float, PersonMention]], list[tuple[float, PersonMention]]]:
    """Every person mention with its probability to be a victim, and to be a perpetrator."""
    rows = [(person, person_features(doc, focus, person)) for person in doc.people]
    return (
        [(victim.probability(f), p) for p, f in rows],
        [(perpetrator.probability(f), p) for p, f in rows],
    )


def draft_report(doc: Document, weights: Weights, gate: float, role: Role = "main") -> IncidentReport:
    """The report of the article's leading incident."""
    draft = Draft(doc, weights)
    typed = choose_types(doc, weights)
    types = tuple(t for t, _ in typed)
    told = score_sentences(doc, draft.model("sentence"), types)
    focus = Focus(told, types, anchors_of(doc, types))
    draft.note("type", typed[0][1], _naming(doc, focus, types[0]), "trigger")
    for kind, probability in typed[1:]:
        draft.note(f"other_types.{kind}", probability, _naming(doc, focus, kind), "trigger")
    draft.confidence["incident"] = round(weights.confidence(f"incident.{doc.language}", gate), 3)

    victims, perpetrators = role_scores(doc, focus, draft.model("victim"), draft.model("perpetrator"))
    place, place_score = _place(draft, focus)
    country, country_score = choose_country(doc, focus, draft.model("country"), place, place_score)
    if country is not None and country_score >= draft.threshold("country"):
        draft.note("country", country_score, _country_words(doc, focus, country), "country vote")
    else:
        country = None
    date = _date(draft, focus)
    tolls = {what: _toll(draft, focus, what, victims) for what in WHATS}
    suffered = _cast(draft, focus, "victim", victims, victims, perpetrators)
    did = _cast(draft, focus, "perpetrator", perpetrators, victims, perpetrators)
    killed = tolls["killed"]
    all_killed = killed is not None and killed.low > 0 and tolls["injured"] is None
    return IncidentReport(
        type=types[0],
        other_types=types[1:],
        role=role,
        certainty=certainty_of(doc, focus),
        country=country,
        place=place,
        date=date,
        victims=tuple(as_victim(doc, m, types[0], all_killed) for m in suffered),
        perpetrators=tuple(as_perpetrator(doc, m, perpetrator_status(doc, m)) for m in did),
        killed=killed,
        injured=tolls["injured"],
        held=tolls["held"],
        missing=tolls["missing"],
        confidence=draft.confidence,
        evidence=tuple(draft.evidence),
    )


def _naming(doc: Document, focus: Focus, kind: str) -> list[tuple[int, int]]:
    """The words that name `kind`: the trigger or charge in the surest sentence, or the surest sentence's own words."""
    spans = [(t.start, t.end) for t in doc.triggers if t.kind == "incident" and t.type == kind]
    spans += [(c.start, c.end) for c in doc.charges if kind in (c.type, *c.linked)]
    if spans:
        return [max(spans, key=lambda s: (focus.told[doc.sentence_at(s[0])], -s[0]))]
    sentence = doc.sentences[max(range(len(focus.told)), key=focus.told.__getitem__)]
    return [(sentence.start, sentence.end)]


def _place(draft: Draft, focus: Focus) -> tuple[Place | None, float]:
    model = draft.model("place")
    candidates = place_candidates(draft.doc)
    scored = [(model.probability(place_features(draft.doc, focus, c, candidates)), c) for c in candidates]
    if not scored:
        return None, 0.0
    score, best = max(scored, key=lambda pair: (pair[0], -pair[1].start))
    if score < draft.threshold("place"):
        return None, score
    draft.note("place", score, [(best.start, best.end)], f"place: {best.resolved.reason}")
    return best.place, score


def _country_words(doc: Document, focus: Focus, country: str) -> list[tuple[int, int]]:
    spans = [(r.mention.start, r.mention.end) for r in doc.places if r.country == country]
    spans += [(n.start, n.end) for n in doc.nationalities if n.country == country]
    if not spans:
        return []
    return [max(spans, key=lambda s: (focus.told[doc.sentence_at(s[0])], -s[0]))]


def _date(draft: Draft, focus: Focus) -> EventDate | None:
    model = draft.model("date")
    scored = [(model.probability(date_features(draft.doc, focus, m)), m) for m in date_candidates(draft.doc)]
    if not scored:
        return None
    score, best = max(scored, key=lambda pair: (pair[0], -pair[1].start))
    if score < draft.threshold("date") or best.value is None or best.precision is None:
        return None
    draft.note("date", score, [(best.start, best.end)], f"date: {best.rule}")
    return EventDate(best.value, best.precision)


def _toll(draft: Draft, focus: Focus, what: What, victims: Sequence[tuple[float, PersonMention]]) -> Count | None:
    sure = [(p.start, p.end, p.count, score) for score, p in victims if score >= 0.3]
    candidates = toll_candidates(draft.doc, what, sure)
    if not candidates:
        return None
    model = draft.model(what)
    scored = [(model.probability(toll_features(draft.doc, focus, what, c, candidates)), c) for c in candidates]
    score, best = max(scored, key=lambda pair: (pair[0], -pair[1].start))
    if score < draft.threshold(what):
        return None
    draft.note(what, score, [(best.start, best.end)], f"count: {best.source}")
    return Count(best.low, best.high)


def _cast(
    draft: Draft,
    focus: Focus,
    role: str,
    scored: Sequence[tuple[float, PersonMention]],
    victims: Sequence[tuple[float, PersonMention]],
    perpetrators: Sequence[tuple[float, PersonMention]],
) -> list[Member]:
    """The people in one role, with nationalities, and the words for each of their cells noted as evidence."""
    doc = draft.doc
    other = {p.start: s for s, p in (perpetrators if role == "victim" else victims)}
    members = fold([(s, p) for s, p in scored if s >= draft.threshold(role) and s >= other.get(p.start, 0.0)])
    model = draft.model(f"{role}_nation")
    as_victims, as_perpetrators = {p.start: s for s, p in victims}, {p.start: s for s, p in perpetrators}
    nations: list[tuple[float, NationalityMention]] = []
    for nation in doc.nationalities:
        score = model.probability(nation_features(doc, focus, nation, as_victims, as_perpetrators))
        if score >= draft.threshold(f"{role}_nation"):
            nations.append((score, nation))
    members, alone = attach_nations(doc, members, nations)
    for score, nation in alone:
        person = PersonMention(nation.start, nation.end, nation.text, nationality=nation.country, group=True)
        members.append(Member((person,), score, nation.country, nation))
    for member in members:
        best = member.best
        draft.note(role, member.score, [(best.start, best.end)], f"{role} scorer")
        if member.nation is not None:
            chance = next((s for s, n in nations if n is member.nation), member.score)
            draft.note(f"{role}.nationality", chance, [(member.nation.start, member.nation.end)], "nationality")
        for attribute in ("age", "gender", "name"):
            value, mention = member.first(attribute)
            if value is not None:
                draft.note(f"{role}.{attribute}", member.score, [(mention.start, mention.end)], "person")
    return members
