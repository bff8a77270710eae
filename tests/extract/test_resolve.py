from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.records import Article, Count, EventDate, Evidence, IncidentReport, Perpetrator, Place, Victim
from extract.resolve import (
    Signature,
    WeightsError,
    block_keys,
    clash,
    features,
    name_key,
    parse_weights,
    romanise,
    score,
    score_against,
    signature_of,
)

KO = Article(
    "k1",
    "캄보디아서 20대 한국인 숨져",
    "캄보디아 시아누크빌에서 20대 한국인 오다솜씨가 8일 숨진 채 발견됐다. 범인들은 3억2천만원을 요구했다.",
    datetime(2025, 10, 10, 3, tzinfo=UTC),
    "ko",
)
EN = Article(
    "e1",
    "South Korean found dead in Cambodia",
    "South Korean Oh Da-som, 24, was found dead in Sihanoukville on Oct. 8, police said.",
    datetime(2025, 10, 11, 3, tzinfo=UTC),
    "en",
)
PLACE = Place("Sihanoukville", "시아누크빌", "KH", None, 10.63, 103.5, None, "city")


def report(**changes: object) -> IncidentReport:
    fields: dict[str, object] = {
        "type": "homicide",
        "country": "KH",
        "place": PLACE,
        "date": EventDate("2025-10-08", "day"),
        "victims": (Victim("오다솜", 1, "KR", "오다솜", "20s"),),
        "killed": Count(1, 1),
        "evidence": (Evidence("place", "시아누크빌", 5, 10),),
    }
    return IncidentReport(**{**fields, **changes})  # type: ignore[arg-type]


A = signature_of(report(), KO)
ENGLISH = signature_of(report(victims=(Victim("Oh Da-som", 1, "KR", "Oh Da-som", "24"),), evidence=()), EN)


def test_korean_and_english_reports_of_one_event_meet() -> None:
    assert set(block_keys(A)) & set(block_keys(ENGLISH))
    assert score(A, ENGLISH).answer == "same"


def test_the_score_is_symmetric() -> None:
    assert score(A, ENGLISH) == score(ENGLISH, A)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"country": "VN"}, "two countries"),
        ({"types": ("drug_offence",)}, "unrelated types"),
        ({"date_from": 739537, "date_to": 739537}, "dates apart"),
        ({"latitude": 11.57, "longitude": 104.92}, "places apart"),
        ({"ages": ("45",)}, "ages differ"),
        ({"published": 739520, "date_from": None, "date_to": None}, "before it happened"),
        ({"seat": "k1", "ordinal": 1}, "one article"),
    ],
)
def test_facts_that_clash_keep_reports_apart(changes: dict[str, object], reason: str) -> None:
    other = replace(ENGLISH, **changes)  # type: ignore[arg-type]
    assert reason in (clash(A, other) or "")
    assert score(A, other).answer == "different"
    assert clash(A, ENGLISH) is None


def test_a_missing_person_found_dead_is_one_event() -> None:
    assert clash(A, replace(ENGLISH, types=("missing_person",))) is None


def test_unknown_facts_never_clash() -> None:
    assert clash(A, Signature(("homicide",))) is None


def test_two_events_that_share_only_type_and_country_are_different() -> None:
    bare = Signature(("homicide",), "x", country="KH", published=A.published)
    assert score(A, bare).answer == "different"


def test_one_close_report_is_not_enough_where_the_rest_of_the_incident_clashes() -> None:
    elsewhere = replace(A, seat="z", country="VN")
    assert score_against(ENGLISH, [A]).answer == "same"
    assert score_against(ENGLISH, [A, elsewhere]).answer == "different"
    assert score_against(ENGLISH, []).answer == "different"


def test_a_signature_survives_json() -> None:
    assert Signature.from_json(A.to_json()) == A


def test_suspects_and_sums_are_in_the_signature() -> None:
    signature = signature_of(
        report(perpetrators=(Perpetrator("범인들", 3, "CN"),), evidence=(Evidence("type", "요구", 50, 52),)), KO
    )
    assert signature.suspects == 3
    assert signature.suspect_nationalities == ("CN",)
    assert signature.published == datetime(2025, 10, 10).toordinal()  # noqa: DTZ001


@pytest.mark.parametrize(
    ("hangul", "latin"),
    [
        ("박민호", "Park Min-ho"), ("이서준", "Lee Seo-jun"), ("최유진", "Choi Yu-jin"), ("정하늘", "Ha-neul Jung"),
        ("김도윤", "Kim Do-yoon"), ("오다솜", "Oh Da-som"), ("강수빈", "Kang Soo-bin"), ("류지안", "Ryu Ji-an"),
    ],
)  # fmt: skip
def test_a_name_in_hangul_meets_itself_in_latin_letters(hangul: str, latin: str) -> None:
    assert name_key(hangul) == name_key(latin)


@pytest.mark.parametrize(("one", "other"), [("박민호", "박민수"), ("이서준", "김서준"), ("Kim Do-yoon", "Kim Ha-yoon")])
def test_different_names_stay_apart(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize("name", ["A", "B씨", "박모씨", "김모", "", "  "])
def test_a_letter_or_a_family_name_alone_names_nobody(name: str) -> None:
    assert name_key(name) is None


@pytest.mark.parametrize(
    ("hangul", "latin"), [("한글", "hangeul"), ("부산", "busan"), ("곽", "gwak"), ("A동", "Adong")]
)
def test_romanise_follows_the_letters(hangul: str, latin: str) -> None:
    assert romanise(hangul) == latin


@given(st.text(max_size=20))
def test_romanise_leaves_no_hangul_syllable(text: str) -> None:
    assert not any("가" <= c <= "힣" for c in romanise(text))


@given(st.text(max_size=30))
def test_a_name_key_is_stable_or_none(name: str) -> None:
    assert name_key(name) == name_key(f" {name} ")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("bias = 1.0", "same"),
        ("bias = ", "weights.toml"),
        ("bias=1.0\nsame=0.5\nask=0.1\n[coefficients]\nhat=1.0", "hat"),
    ],
)
def test_a_weights_file_with_a_mistake_is_named(text: str, message: str) -> None:
    with pytest.raises(WeightsError, match=message):
        parse_weights(text)


def test_every_feature_is_bounded() -> None:
    assert all(-1 <= value <= 1 for value in features(A, ENGLISH).values())


def test_three_acts_in_common_say_more_than_one_and_other_crimes_in_common_nothing() -> None:
    one = Signature(("homicide",))
    three = Signature(("homicide", "torture", "unlawful_detention"))
    vague = Signature(("other_crime",))
    assert features(one, three)["types_many"] == 0.0
    assert features(three, three)["types_many"] == 1.0
    assert (features(vague, vague)["type_vague"], features(one, one)["type_vague"]) == (1.0, 0.0)


def test_a_foreigner_s_fate_in_one_month_ties_two_reports_of_which_one_knows_the_day() -> None:
    day = Signature(("homicide",), country="KH", nationalities=("KR",), date_from=100, date_to=100)
    month = Signature(("homicide",), country="KH", nationalities=("KR",), date_from=90, date_to=119)
    at_home = Signature(("homicide",), country="KR", nationalities=("KR",), date_from=90, date_to=119)
    assert features(day, month)["month_and_foreigner"] == 1.0
    assert features(day, day)["month_and_foreigner"] == 0.0
    assert features(at_home, at_home)["month_and_foreigner"] == 0.0
