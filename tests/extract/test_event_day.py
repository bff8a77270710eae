"""Which of an article's days may be the day of the act, and whether it is that of its being found."""

from __future__ import annotations

from datetime import datetime

import pytest

from extract.dates import DateMention
from extract.document import Document, build_document
from extract.predicates import by_authority, predicates_after
from extract.records import Article
from extract.scorers.context import Focus
from extract.scorers.when import basis_of, date_candidates


def document(text: str, language: str = "ko") -> Document:
    published = datetime.fromisoformat("2026-03-20T18:00:00+09:00")
    return build_document(Article("invented", "", text, published, language, country="KR"), language)


def focus(doc: Document, *types: str) -> Focus:
    return Focus([1.0] * len(doc.sentences), types, [])


def days(text: str, *types: str) -> list[str]:
    doc = document(text)
    return [m.text for m in date_candidates(doc, focus(doc, *types))]


@pytest.mark.parametrize(
    "text",
    [
        "노씨는 지난 12일 뇌물 혐의로 구속됐다.",
        "검찰은 지난 12일 노씨 집과 사무실을 압수수색했다.",
        "한도현 판사는 지난 12일 오전 노씨의 심문을 진행했다.",
        "지난 12일 누리지법에서 열린 노씨의 공판에 기자들이 몰렸다.",
        "누리경찰서는 지난 12일 노씨의 서랍에 든 장부 7권을 가져갔다.",
    ],
)
def test_the_day_of_a_step_is_no_day_of_the_act(text: str) -> None:
    assert days(text, "other_crime") == []


@pytest.mark.parametrize(
    "text",
    [
        "기씨는 지난 12일 이웃을 살해한 혐의로 구속됐다.",
        "지난 12일 기씨가 휘두른 흉기에 이웃이 찔려 숨졌다.",
        "경찰은 지난 12일 이웃을 살해한 기씨를 체포했다.",
        "기씨는 지난 12일 회삿돈을 빼돌린 혐의로 기소됐다.",
        "지난 12일 숨진 채 발견됐다.",
    ],
)
def test_the_day_of_an_act_an_accusation_or_a_find_may_be(text: str) -> None:
    assert days(text, "homicide") == ["지난 12일"]


def test_back_then_is_of_the_day_it_points_back_to() -> None:
    assert days("노씨는 지난 12일 구속됐다. 당시 그는 집에 있었다.", "other_crime") == []
    assert "당시" in days("지난 12일 노씨가 이웃을 살해했다. 당시 그는 취해 있었다.", "homicide")


@pytest.mark.parametrize(
    ("text", "basis"),
    [
        ("지난 8일 산길에서 40대 남성이 숨진 채 발견됐다.", "discovered"),
        ("지난 8일 숙소에서 숨져 있는 것을 동료가 발견했다.", "discovered"),
        ("그가 숨진 채 발견된 지 열흘 만에 범인이 붙잡혔다.", "discovered"),
        ("지난 8일 동료를 살해하고 달아났다.", "stated"),
        ("지난 8일 서류를 위조한 것으로 드러났다.", "stated"),
        ("지난 8일 살해된 남성의 차가 바다에서 발견됐다.", "stated"),
    ],
)
def test_a_korean_day_is_of_the_act_or_of_the_find(text: str, basis: str) -> None:
    assert basis_of(*first(text, "ko")) == basis


@pytest.mark.parametrize(
    ("text", "basis"),
    [
        ("The body of a tourist was found in a ditch on 8 March 2026.", "discovered"),
        ("He was found dead in his flat on 8 March 2026, police said.", "discovered"),
        ("She was stabbed on 8 March 2026 and found by a neighbour.", "stated"),
        ("He was shot dead on 8 March 2026.", "stated"),
    ],
)
def test_an_english_day_is_of_the_act_or_of_the_find(text: str, basis: str) -> None:
    assert basis_of(*first(text, "en")) == basis


def first(text: str, language: str) -> tuple[Document, Focus, DateMention]:
    doc = document(text, language)
    return doc, focus(doc, "homicide"), next(m for m in doc.dates if m.value)


def test_predicates_come_with_their_endings_and_what_they_accuse_of() -> None:
    sentence = document("경찰은 3일 돈을 훔친 혐의로 노씨를 체포해 조사 중이라고 밝혔다.").sentences[0]
    told = predicates_after(sentence, sentence.start + 6)
    assert [(p.lemma, p.kind) for p in told] == [
        ("훔치다", ""),
        ("체포", "proceeding"),
        ("조사", "proceeding"),
        ("밝히다", "statement"),
    ]
    assert [p.accuses for p in told] == [True, False, False, False]
    assert by_authority(sentence, sentence.start + 4)
