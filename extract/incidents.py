"""From a document's mentions to its incident reports: the scorers choose, this file only puts together.

Order of choice: types of the article, sentences that tell of it, stretches that tell of a further event; then for each
event people, place, country, date, tolls, nationalities. Each later choice sees the earlier ones through `Focus`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from extract.cast import as_perpetrator, as_victim
from extract.document import Document
from extract.records import IncidentReport, Role
from extract.scorers.context import Focus
from extract.scorers.event_type import TYPES, VIOLENT, ranking, type_evidence, type_features
from extract.scorers.linear import Features, Weights
from extract.scorers.roles import cast_of
from extract.scorers.sentence import score_sentences
from extract.scorers.toll import SUFFERED
from extract.scorers.where import choose_country
from extract.slots import (
    Draft,
    best_date,
    choose_cast,
    choose_date,
    choose_place,
    choose_tolls,
    country_words,
    naming,
    role_scores,
)
from extract.standing import certainty_of, perpetrator_status
from extract.status import current_status, refused_status
from extract.stretches import find_stretches


def _type_rows(doc: Document, scope: Collection[int] | None) -> dict[str, Features]:
    """The features of each type, by the sentences of `scope` (all where None)."""
    evidence = type_evidence(doc, scope)
    rank = ranking(evidence)
    return {t: type_features(t, evidence, rank) for t in TYPES}


def choose_types(doc: Document, weights: Weights, scope: Collection[int] | None = None) -> list[tuple[str, float]]:
    """The leading type and every linked type above its threshold, with probabilities, by the sentences of `scope`."""
    rows = _type_rows(doc, scope)
    lead, linked = weights.model(f"type.{doc.language}"), weights.model(f"linked.{doc.language}")
    first = max(TYPES, key=lambda t: (lead.decision(rows[t]), -TYPES.index(t)))
    least = weights.thresholds.get(f"linked.{doc.language}", 0.5)
    others = [(t, linked.probability(rows[t])) for t in TYPES if t != first]
    return [(first, lead.probability(rows[first])), *sorted((o for o in others if o[1] >= least), key=lambda o: -o[1])]


def fatal_types(
    doc: Document, weights: Weights, scope: Collection[int] | None, typed: Sequence[tuple[str, float]], dead: float
) -> list[tuple[str, float]]:
    """The types of an incident that nobody dies of by its first of `typed`, where somebody was killed after all.

    Empty where that type without a death is likelier than one that kills with it, `dead` being the probability of the death.
    """
    first, likely = typed[0]
    rows = _type_rows(doc, scope)
    lead = weights.model(f"type.{doc.language}")
    fatal = ("homicide", "terrorism") if first in VIOLENT else [t for t in TYPES if t in SUFFERED["killed"]]
    kind, chance = max(((t, lead.probability(rows[t])) for t in fatal), key=lambda pair: pair[1])
    if chance * dead <= likely * (1 - dead):
        return []
    return [(kind, chance), *(t for t in typed if t[0] != kind)]


def anchors_of(doc: Document, types: Sequence[str]) -> list[int]:
    """Offsets of the triggers and charges that name one of `types`."""
    return sorted(
        [t.start for t in doc.triggers if t.kind == "incident" and t.type in types]
        + [c.start for c in doc.charges if c.type in types]
    )


def draft_reports(doc: Document, weights: Weights, gate: float) -> tuple[IncidentReport, ...]:
    """The report of the article's main incident, then one for each further current incident that it tells of."""
    language = doc.language
    typed = choose_types(doc, weights)
    told = score_sentences(doc, weights.model(f"sentence.{language}"), [t for t, _ in typed])
    stretches = find_stretches(
        doc,
        told,
        weights.model(f"another.{language}"),
        weights.model(f"further.{language}"),
        weights.thresholds.get(f"further.{language}", 0.5),
    )
    taken = {i for stretch in stretches for i in stretch.sentences}
    rest = frozenset(range(len(doc.sentences))) - taken if taken else None
    sure = weights.confidence(f"incident.{language}", gate)
    reports = [_report(doc, weights, focus_of(doc, told, typed, rest), typed, "main", sure)]
    for stretch in stretches:
        scope = frozenset(stretch.sentences)
        own = choose_types(doc, weights, scope)
        sure = weights.confidence(f"further.{language}", stretch.score)
        reports.append(_report(doc, weights, focus_of(doc, told, own, scope), own, "also", sure))
    return tuple(reports)


