"""Date phrases of Korean and English news, read against the publication day."""

from __future__ import annotations

from datetime import date

from extract.dates.english import find_english
from extract.dates.korean import find_korean
from extract.dates.mention import DateMention, Kind

__all__ = ["DateMention", "Kind", "find_dates"]


def find_dates(text: str, language: str, published: date | None) -> list[DateMention]:
    """The date phrases of a text in order of place, none overlapping another.

    `language` is "ko" or "en" (any other finds nothing); `published` is the publication day in the outlet's own zone,
    without which relative phrases keep `value` None.
    """
    if language == "ko":
        return find_korean(text, published)
    if language == "en":
        return find_english(text, published)
    return []
