"""Words that say what became of people that are counted."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from extract.lexicon.tables import read_rows, shipped

COLUMNS = ("words", "what", "note")
WHAT = ("killed", "injured", "held", "missing", "rescued", "arrested", "victims", "casualties")


@cache
def casualty_words(language: str) -> Mapping[str, str]:
    """Word to what it says, of casualties_ko.tsv (as printed) or casualties_en.tsv (lemmas)."""
    return read_casualty_words(shipped(f"casualties_{language}.tsv"))


def read_casualty_words(source: tuple[str, str]) -> Mapping[str, str]:
    """The words of a table; raises `LexiconError` on an unknown kind or a word that says two things."""
    words: dict[str, str] = {}
    for row in read_rows(source, COLUMNS):
        what = row.one_of("what", WHAT)
        for word in row.need("words").replace("_", " ").split("|"):
            if words.setdefault(word, what) != what:
                raise row.wrong(f"{word} says {words[word]} already")
    return words
