"""How many people were killed, hurt, held, lost, saved or arrested, as a text says."""

from __future__ import annotations

from extract.analyse import Analysis, analyse
from extract.counts.english import english_counts
from extract.counts.korean import korean_counts
from extract.counts.records import CountMention, What
from extract.people import PersonMention, find_people

__all__ = ["CountMention", "What", "find_counts"]


def find_counts(
    text: str, language: str, analysis: Analysis | None = None, people: list[PersonMention] | None = None
) -> list[CountMention]:
    """The counts of people in the analysed sentences of `text` ("ko" or "en"), by position.

    `people` saves finding them again. Raises `extract.analyse.LanguageNotReadError` for another language.
    """
    known = analysis if analysis is not None else analyse(text, language)
    persons = people if people is not None else find_people(text, language, known)
    found = (korean_counts if language == "ko" else english_counts)(text, known, persons)
    return sorted(found, key=lambda mention: (mention.start, mention.end))
