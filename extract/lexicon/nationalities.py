"""What each country and its people are called, in both languages: CLDR names with the words of nationalities.tsv."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from babel import Locale

from extract.lexicon.tables import read_rows, shipped

COLUMNS = ("iso", "en_names", "adjectives", "nouns", "ko_names", "unsure")
#: CLDR's name holds a status beside the name: 홍콩(중국 특별행정구), Hong Kong SAR China, Côte d’Ivoire.
_STATUS = re.compile(r"\s*(?:\([^)]*\)|SAR China|지구|시국)$")
#: Uninhabited, or no country's people are named after them.
_NOT_PEOPLED = frozenset(
    ("AQ", "BV", "HM", "TF", "UM", "GS", "IO", "CP", "DG", "QO", "EU", "EZ", "UN", "XA", "XB", "ZZ")
)
#: CLDR writes these otherwise than the press does, so that its own name would never be met or would mislead.
_PRESS_ONLY = frozenset(("CG", "CD"))


@dataclass(frozen=True, slots=True)
class Nationality:
    """One country's words. `unsure` holds those that need company to be read as the country."""

    iso: str
    en_names: tuple[str, ...]
    adjectives: tuple[str, ...]
    nouns: tuple[str, ...]
    ko_names: tuple[str, ...]
    unsure: frozenset[str]


@cache
def nationalities() -> Mapping[str, Nationality]:
    """Every country by ISO 3166-1 alpha-2 code."""
    return read_nationalities(shipped("nationalities.tsv"))


def read_nationalities(source: tuple[str, str]) -> Mapping[str, Nationality]:
    """The countries of CLDR with the words of a table.

    Raises `LexiconError` on a code that CLDR has not, a country given twice, or one word given to two countries.
    """
    english, korean = Locale("en").territories, Locale("ko").territories
    found: dict[str, Nationality] = {}
    owner: dict[str, str] = {}
    for row in read_rows(source, COLUMNS):
        iso = row.need("iso")
        if iso not in english:
            raise row.wrong(f"{iso} is no country code of CLDR")
        if iso in found:
            raise row.wrong(f"{iso} stands here a second time")
        cells = {column: tuple((row.get(column) or "").split("|")) if row.get(column) else () for column in COLUMNS[1:]}
        for word in {*cells["en_names"], *cells["adjectives"], *cells["nouns"], *cells["ko_names"]}:
            if owner.setdefault(word, iso) != iso:
                raise row.wrong(f"{word} stands already for {owner[word]}")
        names, ko_names = cells["en_names"], cells["ko_names"]
        if iso not in _PRESS_ONLY:
            names += (_STATUS.sub("", english[iso]).replace("’", "'"),)
            ko_names += (_STATUS.sub("", korean[iso]),)
        found[iso] = Nationality(
            iso,
            tuple(dict.fromkeys(names)),
            cells["adjectives"],
            cells["nouns"],
            tuple(dict.fromkeys(ko_names)),
            frozenset(cells["unsure"]),
        )
    for iso, name in english.items():
        if len(iso) == 2 and iso in korean and iso not in found and iso not in _NOT_PEOPLED:
            ko = (_STATUS.sub("", korean[iso]),)
            found[iso] = Nationality(iso, (_STATUS.sub("", name),), (), (), ko, frozenset())
    return found
