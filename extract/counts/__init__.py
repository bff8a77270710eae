"""How many people were killed, hurt, held, lost, saved or arrested, as a text says."""

from __future__ import annotations

from extract.analyse import Analysis, Sentence, analyse
from extract.counts.english import english_counts, english_fates
from extract.counts.korean import korean_counts, korean_fates
from extract.counts.records import CountMention, Harm, What
from extract.people import PersonMention, find_people

__all__ = ["CountMention", "Harm", "What", "fates_told", "find_counts"]


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


def fates_told(text: str, language: str, sentence: Sentence) -> set[What]:
    """What a sentence of `text` ("ko" or "en") says became of people: killed, injured, rescued ..., counted or not."""
    return korean_fates(text, sentence) if language == "ko" else english_fates(sentence)
