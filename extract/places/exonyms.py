"""Hangul spellings of foreign places: the hand-written table first, then countries, then the built gazetteer."""

from __future__ import annotations

from functools import cache, lru_cache

from extract.places.countries import countries
from extract.places.errors import PlaceTableError, table_rows
from extract.places.gazetteer import Gazetteer, fold, gazetteer
from extract.places.mention import Candidate, Kind

_KINDS: tuple[Kind, ...] = ("country", "admin1", "admin2", "city", "region")


def parse(text: str | None = None, world: Gazetteer | None = None) -> dict[str, tuple[Candidate, ...]]:
    """Spelling (no spaces) -> candidates, of `exonyms_ko.tsv` (or `text`).

    Columns: Korean spellings separated by |, English name, ISO code (or several separated by | for a region between
    countries), kind, latitude, longitude. Without a point the place is looked up in the gazetteer by name and country.
    Raises PlaceTableError with file and line where the kind is unknown or the gazetteer has no such place.
    """
    world = world or gazetteer()
    table: dict[str, list[Candidate]] = {}
    for line, (spellings, english, codes, kind, latitude, longitude) in table_rows("exonyms_ko.tsv", 6, text):
        if kind not in _KINDS:
            raise PlaceTableError("exonyms_ko.tsv", line, f"kind {kind!r} is none of {', '.join(_KINDS)}")
        if latitude and longitude:
            made = Candidate(
                english, codes if len(codes) == 2 else None, kind, latitude=float(latitude), longitude=float(longitude),
                population=100_000 if kind == "city" else 0, source="overlay",
            )  # fmt: skip
        else:
            made = _held(world, line, english, codes, kind)
        for spelling in spellings.split("|"):
            table.setdefault(spelling.replace(" ", ""), []).append(made)
    return {k: tuple(v) for k, v in table.items()}


def _held(world: Gazetteer, line: int, english: str, code: str, kind: Kind) -> Candidate:
    rows = [c for c in world.by_latin(fold(english), limit=200) if c.country == code]
    same = [c for c in rows if c.kind == kind] or [c for c in rows if c.kind != "country"]
    if not same:
        raise PlaceTableError("exonyms_ko.tsv", line, f"the gazetteer has no {english!r} in {code!r}; give its point")
    best = max(same, key=lambda c: (c.population, c.latitude is not None))
    return Candidate(
        english, best.country, kind, best.admin if kind != "admin1" else None, best.latitude, best.longitude,
        best.population, best.geonameid, True, "overlay",
    )  # fmt: skip


@cache
def overlay() -> dict[str, tuple[Candidate, ...]]:
    """The shipped hand-written table, read once a process."""
    return parse()


@cache
def spaced_names() -> dict[str, tuple[str, ...]]:
    """Names printed with a space, by their first word, longest first: "가자" -> ("가자 지구",)."""
    out: dict[str, set[str]] = {}
    for file, column in (("exonyms_ko.tsv", 0), ("country_aliases.tsv", 2)):
        for _, cells in table_rows(file, 6):
            if file == "country_aliases.tsv" and cells[1] != "ko":
                continue
            for name in cells[column].split("|"):
                if " " in name:
                    out.setdefault(name.split(" ")[0], set()).add(name)
    return {k: tuple(sorted(v, key=len, reverse=True)) for k, v in out.items()}


@cache
def hangul_names() -> frozenset[str]:
    """Every spelling `hangul_candidates` knows."""
    return frozenset((*overlay(), *countries().korean, *(n for n in gazetteer().hangul_names() if len(n) >= 2)))


@lru_cache(maxsize=8192)
def hangul_candidates(name: str) -> tuple[Candidate, ...]:
    """Places a Hangul (or Latin-letter) spelling may stand for in Korean text, best-sourced first; () for none."""
    held = overlay().get(name)
    if held:
        return held
    code = countries().korean.get(name)
    if code:
        return (countries().candidates[code],)
    if len(name) < 2 or not gazetteer().has_hangul(name):
        return ()
    return gazetteer().by_hangul(name)
