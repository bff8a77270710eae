"""Given names and the gender they tell."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from extract.lexicon.tables import read_rows, shipped

COLUMNS = ("names", "gender", "note")


@cache
def first_names() -> Mapping[str, str | None]:
    """Given name to "male", "female" or None (it only says that a person is named), of first_names_en.tsv."""
    return read_first_names(shipped("first_names_en.tsv"))


def read_first_names(source: tuple[str, str]) -> Mapping[str, str | None]:
    """The names of a table; a name of two genders tells none. Raises `LexiconError` on an unknown gender."""
    names: dict[str, str | None] = {}
    for row in read_rows(source, COLUMNS):
        gender = row.get("gender")
        if gender not in (None, "male", "female"):
            raise row.wrong(f"gender is {gender!r}, not male, female or empty")
        for name in row.need("names").split("|"):
            if not name:
                raise row.wrong("an empty alternative between bars")
            names[name] = gender if names.get(name, gender) == gender else None
    return names
