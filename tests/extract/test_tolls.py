"""How many were harmed, and what became of each: nought only where it is said, one by one added up, fates by the tolls."""

from __future__ import annotations

import pytest

from extract.cast import Member, Toll, outcome_of
from extract.counts import Harm
from extract.document import Document, build_document
from extract.people import PersonMention
from extract.records import Article, Count
from extract.scorers.context import Focus
from extract.scorers.linear import LinearModel, Weights
from extract.scorers.toll import TollCandidate, said_none, same_words, toll_candidates
from extract.slots import Draft, choose_tolls

TWO_DEAD = "경찰은 김모(51)씨가 흉기에 찔려 숨졌다고 밝혔다. 옆집의 박모(24)씨도 숨진 채 발견됐다."
#: A fire that harmed nobody, and one hurt elsewhere on the same day. Invented.
FIRE = "7일 오전 벨마동의 창고에서 불이 났다. 인명 피해는 없었다."
HURT = FIRE + " 같은 날 오리목의 공장 화재로 2명이 다쳤다."


def read(text: str, language: str = "ko") -> Document:
    return build_document(Article(id="1", title="", text=text, language=language), language)


def focus(doc: Document, scope: frozenset[int] | None = None) -> Focus:
    return Focus([0.9] * len(doc.sentences), ("homicide",), [t.start for t in doc.triggers], scope)


def several(doc: Document, what: Harm) -> list[TollCandidate]:
    return [c for c in toll_candidates(doc, focus(doc), what, []) if c.source == "several"]


def test_people_told_of_one_by_one_are_added_up_with_the_words_for_each() -> None:
    doc = read(TWO_DEAD)
    (candidate,) = several(doc, "killed")
    assert (candidate.low, candidate.high) == (2, 2)
    assert [doc.text[a:b] for a, b in candidate.spans] == ["김모(51)씨", "박모(24)씨"]
    assert several(doc, "injured") == []


def test_the_same_person_told_twice_is_one() -> None:
    assert several(read("김모(51)씨가 흉기에 찔려 숨졌다. 경찰은 숨진 김모씨의 이웃을 조사했다."), "killed") == []


def chosen(doc: Document, scope: frozenset[int] | None = None) -> tuple[dict[Harm, Count], Draft]:
    """The tolls of scorers that take every counted phrase and nothing else."""
    counted = LinearModel({"source counted": 9.0}, -4.0)
    names = [f"{what}.ko" for what in ("killed", "injured", "held", "missing")]
    draft = Draft(doc, Weights(dict.fromkeys(names, counted), dict.fromkeys(names, 0.5), {}, "2026-11-28"))
    return {what: toll.count for what, toll in choose_tolls(draft, focus(doc, scope), []).items()}, draft


def test_nought_is_given_where_the_text_says_it_with_its_words() -> None:
    tolls, draft = chosen(read(FIRE))
    assert tolls == {"killed": Count(0, 0), "injured": Count(0, 0)}
    assert {(e.field, e.quote) for e in draft.evidence} == {("killed", "인명 피해는 없"), ("injured", "인명 피해는 없")}


def test_nought_is_not_given_beside_somebody_who_was_hurt_nor_for_another_event() -> None:
    doc = read(HURT)
    assert chosen(doc)[0] == {"injured": Count(2, 2)}
    last = frozenset((len(doc.sentences) - 1,))
    assert said_none(doc, focus(doc, last), "killed") == []
    assert chosen(doc, last)[0] == {"injured": Count(2, 2)}


def member(doc: Document, words: str, count: int = 1) -> Member:
    at = doc.text.index(words)
    return Member((PersonMention(at, at + len(words), words, count=count, group=count > 1),), 0.9)


def toll(number: int, doc: Document, words: str) -> Toll:
    at = doc.text.index(words)
    return Toll(Count(number, number), ((at, at + len(words)),))


#: 18 of 22 dead and 8 hurt stand in sentences that say nothing of what became of them. Invented.
PLANT = "오리목 공장 화재로 22명이 숨지고 8명이 다쳤다. 국적은 벨마 18명, 오스트 1명으로 파악됐다."
TRIAL = "박모(24)씨를 살해한 혐의로 기소된 이웃은 박씨를 감금한 일도 있다."


@pytest.mark.parametrize(
    ("kind", "people", "count", "tolls", "outcome"),
    [
        ("accident", 19, 18, {"killed": 22, "injured": 8}, "killed"),  # only the dead are so many
        ("accident", 19, 1, {"killed": 22, "injured": 8}, "injured"),
        ("accident", 19, 1, {"missing": 3}, "missing"),
        ("accident", 19, 18, {}, "other"),  # nobody says
        ("accident", 1, 1, {"killed": 1, "injured": 1}, "killed"),  # the only victim of an event with one dead
        ("fraud", 19, 18, {}, "defrauded"),
    ],
)
def test_what_became_of_a_victim_follows_the_tolls(
    kind: str, people: int, count: int, tolls: dict[Harm, int], outcome: str
) -> None:
    doc = read(PLANT)
    words = "18명" if count == 18 else "1명"
    given = {what: toll(number, doc, "22명") for what, number in tolls.items()}
    assert outcome_of(doc, member(doc, words, count), kind, given, people) == outcome


