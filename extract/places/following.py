"""What follows a Korean place name: its particle, the institution it is part of, the words that make it an area."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from extract.places.errors import PlaceTableError, table_rows
from extract.places.mention import Follow

RUN = re.compile(r"[가-힣]+|[A-Z]{2,3}(?![A-Za-z])")
_UNITS = ("특별시", "직할시", "광역시", "시", "주", "성", "현", "도", "섬", "군", "구", "지구")


@dataclass(frozen=True, slots=True)
class After:
    """What follows a name: `cue` the particle, `follow` the institution, `end` where the name with its unit ends."""

    cue: str
    follow: Follow
    near: bool
    end: int
    fits: bool
    unit: str = ""


@cache
def following_words() -> dict[str, tuple[str, ...]]:
    """Class -> words, longest first. Raises PlaceTableError for a class that appears twice."""
    out: dict[str, tuple[str, ...]] = {}
    for line, (kind, words) in table_rows("korean_words.tsv", 2):
        if kind in out:
            raise PlaceTableError("korean_words.tsv", line, f"class {kind!r} appears twice")
        out[kind] = tuple(sorted(words.split("|"), key=len, reverse=True))
    return out


@cache
def _word_class() -> dict[str, str]:
    order = ("particle", "going", "near", "area")
    table: dict[str, str] = {}
    for kind, words in following_words().items():
        for word in words:
            if kind in order or word not in table:
                table[word] = kind
    for kind in order:
        for word in following_words()[kind]:
            table[word] = kind
    return table


@cache
def _institutions() -> dict[str, Follow]:
    """Word -> what it makes of the place name before it, for words that begin the rest of a compound."""
    skip = ("particle", "going", "near", "area", "people")
    return {w: k for k, words in following_words().items() if k not in skip for w in words}  # type: ignore[misc]


def _head(rest: str, words: Mapping[str, object], least: int = 1) -> str:
    """The longest word of `words` that `rest` begins with, at least `least` long, or ""."""
    for length in range(min(len(rest), 8), least - 1, -1):
        if rest[:length] in words:
            return rest[:length]
    return ""


@cache
def _of_class(*kinds: str) -> dict[str, str]:
    return {w: kind for kind in kinds for w in following_words()[kind]}


def after(text: str, end: int, run_end: int, units: bool = True) -> After:
    """Read what follows a name that ends at `end` inside a Hangul run that ends at `run_end`."""
    rest = text[end:run_end]
    word = _word_class()
    if not rest:
        return _next_word(text, end, "", end)
    kind = word.get(rest)
    if kind == "particle":
        return After(rest, "", False, end, True)
    if kind in ("going", "area"):
        return After(rest, "", False, end, True)
    if kind == "near":
        return After("", "", True, end, True)
    if kind == "people":
        return After("", "people", False, end, True)
    if units:
        for unit in _UNITS:
            if rest.startswith(unit) and not (kind and kind != "people" and len(rest) > len(unit)):
                beyond = after(text, end + len(unit), run_end, units=False)
                if beyond.fits:
                    return replace(beyond, unit=unit, end=end + len(unit))
    name = _head(rest, _institutions())
    if name:
        tail = rest[len(name) :]
        if not tail or word.get(tail) in ("particle", "area", "near", "going") or len(name) >= 3:
            return After("", _institutions()[name], False, end, True)
    name = _head(rest, _of_class("area", "near"), 2)
    if name and word.get(rest[len(name) :]) == "particle":
        return After(rest[len(name) :], "", _of_class("area", "near")[name] == "near", end, True)
    name = _head(rest, _of_class("people"))
    if name and (len(name) > 1 or word.get(rest[len(name) :]) == "particle"):
        return After("", "people", False, end, True)
    return After("", "", False, end, False)


def _next_word(text: str, end: int, unit: str, name_end: int) -> After:
    """The class of the next word, after one space, for a name that stands alone in its word."""
    if not text.startswith(" ", end):
        return After("", "", False, name_end, True, unit)
    found = RUN.match(text, end + 1)
    if not found:
        return After("", "", False, name_end, True, unit)
    rest = found.group()
    word = _word_class()
    kind = word.get(rest)
    if kind in (None, "particle"):
        name = _head(rest, _institutions(), 2) or _head(rest, _of_class("near"), 2)
        if name and word.get(rest[len(name) :]) in ("particle", "area"):
            kind = word[name]
        elif _head(rest, _of_class("people"), 2):
            return After("", "people", False, name_end, True, unit)
        else:
            return After("", "", False, name_end, True, unit)
    if kind == "near":
        return After("", "", True, name_end, True, unit)
    if kind in ("going", "area", "particle"):
        return After("", "", False, name_end, True, unit)
    return After("", kind, False, name_end, True, unit)  # type: ignore[arg-type]
