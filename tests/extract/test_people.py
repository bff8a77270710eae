"""People are described by what stands around them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.people import PersonMention, find_people


def _one(text: str, language: str, holds: str) -> PersonMention:
    return next(mention for mention in find_people(text, language) if holds in mention.text)


@pytest.mark.parametrize(
    ("text", "holds", "expected"),
    [
        ("20대 한국인 박모(22)씨가 다쳤다.", "박모", {"name": "박모", "age": "22", "nationality": "KR", "count": 1}),
        ("A씨(40대·여)가 신고했다.", "A씨", {"name": "A", "age": "40s", "gender": "female"}),
        ("B씨(여·33)가 신고했다.", "B씨", {"age": "33", "gender": "female"}),
        (
            "중국 국적 40대 남성 B씨가 왔다.",
            "B씨",
            {"age": "40s", "gender": "male", "nationality": "CN", "head": "남성"},
        ),
        ("한국인 관광객 3명이 다쳤다.", "관광객", {"nationality": "KR", "count": 3, "group": True}),
        ("3명의 베트남인 노동자가 왔다.", "노동자", {"nationality": "VN", "count": 3}),
        ("여중생 C양이 울었다.", "C양", {"gender": "female", "role_hint": "minor"}),
        ("D군이 울었다.", "D군", {"name": "D", "gender": "male"}),
        ("60대 부부가 다쳤다.", "부부", {"age": "60s", "count": 2, "group": True}),
        ("다섯 살 여아가 울었다.", "여아", {"age": "5", "gender": "female"}),
        ("생후 7개월 된 남아가 울었다.", "남아", {"age": "0", "gender": "male"}),
        ("20대 편의점 직원이 다쳤다.", "직원", {"age": "20s", "count": 1}),
        ("경찰 관계자는 말했다.", "관계자", {"is_official": True}),
        ("용의자 30대 남성을 쫓는다.", "남성", {"role_hint": "suspect", "age": "30s"}),
        ("아내 D씨(32)가 왔다.", "D씨", {"relation": "아내", "gender": "female", "age": "32"}),
        ("이명수(45) 대표가 왔다.", "이명수", {"name": "이명수", "age": "45"}),
        ("관광객들이 떠났다.", "관광객", {"count": None, "group": True}),
        ("홍두식 회장이 왔다.", "홍두식", {"name": "홍두식", "head": "회장"}),
        ("살인범 홍두식을 쫓는다.", "홍두식", {"name": "홍두식", "role_hint": "suspect"}),
        ("A 중사가 왔다.", "A", {"name": "A", "head": "중사"}),
        ("A(60·미국)씨가 왔다.", "A", {"age": "60", "nationality": "US"}),
        ("A(여‧37)씨가 왔다.", "A", {"age": "37", "gender": "female"}),
        ("62명이 다쳤다.", "62명", {"count": 62, "group": True}),
        ("베트남 유학생인 20대 산모 A씨가 왔다.", "A씨", {"nationality": "VN", "name": "A", "age": "20s"}),
        ("베트남 국적의 친구 B씨에 대해선 말이 없다.", "B씨", {"nationality": "VN"}),
        ("A씨는 조사 결과 베트남인으로 확인됐다.", "A씨", {"nationality": "VN"}),
        ("중국인 남성 A씨와 같은 국적의 40대 B씨가 왔다.", "B씨", {"nationality": "CN"}),
        ("A중사(33)가 왔다.", "A", {"name": "A", "age": "33", "text": "A중사(33)"}),
        ("이모(20) 일병이 왔다.", "이모", {"name": "이모", "age": "20", "text": "이모(20) 일병", "is_official": False}),
        ("박모(21) 어머니가 왔다.", "어머니", {"name": None, "text": "어머니"}),
        ("태국 국적 30대 남녀 2명이 왔다.", "남녀", {"nationality": "TH", "count": 2, "gender": None}),
        ("50대 남녀가 왔다.", "남녀", {"count": 2, "group": True}),
        ("9살 형제가 울었다.", "형제", {"count": 2, "gender": "male"}),
        ("60대 모녀가 왔다.", "모녀", {"count": 2, "gender": "female"}),
        ("20개월 된 의붓딸이 울었다.", "의붓딸", {"age": "1", "gender": "female"}),
        ("입사 6개월 된 직원이 왔다.", "직원", {"age": None}),
    ],
)
def test_korean_people(text: str, holds: str, expected: dict[str, Any]) -> None:
    mention = _one(text, "ko", holds)
    assert {field: getattr(mention, field) for field in expected} == expected


def test_particles_part_the_one_who_did_from_the_one_who_suffered() -> None:
    found = find_people("남성이 여성을 때렸다.", "ko")
    assert [(mention.text, mention.gender) for mention in found] == [("남성", "male"), ("여성", "female")]


@pytest.mark.parametrize(
    "text", ["날씨가 좋다.", "새 신도시가 생겼다.", "여러 모양이 있다.", "공군이 훈련했다.", "국민의힘이 이겼다."]
)
def test_words_that_end_like_people_are_none(text: str) -> None:
    assert find_people(text, "ko") == []


def test_the_nationality_says_where_it_stands() -> None:
    text = "어제 중국 국적 남성이 왔다."
    span = _one(text, "ko", "남성").nationality_span
    assert span is not None
    assert text[span[0] : span[1]] == "중국 국적"


@pytest.mark.parametrize(
    ("text", "holds", "expected"),
    [
        ("A 22-year-old South Korean student fell.", "student", {"age": "22", "nationality": "KR", "count": 1}),
        ("Three Vietnamese women were hurt.", "women", {"count": 3, "gender": "female", "nationality": "VN"}),
        ("Bae, 22, was hurt.", "Bae", {"name": "Bae", "age": "22"}),
        ("The man, in his 40s, fell.", "man", {"age": "40s", "gender": "male"}),
        ("Her husband Tom Roe, 45, fell.", "husband", {"name": "Tom Roe", "age": "45", "relation": "husband"}),
        ("A Briton named Ann Poe fell.", "Briton", {"nationality": "GB", "count": 1}),
        ("Two Filipinos fell.", "Filipinos", {"nationality": "PH", "count": 2, "group": True}),
        (
            "Nine female migrant workers from Nepal fell.",
            "workers",
            {"count": 9, "gender": "female", "nationality": "NP"},
        ),
        ("Police officers came.", "officers", {"is_official": True}),
        ("The suspects fled.", "suspects", {"role_hint": "suspect", "count": None}),
        ("A nurse said she fell.", "nurse", {"gender": "female"}),
        ("A couple fell.", "couple", {"count": 2}),
        ("A 17-year-old was hurt.", "17", {"age": "17", "count": 1}),
        ("Police named nine-year-old Ivy Poe.", "Ivy", {"age": "9", "name": "Ivy Poe"}),
        ("The 43-year-old Briton fell.", "43", {"age": "43", "nationality": "GB", "name": None}),
        ("A teenage boy fell.", "boy", {"age": "10s", "gender": "male"}),
        ("Police said Ann Poe was stabbed.", "Ann Poe", {"name": "Ann Poe", "gender": "female", "count": 1}),
        ("The dead were Ann Poe, Ruvo Tamsik and Odel Karn.", "Tamsik", {"name": "Ruvo Tamsik"}),
        ("Then Mr Tamsik fell.", "Tamsik", {"gender": "male"}),
        ("Ann Poe, a 26-year-old nurse, fell.", "nurse", {"name": "Ann Poe", "age": "26", "head": "nurse"}),
        ("His wife, Ruvo Tamsik, 40, fell.", "wife", {"name": "Ruvo Tamsik", "age": "40", "gender": "female"}),
        ("The fire killed at least 44 people.", "44", {"count": 44, "group": True}),
        ("It killed two men and hurt 32 others.", "32", {"count": 32}),
        ("Police treated 19 wounded.", "19", {"count": 19, "role_hint": "victim"}),
    ],
)
def test_english_people(text: str, holds: str, expected: dict[str, Any]) -> None:
    mention = _one(text, "en", holds)
    assert {field: getattr(mention, field) for field in expected} == expected


def test_a_surname_stands_for_the_person_named_in_full() -> None:
    found = find_people("Police held Ann Poe. They say Poe stabbed a man.", "en")
    assert [(m.name, m.gender) for m in found if m.name] == [("Ann Poe", "female"), ("Poe", "female")]


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("A French woman was held at the bridge. Police questioned her. The 27-year-old now faces trial.", "French"),
        ("Ann Poe was stabbed. The 27-year-old dancer fled.", "Ann"),
        ("A young helper was jailed. It rained. Crowds came. They left. The 27-year-old helper wept.", "young"),
        ("Ann Poe was stabbed. Poe, 27, fled.", "Ann"),
    ],
)
def test_an_age_given_later_is_the_person_s_who_was_named_before(text: str, holds: str) -> None:
    assert _one(text, "en", holds).age == "27"


@pytest.mark.parametrize(
    "text",
    [
        "A man, 30, was stabbed. The 27-year-old dancer fled.",
        "His mother wept. The 27-year-old dancer fled.",
        "A man was stabbed. The 27-year-old woman fled.",
        "Two men were stabbed. The 27-year-old dancer fled.",
        "A man was stabbed. A 27-year-old dancer fled.",
    ],
)
def test_an_age_given_later_is_not_that_of_somebody_else(text: str) -> None:
    assert next(iter(find_people(text, "en"))).age in (None, "30")


def test_a_stand_in_bears_the_name_of_whom_it_stands_for() -> None:
    assert _one("Ann Poe was stabbed. The 27-year-old fled.", "en", "27").name == "Ann Poe"


@pytest.mark.parametrize(
    "text", ["It rained in Phnom Penh.", "The High Court was shut.", "Oxford Street was wet.", "No one was there."]
)
def test_capitals_are_not_enough_for_a_name(text: str) -> None:
    assert find_people(text, "en") == []


def test_a_range_of_ages_is_no_age() -> None:
    assert _one("Three women aged 20 to 30 fell.", "en", "women").age is None


def test_a_pronoun_past_somebody_else_tells_no_gender() -> None:
    assert _one("A nurse met a woman and she fell.", "en", "nurse").gender is None


def test_a_day_of_the_month_is_no_age() -> None:
    assert find_people("It rained on Monday, 22, and in March, 30, too.", "en") == []


def test_the_age_of_a_thing_is_no_person() -> None:
    assert find_people("The 30-year-old bridge fell.", "en") == []


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "3명",
                "20대 ",
                "한국인 ",
                "남성",
                "이 ",
                "숨지고",
                " A씨",
                "(22)",
                "two ",
                "men ",
                "were ",
                "killed",
                ", 22,",
                " Kim",
                "the ",
                "Thai ",
                "\n",
                "부부",
            ]
        ),
        max_size=12,
    ),
    st.sampled_from(["ko", "en"]),
)
def test_mentions_say_what_stands_there(parts: list[str], language: str) -> None:
    text = "".join(parts)
    for mention in find_people(text, language):
        assert text[mention.start : mention.end].strip() == mention.text.strip() != ""


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("No passengers were hurt.", []),
        ("Neither driver was hurt.", []),
        ("Neither of the two drivers was hurt.", ["the two drivers"]),
        ("No Min-su, 40, was hurt.", ["No Min-su, 40"]),
    ],
)
def test_who_was_not_there_is_nobody(text: str, people: list[str]) -> None:
    assert [m.text for m in find_people(text, "en")] == people
