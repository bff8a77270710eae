"""Korean date phrases as the press writes them, read against a publication day."""

from __future__ import annotations

from datetime import date

import pytest

from extract.dates import DateMention, find_dates

PUBLISHED = date(2025, 10, 12)  # a Sunday


def read(text: str, published: date | None = PUBLISHED) -> list[DateMention]:
    mentions = find_dates(text, "ko", published)
    assert all(text[mention.start : mention.end] == mention.text for mention in mentions)
    return mentions


def dates(text: str, published: date | None = PUBLISHED) -> list[str | None]:
    return [mention.value for mention in read(text, published) if mention.kind in ("point", "range")]


@pytest.mark.parametrize(
    ("phrase", "value"),
    [
        ("2025년 10월 8일", "2025-10-08"),
        ("10월 8일", "2025-10-08"),
        ("8일", "2025-10-08"),
        ("12일", "2025-10-12"),
        ("13일", "2025-09-13"),
        ("31일", "2025-08-31"),
        ("지난 8일", "2025-10-08"),
        ("지난 20일", "2025-09-20"),
        ("지난달 17일", "2025-09-17"),
        ("지난달 31일", "2025-08-31"),
        ("이달 8일", "2025-10-08"),
        ("이달 초", "2025-10"),
        ("다음 달 3일", "2025-11-03"),
        ("그다음 날", "2025-10-13"),
        ("핼로윈", "2024-10-31"),
        ("내달 5일", "2025-11-05"),
        ("지난해 12월", "2024-12"),
        ("작년", "2024"),
        ("재작년 3월 5일", "2023-03-05"),
        ("올해 7월", "2025-07"),
        ("올 3월", "2025-03"),
        ("내년", "2026"),
        ("지난 6월", "2025-06"),
        ("지난 12월", "2024-12"),
        ("지난 11월 15일", "2024-11-15"),
        ("지난 2018년", "2018"),
        ("'24년", "2024"),
        ("`24년", "2024"),
        ("′24년 3월", "2024-03"),
        ("지난주 금요일", "2025-10-03"),
        ("금요일(10일)", "2025-10-10"),
        ("월요일", "2025-10-06"),
        ("오늘", "2025-10-12"),
        ("어제", "2025-10-11"),
        ("그저께", "2025-10-10"),
        ("모레", "2025-10-14"),
        ("전날", "2025-10-11"),
        ("전전날", "2025-10-10"),
        ("이날", "2025-10-12"),
        ("금일", "2025-10-12"),
        ("사흘 전", "2025-10-09"),
        ("열흘 전", "2025-10-02"),
        ("3일 전", "2025-10-09"),
        ("일주일 전", "2025-10-05"),
        ("두 달 전", "2025-08"),
        ("5년 전", "2020"),
        ("2025.10.08.", "2025-10-08"),
        ("2025-10-08", "2025-10-08"),
        ("오는 8일", "2025-11-08"),
        ("오는 15일", "2025-10-15"),
        ("오는 12월", "2025-12"),
        ("추석 연휴", "2025-10-06"),
        ("지난해 광복절", "2024-08-15"),
    ],
)
def test_a_phrase_alone_means_a_day_month_or_year(phrase: str, value: str) -> None:
    mention = read(f"{phrase} 경찰에 붙잡혔다.")[0]
    assert (mention.text, mention.value) == (phrase, value)


