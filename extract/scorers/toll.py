"""How many were killed, injured, held, missing: scorer `<what>` over candidate figures.

Candidates are the counted phrases of the text and the single person that a singular sentence implies
("a student was killed"), each with the words that say so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from extract.document import Document
from extract.scorers.context import Focus, context_features
from extract.scorers.linear import Features

What = Literal["killed", "injured", "held", "missing"]
WHATS: tuple[What, ...] = ("killed", "injured", "held", "missing")


@dataclass(frozen=True)
class TollCandidate:
    """`low` to `high` people, said by `text[start:end]`; `source` says what kind of candidate it is."""

    low: int
    high: int
    start: int
    end: int
    source: str
    total: bool = False
    victim: float = 0.0


#: Trigger types whose victim, if there is one, was killed, held or went missing.
_IMPLIED: dict[What, frozenset[str]] = {
    "killed": frozenset({"homicide", "unexplained_death", "accident", "disaster", "terrorism"}),
    "injured": frozenset({"assault", "accident", "robbery", "torture", "arson", "terrorism", "sexual_assault"}),
    "held": frozenset({"unlawful_detention", "kidnapping", "human_trafficking"}),
    "missing": frozenset({"missing_person", "accident", "disaster"}),
}


def toll_candidates(
    doc: Document, focus: Focus, what: What, victims: list[tuple[int, int, int | None, float]]
) -> list[TollCandidate]:
    """Counted phrases in scope about `what`, and figures implied by `victims` (start, end, count, victim probability)."""
    found = [
        TollCandidate(
            c.low,
            c.high if c.high is not None else c.low,
            c.start,
            c.end,
            "implied" if c.implied else "counted",
            c.total,
        )
        for c in doc.counts
        if c.what == what and c.low is not None and not c.of_attackers and focus.holds(doc.sentence_at(c.start))
    ]
    for start, end, count, probability in victims:
        found.append(
            TollCandidate(
                count or 1, count or 1, start, end, "group" if count and count > 1 else "person", False, probability
            )
        )
    # Korean drops what is known; English names its victims, so there an act alone counts nobody beside them.
    for trigger in doc.triggers if doc.language == "ko" or not victims else ():
        if trigger.kind == "incident" and trigger.type in _IMPLIED[what] and focus.holds(trigger.sentence):
            found.append(TollCandidate(1, 1, trigger.start, trigger.end, "trigger"))
    return found


def _fates(doc: Document, candidate: TollCandidate) -> set[str]:
    """What the counts say became of the person of `candidate`, in these words or under the same name elsewhere."""
    person = next((p for p in doc.people if p.start == candidate.start), None)
    same = [p for p in doc.people if person is not None and person.name and p.name == person.name]
    spans = [(p.start, p.end) for p in same] or [(candidate.start, candidate.end)]
    return {c.what for c in doc.counts if any(c.start < end and start < c.end for start, end in spans)}


def toll_features(
    doc: Document, focus: Focus, what: What, candidate: TollCandidate, all_of_it: list[TollCandidate]
) -> Features:
    """Features of the claim "so many were `what`"."""
    source = candidate.source
    around = context_features(doc, focus, candidate.start, candidate.end, words=source == "counted")
    features = {f"{source} {name}": value for name, value in around.items()}
    features[f"source {source}"] = 1.0
    for kind in focus.types[:3]:
        features[f"{source} type {kind}"] = 1.0
    features[f"{source} victim"] = candidate.victim
    features["total"] = float(candidate.total)
    same = [c for c in all_of_it if c.low == candidate.low]
    features["agreeing"] = len(same) / max(1, len(all_of_it))
    counted = [c for c in all_of_it if c.source == "counted"]
    features[f"{source}: any counted"] = float(bool(counted))
    if counted:
        features[f"{source}: equals the largest counted"] = float(candidate.low == max(c.low for c in counted))
        features[f"{source}: equals the first counted"] = float(candidate.low == counted[0].low)
    features[f"{source}: one"] = float(candidate.low == 1)
    features["none harmed"] = float(candidate.high == 0)
    if source in ("person", "group"):
        for fate in _fates(doc, candidate):
            features[f"person was {fate}"] = 1.0
    if source == "trigger":
        trigger = next((t for t in doc.triggers if t.start == candidate.start and t.kind == "incident"), None)
        if trigger is not None:
            features[f"lemma {trigger.lemma}"] = 1.0
            features[f"voice {trigger.voice}"] = 1.0
    nearest = {t.lemma for t in doc.triggers_in(doc.sentence_at(candidate.start)) if t.kind == "incident"}
    for lemma in nearest:
        features[f"{source} with {lemma}"] = 1.0
    return features
