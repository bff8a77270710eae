"""What the token classifier says of every piece of a text: soft evidence that the scorers weigh beside the lexicons.

The first tags are of the event head (who suffered a current incident, who did it, where, when, the words that name it
and those that name an earlier one), the others are entities.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

EVENT_TAGS = ("VICTIM", "SUSPECT", "PLACE", "DATE", "ACT", "PAST")
#: Entities that a candidate is compared with. Times, ages and quantities have grammars of their own.
ENTITY_TAGS = ("PER", "ORG", "LOC", "FAC", "NAT", "COUNT")
#: A tag less likely than this leaves no feature.
LEAST = 0.04


@dataclass(frozen=True)
class Cues:
    """Pieces of one text, or of its beginning, in order: `starts` and `ends` in characters, and (pieces x tags) probabilities of two heads."""

    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    events: NDArray[np.float32]
    entities: NDArray[np.float32]

    def events_in(self, start: int, end: int) -> dict[str, float]:
        """The event tags of `text[start:end]` with their highest probability there, unlikely ones left out."""
        return self._best(self.events, EVENT_TAGS, start, end)

    def entities_in(self, start: int, end: int) -> dict[str, float]:
        """The same for entities."""
        return self._best(self.entities, ENTITY_TAGS, start, end)

    def _best(self, said: NDArray[np.float32], tags: Sequence[str], start: int, end: int) -> dict[str, float]:
        first = int(np.searchsorted(self.ends, start, side="right"))
        last = int(np.searchsorted(self.starts, end, side="left"))
        if first >= last:
            return {}
        best = said[first:last].max(axis=0)
        return {tag: float(p) for tag, p in zip(tags, best, strict=True) if p >= LEAST}


class CueTagger(Protocol):
    """A token classifier, with a second head that knows events or without: the shipped model has one."""

    def cues(self, text: str) -> Cues:
        """What it says of the text, of its beginning at least. Never raises on any text."""


def as_cues(
    offsets: Sequence[tuple[int, int]],
    events: Mapping[str, NDArray[np.float32]],
    entities: Mapping[str, NDArray[np.float32]],
) -> Cues:
    """Cues from the pieces' offsets and each tag's probabilities over them."""
    table = np.asarray(offsets, dtype=np.int32).reshape(-1, 2)
    zeros = np.zeros(len(table), dtype=np.float32)
    return Cues(
        table[:, 0],
        table[:, 1],
        np.stack([events.get(tag, zeros) for tag in EVENT_TAGS], axis=1),
        np.stack([entities.get(tag, zeros) for tag in ENTITY_TAGS], axis=1),
    )
