"""Cues that a sentence or an article tells of no event."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from extract.lexicon.tables import read_rows, shipped

COLUMNS = ("words", "scope", "reason", "note")
REASONS = ("metaphor", "sport", "fiction", "statistic", "policy", "drill", "advice", "hypothetical", "historic")


@dataclass(frozen=True, slots=True)
class DiscardCue:
    """Words as printed, and what they speak for."""

    words: str
    scope: Literal["sentence", "document"]
    reason: str


@cache
def discard_cues(language: str) -> tuple[DiscardCue, ...]:
    """The cues of discards_ko.tsv or discards_en.tsv."""
    return read_discards(shipped(f"discards_{language}.tsv"))


def read_discards(source: tuple[str, str]) -> tuple[DiscardCue, ...]:
    """The cues of a table; raises `LexiconError` on an unknown scope or reason, or words given twice."""
    seen: dict[str, int] = {}
    cues = []
    for row in read_rows(source, COLUMNS):
        scope: Literal["sentence", "document"] = (
            "sentence" if row.one_of("scope", ("sentence", "document")) == "sentence" else "document"
        )
        reason = row.one_of("reason", REASONS)
        for words in row.need("words").split("|"):
            if words in seen:
                raise row.wrong(f"{words} stands already on line {seen[words]}")
            seen[words] = row.line
            cues.append(DiscardCue(words.replace("_", " "), scope, reason))
    return tuple(cues)
