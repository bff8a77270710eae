"""Counts go to what became of the people counted."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.counts import CountMention, find_counts


def _counts(text: str, language: str) -> list[tuple[int | None, int | None, str]]:
    return [(mention.low, mention.high, mention.what) for mention in find_counts(text, language)]


def _one(text: str, language: str) -> CountMention:
    return find_counts(text, language)[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("홍모씨 등 3명이 숨지고 2명이 다쳤다.", [(3, 3, "killed"), (2, 2, "injured")]),
        ("사망 3명·부상 5명으로 집계됐다.", [(3, 3, "killed"), (5, 5, "injured")]),
        ("12명 사망·34명 부상.", [(12, 12, "killed"), (34, 34, "injured")]),
        ("선원 1명이 실종되고 8명이 구조됐다.", [(1, 1, "missing"), (8, 8, "rescued")]),
        ("남성 3명이 여성 2명을 감금했다.", [(3, 3, "other"), (2, 2, "held")]),
        ("10~20명이 다쳤다.", [(10, 20, "injured")]),
        ("수십 명이 다쳤다.", [(None, None, "injured")]),
        ("60대 부부가 숨졌다.", [(2, 2, "killed")]),
        ("인명 피해는 없었다.", [(0, 0, "killed"), (0, 0, "injured")]),
        ("다친 사람은 없다.", [(0, 0, "injured")]),
        ("다행히 인명 피해는 발생하지 않았다.", [(0, 0, "killed"), (0, 0, "injured")]),
        ("부상자는 나오지 않았다.", [(0, 0, "injured")]),
        ("인명 피해가 발생하지 않도록 하라고 했다.", []),
        ("1만2000명이 피해를 봤다.", [(12000, 12000, "victims")]),
        ("두 명이 숨졌다.", [(2, 2, "killed")]),
        ("벨마동 공장서 불…3명 사망", [(3, 3, "killed")]),
        ("신호위반 차량에 노동자 2명 사상", [(2, 2, "casualties")]),
        ("사상자 9명이 발생했다.", [(9, 9, "casualties")]),
        ("고(故) 오다솜(24)씨의 영결식이 열렸다.", [(1, 1, "killed")]),
        ("최고 오다솜(24)씨의 성적이 좋았다.", []),
        ("작업자 8명이 숨지거나 다쳤다.", [(8, 8, "casualties")]),
        ("승객 6명이 죽거나 실종됐다.", [(6, 6, "victims")]),
        (
            "1명이 숨지고 4명이 다치는 등 12명의 인명피해가 났다.",
            [(1, 1, "killed"), (4, 4, "injured"), (12, 12, "casualties")],
        ),
        ("초등학생 형제가 숨졌다.", [(2, 2, "killed")]),
        ("30대 남녀가 숨졌다.", [(2, 2, "killed")]),
        ("선원 3명이 구조됐으나 1명은 끝내 숨졌다.", [(3, 3, "rescued"), (1, 1, "killed")]),
        ("선원 3명이 구조됐으나 병원에서 모두 숨졌다.", [(3, 3, "killed")]),
    ],
)
def test_korean_counts(text: str, expected: list[tuple[int | None, int | None, str]]) -> None:
    assert _counts(text, "ko") == expected


def test_korean_totals_additions_and_roundings_are_marked() -> None:
    assert _one("숨진 사람은 모두 5명으로 늘었다.", "ko").total
    assert _one("추가로 2명이 숨졌다.", "ko").new
    assert _one("최소 4명이 숨졌다.", "ko").approximate
    assert not _one("4명이 숨졌다.", "ko").approximate


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("김모(51)씨와 아내 박모(49)씨가 숨진 채 발견됐다.", "ko", [("김모(51)씨", "killed"), ("아내 박모(49)씨", "killed")]),
        ("최모(40)씨의 남편과 딸도 다쳤다.", "ko", [("남편", "injured"), ("딸", "injured")]),
        ("크게 다친 최모(40)씨는 현장에서 숨졌다.", "ko", [("최모(40)씨", "killed")]),
        ("A 72-year-old woman and a four-year-old girl died.", "en",
         [("A 72-year-old woman", "killed"), ("a four-year-old girl", "killed")]),
    ],
)  # fmt: skip
def test_of_people_named_together_and_of_one_first_hurt_the_last_word_counts(
    text: str, language: str, expected: list[tuple[str, str]]
) -> None:
    assert [(c.text, c.what) for c in find_counts(text, language) if c.implied] == expected


@pytest.mark.parametrize(
    ("text", "language"),
    [("용의자 2명이 사살됐다.", "ko"), ("일당 7명을 붙잡았다.", "ko"), ("Two suspects were shot dead.", "en")],
)
def test_attackers_are_told_apart(text: str, language: str) -> None:
    assert _one(text, language).of_attackers


@pytest.mark.parametrize(
    ("text", "language", "what"),
    [
        ("A씨가 숨졌다.", "ko", "killed"),
        ("숨진 A씨를 기렸다.", "ko", "killed"),
        ("A 22-year-old student was killed.", "en", "killed"),
        ("The bomb killed a tourist.", "en", "killed"),
        ("A farmer died.", "en", "killed"),
        ("The murder of a farmer shook the town.", "en", "killed"),
        ("The injured officer came home.", "en", "injured"),
    ],
)
def test_one_person_is_counted_without_a_numeral(text: str, language: str, what: str) -> None:
    mention = _one(text, language)
    assert (mention.low, mention.what, mention.implied) == (1, what, True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("At least 12 people were killed and 30 injured.", [(12, 12, "killed"), (30, 30, "injured")]),
        ("It hit a bus, killing three and wounding 12 others.", [(3, 3, "killed"), (12, 12, "injured")]),
        ("The attack left five dead.", [(5, 5, "killed")]),
        ("The death toll rose to 15.", [(15, 15, "killed")]),
        ("Dozens were hurt.", [(None, None, "injured")]),
        ("No one was injured.", [(0, 0, "injured")]),
        ("There were no casualties.", [(0, 0, "killed"), (0, 0, "injured")]),
        ("The fire claimed five lives.", [(5, 5, "killed")]),
        ("Police arrested four suspects on March 3.", [(4, 4, "arrested")]),
        ("Three people are missing.", [(3, 3, "missing")]),
        ("The killing of 20 refugees shook the town.", [(20, 20, "killed")]),
        ("A pet dealer, 43, came.", []),
        ("The class 12 girl died.", [(1, 1, "killed")]),
        ("A clerk was stabbed on a bus.", [(1, 1, "injured")]),
        ("A clerk was shot dead on a bus.", [(1, 1, "killed")]),
        ("The raid cost ₹21 crore.", []),
        ("Two sisters were raped and murdered.", [(2, 2, "killed")]),
        ("Twelve people were killed or injured.", [(12, 12, "casualties")]),
        ("The blast killed or wounded 20 people.", [(20, 20, "casualties")]),
        ("Ninety-seven miners died.", [(97, 97, "killed")]),
        ("One hundred and fifty people were hurt.", [(150, 150, "injured")]),
        ("The slide killed twenty-six villagers.", [(26, 26, "killed")]),
        ("Two dozen people were injured.", [(24, 24, "injured")]),
        ("Four soldiers were martyred.", [(4, 4, "killed")]),
        ("It fell, killing the pilot and two passengers.", [(1, 1, "killed"), (2, 2, "killed")]),
        ("Six people were killed and 12 hurt.", [(6, 6, "killed"), (12, 12, "injured")]),
        ("A worker was killed about 9 a.m. Monday.", [(1, 1, "killed")]),
        ("A clerk was stabbed around 8 p.m.", [(1, 1, "injured")]),
    ],
)
def test_english_counts(text: str, expected: list[tuple[int | None, int | None, str]]) -> None:
    assert _counts(text, "en") == expected


def test_between_two_numbers_is_a_range() -> None:
    assert (10, 20, "killed") in _counts("Between 10 and 20 people died.", "en")


def test_a_toll_is_a_total_and_another_is_new() -> None:
    assert _one("The death toll rose to 15.", "en").total
    assert _one("Another three people died.", "en").new


@pytest.mark.parametrize(
    "text", ["He was fined $300 in 2024.", "The 30-year-old house burned.", "It took two hours and 5 km."]
)
def test_sums_years_ages_and_lengths_count_nobody(text: str) -> None:
    assert find_counts(text, "en") == []


def test_followers_are_not_victims() -> None:
    assert _counts("구독자 99만명인 유튜버가 있다.", "ko") == []


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
    for mention in find_counts(text, language):
        assert text[mention.start : mention.end].strip() == mention.text.strip() != ""
