"""South Korea's own tables: provinces, cities, counties and districts by their Korean names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from extract.places.errors import PlaceTableError, table_rows
from extract.places.mention import Candidate
from extract.places.romanise import romanise


@dataclass(frozen=True, slots=True)
class Province:
    """A first-level area. `city` says that it is a city itself (서울, 부산 ...)."""

    short: str
    name: str
    city: bool


@dataclass(frozen=True, slots=True)
class District:
    """A city, county or district; `city` is the city above a 일반구, or ""."""

    province: str
    city: str
    korean: str
    english: str
    geonameid: int | None
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Korea:
    """`provinces` by every spelling; `districts` by full name (강남구), `stems` by the name without 시 or 군 (수원)."""

    provinces: dict[str, Province]
    districts: dict[str, tuple[District, ...]]
    stems: dict[str, tuple[District, ...]]
    english: dict[str, tuple[Candidate, ...]]


#: Population weights stand in for figures: a whole province, a metropolitan city, a city or county, a district.
_WEIGHT = {"province": 2_000_000, "city": 3_000_000, "si": 300_000, "gun": 60_000, "gu": 300_000}


def parse(provinces_text: str | None = None, districts_text: str | None = None) -> Korea:
    """Read both tables. Raises PlaceTableError with file and line where a province is unknown or a number is none."""
    provinces: dict[str, Province] = {}
    english: dict[str, list[Candidate]] = {}
    for line, cells in table_rows("korea_provinces.tsv", 6, provinces_text):
        short, others, name, english_others, _, unit = cells
        if unit not in ("city", "province"):
            raise PlaceTableError("korea_provinces.tsv", line, f"unit {unit!r} is neither city nor province")
        province = Province(short, name, unit == "city")
        for spelling in (short, *filter(None, others.split("|"))):
            provinces[spelling] = province
        for spelling in (name, *filter(None, english_others.split("|"))):
            english.setdefault(spelling, []).append(province_candidate(province))
    districts: dict[str, list[District]] = {}
    stems: dict[str, list[District]] = {}
    for line, cells in table_rows("korea_districts.tsv", 7, districts_text):
        short, city, korean, name, number, latitude, longitude = cells
        if short not in provinces:
            raise PlaceTableError("korea_districts.tsv", line, f"unknown province {short!r}")
        try:
            district = District(
                short, city, korean, name, int(number) if number else None, float(latitude), float(longitude)
            )
        except ValueError as error:
            raise PlaceTableError("korea_districts.tsv", line, str(error)) from error
        districts.setdefault(korean, []).append(district)
        if korean[-1] in "시군":
            stems.setdefault(korean[:-1], []).append(district)
        stem, unit = name.rsplit("-", 1)
        candidate = district_candidate(district, provinces[short])
        for spelling in {name, stem if unit != "gu" or len(korean) > 3 else name, f"{stem} {_ENGLISH_UNIT[unit]}"}:
            english.setdefault(spelling, []).append(candidate)
    return Korea(
        provinces,
        {k: tuple(v) for k, v in districts.items()},
        {k: tuple(v) for k, v in stems.items()},
        {k: tuple(v) for k, v in english.items()},
    )


_ENGLISH_UNIT = {"si": "City", "gun": "County", "gu": "District"}


@cache
def korea() -> Korea:
    """The shipped tables, read once a process."""
    return parse()


def province_candidate(province: Province) -> Candidate:
    return Candidate(
        name=province.name,
        country="KR",
        kind="city" if province.city else "admin1",
        admin=province.name,
        latitude=_POINTS[province.short][0],
        longitude=_POINTS[province.short][1],
        population=_WEIGHT["city" if province.city else "province"],
        geonameid=_POINTS[province.short][2],
        source="korea",
    )


def district_candidate(district: District, province: Province, detail: Iterable[str] = ()) -> Candidate:
    """A district as a place: "Gangnam-gu, Seoul", "Yeongtong-gu, Suwon, Gyeonggi"; `detail` goes first."""
    name = district.english.removesuffix("-si")
    above = [_city_english(district.city)] if district.city else []
    unit = district.english.rsplit("-", 1)[1]
    return Candidate(
        name=", ".join([*detail, name, *above, province.name]),
        country="KR",
        kind="city" if unit == "si" else "admin2",
        admin=province.name,
        latitude=district.latitude,
        longitude=district.longitude,
        population=_WEIGHT[unit],
        geonameid=district.geonameid,
        source="korea",
    )


def _city_english(korean: str) -> str:
    return romanise(korean[:-1])


#: Seat or middle of each province, and the GeoNames id of the city or area.
_POINTS: dict[str, tuple[float, float, int]] = {
    "서울": (37.566, 126.978, 1835848), "부산": (35.180, 129.075, 1838524), "대구": (35.871, 128.602, 1835329),
    "인천": (37.456, 126.705, 1843564), "광주": (35.160, 126.852, 1841811), "대전": (36.350, 127.385, 1835235),
    "울산": (35.539, 129.311, 1833747), "세종": (36.480, 127.289, 11523293), "경기": (37.400, 127.250, 1841610),
    "강원": (37.750, 128.300, 1843125), "충북": (36.800, 127.800, 1845106), "충남": (36.550, 126.850, 1845105),
    "전북": (35.720, 127.150, 1845789), "전남": (34.870, 126.990, 1845788), "경북": (36.350, 128.800, 1841597),
    "경남": (35.350, 128.250, 1902028), "제주": (33.380, 126.550, 1846265),
}  # fmt: skip
