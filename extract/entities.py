"""Names and measures in running text, as a token classifier finds them: one contract, whichever model stands behind it.

The reader asks `find_entities`; what it is given is a `Tagger`: the shipped model (`extract.model.load_tagger`), a
model of the user's choice, or None where there is none, and then no entities are found and the reader goes on with its
lexicons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

#: Labels of our own model. PER person, ORG organisation, LOC place, FAC building or road, NAT people or nationality,
#: DATE, TIME, COUNT number of persons, AGE, QUANT any other quantity.
LABELS = ("PER", "ORG", "LOC", "FAC", "NAT", "DATE", "TIME", "COUNT", "AGE", "QUANT")


@dataclass(frozen=True, slots=True)
class Entity:
    """`source[start:end] == text`, offsets in characters; `score` is the model's mean probability over its pieces."""

    start: int
    end: int
    text: str
    label: str
    score: float


class Tagger(Protocol):
    """Texts in, their entities out, in the order of the texts and of the words."""

    @property
    def version(self) -> str:
        """Name and version of the model, part of the coder version."""

    def tag(self, texts: Sequence[str]) -> list[list[Entity]]:
        """The entities of each text, not overlapping. Never raises on any text, however long, empty or odd."""


def find_entities(texts: Sequence[str], tagger: Tagger | None) -> list[list[Entity]]:
    """The entities of each text; without a tagger an empty list for each.

    Give many texts at once: they are sorted by length and read in batches.
    """
    if tagger is None or not texts:
        return [[] for _ in texts]
    return tagger.tag(texts)


def tagger_version(tagger: Tagger | None) -> str:
    """What the coder version says of the model: its version, or "none"."""
    return "none" if tagger is None else tagger.version
