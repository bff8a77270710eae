"""Which nationalities a text names, and of what: people, institutions, goods, descent, or the country itself."""

from __future__ import annotations

from extract.analyse import Analysis
from extract.nationality.english import english_mentions
from extract.nationality.korean import korean_mentions
from extract.nationality.records import Kind, NationalityMention

__all__ = ["Kind", "NationalityMention", "find_nationalities"]


def find_nationalities(
    text: str, language: str, analysis: Analysis | None = None, outlet_country: str | None = None
) -> list[NationalityMention]:
    """The mentions in `text`, by position.

    `outlet_country` (ISO alpha-2) is what "우리 국민" means; a Korean text of an outlet whose country is not
    known is taken for a Korean outlet's. With an `analysis`, Korean names that are also ordinary words (이란, 수단)
    count alone where kiwi reads a proper noun; without one they need company.
    """
    if language == "ko":
        return korean_mentions(text, analysis, "KR" if outlet_country in (None, "KR") else None)
    return list(english_mentions(text, analysis))