@pytest.mark.parametrize(
    ("phrase", "value", "end_value"),
    [
        ("8∼10일", "2025-10-08", "2025-10-10"),
        ("8·9일", "2025-10-08", "2025-10-09"),
        ("지난 6일부터 8일", "2025-10-06", "2025-10-08"),
        ("지난달 27~30일", "2025-09-27", "2025-09-30"),
        ("지난해 9월부터 12월", "2024-09", "2024-12"),
        ("지난해 1월부터 올해 4월", "2024-01", "2025-04"),
        ("2018년부터 2020년", "2018", "2020"),
        ("2018~2020년", "2018", "2020"),
        ("지난 9∼10월", "2025-09", "2025-10"),
        ("올해 상반기", "2025-01", "2025-06"),
        ("1990년대", "1990", "1999"),
        ("지난 주말", "2025-10-11", "2025-10-12"),
    ],
)
def test_a_range_has_a_first_and_a_last(phrase: str, value: str, end_value: str) -> None:
    mention = read(f"{phrase}까지 돈을 빼앗았다.")[0]
    assert (mention.text, mention.kind, mention.value, mention.end_value) == (phrase, "range", value, end_value)


@pytest.mark.parametrize(
    "phrase",
    [
        "3일간",
        "8일째",
        "100일",
        "1일 2회",
        "20일치",
        "3년형",
        "1년 6개월",
        "징역 6월",
        "구류 20일",
        "2박 3일",
        "두 달 동안",
        "나흘 만에",
    ],
)
def test_a_length_of_time_is_no_date(phrase: str) -> None:
    assert dates(f"그는 {phrase} 여행을 즐겼다.") == []


def test_only_four_days_left_is_no_fourth_of_the_month() -> None:
    assert dates("시한이 4일 앞으로 다가왔다. 가게를 연 지 겨우 5일이다.") == []


def test_the_time_of_day_belongs_to_its_day() -> None:
    [mention] = read("지난 8일(현지시간) 오후 9시 30분께 시내에서 총성이 울렸다.")
    assert (mention.text, mention.value, mention.time) == ("지난 8일(현지시간) 오후 9시 30분께", "2025-10-08", "21:30")
    assert mention.local_time


@pytest.mark.parametrize(
    ("phrase", "time"),
    [
        ("오전 9시", "09:00"),
        ("오후 3시 반", "15:30"),
        ("새벽 1시 5분쯤", "01:05"),
        ("밤 11시 40분", "23:40"),
        ("밤 12시", "00:00"),
        ("낮 12시 30분께", "12:30"),
        ("0시 30분쯤", "00:30"),
        ("정오", "12:00"),
    ],
)
def test_korean_hours_on_the_24_hour_clock(phrase: str, time: str) -> None:
    [mention] = read(f"전날 {phrase} 신고가 들어왔다.")
    assert (mention.value, mention.time) == ("2025-10-11", time)


def test_a_clock_alone_takes_the_day_of_the_story() -> None:
    mentions = read("지난 3일 불이 났다. 오전 9시 신고가 들어왔다.")
    assert (mentions[1].kind, mentions[1].value) == ("clock", "2025-10-03")


def test_pointing_words_follow_the_last_day_named() -> None:
    text = "2024년 5월 1일 체포됐다. 같은 달 9일 풀려났고 다음 날 출국했다. 같은 해 8월 돌아왔고 이듬해 3월 구속됐다."
    assert dates(text) == ["2024-05-01", "2024-05-09", "2024-05-10", "2024-08", "2025-03"]


def test_the_day_in_apposition_decides() -> None:
    assert dates("전날인 9일 밤 신고했다.") == ["2025-10-09", "2025-10-09"]
    assert dates("전날(10일) 오전 숨졌다.") == ["2025-10-10", "2025-10-10"]


def test_the_eve_of_an_event_is_not_the_eve_of_publication() -> None:
    assert dates("결혼식 전날 사라졌다.") == [None]


def test_a_later_part_of_the_sentence_keeps_the_year_named() -> None:
    assert dates("2019년 3월 만나 5월 결혼했다.") == ["2019-03", "2019-05"]


