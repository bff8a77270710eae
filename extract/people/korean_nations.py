"""Nationalities that stand outside a Korean mention's own words: in its brackets, as predicate, by reference."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from extract.analyse import Sentence
from extract.nationality import NationalityMention
from extract.people.records import PersonMention

_SAME = re.compile(r"같은\s?국적(?:의|인)?\s?$|같은\s?나라\s?(?:출신|사람인)\s?$")
_SUBJECT = re.compile(r"(?:\([^()]*\))?(?:은|는|이|가|도|등은|등이)\s")
_PREDICATE = re.compile(r"(?:이다|이며|이고|이라|였|이었|으로|로\s|인\s?것|라고|로(?:\s|$)|[.]|$)")
_REACH = 60
#: "They", before the nationality of all of them: "이들은 모두 몽골 국적으로 확인됐다".
THEY = re.compile(r"(?:이들|그들|두 사람|일당)(?:은|이|도)?\s(?:[가-힣]{1,6}\s){0,2}$")


def with_nations(
    people: list[PersonMention], nationalities: list[NationalityMention], text: str, sentence: Sentence
) -> Iterator[PersonMention]:
    """The people of one sentence with the nationality of "A(60·미국)씨", "A씨는 중국인으로", "같은 국적의 B씨".

    A nationality that became the predicate of some person, or of 이들 ("they"), is no mention of its own any more.
    """
    taken: set[int] = set()
    found: list[PersonMention] = []
    for at, person in enumerate(people):
        if person.nationality is None:
            nation = _in_brackets(person, nationalities) or _same(person, people[:at], text, sentence)
            if nation is None and person.count == 1 and not person.is_official:
                follower = people[at + 1] if at + 1 < len(people) else None
                if follower is not None and _is_predicate(person, follower, text):
                    taken.add(at + 1)
                    nation = follower.nationality, follower.nationality_span
            if nation is not None:
                person = replace(person, nationality=nation[0], nationality_span=nation[1])
        elif (person.start, person.end) == person.nationality_span and THEY.search(
            text[max(sentence.start, person.start - _REACH) : person.start]
        ):
            taken.add(at)
        found.append(person)
    yield from (person for at, person in enumerate(found) if at not in taken)


_Nation = tuple[str | None, tuple[int, int] | None]


def _in_brackets(person: PersonMention, nationalities: list[NationalityMention]) -> _Nation | None:
    for mention in nationalities:
        opening = person.text.find("(")
        if (
            mention.kind in ("country", "person")
            and person.start + opening < mention.start < person.end
            and opening >= 0
        ):
            return mention.country, (mention.start, mention.end)
    return None


def _same(person: PersonMention, before: list[PersonMention], text: str, sentence: Sentence) -> _Nation | None:
    if not _SAME.search(text[max(sentence.start, person.start - 10) : person.start]):
        return None
    other = next((one for one in reversed(before) if one.nationality is not None), None)
    return None if other is None else (other.nationality, other.nationality_span)


def _is_predicate(person: PersonMention, nation: PersonMention, text: str) -> bool:
    """Whether `nation` is only a nationality that is said of `person`: "A씨는 베트남 국적으로 확인됐다"."""
    if nation.nationality_span != (nation.start, nation.end) or nation.start - person.end > _REACH:
        return False
    between = text[person.end : nation.start]
    return (
        bool(_SUBJECT.match(between))
        and "," not in between
        and bool(_PREDICATE.match(text[nation.end : nation.end + 4]))
    )
