"""What later mentions tell of somebody named or described before: "a French woman ... the 27-year-old ... the dancer".

English news gives an age once and often as a stand-in for the person. The stand-in takes the name of the person it
stands for, and the person takes its age; mentions that share a name share age and gender.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from extract.people.records import PersonMention

_DEFINITE = re.compile(r"(?:the|this) ", re.IGNORECASE)
#: How many sentences back a stand-in reaches; one that repeats the noun ("a helper ... the 47-year-old helper") reaches on.
_REACH = 3
_REACH_BY_NOUN = 8


def with_stand_ins(everyone: Sequence[PersonMention], starts: Sequence[int]) -> list[PersonMention]:
    """`everyone`, by position, with what stand-ins and later namings tell; `starts` are the sentences' offsets.

    A stand-in ("the 27-year-old", count 1, an age of its own) is read as the first person of the nearest sentence
    before it who may be it: one person, no official, no other age, gender, name or nationality.
    """
    people = _shared_by_name(list(everyone))
    at = [bisect_right(starts, person.start) for person in people]
    for i, stand_in in enumerate(people):
        if stand_in.age is None or stand_in.count != 1 or not _DEFINITE.match(stand_in.text):
            continue
        if stand_in.name is not None and any(p.name == stand_in.name for p in people[:i]):
            continue
        known = _antecedent(people, at, i)
        if known is None:
            continue
        person = people[known]
        gender = person.gender or stand_in.gender
        name = person.name or stand_in.name
        people[i] = replace(stand_in, name=name, gender=gender, nationality=stand_in.nationality)
        people[known] = replace(person, age=stand_in.age, gender=gender, name=name)
    return _shared_by_name(people)


def _antecedent(people: Sequence[PersonMention], at: Sequence[int], i: int) -> int | None:
    stand_in = people[i]
    best: tuple[int, int, int] | None = None
    for j in range(i):
        gap = at[i] - at[j]
        same_noun = stand_in.head is not None and people[j].head == stand_in.head
        if gap > (_REACH_BY_NOUN if same_noun else _REACH) or not _may_be(people[j], stand_in):
            continue
        # The nearest sentence before this one, its first person; the same sentence last of all.
        rank = (not same_noun, gap if gap else _REACH + 1, j)
        if best is None or rank < best:
            best = rank
    return best[2] if best else None


def _may_be(person: PersonMention, stand_in: PersonMention) -> bool:
    if person.count != 1 or person.is_official or person.age not in (None, stand_in.age) or person.relation:
        return False
    if person.age == stand_in.age:
        return True
    for attribute in ("gender", "nationality"):
        one, other = getattr(person, attribute), getattr(stand_in, attribute)
        if one is not None and other is not None and one != other:
            return False
    if person.name is not None and stand_in.name is not None:
        return stand_in.name in person.name or person.name in stand_in.name
    return person.head != "suspect" or stand_in.head in (None, "suspect")


def _shared_by_name(people: list[PersonMention]) -> list[PersonMention]:
    """Age and gender of one naming for all, where the namings agree ("Lee Hung-yuan ... Lee, 55")."""
    groups: dict[str, list[int]] = {}
    full = [p.name for p in people if p.name and " " in p.name]
    for i, person in enumerate(people):
        if person.name and person.count == 1:
            bearers = {name for name in full if person.name in name.split()} if " " not in person.name else set()
            groups.setdefault(bearers.pop() if len(bearers) == 1 else person.name, []).append(i)
    for members in groups.values():
        for attribute in ("age", "gender"):
            told = {v for i in members if (v := getattr(people[i], attribute)) is not None}
            if len(told) == 1:
                value = told.pop()
                for i in members:
                    people[i] = replace(people[i], **{attribute: value})
    return people
