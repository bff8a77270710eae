"""Words that join a sentence to what an article has told before it."""

from __future__ import annotations

import re
from functools import cache

from extract.lexicon.tables import read_rows, shipped

COLUMNS = ("words", "kind", "where", "note")
KINDS = ("further", "earlier", "back")
WHERE = ("start", "within")
#: How many characters from its beginning still are the start of a sentence (a place or a day may go before the mark).
_START = {"ko": 8, "en": 24}

Marks = dict[tuple[str, str], tuple[str, ...]]


@cache
def discourse_marks(language: str) -> Marks:
    """(kind, where) to the words of discourse_ko.tsv or discourse_en.tsv."""
    return read_discourse_marks(shipped(f"discourse_{language}.tsv"))


def read_discourse_marks(source: tuple[str, str]) -> Marks:
    """The words of a table; raises `LexiconError` on an unknown kind or place."""
    marks: dict[tuple[str, str], tuple[str, ...]] = {}
    for row in read_rows(source, COLUMNS):
        key = row.one_of("kind", KINDS), row.one_of("where", WHERE)
        words = tuple(word.replace("_", " ") for word in row.need("words").split("|"))
        marks[key] = (*marks.get(key, ()), *words)
    return marks


@cache
def _patterns(language: str) -> dict[tuple[str, str], re.Pattern[str]]:
    border = r"(?<!\w)" if language == "en" else ""
    return {
        (kind, where): re.compile(border + "(?:" + "|".join(map(re.escape, words)) + ")", re.IGNORECASE)
        for (kind, where), words in discourse_marks(language).items()
    }


def marks_in(sentence: str, language: str) -> frozenset[str]:
    """ "further start", "earlier within" and the like: the marks that `sentence` holds."""
    return frozenset(
        f"{kind} {where}"
        for (kind, where), pattern in _patterns(language).items()
        if (found := pattern.search(sentence)) and (where == "within" or found.start() <= _START[language])
    )
