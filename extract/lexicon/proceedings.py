"""Korean predicates that tell what was done or said about an act, or that it came to light."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from extract.lexicon.tables import read_rows, shipped

COLUMNS = ("words", "class", "note")
CLASSES = ("found", "caught", "report", "statement", "proceeding", "held")


@cache
def proceeding_words() -> Mapping[str, str]:
    """Lemma to class, of proceedings_ko.tsv."""
    return read_proceeding_words(shipped("proceedings_ko.tsv"))


def read_proceeding_words(source: tuple[str, str]) -> Mapping[str, str]:
    """The words of a table; raises `LexiconError` on an unknown class or a word of two classes."""
    words: dict[str, str] = {}
    for row in read_rows(source, COLUMNS):
        kind = row.one_of("class", CLASSES)
        for word in row.need("words").split("|"):
            if words.setdefault(word, kind) != kind:
                raise row.wrong(f"{word} is {words[word]} already")
    return words
