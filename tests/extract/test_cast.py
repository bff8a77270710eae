"""Who stands in a report: a nation named beside one of its people is nobody more."""

from __future__ import annotations

from extract.cast import Member, without_echoes
from extract.people import PersonMention


def member(text: str, *, nationality: str | None = None, group: bool = False, count: int | None = None) -> Member:
    return Member((PersonMention(0, len(text), text, group=group, count=count),), 0.8, nationality)


STUDENT = member("a Korean student", nationality="KR")
KOREANS = member("Koreans", nationality="KR", group=True)


def test_a_group_without_number_is_no_victim_beside_one_of_its_nation() -> None:
    assert without_echoes([STUDENT, KOREANS]) == [STUDENT]


def test_a_group_that_stands_alone_or_has_a_number_or_another_nation_stays() -> None:
    two = member("two Koreans", nationality="KR", group=True, count=2)
    thais = member("Thais", nationality="TH", group=True)
    assert without_echoes([KOREANS]) == [KOREANS]
    assert without_echoes([STUDENT, two, thais]) == [STUDENT, two, thais]
