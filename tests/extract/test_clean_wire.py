"""The lead of a wire story is read and then cut; its tail is cut; a reprint is known for one."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from extract.clean import clean_page
from extract.clean.tails import cut_tails
from extract.clean.wire import Lead, cut_lead, dateline_day
from tests.extract.clean_pages import STORY_EN, STORY_KO, page

NOW = datetime(2025, 10, 14, 3, 0, tzinfo=UTC)
SENTENCE = "현지 경찰은 13일 용의자 3명을 붙잡았다고 밝혔다."
ENGLISH = "Police said on Monday that three suspects had been arrested."


@pytest.mark.parametrize(
    ("lead", "places", "people", "agency"),
    [
        ("(서울=연합뉴스) 홍길동 기자 = ", ("서울",), ("홍길동",), "yonhap"),
        ("(런던·서울=연합뉴스) 홍길동 특파원 김영희 기자 = ", ("런던", "서울"), ("홍길동", "김영희"), "yonhap"),
        ("(프놈펜=연합뉴스) 홍길동 김영희 특파원 = ", ("프놈펜",), ("홍길동", "김영희"), "yonhap"),
        ("[서울=뉴시스] 홍길동 기자 = ", ("서울",), ("홍길동",), "newsis"),
        ("【서울=뉴시스】홍길동 기자 = ", ("서울",), ("홍길동",), "newsis"),
        ("[서울·인천=뉴시스]홍길동·김영희 기자 = ", ("서울", "인천"), ("홍길동", "김영희"), "newsis"),
        ("(서울=뉴스1) 홍길동 기자 = ", ("서울",), ("홍길동",), "news1"),
        ("(서울=뉴스1) ", ("서울",), (), "news1"),
        ("[가상일보 홍길동 기자] ", (), ("홍길동",), None),
        ("[가상경제=홍길동 기자] ", (), ("홍길동",), None),
        ("홍길동 기자 = ", (), ("홍길동",), None),
    ],
)
def test_korean_leads(lead: str, places: tuple[str, ...], people: tuple[str, ...], agency: str | None) -> None:
    found, rest = cut_lead([lead + SENTENCE])
    assert rest == [SENTENCE]
    assert (found.places, found.people, found.agency) == (places, people, agency)


@pytest.mark.parametrize(
    ("lead", "places", "agency", "day"),
    [
        ("SEOUL, Aug. 20 (Yonhap) -- ", ("SEOUL",), "yonhap", (8, 20)),
        ("SEOUL/PHNOM PENH, Oct. 12 (Yonhap) -- ", ("SEOUL", "PHNOM PENH"), "yonhap", (10, 12)),
        ("Seoul, Oct 12 (NationPress) ", ("Seoul",), "nationpress", (10, 12)),
        ("PHNOM PENH (Reuters) - ", ("PHNOM PENH",), "reuters", None),
        ("BANGKOK, Thailand (AP) — ", ("BANGKOK", "Thailand"), "ap", None),
        ("BEIJING, March 3 (Xinhua) -- ", ("BEIJING",), "xinhua", (3, 3)),
        ("VELM (Harbour Wire) -- ", ("VELM",), None, None),
        ("VELM — ", ("VELM",), None, None),
    ],
)
def test_english_leads(lead: str, places: tuple[str, ...], agency: str | None, day: tuple[int, int] | None) -> None:
    found, rest = cut_lead([lead + ENGLISH])
    assert rest == [ENGLISH]
    assert (found.places, found.agency, found.day) == (places, agency, day)


@pytest.mark.parametrize(
    "text",
    [
        "The Velm Trade Office (VTO) said on Monday that exports had grown.",
        "BREAKING — three suspects have been arrested in Velm.",
        "(사진=연합뉴스) 벨름 항구의 모습이다.",
        "정부(가=나) 방정식은 성립한다.",
        "용의자 A(22)씨는 혐의를 부인했다.",
        "Kim (Reuters has not seen the letter) declined to comment.",
    ],
)
def test_what_only_looks_like_a_lead_stays(text: str) -> None:
    assert cut_lead([text]) == (Lead(), [text])


def test_the_lead_is_found_below_a_caption_and_a_signature() -> None:
    found, rest = cut_lead(["By Dana Holm", "SEOUL, Oct. 13 (Yonhap) -- " + ENGLISH])
    assert found.agency == "yonhap"
    assert rest[-1] == ENGLISH


@pytest.mark.parametrize(
    ("day", "published", "expected"),
    [
        ((12, 31), date(2026, 1, 1), date(2025, 12, 31)),
        ((1, 1), date(2025, 12, 31), date(2026, 1, 1)),
        ((2, 29), date(2024, 3, 1), date(2024, 2, 29)),
        ((2, 30), date(2024, 3, 1), None),
        (None, date(2024, 3, 1), None),
    ],
)
def test_the_day_of_the_lead_takes_the_year_next_to_publication(
    day: tuple[int, int] | None, published: date, expected: date | None
) -> None:
    assert dateline_day(day, published) == expected


@pytest.mark.parametrize(
    "tail",
    [
        "gildong@example.com",
        "홍길동 기자 gildong@example.com",
        "<저작권자(c) 가상통신, 무단 전재-재배포, AI 학습 및 활용 금지>",
        "제보는 카카오톡 velm <저작권자(c) 가상통신, 무단 전재-재배포 금지> 2025/10/13 14:05 송고",
        "◎공감언론 뉴시스 gildong@example.com",
        "<ⓒ 가상통신사. 무단전재-재배포 금지>",
        "(END)",
        "(끝)",
        "[사진=가상통신 제공]",
        "Photo: Dana Holm",
        "▶ 관련 영상 보러 가기",
        "#벨름 #강도",
        "가상뉴스 홍길동입니다. [gildong@example.com]",
        "영상편집: 김영희",
        "입력 2025-10-13 14:05 | 수정 2025-10-13 15:10",
        "Copyright 2025 Velm Courier. All rights reserved.",
    ],
)
def test_tails_are_cut(tail: str) -> None:
    kept, cut = cut_tails([*STORY_KO, tail])
    assert kept == list(STORY_KO)
    assert cut == [tail]


@pytest.mark.parametrize(
    "last",
    [
        "경찰은 제보를 받아 용의자를 쫓고 있다고 설명했다.",
        "영상에는 피해자가 쓰러지는 모습이 담겼다.",
        "사진 속 남성은 한국인으로 확인됐다.",
        "The end of the road was closed, police said.",
        "관련 당국은 2025년 10월 13일 조사에 들어갔다.",
        "홍길동 기자는 당시 현장에 있었다.",
    ],
)
def test_sentences_of_the_story_are_no_tail(last: str) -> None:
    assert cut_tails([*STORY_KO, last])[0] == [*STORY_KO, last]


def test_a_tail_behind_the_last_sentence_is_cut_from_it() -> None:
    assert cut_tails([*STORY_EN[:2], STORY_EN[2] + " (END)"])[0] == list(STORY_EN)
    assert cut_tails([*STORY_KO[:2], STORY_KO[2] + " 홍길동 기자 gildong@example.com"])[0] == list(STORY_KO)


def test_a_page_tells_lead_signature_and_wire_and_keeps_only_the_story() -> None:
    told = (
        "(벨름=연합뉴스) 홍길동 특파원 = " + STORY_KO[0],
        *STORY_KO[1:],
        "<저작권자(c) 연합뉴스, 무단 전재-재배포 금지>",
    )
    data = {"@type": "NewsArticle", "headline": "[속보] 벨름서 강도", "datePublished": "2025-10-13T14:05:00+09:00"}
    found = clean_page(page(told, json_ld=data, lang="ko"), url="https://velmdaily.example/n/12345", fetched_at=NOW)
    assert found.text == "\n".join(STORY_KO)
    assert (found.wire, found.lead_places, found.byline) == ("yonhap", ("벨름",), "홍길동")
    assert (found.title, found.version_mark) == ("벨름서 강도", "속보")


def test_the_agencys_own_page_is_no_reprint() -> None:
    told = ("SEOUL, Oct. 13 (Yonhap) -- " + STORY_EN[0], *STORY_EN[1:])
    found = clean_page(page(told), url="https://en.yna.co.kr/view/AEN20251013000100315", fetched_at=NOW)
    assert (found.wire, found.dateline, found.lead_places) == (None, date(2025, 10, 13), ("SEOUL",))