def test_a_coming_day_is_told_by_the_verb() -> None:
    assert dates("공청회가 15일 열린다.") == ["2025-10-15"]
    assert dates("재판부는 15일 선고할 예정이다.") == ["2025-10-15"]
    assert dates("경찰은 15일 용의자를 체포했다.") == ["2025-09-15"]
    assert dates("경찰은 11일 수사를 확대할 것이라고 밝혔다.") == ["2025-10-11"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("선고는 11일로 연기됐다.", "2025-11-11"),
        ("회의는 9월 이후로 넘어갈 것 같다고 말했다.", "2026-09"),
        ("구속 시한(9일)이 다가왔다.", "2025-11-09"),
        ("15일 전국이 맑겠으나 바람이 불겠다.", "2025-10-15"),
        ("15일부터 열기로 했던 축제가 취소됐다.", "2025-10-15"),
        ("11일로 접수를 마감했다.", "2025-10-11"),
    ],
)
def test_what_is_put_off_limited_or_forecast_is_still_to_come(text: str, value: str) -> None:
    assert dates(text) == [value]


def test_days_by_which_something_grows_are_a_length_and_a_day_set_by_law_is_none() -> None:
    assert dates("연휴를 4일로 늘렸다.") == []
    assert dates("봄은 10일과 19일 길어졌다.") == []
    assert dates("임기 개시일을 2월 25일로 규정했다.") == ["2025-02-25"]
    assert dates("글을 4~5일 혹은 일주일에 하나씩 올렸다.") == []


def test_a_day_to_come_is_told_by_a_plan_or_by_the_text_itself() -> None:
    # No paper writes the bare day of last month for what somebody said.
    assert dates("경찰은 15일 오후 1시 군수를 불러 조사하기로 했다.") == ["2025-10-15"]
    assert dates("“15일 오전 조사할 예정”이라며 서류를 보냈다고 밝혔다.") == ["2025-10-15"]
    assert dates("군수에 15일 소환 통보. 경찰은 오는 15일 군수를 부른다.") == ["2025-10-15", "2025-10-15"]


def test_this_day_is_the_day_of_the_news_once_another_is_left_behind() -> None:
    body = "12일 창고에 불이 났다. 주인은 지난 3일 창고를 비웠다."
    assert dates(f"{body} 이날 옆 건물에 세를 들었다.")[-1] == "2025-10-03"
    assert dates(f"{body} 한편 이날 시장이 사과했다.")[-1] == "2025-10-12"
    assert dates(f"{body} 그는 멀리 산다. 이웃은 놀랐다. 불은 컸다. 이날 2명이 다쳤다.")[-1] == "2025-10-12"


def test_a_time_of_day_after_a_month_alone_has_no_day() -> None:
    assert [m.value for m in read("그는 지난 4월 대사관에 오전 6시쯤 도착했다.")] == ["2025-04", None]


def test_a_date_that_is_an_events_name_is_no_date_of_this_story() -> None:
    [mention] = read("10·29 참사 유족이 모였다.")
    assert (mention.kind, mention.value) == ("name", "2022-10-29")


def test_editions_births_and_every_week_are_told_apart() -> None:
    kinds = [mention.kind for mention in read("8일자 신문은 1985년생 남성이 매주 월요일 찾아왔다고 썼다.")]
    assert kinds == ["edition", "birth", "recurring"]


def test_days_counted_from_an_event_lead_back_to_it() -> None:
    [mention] = read("시신은 사고 발생 사흘 만에 수습됐다.")
    assert (mention.kind, mention.value) == ("duration", "2025-10-09")


def test_without_a_publication_day_only_stated_dates_resolve() -> None:
    assert dates("2024년 5월 1일과 어제, 8일, 지난달", None) == ["2024-05-01", None, "2024-05-08", None]


def test_no_date_in_words_that_look_like_one() -> None:
    assert read("일본은 오늘날 안내일정을 이달라고 내달리며 한일 관계 시간당 밤나무") == []


def test_every_relative_date_says_so_and_names_its_rule() -> None:
    mentions = read("2025년 10월 8일 그리고 어제, 지난달 3일")
    assert [(mention.relative, mention.rule) for mention in mentions] == [
        (False, "full"),
        (True, "day_word"),
        (True, "month_word_day"),
    ]
