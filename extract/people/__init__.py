"""Who is described in a text: name, age, gender, nationality, number, and what the noun says of their part."""

from __future__ import annotations

from extract.analyse import Analysis, analyse
from extract.nationality import NationalityMention, find_nationalities
from extract.people.english import english_people
from extract.people.korean import korean_people
from extract.people.korean_nations import THEY
from extract.people.records import PersonMention

__all__ = ["THEY", "PersonMention", "find_people"]


def find_people(
    text: str,
    language: str,
    analysis: Analysis | None = None,
    nationalities: list[NationalityMention] | None = None,
    outlet_country: str | None = None,
) -> list[PersonMention]:
    """The people described in the analysed sentences of `text` ("ko" or "en"), by position; mentions do not overlap.

    `nationalities` saves finding them again. Raises `extract.analyse.LanguageNotReadError` for another language.
    """
    known = analysis if analysis is not None else analyse(text, language)
    found = nationalities if nationalities is not None else find_nationalities(text, language, known, outlet_country)
    return list((korean_people if language == "ko" else english_people)(text, known, found))
