"""What follows a Korean place name: its particle, the institution it is part of, the words that make it an area."""

from __future__ import annotations

import re
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
def _institutions() -> tuple[tuple[str, str], ...]:
    skip = ("particle", "going", "near", "area", "people")
    pairs = [(w, k) for k, words in following_words().items() if k not in skip for w in words]
    return tuple(sorted(pairs, key=lambda p: -len(p[0])))


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
    for name, institution in _institutions():
        if rest.startswith(name):
            tail = rest[len(name) :]
            if not tail or word.get(tail) in ("particle", "area", "near", "going") or len(name) >= 3:
                return After("", institution, False, end, True)  # type: ignore[arg-type]
    for name in (*following_words()["area"], *following_words()["near"]):
        if len(name) >= 2 and rest.startswith(name) and word.get(rest[len(name) :]) == "particle":
            return After(rest[len(name) :], "", name in following_words()["near"], end, True)
    for name in following_words()["people"]:
        if rest.startswith(name) and (len(name) > 1 or word.get(rest[len(name) :]) == "particle"):
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
    kind = _word_class().get(rest)
    if kind in (None, "particle"):
        for name, institution in (*_institutions(), *((n, "near") for n in following_words()["near"])):
            if (
                len(name) >= 2
                and rest.startswith(name)
                and _word_class().get(rest[len(name) :]) in ("particle", "area")
            ):
                kind = institution
                break
        else:
            for name in following_words()["people"]:
                if len(name) >= 2 and rest.startswith(name):
                    return After("", "people", False, name_end, True, unit)
            return After("", "", False, name_end, True, unit)
    if kind == "near":
        return After("", "", True, name_end, True, unit)
    if kind in ("going", "area"):
        return After("", "", False, name_end, True, unit)
    return After("", kind, False, name_end, True, unit)  # type: ignore[arg-type]
