"""What a Korean and an English report of one event share although they share no word."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.resolve.attribution import attribution_of
from extract.resolve.concepts import ConceptsError, concepts_in, parse_lexicon, telling
from extract.resolve.figures import amounts, clocks, korean_number, quantities
from training.resolve.read import PAIRS


@pytest.mark.parametrize(
    ("korean", "english"),
    [("1억2천만원", "120 million won"), ("64억원을", "6.4 billion won"), ("4천500만원", "₩45 million")],
)
def test_a_sum_is_the_same_in_either_language(korean: str, english: str) -> None:
    assert amounts(korean) == amounts(english) != ()


@pytest.mark.parametrize(
    ("korean", "english"),
    [
        ("오전 9시 40분께", "about 9:40 a.m."),
        ("밤 11시께", "at 11 p.m."),
        ("새벽 1시 반", "1.30am"),
        ("낮 12시", "12 p.m."),
    ],
)
def test_a_time_of_day_is_the_same_in_either_language(korean: str, english: str) -> None:
    assert clocks(korean) == clocks(english) != ()


def test_a_quantity_is_no_day_year_age_or_time() -> None:
    assert quantities("2025년 10월 22일 오후 3시 40분 34세 남성이 필로폰 180㎏과 450여대") == (180, 450)
    assert quantities("On Oct. 22, 2025, a 34-year-old man had 180 kilograms and 450 cars at 3:40 p.m.") == (180, 450)


@pytest.mark.parametrize(
    ("text", "value"), [("3억2천만", 320_000_000), ("1만1천", 11_000), ("1,462", 1462), ("2천", 2000)]
)
def test_korean_units_add_up(text: str, value: int) -> None:
    assert korean_number(text) == value


@given(st.text(alphabet="0123456789조억만천백,. 원년월일시분ab", max_size=30))
def test_no_string_of_digits_and_units_breaks_the_figures(text: str) -> None:
    assert all(value > 0 for value in (*amounts(text), *quantities(text)))
    assert all(0 <= value < 1440 for value in clocks(text))


def test_weapons_and_sites_are_named_alike() -> None:
    korean = concepts_in("식당에 휘발유를 뿌리고 불을 지른 전 직원을 체포했다")
    english = concepts_in("A former employee poured gasoline in the restaurant and lit it")
    assert korean == english == ("fire_set", "former_staff", "restaurant")
    assert telling(korean) == {"fire_set"}


def test_a_column_of_a_newspaper_is_no_knife() -> None:
    assert concepts_in("칼럼에서 그는 총선을 말했다") == ()
    assert concepts_in("the batch was clubbed together by a begun barbecue") == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("knife\tweapon\t흉기", "lexicon.tsv:1: 3 columns"),
        ("knife\ttool\t흉기\tknife", "lexicon.tsv:1: 'tool' is no kind"),
        ("# c\ngun\tweapon\t총\tgun\ngun\tweapon\t총\tgun", "lexicon.tsv:3: gun stands twice"),
    ],
)
def test_a_mistake_in_the_lexicon_names_its_line(text: str, message: str) -> None:
    with pytest.raises(ConceptsError, match=message):
        parse_lexicon(text, "lexicon.tsv")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("현지 경찰에 따르면 3명이 숨졌다", "official"),
        ("Witnesses said dozens had died", "hearsay"),
        ("목격자는 20명이 숨졌다고 말했다", "hearsay"),
        ("Police said that witnesses had seen two men", "official"),
        ("세 사람이 숨졌다", None),
    ],
)
def test_an_authority_is_told_from_hearsay(text: str, said: str | None) -> None:
    assert attribution_of(text) == said


def test_both_papers_of_an_invented_event_share_what_no_dictionary_gives() -> None:
    rows = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    shared = [set(concepts_in(row["ko"]["text"])) & set(concepts_in(row["en"]["text"])) for row in rows]
    assert len(rows) == 60
    assert sum(len(concepts) >= 2 for concepts in shared) >= 54
