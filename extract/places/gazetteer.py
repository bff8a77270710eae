"""The world gazetteer: GeoNames places and areas, packed in `gazetteer.npz`, looked up by Latin or Hangul name."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any, Final

import numpy as np

from extract.places.errors import PACKAGE, PlaceTableError
from extract.places.mention import Candidate, Kind

KINDS: Final[tuple[Kind, ...]] = ("country", "admin1", "admin2", "city")
SOURCES: Final = ("overlay", "geonames", "nikl", "transliterated")
COMMON_WORD, PERSON_NAME = 1, 2
KOREAN_WORD = 1
_MISSING = -(2**31)
_LETTERS = str.maketrans({
    "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "ß": "ss", "’": "'", "‘": "'", "ʻ": "'",
    "`": "'",
    "-": " ", ".": " ",
})  # fmt: skip


_STROKES = str.maketrans({"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i"})


def fold(name: str) -> str:
    """A Latin name as a lookup key: lower case, no accents, one space for hyphens, dots and runs of space."""
    if not name.isascii():
        name = "".join(
            c for c in unicodedata.normalize("NFKD", name.translate(_LETTERS)) if not unicodedata.combining(c)
        )
    return " ".join(name.translate(_LETTERS).split()).casefold()


class Gazetteer:
    """Read-only tables. Looking up a name is one dictionary access; a candidate record is made only on a hit."""

    def __init__(self, arrays: dict[str, Any]) -> None:
        def lines(key: str) -> list[str]:
            return bytes(arrays[key]).decode("utf-8").split("\n")

        self._kind = arrays["kind"]
        self._country = arrays["country"]
        self._area = arrays["area"]
        self._latitude = arrays["latitude"]
        self._longitude = arrays["longitude"]
        self._population = arrays["population"]
        self._geonameid = arrays["geonameid"]
        self._countries = lines("countries")
        self._names = bytes(arrays["names"])
        self._name_ends = np.append(np.flatnonzero(arrays["names"] == 10), len(arrays["names"]))
        self._latin_starts = arrays["latin_starts"]
        self._latin_rows = arrays["latin_rows"]
        self._latin_flags = arrays["latin_flags"]
        self._hangul_starts = arrays["hangul_starts"]
        self._hangul_rows = arrays["hangul_rows"]
        self._hangul_sources = arrays["hangul_sources"]
        self._hangul_flags = arrays["hangul_flags"]
        hangul = lines("hangul_keys")
        self._latin = lines(
            "latin_keys"
        )  # sorted by the build: bisected, because a dictionary costs 50 ms at the start
        self._hangul = dict(zip(hangul, range(len(hangul)), strict=True))

    def __len__(self) -> int:
        return len(self._kind)

    def has_latin(self, key: str) -> bool:
        return self._latin_at(key) is not None

    def has_hangul(self, name: str) -> bool:
        return name in self._hangul

    def hangul_names(self) -> Iterable[str]:
        return self._hangul.keys()

    def latin_flags(self, key: str) -> int:
        """COMMON_WORD and PERSON_NAME bits of a folded name; 0 for a name not held."""
        at = self._latin_at(key)
        return 0 if at is None else int(self._latin_flags[at])

    def hangul_flags(self, name: str) -> int:
        at = self._hangul.get(name)
        return 0 if at is None else int(self._hangul_flags[at])

    def by_latin(self, key: str, limit: int = 30) -> tuple[Candidate, ...]:
        """Candidates for a folded Latin name, largest population first; () for a name not held."""
        at = self._latin_at(key)
        if at is None:
            return ()
        start, end = int(self._latin_starts[at]), int(self._latin_starts[at + 1])
        return tuple(
            self._candidate(int(row), "geonames", key) for row in self._latin_rows[start : min(end, start + limit)]
        )

    def by_hangul(self, name: str, limit: int = 12) -> tuple[Candidate, ...]:
        """Candidates for a Hangul spelling, best-sourced first; () for a spelling not held."""
        at = self._hangul.get(name)
        if at is None:
            return ()
        start, end = int(self._hangul_starts[at]), int(self._hangul_starts[at + 1])
        return tuple(
            self._candidate(int(self._hangul_rows[i]), SOURCES[int(self._hangul_sources[i])], None)
            for i in range(start, min(end, start + limit))
        )

    def _latin_at(self, key: str) -> int | None:
        at = bisect_left(self._latin, key)
        return at if at < len(self._latin) and self._latin[at] == key else None

    def _name(self, row: int) -> str:
        start = int(self._name_ends[row - 1]) + 1 if row else 0
        return _press(self._names[start : int(self._name_ends[row])].decode("utf-8"))

    def _candidate(self, row: int, source: str, key: str | None) -> Candidate:
        name = self._name(row)
        area = int(self._area[row])
        latitude, longitude = int(self._latitude[row]), int(self._longitude[row])
        kind = KINDS[int(self._kind[row])]
        return Candidate(
            name=name,
            country=self._countries[int(self._country[row])],
            kind=kind,
            admin=None if area < 0 or kind == "admin1" else self._name(area),
            latitude=None if latitude == _MISSING else latitude / 10_000,
            longitude=None if longitude == _MISSING else longitude / 10_000,
            population=int(self._population[row]),
            geonameid=int(self._geonameid[row]),
            primary=key is None or fold(name) == key,
            source=source,
        )


def _press(name: str) -> str:
    """A GeoNames name as English-language papers print it: Latin-1 accents stay (São Paulo), others go (Rishīkesh)."""
    try:
        name.replace("’", "'").encode("latin-1")
    except UnicodeEncodeError:
        name = "".join(
            c for c in unicodedata.normalize("NFKD", name.translate(_STROKES)) if not unicodedata.combining(c)
        )
    return name.replace("’", "'")


@cache
def gazetteer() -> Gazetteer:
    """The shipped tables, read once a process. Raises PlaceTableError where the file is missing."""
    path = resources.files(PACKAGE).joinpath("gazetteer.npz")
    if not path.is_file():
        raise PlaceTableError(
            "gazetteer.npz", 0, "the gazetteer is missing; build it with python -m training.gazetteer"
        )
    with path.open("rb") as stream, np.load(stream, allow_pickle=False) as packed:
        return Gazetteer({key: packed[key] for key in packed.files})
