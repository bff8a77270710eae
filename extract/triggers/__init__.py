"""Which words of a text name an incident or a response, of which type, and in which voice."""

from __future__ import annotations

from extract.analyse import Analysis
from extract.triggers.discards import find_discards
from extract.triggers.english import english_candidates
from extract.triggers.korean import korean_candidates
from extract.triggers.records import Discard, Trigger

__all__ = ["Discard", "Trigger", "find_discards", "find_triggers"]


def find_triggers(analysis: Analysis, text: str) -> list[Trigger]:
    """The triggers in the analysed sentences of `text`, by position.

    A trigger that begins inside another is dropped, whatever its type (살인 in 살인미수, 살인 혐의 in 강도살인
    혐의); one span may carry several types. Incident triggers of a sentence that a discard cue speaks for are
    dropped; responses stay.
    """
    candidates = korean_candidates if analysis.language == "ko" else english_candidates
    silent = {cue.sentence for cue in find_discards(analysis, text) if cue.scope == "sentence"}
    found: list[Trigger] = []
    for number, sentence in enumerate(analysis.sentences):
        here = _outermost(list(candidates(sentence, number, text)))
        found += [trigger for trigger in here if number not in silent or trigger.kind == "response"]
    return found


def _outermost(triggers: list[Trigger]) -> list[Trigger]:
    kept: dict[tuple[int, int, str], Trigger] = {}
    for trigger in triggers:
        inside = any(
            (other.start < trigger.start < other.end) or (other.start == trigger.start and trigger.end < other.end)
            for other in triggers
        )
        key = (trigger.start, trigger.end, trigger.type)
        if not inside and (key not in kept or trigger.weight == "strong"):
            kept[key] = trigger
    return sorted(kept.values(), key=lambda trigger: (trigger.start, trigger.end, trigger.type))
