"""What kind of report it is: new, more of a known event, or no current event, with the words that say so."""

from __future__ import annotations

from datetime import datetime

import pytest

from extract.document import Document, build_document
from extract.records import Article, EventDate
from extract.scorers.context import Focus
from extract.status import current_status, refused_status


def document(title: str, text: str, language: str = "ko") -> Document:
    published = datetime.fromisoformat("2026-03-10T09:00:00+09:00")
    return build_document(Article("invented", title, text, published, language, country="KR"), language)


def status(doc: Document, when: EventDate | None = None) -> tuple[str, list[str]]:
    focus = Focus([1.0] * len(doc.sentences), ("accident",), [])
    kind, spans = current_status(doc, focus, when)
    return kind, [doc.text[a:b] for a, b in spans]


def test_a_growing_toll_is_an_update() -> None:
    doc = document("여객선 침몰 사고", "9일 여객선이 침몰해 3명이 숨졌다. 사망자는 모두 5명으로 늘었다.")
    kind, words = status(doc)
    assert kind == "update"
    assert "늘" in words[0]
    english = document("Ferry sinks off Cebu", "A ferry sank on Sunday. The death toll rose to five on Monday.", "en")
    assert status(english)[0] == "update"


def test_a_sentence_in_the_title_is_a_follow_up() -> None:
    doc = document(
        "동료 살해한 선원에 징역 8년 선고", "법원은 동료를 살해한 혐의로 기소된 A(47)씨에게 징역 8년을 선고했다."
    )
    kind, words = status(doc, EventDate("2025-10-03", "day"))
    assert kind == "follow-up"
    assert words


def test_an_arrest_days_after_the_act_is_a_follow_up_and_one_on_the_day_is_new() -> None:
    doc = document("편의점 강도 용의자 검거", "경찰은 편의점에서 현금을 빼앗은 A(33)씨를 체포했다.")
    assert status(doc, EventDate("2026-02-20", "day"))[0] == "follow-up"
    assert status(doc, EventDate("2026-03-10", "day")) == ("new", [])


@pytest.mark.parametrize(
    ("title", "text", "kind"),
    [
        (
            "보이스피싱 피해 늘어",
            "통계청에 따르면 지난해 보이스피싱 발생 건수는 전년 동기 대비 12% 증가했다.",
            "statistic",
        ),
        ("영화 '붉은 항구' 개봉", "감독의 영화는 부둣가 살인 사건을 다룬다. 극 중 형사는 납치범을 쫓는다.", "fiction"),
        ("역전골로 리그 선두", "연장전 끝에 결승골이 터졌다. 홈 팬들은 열광했다. 폭행 시비는 없었다.", "sport"),
        ("테러 대비 합동훈련", "시는 폭발물 테러 상황을 가정한 모의훈련을 했다.", "hypothetical"),
        ("스토킹 처벌법 개정안", "의원들은 스토킹 범죄 처벌을 강화하는 개정안을 대표 발의했다.", "policy"),
    ],
)
def test_cues_name_what_an_article_without_a_current_event_is(title: str, text: str, kind: str) -> None:
    doc = document(title, text)
    found, spans = refused_status(doc, None)
    assert found == kind
    assert spans
    assert all(doc.text[a:b] for a, b in spans)


def test_without_a_cue_an_old_event_is_history_and_a_recent_one_background() -> None:
    doc = document("항구의 옛 이야기", "마을 사람들은 그날의 방화를 기억한다.")
    assert refused_status(doc, EventDate("1987", "year")) == ("historic", [])
    assert refused_status(doc, EventDate("2026-03-01", "day")) == ("background", [])
