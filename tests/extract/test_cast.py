"""Who stands in a report: a nation named beside one of its people is nobody more."""

from __future__ import annotations

from typing import Any

import pytest

from extract.cast import (
    Member,
    antecedent,
    attach_nations,
    without_doers,
    without_echoes,
    without_totals,
    without_unnamed,
)
from extract.document import Document, build_document
from extract.incidents import fatal_types
from extract.people import PersonMention
from extract.records import Article
from extract.scorers.context import Focus
from extract.scorers.linear import LinearModel, Weights
from extract.scorers.roles import nations_of, people_of


def member(text: str, *, nationality: str | None = None, group: bool = False, count: int | None = None) -> Member:
    return Member((PersonMention(0, len(text), text, group=group, count=count),), 0.8, nationality)


STUDENT = member("a Korean student", nationality="KR")
KOREANS = member("Koreans", nationality="KR", group=True)


def test_a_group_without_number_is_no_victim_beside_one_of_its_nation() -> None:
    assert without_echoes([STUDENT, KOREANS]) == [STUDENT]


def test_a_group_without_number_did_nothing_to_one_of_its_own_nation() -> None:
    thais = member("Thais", nationality="TH", group=True)
    assert without_echoes([KOREANS, thais], [STUDENT]) == [thais]


def test_a_group_that_stands_alone_or_has_a_number_or_another_nation_stays() -> None:
    two = member("two Koreans", nationality="KR", group=True, count=2)
    thais = member("Thais", nationality="TH", group=True)
    assert without_echoes([KOREANS]) == [KOREANS]
    assert without_echoes([STUDENT, two, thais]) == [STUDENT, two, thais]


def test_nationals_of_a_suspect_s_country_are_no_victims_but_our_own_and_those_of_the_same_are() -> None:
    text = "중국인 관광객이 경비원을 때렸다. 한국인 총책이 한국인을 속였다. 태국인이 같은 태국인을 찔렀다."
    doc = build_document(Article(id="1", title="", text=text, language="ko", country="KR"), "ko")
    alone = [(0.8, nation) for nation in doc.nationalities]
    kept = [nation.country for _, nation in without_doers(doc, alone, {"CN", "KR", "TH"})]
    assert kept == ["KR", "KR", "TH"]
    assert [nation.country for _, nation in without_doers(doc, alone, set())] == ["CN", "KR", "KR", "TH", "TH"]


def test_a_bare_number_beside_somebody_described_is_the_toll_of_all_and_no_victim() -> None:
    four = member("4명", group=True, count=4)
    boy = Member((PersonMention(0, 6, "10대 아들", age="10s", head="아들"),), 0.8)
    sailors = Member((PersonMention(0, 5, "선원 6명", count=6, head="선원", group=True),), 0.8)
    assert without_totals([four, boy]) == [boy]
    assert without_totals([four, sailors]) == [sailors]


def test_a_bare_number_stays_where_it_is_all_that_is_told_or_has_a_nationality() -> None:
    four = member("4명", group=True, count=4)
    three = member("3명", group=True, count=3, nationality="KR")
    assert without_totals([four]) == [four]
    assert without_totals([three, STUDENT]) == [three, STUDENT]


def _person(text: str, **told: Any) -> Member:
    return Member((PersonMention(0, len(text), text, **told),), 0.8)


MAN = _person("A man", head="man", gender="male")
NAMED = _person("Ovid Brannock, 32", name="Ovid Brannock", age="32", gender="male")


def test_a_noun_for_anybody_is_whoever_is_told_more_exactly() -> None:
    assert without_unnamed([MAN, NAMED]) == [NAMED]
    girl = _person("a 9-year-old girl", head="girl", age="9", gender="female")
    two = _person("two people", head="people", count=2, group=True)
    assert without_unnamed([two, NAMED, girl]) == [NAMED, girl]


def test_a_noun_for_anybody_stays_where_nobody_else_can_be_meant() -> None:
    girl = _person("a 9-year-old girl", head="girl", age="9", gender="female")
    another = _person("another man", head="man", gender="male")
    wife = _person("his wife", head="wife", relation="wife", gender="female")
    three = _person("three people", head="people", count=3, group=True)
    for member_ in (another, three):
        assert without_unnamed([member_, NAMED]) == [member_, NAMED]
    assert without_unnamed([MAN, girl]) == [MAN, girl]
    assert without_unnamed([wife, girl]) == [wife, girl]
    assert without_unnamed([MAN]) == [MAN]


def everywhere(doc: Document) -> Focus:
    return Focus([0.9] * len(doc.sentences), ("accident",), [])


@pytest.mark.parametrize(
    ("text", "language", "nations"),
    [
        ("벨마에서 강진으로 3명이 숨졌다. 한국인 피해는 없는 것으로 파악됐다.", "ko", []),
        ("벨마에서 강진으로 3명이 숨졌다. 교민 피해는 아직까지 접수되지 않았다.", "ko", []),
        ("벨마에서 강진이 났다. 한국인 피해가 잇따랐다.", "ko", ["KR"]),
        ("벨마에서 강진이 났다. 한국인 피해자는 2명이다.", "ko", ["KR"]),
        ("A quake struck. No Koreans were hurt.", "en", []),
        ("A quake struck. Two Koreans were hurt.", "en", ["KR"]),
    ],
)
def test_those_of_whom_nothing_befell_are_asked_about_no_role(text: str, language: str, nations: list[str]) -> None:
    doc = build_document(Article(id="1", title="", text=text, language=language), language)
    assert [n.country for n in nations_of(doc, everywhere(doc)) if n.kind == "person"] == nations
    assert all(p.nationality is None for p in people_of(doc, everywhere(doc))) == (nations == [])


def test_they_are_the_group_last_named_and_their_nationality_is_nobody_of_its_own() -> None:
    text = "경찰은 빈집을 턴 일당 3명을 붙잡았다. 이들은 모두 몽골 국적으로 확인됐다. 주민은 태국 국적 여성이다."
    doc = build_document(Article(id="1", title="", text=text, language="ko"), "ko")
    gang = next(p for p in doc.people if "일당" in p.text)
    mongolian, thai = doc.nationalities
    assert antecedent(doc, mongolian) == gang
    assert antecedent(doc, thai) is None
    assert not any(p.start <= mongolian.start < p.end for p in doc.people)
    members, alone = attach_nations(doc, [Member((gang,), 0.9)], [(0.8, mongolian)])
    assert ([m.nationality for m in members], alone) == (["MN"], [])


@pytest.mark.parametrize(("dead", "kinds"), [(0.9, ["homicide", "assault"]), (0.3, [])])
def test_a_killing_makes_an_assault_a_homicide_where_the_death_is_the_surer(dead: float, kinds: list[str]) -> None:
    doc = build_document(Article(id="1", title="", text="그는 이웃을 폭행했다.", language="ko"), "ko")
    weights = Weights({"type.ko": LinearModel({}, 0.0)}, {}, {}, "2026-11-29")
    assert [kind for kind, _ in fatal_types(doc, weights, None, [("assault", 0.5)], dead)] == kinds
