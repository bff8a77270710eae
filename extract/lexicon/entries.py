"""Trigger entries: the words that name an act, with the senses of them that do not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from extract.lexicon.tables import LexiconError, Row, read_rows, shipped
from extract.lexicon.types import incident_types, response_types

Kind = Literal["incident", "response"]
Voice = Literal["active", "passive", "state"]
Weight = Literal["strong", "weak"]

COLUMNS = ("pattern", "pos", "type", "weight", "voice", "context", "note")
#: n noun, v verb, s sequence of words (Korean); n, v, nv either, s sequence with `_` for up to four words (English).
POS = {"ko": ("n", "v", "s"), "en": ("n", "v", "nv", "s")}


@dataclass(frozen=True, slots=True)
class Context:
    """What cancels a trigger, and what it needs.

    `before` and `after`: words next to it that give it another sense. `sentence`: words anywhere in the sentence
    that do. `needs`: the sentence must hold one of these.
    """

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    sentence: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a trigger file."""

    pattern: str
    pos: str
    type: str
    kind: Kind
    weight: Weight
    voice: Voice | None
    context: Context
    line: int


def read_entries(source: tuple[str, str], language: str, kind: Kind) -> tuple[Entry, ...]:
    """The entries of a trigger table.

    Raises `LexiconError` on an unknown part of speech, type, weight or voice, a context word without its sign,
    or the same pattern given twice for one type.
    """
    types = frozenset(incident_types() if kind == "incident" else response_types())
    seen: dict[tuple[str, str, str], int] = {}
    entries = []
    for row in read_rows(source, COLUMNS):
        pos = row.one_of("pos", POS[language])
        type_ = row.one_of("type", types)
        weight: Weight = "strong" if row.one_of("weight", ("strong", "weak")) == "strong" else "weak"
        voice = _voice(row)
        for pattern in row.need("pattern").split("|"):
            if not pattern:
                raise row.wrong("an empty alternative between bars")
            if (pos == "s") != (" " in pattern) and (language == "ko" or not set(pattern) & set("-=")):
                raise row.wrong(f"{pattern!r}: a sequence (s) is two or more words, any other entry one")
            if pos == "v" and language == "ko" and not pattern.endswith("다"):
                raise row.wrong(f"{pattern!r}: a Korean verb is given in its dictionary form with 다")
            key = (pattern, pos, type_)
            if key in seen:
                raise row.wrong(f"{pattern} stands already on line {seen[key]}")
            seen[key] = row.line
            entries.append(Entry(pattern, pos, type_, kind, weight, voice, _context(row), row.line))
    return tuple(entries)


def _voice(row: Row) -> Voice | None:
    value = row.get("voice")
    if value is None:
        return None
    if value == "active":
        return "active"
    if value == "passive":
        return "passive"
    if value == "state":
        return "state"
    raise row.wrong(f"voice is {value!r}, not active, passive, state or empty")


def _context(row: Row) -> Context:
    found: dict[str, list[str]] = {name: [] for name in ("before", "after", "sentence", "needs")}
    names = {"<": "before", ">": "after", "~": "sentence", "+": "needs"}
    for word in row.words("context"):
        name = names.get(word[0])
        if name is None or len(word) == 1:
            raise row.wrong(f"the context word {word!r} does not begin with one of < > ~ +")
        found[name].append(word[1:].replace("_", " "))
    return Context(*(tuple(found[name]) for name in ("before", "after", "sentence", "needs")))


@cache
def trigger_entries(language: str) -> tuple[Entry, ...]:
    """Every shipped incident and response entry of "ko" or "en"."""
    incidents = read_entries(shipped(f"triggers_{language}.tsv"), language, "incident")
    return incidents + read_entries(shipped(f"responses_{language}.tsv"), language, "response")


__all__ = ["Context", "Entry", "LexiconError", "read_entries", "trigger_entries"]
