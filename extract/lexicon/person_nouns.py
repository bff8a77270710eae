"""Nouns for people and what they say of gender and role; nouns that make a nationality an institution's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from extract.lexicon.tables import read_rows, shipped

COLUMNS = ("noun", "gender", "role", "note")
ROLES = ("person", "kin", "minor", "group", "victim", "suspect", "official")


@dataclass(frozen=True, slots=True)
class PersonNoun:
    """One noun. `gender` is "male", "female" or None; `role` one of `ROLES`, the first given for the noun."""

    noun: str
    gender: str | None
    role: str


@cache
def person_nouns(language: str) -> Mapping[str, PersonNoun]:
    """The person nouns of person_nouns_ko.tsv or person_nouns_en.tsv, by noun (spaces as printed)."""
    return read_person_nouns(shipped(f"person_nouns_{language}.tsv"))


def read_person_nouns(source: tuple[str, str]) -> Mapping[str, PersonNoun]:
    """The nouns of a table. A noun may stand in two rows (actor: person; male); where
    the rows' genders differ (신부: bride, priest) the noun tells no gender.

    Raises `LexiconError` on an unknown gender or role.
    """
    nouns: dict[str, PersonNoun] = {}
    for row in read_rows(source, COLUMNS):
        given = row.get("gender")
        if given not in (None, "male", "female"):
            raise row.wrong(f"gender is {given!r}, not male, female or empty")
        role = row.one_of("role", ROLES)
        for noun in row.need("noun").replace("_", " ").split("|"):
            before = nouns.get(noun)
            if before is None:
                nouns[noun] = PersonNoun(noun, given, role)
            elif given is not None:
                gender = given if before.gender in (None, given) else None
                nouns[noun] = PersonNoun(noun, gender, before.role)
    return nouns


@cache
def word_list(name: str) -> frozenset[str]:
    """The words of a plain list file, `#` lines apart."""
    _, text = shipped(name)
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())
