"""A mention of a country's people, institutions, goods, or of the country itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["person", "institution", "language_or_food", "country", "origin", "home"]


@dataclass(frozen=True, slots=True)
class NationalityMention:
    """`text` is what is printed at [start, end); `country` is ISO 3166-1 alpha-2.

    person: said of people ("한국인 관광객", "a Briton"). institution: a state's or firm's ("Cambodian police").
    origin: birth or descent, no nationality by itself ("베트남 출신", "Vietnam-born", "한국계").
    language_or_food: goods, dishes, languages. country: the country as such. home: the town that people are from.
    """

    start: int
    end: int
    text: str
    country: str
    kind: Kind
