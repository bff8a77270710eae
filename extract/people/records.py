"""A person or a group as a text describes one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PersonMention:
    """`text[start:end]` describes one person or one group.

    `age` is "22" or "20s", `gender` "male" or "female", `nationality` ISO alpha-2 with `nationality_span` the words
    that say so; `count` is how many people (None where a group's size is not told), `head` the noun that says
    what they are, `relation` a word of kinship (아내, wife), `role_hint` the role of the head noun in
    person_nouns_*.tsv. A letter (A씨) is a name only where nothing else in the mention names the person.
    """

    start: int
    end: int
    text: str
    name: str | None = None
    age: str | None = None
    gender: str | None = None
    nationality: str | None = None
    nationality_span: tuple[int, int] | None = None
    count: int | None = None
    head: str | None = None
    relation: str | None = None
    is_official: bool = False
    group: bool = False
    role_hint: str | None = None
