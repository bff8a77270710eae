"""Place names in Korean sentences (all written for these tests; the people in them are invented)."""

from __future__ import annotations

import pytest

from extract.places import PlaceMention, ResolvedPlace, find_places, resolve_places


def resolved(text: str, **options: object) -> list[ResolvedPlace]:
    return resolve_places(find_places(text, "ko"), **options)  # type: ignore[arg-type]


def names(text: str) -> list[tuple[str, str | None]]:
    return [(r.place.name, r.country) for r in resolved(text) if r.place]


def only(text: str) -> PlaceMention:
    (mention,) = find_places(text, "ko")
    return mention


@pytest.mark.parametrize(
    ("printed", "english", "country"),
    [
        ("시아누크빌", "Sihanoukville", "KH"),
        ("시하누크빌", "Sihanoukville", "KH"),
        ("바벳", "Bavet", "KH"),
        ("포이펫", "Poipet", "KH"),
        ("캄폿", "Kampot", "KH"),
        ("보코르", "Bokor Mountain", "KH"),
        ("코콩", "Koh Kong", "KH"),
        ("스바이리엥", "Svay Rieng", "KH"),
        ("미야와디", "Myawaddy", "MM"),
        ("쉐코코", "Shwe Kokko", "MM"),
        ("타켁", "Thakhek", "LA"),
        ("파타야", "Pattaya", "TH"),
        ("앙헬레스", "Angeles", "PH"),
        ("호치민", "Ho Chi Minh City", "VN"),
        ("나트랑", "Nha Trang", "VN"),
        ("연길", "Yanji", "CN"),
        ("칭다오", "Qingdao", "CN"),
        ("오사카", "Osaka", "JP"),
    ],
)
def test_towns_that_korean_crime_news_names_are_held(printed: str, english: str, country: str) -> None:
    assert names(f"지난 3일 {printed}에서 20대 관광객이 숨졌다.") == [(english, country)]


def test_a_country_before_a_town_is_part_of_one_mention() -> None:
    mention = only("캄보디아 수도 프놈펜에서 붙잡혔다.")
    assert mention.text == "캄보디아 수도 프놈펜"
    assert mention.head == "프놈펜"
    assert [p.text for p in mention.parents] == ["캄보디아"]
    assert mention.cue == "에서"


def test_a_country_alone_gets_no_point() -> None:
    (found,) = resolved("캄보디아에서 송환됐다.")
    assert found.place is not None
    assert (found.place.precision, found.place.latitude, found.place.longitude) == ("country", None, None)


def test_a_people_is_not_a_place() -> None:
    assert find_places("캄보디아인 두 명과 한국계 미국인, 중국산 부품", "ko") == []


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("서울 강남구 논현동의 한 식당", "Nonhyeon-dong, Gangnam-gu, Seoul"),
        ("경기 수원시 영통구의 한 아파트", "Yeongtong-gu, Suwon, Gyeonggi"),
        ("충남 금산군 한 공장", "Geumsan-gun, South Chungcheong"),
        ("경기 용인시 처인구 영동고속도로 강변 방향", "Cheoin-gu, Yongin, Gyeonggi"),
        ("강원 평창군 용평면 영동고속도로에서", "Yongpyeong-myeon, Pyeongchang-gun, Gangwon"),
        ("경남 진주시 남해고속도로에서", "Jinju, South Gyeongsang"),
        ("대구 북구의 주거지", "Buk-gu, Daegu"),
        ("울산 울주군 언양읍 송대리 야산", "Songdae-ri, Eonyang-eup, Ulju-gun, Ulsan"),
        ("강원 고성의 한 항구", "Goseong-gun, Gangwon"),
        ("경남 고성에서", "Goseong-gun, South Gyeongsang"),
        ("경기 광주의 한 창고", "Gwangju, Gyeonggi"),
        ("광주에서 열린 행사", "Gwangju"),
        ("전남광주 광산구에서", "Gwangsan-gu, Gwangju"),
    ],
)
def test_domestic_addresses_are_read_to_the_district_and_below(text: str, english: str) -> None:
    assert names(text) == [(english, "KR")]


@pytest.mark.parametrize(
    "text",
    [
        "경기에서 이긴 선수들이 웃었다.",
        "국회는 예산을 심의했다.",
        "화성은 네 번째 행성이다.",
        "세종대왕의 업적을 기렸다.",
        "피해자는 전치 4주의 상해를 입었다.",
        "그는 “돌아가라”고 말했다. ‘법’이란 무엇인가.",
        "이를 위해 나선 사람들",
        "빈 가방을 들고 파리를 쫓았다.",
        "차가 인도를 덮쳤다.",
    ],
)
def test_ordinary_words_are_not_places(text: str) -> None:
    assert names(text) == []


def test_a_word_becomes_a_place_where_the_article_speaks_of_its_country() -> None:
    assert ("India", "IN") in names("뭄바이에서 사고가 났다. 인도 경찰은 조사에 나섰다.")


def test_a_short_name_is_settled_by_the_full_name_elsewhere() -> None:
    text = "경기 화성시의 공장에서 불이 났다. 화성의 다른 공장도 점검을 받았다."
    assert names(text)[-1] == ("Hwaseong, Gyeonggi", "KR")


@pytest.mark.parametrize(
    ("text", "follow"),
    [
        ("강릉경찰서는 밝혔다", "police"),
        ("수원지법에서 선고됐다", "court"),
        ("부산 해운대 소방서", "fire"),
        ("주캄보디아 한국 대사관", "embassy"),
        ("캄보디아 정부는 밝혔다", "government"),
        ("청주병원으로 옮겨졌다", "hospital"),
    ],
)
def test_what_follows_says_whether_the_name_is_part_of_an_institution(text: str, follow: str) -> None:
    assert find_places(text, "ko")[-1].follow == follow


def test_the_lead_of_an_agency_story_is_marked_as_dateline() -> None:
    lead, place = find_places("(서울=새벽통신) 김가온 기자 = 전주에서 불이 났다.", "ko")
    assert lead.dateline
    assert not place.dateline


def test_beside_a_place_is_marked() -> None:
    assert only("바벳 인근 국경에서 발견됐다").near


def test_towns_no_list_holds_are_found_by_the_loanword_rules() -> None:
    assert ("Kampong Speu", "KH") in names("캄보디아 캄퐁스프에서")
    assert ("Murayama", "JP") in names("일본 무라야마시에서 지진이 났다.")
