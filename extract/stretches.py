"""The events of one article told apart: which runs of sentences tell of a further current event.

Scorer `another` says of every sentence how likely it tells of a current event other than the main one; sentences in
a row are one stretch unless one of them begins yet another event; scorer `further` decides which stretches are opened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extract.document import Document
from extract.lexicon.discourse import marks_in
from extract.scorers.further import Facts, another_rows, further_features, joined, sentence_facts
from extract.scorers.linear import LinearModel

#: A sentence this likely to tell of another event may belong to a stretch.
LEAST = 0.15


@dataclass(frozen=True)
class Stretch:
    """Indices of the sentences that tell of one further event, and the probability that they do."""

    sentences: tuple[int, ...]
    score: float


def runs(doc: Document, facts: Sequence[Facts], another: Mapping[int, float]) -> list[tuple[int, ...]]:
    """Candidate stretches: likely sentences in a row, parted where a further event begins. Each has a trigger or charge."""
    found: list[list[int]] = []
    for index in sorted(another):
        if another[index] < LEAST:
            continue
        if found and found[-1][-1] == index - 1 and not _begins(doc, facts, found[-1], index):
            found[-1].append(index)
        else:
            found.append([index])
    return [tuple(run) for run in found if any(facts[i].types for i in run)]


def _begins(doc: Document, facts: Sequence[Facts], run: Sequence[int], index: int) -> bool:
    """Whether sentence `index` begins another event than `run` tells of: a new act with another place, day or people."""
    own = facts[index]
    known = joined(facts[i] for i in run)
    if not own.types or not known.types:
        return False

    def clash(name: str) -> bool:
        mine, theirs = getattr(own, name), getattr(known, name)
        return bool(mine) and bool(theirs) and not mine & theirs

    sentence = doc.sentences[index]
    marked = any(m.startswith("further") for m in marks_in(doc.text[sentence.start : sentence.end], doc.language))
    return clash("places") or clash("days") or (marked and (clash("names") or clash("types") or clash("ages")))


def find_stretches(
    doc: Document, told: Sequence[float], another: LinearModel, further: LinearModel, threshold: float
) -> list[Stretch]:
    """The stretches that tell of a further event, in text order, each judged with those before it known."""
    facts = sentence_facts(doc)
    scores = {i: another.probability(row) for i, row in another_rows(doc, facts, told).items()}
    opened: list[Stretch] = []
    for run in runs(doc, facts, scores):
        before = [i for stretch in opened for i in stretch.sentences]
        score = further.probability(further_features(doc, facts, run, scores, told, before))
        if score >= threshold:
            opened.append(Stretch(run, score))
    return opened
