"""Which candidates are right: the annotators' quotes and values laid over a document's mentions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from crawler.scoring import place_credit
from extract.document import Document
from extract.scorers.where import PlaceCandidate

Span = tuple[int, int]


def spans_of(doc: Document, quote: str | None) -> list[Span]:
    """Every place where `quote` stands in the document."""
    out: list[Span] = []
    if not quote:
        return out
    at = doc.text.find(quote)
    while at >= 0:
        out.append((at, at + len(quote)))
        at = doc.text.find(quote, at + 1)
    return out


def overlaps(start: int, end: int, spans: Iterable[Span]) -> bool:
    return any(start < e and s < end for s, e in spans)


def sentence_labels(doc: Document, live: list[dict[str, Any]]) -> list[bool]:
    """A sentence tells of a current incident if it holds a trigger of one, or two other quotes of one."""
    marks = [0] * len(doc.sentences)
    for incident in live:
        for start, _ in spans_of(doc, incident.get("trigger")):
            marks[doc.sentence_at(start)] += 2
        quotes = [incident.get("place_text"), incident.get("date_text")]
        quotes += [p.get("text") for p in incident["victims"] + incident["perpetrators"]]
        for quote in quotes:
            for index in {doc.sentence_at(s) for s, _ in spans_of(doc, quote)}:
                marks[index] += 1
    return [m >= 2 for m in marks]


def event_sentences(doc: Document, live: list[dict[str, Any]]) -> list[frozenset[int]]:
    """For each current event the sentences that tell of it more than of any other current event of the article."""
    marks: list[dict[int, int]] = []
    for incident in live:
        mine: dict[int, int] = {}
        for start, _ in spans_of(doc, incident.get("trigger")):
            index = doc.sentence_at(start)
            mine[index] = mine.get(index, 0) + 3
        people = [p.get("text") for p in incident["victims"] + incident["perpetrators"]]
        for quote in (incident.get("place_text"), incident.get("date_text"), *people):
            for index in {doc.sentence_at(s) for s, _ in spans_of(doc, quote)}:
                mine[index] = mine.get(index, 0) + 1
        marks.append(mine)
    return [
        frozenset(
            i
            for i, mark in mine.items()
            if mark >= 2 and mark > max((m.get(i, 0) for m in marks if m is not mine), default=0)
        )
        for mine in marks
    ]


def place_label(incident: dict[str, Any], candidate: PlaceCandidate) -> bool:
    predicted = {"place": candidate.place.name, "place_text": candidate.place.text}
    return bool(place_credit(incident, predicted)) and candidate.place.country in (incident["country"], None)


def date_label(incident: dict[str, Any], value: str) -> bool:
    gold = incident.get("date")
    return bool(gold) and (value == gold or value.startswith(gold))


def people_spans(doc: Document, incidents: list[dict[str, Any]], role: str) -> list[Span]:
    return [span for i in incidents for p in i[role] for span in spans_of(doc, p.get("text"))]


def names(incidents: list[dict[str, Any]], role: str) -> set[str]:
    return {p["name"] for i in incidents for p in i[role] if p.get("name")}


def nations(incidents: list[dict[str, Any]], role: str) -> set[str]:
    return {p["nationality"] for i in incidents for p in i[role] if p.get("nationality")}
