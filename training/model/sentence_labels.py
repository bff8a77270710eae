"""What every sentence of an annotated article tells: its status and, where it tells an event, the event's type.

The annotation marks quotes, not sentences. A sentence is

- `current` where it holds the words that name a main or further incident, or two other quotes of one (persons, place,
  day): the rule that the reader's own sentence scorer learns by, one event at a time;
- `background` where that holds for an earlier event alone;
- `general` where it speaks of crime or accidents in an article that reports no event at all: yearly figures, bills,
  advice, opinion, plots and metaphors. The annotation tells those by the article's genre alone, so they are one label;
- `none` otherwise.

A sentence that holds one quote of an event, or a word for an annotated type beside the marked ones, may or may not tell
of it: it is `UNSURE`, is not learned from and not scored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from extract.document import Document
from training.reader.labels import spans_of

STATUSES = ("none", "current", "background", "general")
UNSURE = "?"
#: What the words that name an event count beside another quote of it, and what a sentence needs to tell of it.
ACT, QUOTE, ENOUGH = 2, 1, 2


@dataclass(frozen=True, slots=True)
class SentenceLabel:
    """`status` is one of `STATUSES` or `UNSURE`; `type` is the type of the event it tells, None where it tells none."""

    status: str
    type: str | None = None


def sentence_labels(doc: Document, incidents: Sequence[dict[str, Any]]) -> list[SentenceLabel]:
    """The label of each sentence of `doc`, whose annotated incidents are given."""
    marks = [_marks(doc, incident) for incident in incidents]
    kinds = {kind for incident in incidents for kind in (incident["type"], *incident["other_types"])}
    return [
        _label(doc, index, incidents, [m.get(index, 0) for m in marks], kinds) for index in range(len(doc.sentences))
    ]


def _label(
    doc: Document, index: int, incidents: Sequence[dict[str, Any]], marks: Sequence[int], kinds: set[str]
) -> SentenceLabel:
    named = [t for t in doc.triggers_in(index) if t.kind == "incident"]
    if not incidents:
        return SentenceLabel("general" if named else "none")
    told = [
        # a current event before an earlier one, then the one with most quotes, then the order of the annotation
        (incident["role"] != "background", mark, -order, incident["type"])
        for order, (incident, mark) in enumerate(zip(incidents, marks, strict=True))
        if mark >= ENOUGH
    ]
    if told:
        current, *_, kind = max(told)
        return SentenceLabel("current" if current else "background", kind)
    if any(marks) or any(t.type in kinds for t in named):
        return SentenceLabel(UNSURE)
    return SentenceLabel("none")


def _marks(doc: Document, incident: dict[str, Any]) -> dict[int, int]:
    """By sentence, what the quotes of one incident in it count together."""
    marks: dict[int, int] = {}
    people = [person.get("text") for person in incident["victims"] + incident["perpetrators"]]
    quotes = [(incident.get("trigger"), ACT)]
    quotes += [(quote, QUOTE) for quote in (incident.get("place_text"), incident.get("date_text"), *people)]
    for quote, worth in quotes:
        for index in {doc.sentence_at(start) for start, _ in spans_of(doc, quote)}:
            marks[index] = marks.get(index, 0) + worth
    return marks
