"""More Korean sentences from the few there are: names exchanged for others of their kind.

Which name stands in a sentence says little about its grammar; a tagger that has seen the frame with many names learns
the frame (mention replacement; Dai and Adel 2020, section 3). A Korean particle follows the sound before it (은/는,
이/가), so a name is only exchanged for one that ends alike.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from training.model.corpora import Sentence, Span

#: Tags whose mentions are exchanged; numbers and dates keep their words.
SWAPPED = ("PER", "ORG", "LOC", "FAC", "NAT")
#: Share of the mentions of a sentence that are exchanged.
SHARE = 0.6

Pools = Mapping[tuple[str, str], Sequence[str]]


def ending(text: str) -> str:
    """How the last letter sounds to a particle: "vowel", "ㄹ" (which takes 로, not 으로), "consonant", or "other"."""
    if not text or not "가" <= text[-1] <= "힣":
        return "other"
    final = (ord(text[-1]) - ord("가")) % 28
    return "vowel" if final == 0 else "ㄹ" if final == 8 else "consonant"


def pools(sentences: Sequence[Sentence]) -> dict[tuple[str, str], list[str]]:
    """The distinct mentions of the sentences by tag and ending, in order of appearance."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for sentence in sentences:
        for span in sentence.spans:
            if span.tag in SWAPPED:
                mention = sentence.text[span.start : span.end]
                found.setdefault((span.tag, ending(mention)), {})[mention] = None
    return {key: list(mentions) for key, mentions in found.items()}


def swapped(sentence: Sentence, names: Pools, rng: random.Random) -> Sentence:
    """The sentence with some of its mentions exchanged, spans moved along."""
    text, spans, at = "", [], 0
    for span in sentence.spans:
        mention = sentence.text[span.start : span.end]
        others = names.get((span.tag, ending(mention)))
        if others and rng.random() < SHARE:
            mention = rng.choice(others)
        text += sentence.text[at : span.start]
        spans.append(Span(len(text), len(text) + len(mention), span.tag))
        text += mention
        at = span.end
    return Sentence(sentence.corpus, text + sentence.text[at:], tuple(spans), sentence.group)