def test_the_words_of_a_toll_and_a_homicide_s_only_victim_say_more_than_the_next_act() -> None:
    doc = read(TRIAL)
    victim = member(doc, "박모(24)씨")
    assert outcome_of(doc, victim, "homicide", {}, 1) == "killed"
    kidnapped = member(doc, "박씨")
    assert outcome_of(doc, kidnapped, "homicide", {}, 2) == "detained"
    assert outcome_of(doc, kidnapped, "homicide", {"killed": toll(1, doc, "박씨")}, 2) == "killed"


def test_the_hurt_are_those_of_the_dead_and_the_hurt_who_are_not_dead() -> None:
    tolls, draft = chosen(read("사상자 9명이 발생한 벨마동 공장 화재로 7명이 숨졌다."))
    assert tolls == {"killed": Count(7, 7), "injured": Count(2, 2)}
    assert {e.quote for e in draft.evidence if e.field == "injured"} == {"9명", "7명"}
    assert chosen(read("사상자 7명이 발생한 벨마동 공장 화재로 7명이 숨졌다."))[0] == {"killed": Count(7, 7)}


def test_the_dead_and_the_hurt_together_are_neither() -> None:
    doc = read("벨마동 공장 화재로 노동자 9명이 사상했다.")
    (worker,) = [p for p in doc.people if p.count == 9]
    assert [
        c for c in toll_candidates(doc, focus(doc), "injured", [(worker.start, worker.end, 9, 0.9)]) if c.low == 9
    ] == []


def test_a_headline_over_several_events_counts_all_their_people() -> None:
    title, text = "하루 새 사고 두 건…2명 숨져", "벨마동에서 1명이 숨졌다. 오리목에서도 1명이 숨졌다."
    doc = build_document(Article(id="1", title=title, text=text, language="ko"), "ko")
    here = frozenset(range(doc.lead.start + 1))
    counted = [c.low for c in toll_candidates(doc, focus(doc, here), "killed", []) if c.source == "counted"]
    assert counted == [1]
    whole = [c.low for c in toll_candidates(doc, focus(doc), "killed", []) if c.source == "counted"]
    assert whole == [2, 1, 1]


def test_where_more_were_harmed_than_the_dead_and_the_hurt_told_of_the_rest_were_hurt() -> None:
    tolls, _ = chosen(read("벨마동 공장 화재로 1명이 숨지고 4명이 크게 다치는 등 12명의 사상자가 났다."))
    assert tolls == {"killed": Count(1, 1), "injured": Count(11, 11)}


@pytest.mark.parametrize(
    ("text", "language", "number"),
    [
        ("운전자 A(38)씨와 자녀 2명이 숨졌다.", "ko", 3),
        ("40대 부부와 초등학생 딸이 숨졌다.", "ko", 3),
        ("The crash killed a mother and three children.", "en", 4),
    ],
)
def test_people_named_together_are_one_candidate(text: str, language: str, number: int) -> None:
    doc = read(text, language)
    found = {c.low for c in toll_candidates(doc, focus(doc), "killed", []) if c.source == "counted"}
    assert number in found


def test_who_stands_in_another_sentence_is_not_added() -> None:
    doc = read("A(38)씨가 숨졌다. 자녀 2명이 숨졌다.")
    assert {c.low for c in toll_candidates(doc, focus(doc), "killed", []) if c.source == "counted"} == {2}


def test_what_was_only_tried_holds_nobody_and_the_saved_are_not_dead() -> None:
    tried, held = read("그는 벨마동에서 어린이 납치를 시도했다."), read("그는 벨마동에서 어린이를 납치했다.")
    assert [c.source for c in toll_candidates(tried, focus(tried), "held", [])] == []
    assert [c.source for c in toll_candidates(held, focus(held), "held", [])] == ["implied", "trigger"]
    saved = read("C(12)군이 물에 빠졌다가 등산객에게 구조됐다.")
    assert all(c.source != "trigger" for c in toll_candidates(saved, focus(saved), "killed", []))


def test_who_was_missing_and_is_found_dead_is_counted_once() -> None:
    """Both counts stand on the same words; of two people each is what is told of him."""
    doc = read("실종자 1명이 숨진 채 발견됐다. 다른 1명은 다쳤다.")
    first, second = (toll(1, doc, "1명"), Toll(Count(1, 1), ((doc.text.rindex("1명"), doc.text.rindex("1명") + 2),)))
    assert same_words(first, toll(1, doc, "1명"))
    assert not same_words(first, second)


def of_types(doc: Document, *types: str) -> Focus:
    return Focus([0.9] * len(doc.sentences), types, [t.start for t in doc.triggers])


def test_suspects_in_custody_are_not_held_by_a_drug_offence() -> None:
    doc = read("태국인 4명이 감금됐다.")
    counted = LinearModel({"source counted": 9.0}, -4.0)
    names = [f"{what}.ko" for what in ("killed", "injured", "held", "missing")]
    weights = Weights(dict.fromkeys(names, counted), dict.fromkeys(names, 0.5), {}, "2026-11-28")
    given = {
        kind: set(choose_tolls(Draft(doc, weights), of_types(doc, kind), [])) for kind in ("drug_offence", "kidnapping")
    }
    assert given == {"drug_offence": set(), "kidnapping": {"held"}}
