"""Country names in English and Korean, and the country a name stands for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from extract.places.errors import PlaceTableError, table_rows
from extract.places.gazetteer import fold
from extract.places.mention import Candidate


@dataclass(frozen=True, slots=True)
class Countries:
    """`english` by folded name and `korean` by spelling give the ISO code; `candidates` the place of each code."""

    english: dict[str, str]
    korean: dict[str, str]
    candidates: dict[str, Candidate]
    capitals: dict[str, str]
    printed: frozenset[str]


#: CLDR English names that are also words or other places; the aliases file says what to read instead.
_NOT_FROM_CLDR = frozenset({"jersey", "heard & mcdonald islands"})


def parse(countries_text: str | None = None, aliases_text: str | None = None) -> Countries:
    """Read both tables. Raises PlaceTableError with file and line for an unknown code, language or doubled name."""
    english: dict[str, str] = {}
    korean: dict[str, str] = {}
    candidates: dict[str, Candidate] = {}
    capitals: dict[str, str] = {}
    printed: set[str] = set()
    for line, cells in table_rows("countries.tsv", 9, countries_text):
        code, name, cldr, hangul, number, latitude, longitude, population, capital = cells
        if len(code) != 2:
            raise PlaceTableError("countries.tsv", line, f"{code!r} is no ISO 3166 alpha-2 code")
        candidates[code] = Candidate(
            name=name,
            country=code,
            kind="country",
            latitude=float(latitude) if latitude else None,
            longitude=float(longitude) if longitude else None,
            population=int(population or 0),
            geonameid=int(number) if number else None,
            source="country",
        )
        capitals[code] = capital
        for given in {name, cldr, cldr.split(" (")[0]}:
            if fold(given) not in _NOT_FROM_CLDR:
                english.setdefault(fold(given), code)
                printed.add(given)
        if hangul:
            korean.setdefault(hangul.replace(" ", "").split("(")[0], code)
    for line, (code, language, names) in table_rows("country_aliases.tsv", 3, aliases_text):
        if code not in candidates or language not in ("en", "ko"):
            raise PlaceTableError("country_aliases.tsv", line, f"unknown country {code!r} or language {language!r}")
        for given in names.split("|"):
            if language == "en":
                english[fold(given)] = code
                printed.add(given)
            else:
                korean[given.replace(" ", "")] = code
    return Countries(english, korean, candidates, capitals, frozenset(printed))


@cache
def countries() -> Countries:
    """The shipped tables, read once a process."""
    return parse()


def country_of(text: str) -> str | None:
    """ISO 3166 alpha-2 code of a country's name in English or Korean ("UAE", "필리핀", "the Philippines"), or None."""
    table = countries()
    name = text.strip()
    if any("가" <= c <= "힣" for c in name):
        return table.korean.get(name.replace(" ", ""))
    key = fold(name)
    return table.english.get(key) or (table.english.get(key[4:]) if key.startswith("the ") else None)
