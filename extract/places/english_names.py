"""The words of English place phrases, and the places a Latin name may stand for."""

from __future__ import annotations

from functools import cache, lru_cache

from extract.places.countries import countries
from extract.places.errors import PlaceTableError, table_rows
from extract.places.gazetteer import fold, gazetteer
from extract.places.korea import korea
from extract.places.mention import Candidate, Follow


@cache
def words() -> dict[str, frozenset[str]]:
    """Class -> words of `words_en.tsv`. Raises PlaceTableError for a class that appears twice."""
    out: dict[str, frozenset[str]] = {}
    for line, (kind, cells) in table_rows("words_en.tsv", 2):
        if kind in out:
            raise PlaceTableError("words_en.tsv", line, f"class {kind!r} appears twice")
        out[kind] = frozenset(cells.split("|"))
    return out


FOLLOW: tuple[Follow, ...] = (
    "police", "airport", "embassy", "hospital", "school", "prison", "fire", "station", "port", "facility", "government",
    "media", "court",
)  # fmt: skip


@cache
def follow_words() -> dict[str, Follow]:
    return {word: kind for kind in reversed(FOLLOW) for word in words()[kind]}


@cache
def abbreviations() -> dict[str, Candidate]:
    out: dict[str, Candidate] = {}
    for line, (country, name, short) in table_rows("states_en.tsv", 3):
        found = [
            c for c in gazetteer().by_latin(fold(name), 200) if c.country == country and c.kind in ("admin1", "city")
        ]
        if not found:
            raise PlaceTableError("states_en.tsv", line, f"the gazetteer has no {name!r} in {country}")
        held = next((c for c in found if c.kind == "admin1"), found[0])
        for spelling in short.split("|"):
            out.setdefault(spelling, held)
    return out


@lru_cache(maxsize=16384)
def latin_candidates(name: str) -> tuple[Candidate, ...]:
    """Places a Latin name may stand for, as printed ("Seoul", "the Philippines", "Gangnam-gu"); () for none."""
    key = fold(name)
    out: list[Candidate] = []
    code = countries().english.get(key)
    if code and (len(name) > 4 or name in countries().printed or not name.isupper()):
        if key in ("us", "car") and name not in countries().printed:
            return ()
        out.append(countries().candidates[code])
    domestic = korea_english().get(key, ())
    out.extend(domestic)
    if not (name.isupper() and len(name) <= 4):
        out.extend(c for c in gazetteer().by_latin(key) if not (domestic and c.country == "KR"))
    return tuple(out)


@cache
def korea_english() -> dict[str, tuple[Candidate, ...]]:
    out: dict[str, tuple[Candidate, ...]] = {}
    for name, held in korea().english.items():
        out[fold(name)] = (*out.get(fold(name), ()), *(c for c in held if c not in out.get(fold(name), ())))
    return out


@cache
def plain_words() -> frozenset[str]:
    kinds = ("unit", "direction", "calendar", "title", *FOLLOW)
    return frozenset(word for kind in kinds for word in words()[kind])
