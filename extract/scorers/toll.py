"""How many were killed, injured, held, missing: scorer `<what>` over candidate figures.

Candidates are the counted phrases of the text and the single person that a singular sentence implies
("a student was killed"), each with the words that say so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extract.cast import Toll, fold
from extract.counts import CountMention, Harm
from extract.document import Document
from extract.records import Count
from extract.scorers.context import Focus, context_features
from extract.scorers.event_type import MISHAP, VIOLENT, attempted
from extract.scorers.linear import Features

WHATS: tuple[Harm, ...] = ("killed", "injured", "held", "missing")


@dataclass(frozen=True)
class TollCandidate:
    """`low` to `high` people, said by `text[start:end]`; `source` says what kind of candidate it is.

    `parts` are the words for each of several people that are told of one by one.
    """

    low: int
    high: int
    start: int
    end: int
    source: str
    total: bool = False
    victim: float = 0.0
    parts: tuple[tuple[int, int], ...] = ()

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """The words that say so."""
        return self.parts or ((self.start, self.end),)


#: Trigger types whose victim, if there is one, was killed, held or went missing.
_IMPLIED: dict[Harm, frozenset[str]] = {
    "killed": frozenset({"homicide", "unexplained_death", "accident", "disaster", "terrorism"}),
    "injured": frozenset({"assault", "accident", "robbery", "torture", "arson", "terrorism", "sexual_assault"}),
    "held": frozenset({"unlawful_detention", "kidnapping", "human_trafficking"}),
    "missing": frozenset({"missing_person", "accident", "disaster"}),
}


#: Types of incident in which people may be killed, injured, held or missing. Who dies of another's act makes it a homicide
#: (docs/codebook.md); suspects in custody are not held by the incident.
SUFFERED: dict[Harm, frozenset[str]] = {
    "killed": frozenset({"homicide", "unexplained_death", "accident", "disaster", "terrorism"}),
    "injured": VIOLENT | {"homicide", "terrorism", "accident", "disaster"},
    "held": VIOLENT - {"arson"} | {"homicide", "human_trafficking", "extortion", "fraud", "missing_person"},
    "missing": frozenset({"missing_person", "accident", "disaster", "kidnapping", "unlawful_detention"}),
}


def toll_candidates(
    doc: Document, focus: Focus, what: Harm, victims: list[tuple[int, int, int | None, float]]
) -> list[TollCandidate]:
    """Counted phrases in scope about `what`, and figures implied by `victims` (start, end, count, victim probability).

    None of them says nought: `said_none` finds that.
    """
    told = [
        c
        for c in doc.counts
        if c.what == what and c.low and not c.of_attackers and focus.holds(doc.sentence_at(c.start))
    ]
    if focus.scope is not None:  # a headline over several events counts their people together
        told = [c for c in told if not doc.in_title(c.start)] or told
    found = [
        TollCandidate(
            c.low or 0,
            c.high if c.high is not None else c.low or 0,
            c.start,
            c.end,
            "implied" if c.implied else "counted",
            c.total,
        )
        for c in told
    ]
    found.extend(_joined(doc, told))
    if (several := _one_by_one(doc, told, victims)) is not None:
        found.append(several)
    together = [(c.start, c.end) for c in doc.counts if c.what == "casualties"]
    for start, end, count, probability in victims:
        if any(a < end and start < b for a, b in together):
            continue
        found.append(
            TollCandidate(
                count or 1, count or 1, start, end, "group" if count and count > 1 else "person", False, probability
            )
        )
    implied = _IMPLIED[what]
    if what == "killed" and _all_saved(doc, focus):
        implied -= MISHAP
    # Korean drops what is known; English names its victims, so there an act alone counts nobody beside them.
    for trigger in doc.triggers if doc.language == "ko" or not victims else ():
        done = trigger.kind == "incident" and focus.holds(trigger.sentence) and not attempted(doc, trigger)
        if done and trigger.type in implied:
            found.append(TollCandidate(1, 1, trigger.start, trigger.end, "trigger"))
    return found


def _all_saved(doc: Document, focus: Focus) -> bool:
    """Whether the sentences in scope tell of a rescue and of no death."""
    fates = {fate for i, here in enumerate(doc.fates) if focus.holds(i) for fate in here}
    return "rescued" in fates and "killed" not in fates


#: Between people who are named together.
_JOINT = {
    "ko": re.compile(r"\s?(?:씨|양|군)?(?:와|과|하고|및|\s및|,|·)\s?"),
    "en": re.compile(r",? and (?:(?:the|an?|his|her|their|at least|another) )*|, (?:(?:the|an?|his|her|their) )*"),
}


def _joined(doc: Document, told: list[CountMention]) -> Iterator[TollCandidate]:
    """The sums of the counts of people who are named together ("운전자와 승객 2명이 숨졌다", "killed a mother and three children")."""
    exact = [(c, *(c.subject or (c.start, c.end))) for c in told if c.low == c.high]
    run: list[CountMention] = []
    end = -1
    for count, start, stop in [*sorted(exact, key=lambda one: one[1]), (None, len(doc.text), 0)]:
        if not (run and _JOINT[doc.language].fullmatch(doc.text, end, start)):
            if len(run) > 1:
                number = sum(c.low or 0 for c in run)
                parts = tuple((c.start, c.end) for c in run)
                yield TollCandidate(number, number, run[0].start, run[-1].end, "counted", parts=parts)
            run = []
        if count is not None:
            run.append(count)
            end = stop


def _one_by_one(
    doc: Document, told: list[CountMention], victims: list[tuple[int, int, int | None, float]]
) -> TollCandidate | None:
    """All people whom the counts of one kind tell of one by one, where they do so of several."""
    subjects = {c.subject for c in told}
    members = fold([(1.0, p) for p in doc.people if (p.start, p.end) in subjects])
    if len(members) < 2:
        return None
    number = sum(max(m.count or 1 for m in member.mentions) for member in members)
    likely = {start: probability for start, _, _, probability in victims}
    surest = [max(likely.get(m.start, 0.0) for m in member.mentions) for member in members]
    parts = tuple((member.best.start, member.best.end) for member in members)
    return TollCandidate(number, number, *parts[0], "several", victim=sum(surest) / len(surest), parts=parts)


def same_words(one: Toll, other: Toll) -> bool:
    """Whether two tolls of one size were read from the same words ("one person missing since Friday was found dead")."""
    return one.count == other.count and any(a < d and c < b for a, b in one.spans for c, d in other.spans)


def rest_of_casualties(doc: Document, focus: Focus, killed: Count) -> tuple[CountMention, int] | None:
    """The count in scope of the dead and the hurt together (9명 사상), and how many of them were not `killed`.

    The count of the likeliest sentence; None where there is none, or none is left.
    """
    found = [c for c in doc.counts if c.what == "casualties" and c.low and c.low == c.high and focus.holds(c.sentence)]
    if not found or killed.low != killed.high:
        return None
    surest = max(found, key=lambda c: (focus.told[doc.sentence_at(c.start)], -c.start))
    left = (surest.low or 0) - killed.low
    return (surest, left) if left > 0 else None


def said_none(doc: Document, focus: Focus, what: Harm) -> list[CountMention]:
    """The words in scope that say that nobody was `what`, the likeliest to be of this event first."""
    found = [c for c in doc.counts if c.what == what and c.low == 0 and focus.holds(doc.sentence_at(c.start))]
    return sorted(found, key=lambda c: (-focus.told[doc.sentence_at(c.start)], c.start))


def _fates(doc: Document, candidate: TollCandidate) -> set[str]:
    """What the counts say became of the person of `candidate`, in these words or under the same name elsewhere."""
    person = next((p for p in doc.people if p.start == candidate.start), None)
    same = [p for p in doc.people if person is not None and person.name and p.name == person.name]
    spans = [(p.start, p.end) for p in same] or [(candidate.start, candidate.end)]
    return {c.what for c in doc.counts if any(c.start < end and start < c.end for start, end in spans)}


def _add_fates(doc: Document, focus: Focus, candidate: TollCandidate, features: Features) -> None:
    """How surely a sentence that says what became of people tells of this event, and whether the candidate's own does.

    The scorer of the injured alone is told: it gains (Korean F1 .646 to .667), killed, held and missing lose.
    """
    here = doc.fates[doc.sentence_at(candidate.start)]
    for fate in ("killed", "injured", "held", "missing", "rescued"):
        told = max((p for p, fates in zip(focus.told, doc.fates, strict=True) if fate in fates), default=0.0)
        features[f"{candidate.source}: {fate} told"] = told
        features[f"{candidate.source}: {fate} told here"] = float(fate in here)


def toll_features(
    doc: Document, focus: Focus, what: Harm, candidate: TollCandidate, all_of_it: list[TollCandidate]
) -> Features:
    """Features of the claim "so many were `what`"."""
    source = candidate.source
    around = context_features(doc, focus, candidate.start, candidate.end, words=source == "counted")
    features = {f"{source} {name}": value for name, value in around.items()}
    features[f"source {source}"] = 1.0
    for kind in focus.types[:3]:
        features[f"{source} type {kind}"] = 1.0
    features[f"{source} victim"] = candidate.victim
    features[f"{source} of such an act"] = float(focus.types[0] in SUFFERED[what])
    features[f"{source} of a linked act"] = float(any(t in SUFFERED[what] for t in focus.types[1:]))
    features["total"] = float(candidate.total)
    same = [c for c in all_of_it if c.low == candidate.low]
    features["agreeing"] = len(same) / max(1, len(all_of_it))
    counted = [c for c in all_of_it if c.source == "counted"]
    features[f"{source}: any counted"] = float(bool(counted))
    if counted:
        features[f"{source}: equals the largest counted"] = float(candidate.low == max(c.low for c in counted))
        features[f"{source}: equals the first counted"] = float(candidate.low == counted[0].low)
    features[f"{source}: one"] = float(candidate.low == 1)
    if source in ("person", "group", "implied"):
        for fate in _fates(doc, candidate):
            features[f"{'implied' if source == 'implied' else 'person'} was {fate}"] = 1.0
    if source == "trigger":
        trigger = next((t for t in doc.triggers if t.start == candidate.start and t.kind == "incident"), None)
        if trigger is not None:
            features[f"lemma {trigger.lemma}"] = 1.0
            features[f"voice {trigger.voice}"] = 1.0
    if what == "injured":
        _add_fates(doc, focus, candidate, features)
    nearest = {t.lemma for t in doc.triggers_in(doc.sentence_at(candidate.start)) if t.kind == "incident"}
    for lemma in nearest:
        features[f"{source} with {lemma}"] = 1.0
    return features
