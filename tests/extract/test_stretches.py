"""Sentences that tell of a further event are found, and parted where yet another event begins. Articles are invented."""

from __future__ import annotations

from datetime import datetime

import pytest

from extract.document import Document, build_document
from extract.lexicon.discourse import marks_in, read_discourse_marks
from extract.lexicon.tables import LexiconError
from extract.records import Article
from extract.scorers.further import another_rows, sentence_facts
from extract.scorers.linear import LinearModel
from extract.stretches import find_stretches, runs

ALWAYS, NEVER = LinearModel({}, 8.0), LinearModel({}, -8.0)
FIRES = Article(
    id="invented",
    title="충북 곳곳서 화재…1명 숨져",
    text=(
        "10일 밤 충북 충주시의 원룸에서 불이 나 주민 1명이 숨졌다. 소방 당국은 원인을 조사하고 있다. "
        "같은 날 오후 제천시의 공장에서 불이 나 2명이 다쳤다. "
        "11일 새벽에는 단양군의 축사에서 불이 나 돼지 300마리가 죽었다."
    ),
    published=datetime.fromisoformat("2026-02-11T10:20:00+09:00"),
    language="ko",
    country="KR",
)


@pytest.fixture(scope="module")
def fires() -> Document:
    return build_document(FIRES, "ko")


@pytest.mark.parametrize(
    ("sentence", "mark"),
    [
        ("한편 같은 지역에서도 불이 났다.", "further start"),
        ("경찰은 또 다른 절도 사건도 수사하고 있다.", "further within"),
        ("앞서 A씨는 벌금형을 받았다.", "earlier start"),
        ("이번 사고로 도로가 통제됐다.", "back start"),
    ],
)
def test_a_korean_sentence_says_how_it_joins_what_was_told(sentence: str, mark: str) -> None:
    assert mark in marks_in(sentence, "ko")


def test_a_mark_far_into_the_sentence_is_no_beginning() -> None:
    assert "further start" not in marks_in("경찰은 A씨를 상대로 조사를 벌이고 있으며 한편 피해자는 회복 중이다.", "ko")
    assert "further start" in marks_in("In a separate incident, two men were robbed.", "en")


def test_a_mistake_in_the_marks_is_named_by_file_and_line() -> None:
    with pytest.raises(LexiconError, match=r"mine\.tsv:2: kind is 'sideways'"):
        read_discourse_marks(("mine.tsv", "# marks\n한편\tsideways\tstart\n"))


def test_likely_sentences_in_a_row_are_parted_where_the_place_and_the_act_are_new(fires: Document) -> None:
    facts = sentence_facts(fires)
    third, fourth = fires.lead.start + 2, fires.lead.start + 3
    assert runs(fires, facts, {third: 0.9, fourth: 0.9}) == [(third,), (fourth,)]


def test_an_unlikely_sentence_and_one_that_names_no_act_make_no_stretch(fires: Document) -> None:
    facts = sentence_facts(fires)
    second, third = fires.lead.start + 1, fires.lead.start + 2
    assert runs(fires, facts, {second: 0.9, third: 0.01}) == []


def test_a_sentence_with_another_place_is_told_from_one_without(fires: Document) -> None:
    rows = another_rows(fires, sentence_facts(fires), [0.5] * len(fires.sentences))
    second, third = fires.lead.start + 1, fires.lead.start + 2
    assert rows[third].get("places new") == 1.0
    assert rows[second].get("places none") == 1.0
    assert fires.lead.start not in rows, "the first sentence of the body tells of the main event"


def test_a_stretch_is_opened_only_where_the_second_scorer_agrees(fires: Document) -> None:
    told = [0.5] * len(fires.sentences)
    assert len(find_stretches(fires, told, ALWAYS, ALWAYS, 0.5)) >= 2
    assert find_stretches(fires, told, ALWAYS, NEVER, 0.5) == []
    assert find_stretches(fires, told, NEVER, ALWAYS, 0.5) == []