def focus_of(
    doc: Document, told: Sequence[float], typed: Sequence[tuple[str, float]], scope: frozenset[int] | None
) -> Focus:
    """The focus on the event of these types (with probabilities) that the sentences of `scope` tell of."""
    types = tuple(t for t, _ in typed)
    inside = told if scope is None else [p if i in scope else 0.0 for i, p in enumerate(told)]
    anchors = [a for a in anchors_of(doc, types) if scope is None or doc.sentence_at(a) in scope]
    return Focus(inside, types, anchors, scope)


def refused_report(doc: Document, weights: Weights, gate: float) -> IncidentReport | None:
    """What an article that tells of no current event names all the same, and why it is none; None where it names nothing.

    It holds the type with its words and the status only: the slots of what did not happen are no facts.
    """
    if not any(t.kind == "incident" and t.weight == "strong" for t in doc.triggers):
        return None
    draft = Draft(doc, weights)
    kind, probability = choose_types(doc, weights)[0]
    told = score_sentences(doc, draft.model("sentence"), [kind])
    focus = focus_of(doc, told, [(kind, probability)], None)
    draft.note("type", probability, naming(doc, focus, kind), "trigger")
    draft.confidence["incident"] = round(weights.confidence(f"incident.{doc.language}", gate), 3)
    status, cues = refused_status(doc, best_date(draft, focus))
    draft.quote("status", cues, "status rule")
    return IncidentReport(
        type=kind,
        role="background",
        status=status,
        confidence=draft.confidence,
        evidence=tuple(draft.evidence),
    )


def _report(
    doc: Document, weights: Weights, focus: Focus, typed: Sequence[tuple[str, float]], role: Role, sure: float
) -> IncidentReport:
    """The report of one event: `typed` its types with probabilities, `sure` the confidence that it is one."""
    draft = Draft(doc, weights)
    types = focus.types
    draft.note("type", typed[0][1], naming(doc, focus, types[0]), "trigger")
    for kind, probability in typed[1:]:
        draft.note(f"other_types.{kind}", probability, naming(doc, focus, kind), "trigger")
    draft.confidence["incident"] = round(sure, 3)

    roles = ("first_victim", "first_perpetrator", "victim", "perpetrator")
    victims, perpetrators = role_scores(doc, focus, *(draft.model(role) for role in roles))
    seen = replace(focus, cast=cast_of(doc, victims, perpetrators))
    place, place_score = choose_place(draft, seen)
    country, country_score = choose_country(doc, focus, draft.model("country"), place, place_score)
    if country is not None and country_score >= draft.threshold("country"):
        draft.note("country", country_score, country_words(doc, focus, country), "country vote")
    else:
        country = None
    date = choose_date(draft, seen)
    status, cues = current_status(doc, focus, date)
    draft.quote("status", cues, "status rule")
    tolls = choose_tolls(draft, seen, victims)
    if (dead := tolls.get("killed")) and dead.count.low and types[0] not in SUFFERED["killed"]:
        if retyped := fatal_types(doc, weights, focus.scope, typed, draft.confidence["killed"]):
            return _report(doc, weights, focus_of(doc, focus.told, retyped, focus.scope), retyped, role, sure)
        del tolls["killed"]
        draft.drop("killed")
    suffered = choose_cast(draft, focus, "victim", victims, victims, perpetrators)
    did = choose_cast(draft, focus, "perpetrator", perpetrators, victims, perpetrators, suffered)
    people = sum(int(m.first("count")[0] or 1) for m in suffered)
    counts = {what: toll.count for what, toll in tolls.items()}
    return IncidentReport(
        type=types[0],
        other_types=types[1:],
        role=role,
        status=status,
        certainty=certainty_of(doc, focus),
        country=country,
        place=place,
        date=date,
        victims=tuple(as_victim(doc, m, types[0], tolls, people) for m in suffered),
        perpetrators=tuple(as_perpetrator(doc, m, perpetrator_status(doc, m)) for m in did),
        killed=counts.get("killed"),
        injured=counts.get("injured"),
        held=counts.get("held"),
        missing=counts.get("missing"),
        confidence=draft.confidence,
        evidence=tuple(draft.evidence),
    )
