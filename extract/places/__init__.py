"""Place names in Korean and English news: found, with what surrounds them, and resolved to a place on the map.

mentions = find_places(text, "ko")
resolved = resolve_places(mentions, outlet_country="KR", votes={"KH": 2.0})
"""

from __future__ import annotations

from extract.places.countries import country_of
from extract.places.english import find_english
from extract.places.errors import PlaceTableError
from extract.places.korean import find_korean
from extract.places.mention import Candidate, PlaceMention, ResolvedPlace
from extract.places.resolve import country_votes, resolve_places

__all__ = [
    "Candidate",
    "PlaceMention",
    "PlaceTableError",
    "ResolvedPlace",
    "country_of",
    "country_votes",
    "find_places",
    "resolve_places",
]


def find_places(text: str, language: str, *, outlet_country: str | None = None) -> list[PlaceMention]:
    """Place mentions of `text` in order of appearance, not overlapping; offsets are into `text`.

    `language` is "ko" or "en"; any other gives []. `outlet_country` (ISO alpha-2) lets a Korean outlet's bare
    "중구" keep its meaning; it never adds a mention by itself.
    """
    if language == "ko":
        return find_korean(text)
    if language == "en":
        return find_english(text, outlet_country)
    return []
