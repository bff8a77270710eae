"""What finding triggers gives: the words that name an act or a response, and the cues that an act is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from extract.lexicon.entries import Kind, Voice, Weight

Scope = Literal["sentence", "document"]


@dataclass(frozen=True, slots=True)
class Trigger:
    """A word or phrase that names an incident type or a response type; `text[start:end]` is what is printed.

    `voice` says what the grammatical subject is: "active" its agent, "passive" its victim, "state" the one it
    befell; None where nothing tells (most nouns). `sentence` is an index into `Analysis.sentences`.
    """

    start: int
    end: int
    lemma: str
    type: str
    kind: Kind
    voice: Voice | None
    weight: Weight
    sentence: int


@dataclass(frozen=True, slots=True)
class Discard:
    """A cue that what it stands with is no event: metaphor, sport, film, drill, statistics, policy.

    A "sentence" cue speaks for its sentence only, a "document" cue is a vote about the whole article.
    """

    start: int
    end: int
    text: str
    scope: Scope
    reason: str
    sentence: int
