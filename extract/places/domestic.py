"""Reads a South Korean address at a point of the text: province, city or county, district, and the finer part."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from extract.places.errors import table_rows
from extract.places.following import after
from extract.places.korea import District, Province, district_candidate, korea, province_candidate
from extract.places.mention import Candidate
from extract.places.romanise import romanise_unit

_HANGUL = re.compile(r"[가-힣]+")
_FINER = re.compile(r"([가-힣]{1,5}\d{0,2}(?:읍|면|동|가))(?=[ ,.()의에·]|[가-힣]|$)")
_VILLAGE = re.compile(r"([가-힣]{1,4}리)(?=[ ,.()의에·]|[가-힣]|$)")
#: Words that end like a neighbourhood and are none.
_NOT_FINER = frozenset(
    [
        "활동",
        "행동",
        "이동",
        "노동",
        "운동",
        "자동",
        "부동",
        "감동",
        "공동",
        "아동",
        "작동",
        "변동",
        "충동",
        "진동",
        "연동",
        "수동",
        "가동",
        "출동",
        "난동",
        "소동",
        "폭동",
        "합동",
        "역동",
        "선동",
        "협동",
        "전동",
        "구동",
        "측면",
        "장면",
        "화면",
        "정면",
        "전면",
        "방면",
        "반면",
        "표면",
        "내면",
        "이면",
        "지면",
        "국면",
        "대면",
        "수면",
        "외면",
        "당면",
        "체면",
        "가면",
        "라면",
        "냉면",
        "도면",
        "직면",
        "휴가",
        "평가",
        "국가",
        "작가",
        "증가",
        "추가",
        "물가",
        "주가",
        "대가",
        "원가",
        "전문가",
        "관계자가",
        "경찰가",
        "인가",
        "허가",
        "참가",
        "정가",
        "시가",
        "분가",
        "누가",
        "관리",
        "처리",
        "수리",
        "권리",
        "거리",
        "소리",
        "우리",
        "빨리",
        "정리",
        "심리",
        "논리",
        "다리",
        "자리",
        "머리",
        "무리",
        "승리",
        "진리",
        "윤리",
        "유리",
        "분리",
        "총리",
        "대리",
        "격리",
        "요리",
        "멀리",
        "사거리",
        "삼거리",
        "오거리",
        "네거리",
        "길거리",
        "먹자거리",
        "복면",
        "하면",
        "되면",
        "보면",
        "이라면",
        "한다면",
        "따르면",
    ]
)
_PARTICLE_ONLY = re.compile(
    r"(?:에서|에는|에|의|으로|로|은|는|이|가|을|를|와|과|도|까지|부터|소재|일대|지역|인근|내|등)"
)
#: After the short name of a province that is also a word, these show the place: 경기 남부, 경기 일대.
_PROVINCE_AFTER = re.compile(
    r"(?:도| ?(?:지역|남부|북부|동부|서부|일대|전역|소방|경찰|교육|도지사|지사|북부경찰|남부경찰))"
)
_PROVINCE_WORDS = frozenset({"경기"})
#: Particles of place; an ambiguous short name with any other is taken for the ordinary word.
_LOCATIVE = frozenset(
    {"에서", "에서는", "에서도", "에", "에는", "로", "으로", "까지", "의", "서", "지역", "일대", "시내"}
)
#: Right before it stands the expressway's name, not where it runs: 영동고속도로 is in neither 영동군 nor a 영동.
_EXPRESSWAY = "고속도로"
_GENERIC_DISTRICTS = frozenset({"중구", "동구", "서구", "남구", "북구", "강서구"})


@dataclass(frozen=True, slots=True)
class Domestic:
    """An address found: its span, where its most specific word starts, its candidates, the finer part in English."""

    start: int
    end: int
    head_start: int
    run_end: int
    candidates: tuple[Candidate, ...]
    detail: str
    weak: bool


@cache
def ambiguous_stems() -> frozenset[str]:
    """Short names of cities and counties that are words too."""
    return frozenset(cells[0] for _, cells in table_rows("korean_stems.tsv", 2))


def find_domestic(text: str, start: int, run_end: int) -> Domestic | None:
    """The address that starts at `start`, or None. `run_end` is where the Hangul word at `start` ends."""
    table = korea()
    province_end = _longest(text, start, run_end, table.provinces)
    province = table.provinces[text[start:province_end]] if province_end else None
    if province is None or province_end is None:
        return _district(text, start, run_end, start, None)
    at, at_end = _next(text, province_end, run_end)
    if at is not None:
        below = _district(text, at, at_end, start, province)
        if below is not None:
            return below
        other = _longest(text, at, at_end, table.provinces) if at == province_end else None
        if other and table.provinces[text[at:other]].city:  # 전남광주: the merged city, read as its second part
            return find_domestic(text, at, at_end)
    name = text[start:province_end]
    if name in _PROVINCE_WORDS and not _PROVINCE_AFTER.match(text, province_end):
        return None
    if not _fits(text, province_end, run_end):
        return None
    found = Domestic(start, province_end, start, run_end, (_province(province),), "", False)
    return _finer(text, found) if province.short == "세종" else found


@cache
def _province(province: Province) -> Candidate:
    return province_candidate(province)


@cache
def _candidate(district: District) -> Candidate:
    return district_candidate(district, korea().provinces[district.province])


def _longest(text: str, start: int, end: int, names: dict[str, Province]) -> int | None:
    for stop in range(min(end, start + 7), start + 1, -1):
        if text[start:stop] in names:
            return stop
    return None


def _next(text: str, at: int, run_end: int) -> tuple[int | None, int]:
    """Where the next part of an address starts: in the same word, or in the next after one space."""
    if at < run_end:
        return at, run_end
    if text.startswith(" ", at):
        found = _HANGUL.match(text, at + 1)
        if found:
            return found.start(), found.end()
    return None, at


def _district(text: str, at: int, run_end: int, start: int, province: Province | None) -> Domestic | None:
    table = korea()
    for stop in range(min(run_end, at + 6), at + 1, -1):
        name = text[at:stop]
        held = table.districts.get(name)
        full = held is not None
        if held is None:
            held = table.stems.get(name)
        if held is None or (not full and text.startswith(_EXPRESSWAY, stop)):
            continue
        if province is not None:
            inside = tuple(d for d in held if d.province == province.short)
            if not inside and not full:
                continue
            held = inside or held
        elif not full and name in table.provinces:
            continue
        if not full and stop < run_end and not _fits(text, stop, run_end):
            continue
        if (
            full
            and stop < run_end
            and not (_fits(text, stop, run_end) or _FINER.match(text, stop) or _gu_after(text, stop, held))
        ):
            continue
        weak = province is None and (
            (full and (name in _GENERIC_DISTRICTS or (len(held) > 1 and name not in ("고성군",))))
            or (not full and name in ambiguous_stems() and not _institution(text, stop, run_end))
        )
        if weak and not full and after(text, stop, run_end, units=False).cue not in _LOCATIVE:
            return None  # 예산을 편성했다, 화성은
        found = Domestic(start, stop, at, run_end, tuple(_candidate(d) for d in held), "", weak)
        return _finer(text, _below(text, found, held))
    return None


def _gu_after(text: str, at: int, held: tuple[District, ...]) -> bool:
    return any(text.startswith(d.korean, at) for d in _inner(held))


@cache
def _inner(cities: tuple[District, ...]) -> tuple[District, ...]:
    names = {(d.province, d.korean) for d in cities}
    return tuple(d for held in korea().districts.values() for d in held if d.city and (d.province, d.city) in names)


def _below(text: str, found: Domestic, held: tuple[District, ...]) -> Domestic:
    """Go down from a city to its district: 수원시 영통구."""
    at, at_end = _next(text, found.end, found.run_end)
    if at is None:
        return found
    for district in _inner(held):
        if text.startswith(district.korean, at):
            end = at + len(district.korean)
            return replace(
                found, end=end, head_start=at, run_end=max(at_end, end), candidates=(_candidate(district),), weak=False
            )
    return found


def _finer(text: str, found: Domestic) -> Domestic:
    """Take in the neighbourhood, township and village after a district."""
    detail: list[str] = []
    while True:
        at, at_end = _next(text, found.end, found.run_end)
        if at is None or (at == found.end and not detail and found.end < found.run_end and _fits(text, at, at_end)):
            break
        if at == found.end and text[at - 1] in "시도":
            break  # 태백시민행동: a compound, not a township
        match = None
        for pattern in (_FINER, _VILLAGE):
            for stop in range(at_end, at + 1, -1):
                match = pattern.fullmatch(text, at, stop)
                if (
                    match
                    and match.group(1) not in _NOT_FINER
                    and not match.group(1).endswith("거리")
                    and not text.startswith(_EXPRESSWAY, stop)
                    and (stop == at_end or _fits(text, stop, at_end))
                ):
                    break
                match = None
            if match:
                break
        if match is None or len(detail) == 2:
            break
        detail.insert(0, romanise_unit(match.group(1)))
        found = replace(found, end=match.end(), head_start=at, run_end=at_end)
    return replace(found, detail=", ".join(detail))


def _fits(text: str, at: int, run_end: int) -> bool:
    return after(text, at, run_end, units=False).fits


def _institution(text: str, at: int, run_end: int) -> bool:
    tail = after(text, at, run_end, units=False)
    return tail.fits and tail.follow not in ("", "people")
