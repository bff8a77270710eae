"""Words that kiwi's dictionary lacks and that news of crime abroad needs whole."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from extract.lexicon.tables import Row, read_rows, shipped

COLUMNS = ("form", "tag", "note")
_TAGS = ("NNG", "NNP")


@dataclass(frozen=True, slots=True)
class UserWord:
    """A word for kiwi's user dictionary. `score` above 0 makes kiwi prefer it over a split reading."""

    form: str
    tag: str
    score: float = 0.0


@cache
def user_words() -> tuple[UserWord, ...]:
    """The words of user_words_ko.tsv."""
    return read_user_words(shipped("user_words_ko.tsv"))


def read_user_words(source: tuple[str, str]) -> tuple[UserWord, ...]:
    """The user words of a table; raises `LexiconError` on an unknown tag or a word given twice."""
    seen: dict[str, Row] = {}
    words = []
    for row in read_rows(source, COLUMNS):
        form = row.need("form")
        if form in seen:
            raise row.wrong(f"{form} stands already on line {seen[form].line}")
        seen[form] = row
        words.append(UserWord(form, row.one_of("tag", _TAGS)))
    return tuple(words)
