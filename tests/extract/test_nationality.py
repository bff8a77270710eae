"""Nationalities of people, told from institutions, goods, descent and countries."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.analyse import analyse
from extract.lexicon.nationalities import nationalities
from extract.nationality import find_nationalities


def _found(text: str, language: str) -> list[tuple[str, str, str]]:
    return [(mention.text, mention.country, mention.kind) for mention in find_nationalities(text, language)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("캄보디아인 세 명", ("캄보디아인", "KH", "person")),
        ("중국 국적 40대 남성", ("중국 국적", "CN", "person")),
        ("태국 여성 둘", ("태국", "TH", "person")),
        ("라오스 20대 여성", ("라오스", "LA", "person")),
        ("중국동포 일꾼", ("중국동포", "CN", "person")),
        ("조선족 사장", ("조선족", "CN", "person")),
        ("우리 국민 두 명", ("우리 국민", "KR", "person")),
        ("현지 교민 김모씨", ("교민", "KR", "person")),
        ("베트남 3명, 그 밖에 둘", ("베트남", "VN", "person")),
        ("인도네시아 선원", ("인도네시아", "ID", "person")),
        ("베트남 출신 일꾼", ("베트남 출신", "VN", "origin")),
        ("한국계 가수", ("한국계", "KR", "origin")),
        ("타지크인 인부", ("타지크인", "TJ", "person")),
        ("말레이인 선원", ("말레이인", "MY", "person")),
        ("투르크멘인 두 명", ("투르크멘인", "TM", "person")),
        ("웨일스인 등반가", ("웨일스인", "GB", "person")),
        ("아제리계 사업가", ("아제리계", "AZ", "origin")),
        ("재일교포 사업가", ("재일교포", "KR", "origin")),
        ("캄보디아 경찰은", ("캄보디아", "KH", "institution")),
        ("주라오스 대사관", ("라오스", "LA", "institution")),
        ("파나마 국적의 대형 화물선", ("파나마", "PA", "institution")),
        ("중국어 강사", ("중국", "CN", "language_or_food")),
        ("독일산 장비", ("독일", "DE", "language_or_food")),
        ("태국 북부의 마을", ("태국", "TH", "institution")),
        ("몽골에서 왔다", ("몽골", "MN", "country")),
    ],
)
def test_korean_mentions_and_their_kind(text: str, expected: tuple[str, str, str]) -> None:
    assert _found(text, "ko")[0] == expected


def test_koreans_living_abroad_are_koreans_not_nationals_of_the_place() -> None:
    kinds = {(country, kind) for _, country, kind in _found("캄보디아 교민 박모씨가 다쳤다.", "ko")}
    assert ("KR", "person") in kinds
    assert ("KH", "person") not in kinds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("베트남 국적 A씨가 같은 국적의 동료 B씨를 때렸다.", [("베트남 국적", "VN"), ("같은 국적의", "VN")]),
        ("‘같은 국적 동료 폭행’ 필리핀 근로자 구속", [("같은 국적", "PH"), ("필리핀", "PH")]),
        ("같은 국적 동료를 때렸다.", []),
    ],
)
def test_somebody_of_the_same_nationality_has_that_of_the_one_named_before(
    text: str, expected: list[tuple[str, str]]
) -> None:
    assert [(m.text, m.country) for m in find_nationalities(text, "ko") if m.kind == "person"] == expected


def test_our_nationals_are_koreans_only_in_a_korean_outlet() -> None:
    text = "우리 국민 한 명이 다쳤다."
    assert find_nationalities(text, "ko", outlet_country="KR")[0].country == "KR"
    assert find_nationalities(text, "ko", outlet_country="CN") == []


@pytest.mark.parametrize(
    "text", ["수단을 가리지 않고 도왔다.", "사랑이란 것은 어렵다.", "오만한 태도였다.", "가나다 순서로 섰다."]
)
def test_ordinary_words_that_read_like_countries_are_none(text: str) -> None:
    assert find_nationalities(text, "ko", analyse(text, "ko")) == []


def test_a_doubtful_name_counts_where_morphology_reads_a_proper_noun() -> None:
    text = "이란에서 지진이 났다."
    assert [m.country for m in find_nationalities(text, "ko", analyse(text, "ko"))] == ["IR"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A Briton was hurt.", ("Briton", "GB", "person")),
        ("Three Vietnamese women fled.", ("Vietnamese", "VN", "person")),
        ("A South Korean university student spoke.", ("South Korean", "KR", "person")),
        ("Two Chinese were hurt.", ("Chinese", "CN", "person")),
        ("He is Thai.", ("Thai", "TH", "person")),
        ("A Lao national was held.", ("Lao national", "LA", "person")),
        ("A Singapore man was held.", ("Singapore", "SG", "person")),
        ("A tourist from Japan fell.", ("Japan", "JP", "person")),
        ("Citizens of Laos fled.", ("Laos", "LA", "person")),
        ("Cambodian police said so.", ("Cambodian", "KH", "institution")),
        ("The Thai government spoke.", ("Thai", "TH", "institution")),
        ("A Panama-flagged ship sank.", ("Panama", "PA", "institution")),
        ("A Vietnam-born cook fell.", ("Vietnam", "VN", "origin")),
        ("A cook of Nepali descent fell.", ("Nepali", "NP", "origin")),
        ("An Italian restaurant burned.", ("Italian", "IT", "language_or_food")),
        ("A French teacher was hurt.", ("French", "FR", "person")),
        ("Two English students were hurt.", ("English", "GB", "person")),
        ("It rained in Peru.", ("Peru", "PE", "country")),
        ("Hong Kong residents left.", ("Hong Kong", "HK", "country")),
    ],
)
def test_english_mentions_and_their_kind(text: str, expected: tuple[str, str, str]) -> None:
    assert _found(text, "en")[0] == expected


def test_the_second_of_a_double_demonym_is_the_nationality() -> None:
    assert _found("A Nigerian-American nurse fell.", "en") == [
        ("Nigerian", "NG", "origin"),
        ("American", "US", "person"),
    ]


@pytest.mark.parametrize(
    "text", ["Storms cross the Indian Ocean.", "A Latin American trade fair opened.", "Jordan Smith sang."]
)
def test_longer_names_that_hold_a_demonym_are_none(text: str) -> None:
    assert find_nationalities(text, "en") == []


@pytest.mark.parametrize("iso", sorted(nationalities()))
def test_every_adjective_and_noun_of_people_is_found(iso: str) -> None:
    for word in nationalities()[iso].adjectives:
        assert [m.country for m in find_nationalities(f"Police named a {word} man.", "en")][:1] == [iso], word
    for name in nationalities()[iso].ko_names:
        text = f"경찰은 {name} 국적 남성을 찾는다."
        assert [m.country for m in find_nationalities(text, "ko")][:1] == [iso], name


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(["한국인", " ", "Thai", "국적", "중국", " man", "인도", ",", "교민", "\n", "U.S.", "in "]),
        max_size=14,
    )
)
def test_mentions_say_what_stands_there_and_do_not_overlap(parts: list[str]) -> None:
    text = "".join(parts)
    for language in ("ko", "en"):
        at = 0
        for mention in find_nationalities(text, language):
            assert text[mention.start : mention.end] == mention.text
            assert mention.start >= at
            at = mention.end


@pytest.mark.parametrize(
    "text",
    [
        "A group of English teachers was hurt.",
        "A Korean language instructor was hurt.",
        "The gang was Chinese-speaking.",
        "Spanish speakers fled.",
    ],
)
def test_what_somebody_speaks_or_teaches_is_no_nationality(text: str) -> None:
    assert find_nationalities(text, "en") == []
