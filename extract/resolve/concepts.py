"""What a report speaks of besides people, places and dates, in words that are the same in both languages.

The lexicon `concepts.tsv` names weapons, drugs, ties between people, sites, things and deeds with their Korean stems
and English words, so that a Korean and an English report of one event can be found alike where no word is shared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

KINDS = frozenset(("weapon", "drug", "tie", "site", "thing", "deed"))
#: Kinds of which an event has one rather than several: two reports that name different ones speak of two events.
TELLING_KINDS = frozenset(("weapon", "drug"))


class ConceptsError(ValueError):
    """A line of the lexicon that cannot be read; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Kinds by concept, and a pattern for each language whose matches `words` turns into concepts."""

    kinds: Mapping[str, str]
    korean: re.Pattern[str]
    english: re.Pattern[str]
    words: Mapping[str, tuple[str, ...]]


def concepts_in(text: str) -> tuple[str, ...]:
    """The concepts named in a Korean or English text, sorted."""
    lexicon = default_lexicon()
    lower = text.lower()
    found: set[str] = set()
    for pattern in (lexicon.korean, lexicon.english):
        for match in pattern.finditer(lower):
            found.update(lexicon.words[match.group(1)])
    return tuple(sorted(found))


def telling(concepts: Iterable[str]) -> frozenset[str]:
    """Those of the concepts that are weapons or drugs."""
    kinds = default_lexicon().kinds
    return frozenset(name for name in concepts if kinds.get(name) in TELLING_KINDS)


@cache
def default_lexicon() -> Lexicon:
    """The lexicon that ships beside this file."""
    return parse_lexicon(resources.files("extract.resolve").joinpath("concepts.tsv").read_text(encoding="utf-8"))


def parse_lexicon(text: str, name: str = "concepts.tsv") -> Lexicon:
    """The lexicon of a file's text. Raises ConceptsError."""
    kinds: dict[str, str] = {}
    words: dict[str, tuple[str, ...]] = {}
    korean: list[str] = []
    english: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t")
        if len(cells) != 4:
            raise ConceptsError(f"{name}:{number}: {len(cells)} columns; a line has concept, kind, Korean, English")
        concept, kind = cells[0].strip(), cells[1].strip()
        if kind not in KINDS:
            raise ConceptsError(f"{name}:{number}: {kind!r} is no kind; the kinds are {', '.join(sorted(KINDS))}")
        if concept in kinds:
            raise ConceptsError(f"{name}:{number}: {concept} stands twice")
        kinds[concept] = kind
        for column, patterns in ((cells[2], korean), (cells[3], english)):
            for written in filter(None, (part.strip().lower() for part in column.split(","))):
                word = written.removesuffix("$")
                words[word] = (*words.get(word, ()), concept)
                patterns.append(re.escape(word) + (r"\b" if written.endswith("$") else ""))
    # Longest first, in a look-ahead, so that "가방" within "손가방" and words that begin alike are all found.
    return Lexicon(
        kinds,
        re.compile(f"(?=({'|'.join(sorted(set(korean), key=len, reverse=True))}))"),
        re.compile(rf"\b(?=({'|'.join(sorted(set(english), key=len, reverse=True))}))"),
        words,
    )
