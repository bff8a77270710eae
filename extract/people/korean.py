"""People in Korean: runs of nationality, age, person noun, name and count ("20대 한국인 박모(22)씨")."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from extract.analyse import Analysis
from extract.lexicon.person_nouns import PersonNoun, person_nouns
from extract.nationality import NationalityMention
from extract.people.korean_names import SURNAMES, full_names
from extract.people.korean_nations import with_nations
from extract.people.numbers import korean_number
from extract.people.records import PersonMention

#: Common words that end like a name with 씨.
_NO_NAME = frozenset(
    ("아저씨", "날씨", "솜씨", "마음씨", "불씨", "글씨", "말씨", "맵씨", "홀씨", "볍씨", "아가씨", "섭씨", "화씨")
)
_END = r"(?=들|[은는이가을를의과와도에께만로]|라고|라는|였|부터|까지|등|[^가-힣]|$)"
_AGE = (
    r"(?P<decade>\d0)대(?:\s?(?:초반|중반|후반))?(?!\s?[0-9의]\s?(?:비율|비중|1))"
    r"|(?P<years>\d{1,3}|한|두|세|네|다섯|여섯|일곱|여덟|아홉|열|스무)\s?(?:세|살)(?!기|대|번째|해|상|인|균|짝|금)(?:배기)?"
    r"|(?:생후\s?(?P<months>\d{1,2})\s?개월(?:\s?된)?"
    r"|(?P<infant>\d{1,2})\s?개월(?:\s?된|짜리|\s?된\s?[가-힣]{1,3})(?=\s(?:[남여]자\s)?"
    r"(?:아기|아이|영아|유아|신생아|여아|남아|딸|아들|의붓딸|의붓아들|손자|손녀|조카)))"
)
#: Longer names that begin like a noun for people.
_LONGER = (
    r"국민(?:의힘|의당|은행|연금|청원|참여|건강|대학|신문|일보|투표|권익)|시민(?:단체|사회|연대|공원)"
    r"|대표(?:적|팀|번호|이사회|작|곡)|주민(?:센터|등록|세|번호|소환)|동료애"
)
_TITLES = r"씨|양|군|할머니|할아버지|여인"
_COUNT = (
    r"(?P<number>\d[\d,]*(?:만|천|백)?|한|두|세|네|다섯|여섯|일곱|여덟|아홉|열|수십|수백|여러|몇)(?P<more>여)?\s?"
    r"(?P<counter>명|사람)(?!령)"
)

#: Surnames that make no other word with 양 or 군 after them.
_PLAINSURNAMES = frozenset("김박최윤홍권황송")
_TITLE_GENDER = {"양": "female", "군": "male", "할머니": "female", "할아버지": "male", "여인": "female"}

#: 이모, 고모: a surname with "certain", where an age follows, not an aunt.
_SURNAME_ONLY = re.compile(f"[{''.join(sorted(SURNAMES))}]모")
#: Nouns for two people.
_PAIRS = frozenset(("부부", "노부부", "노부모", "남매", "형제", "자매", "쌍둥이", "모녀", "부녀", "커플", "남녀"))

Sort = Literal["age", "name", "noun", "count", "nationality"]


@dataclass(frozen=True, slots=True)
class _Element:
    start: int
    end: int
    sort: Sort
    name: str | None = None
    age: str | None = None
    gender: str | None = None
    count: int | None = None
    noun: PersonNoun | None = None
    country: str | None = None
    many: bool = False
    untitled: bool = False


def _alternatives(nouns: Iterable[str]) -> str:
    """A pattern of `nouns` grouped by first letter, so that most places in a text are left after one comparison."""
    groups: dict[str, list[str]] = {}
    for noun in nouns:
        groups.setdefault(noun[0], []).append(re.escape(noun[1:]))
    return "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in groups.items())


@cache
def _pattern() -> re.Pattern[str]:
    nouns = sorted((noun for noun in person_nouns("ko") if len(noun) > 1 or noun == "딸"), key=len, reverse=True)
    short = _alternatives(noun for noun in nouns if len(noun) < 3)
    long = _alternatives(noun for noun in nouns if len(noun) >= 3)
    return re.compile(
        # 박모(22)씨, A씨(40대·여), 김모 씨, B군
        rf"(?<![가-힣A-Za-z])(?P<named>[가-힣]{{1,4}}|[A-Z]{{1,2}}|[A-Z][a-z]+)\s?(?:\((?P<in>[^()]{{1,24}})\))?\s?"
        rf"(?P<title>{_TITLES})(?:\s?\((?P<after>[^()]{{1,24}})\))?{_END}"
        # 메이플(30): a name with an age only
        rf"|(?<![가-힣])(?P<bare>[가-힣]{{2,6}})[’'”]?\((?:(?P<alias>본명|가명|예명|활동명)\s?[·,]?\s?)?(?P<only>(?:[남여]\s?[·,]\s?)?\d{{1,2}}(?:세|살|대)?(?:\s?[·,]\s?[^()]{{1,12}})?|(?<=[명])[^()]{{0,14}}|(?<=본명\s)[^()]{{2,14}})\)"
        # A 중사, B 경위: a letter and a title
        rf"|(?<![A-Za-z가-힣])(?P<letter>[A-Z])(?=\s?(?:{short}|{long}){_END})"
        rf"|(?:{_COUNT})|(?:(?<!\d){_AGE})"
        rf"|(?!{_LONGER})(?:(?<![가-힣])(?:{short})|(?:{long}))(?P<plural>들)?{_END}"
    )


def korean_people(text: str, analysis: Analysis, nationalities: list[NationalityMention]) -> Iterator[PersonMention]:
    """The people of the analysed sentences."""
    elements = [list(_elements(text, sentence.start, sentence.end)) for sentence in analysis.sentences]
    names = [
        list(full_names(sentence, text, [(e.start, e.end) for e in found if e.sort == "noun"]))
        for sentence, found in zip(analysis.sentences, elements, strict=True)
    ]
    known = {text[start:end] for found in names for start, end, standing in found if standing == "beside"}
    known |= {e.name for found in elements for e in found if e.name is not None and len(e.name) == 3}
    for sentence, found, standing_names in zip(analysis.sentences, elements, names, strict=True):
        covered = [(element.start, element.end) for element in found if element.sort == "name"]
        for start, end, standing in standing_names:
            is_name = standing != "unsure" or text[start:end] in known
            if is_name and not any(element.start < end and start < element.end for element in found):
                found.append(_Element(start, end, "name", text[start:end], untitled=standing == "beside"))
        here = [mention for mention in nationalities if sentence.start <= mention.start < sentence.end]
        for mention in here:
            if mention.kind == "person" and not any(a <= mention.start < b for a, b in covered):
                found.append(_Element(mention.start, mention.end, "nationality", country=mention.country))
        found.sort(key=lambda element: (element.start, -element.end))
        people = [person for run in _runs(_apart(found), text) if (person := _mention(run, text)) is not None]
        yield from with_nations(people, here, text, sentence)


def _elements(text: str, start: int, end: int) -> Iterator[_Element]:
    nouns = person_nouns("ko")
    for match in _pattern().finditer(text, start, end):
        if match["title"]:
            element = _named(match)
            if element is not None:
                yield element
        elif match["bare"]:
            age, gender = _paren(match["only"])
            name = match["bare"].split()[-1]
            noun = nouns.get(name) if not _SURNAME_ONLY.fullmatch(name) else None
            begin = match.end("bare") - len(name)
            yield _Element(
                begin, match.end(), "name", None if noun else name, age, gender, noun=noun, untitled=noun is None
            )
        elif match["letter"]:
            yield _Element(match.start(), match.end(), "name", match["letter"], untitled=True)
        elif match["counter"]:
            number = korean_number(match["number"])
            yield _Element(match.start("number"), match.end("counter"), "count", count=number, many=number != 1)
        elif match["decade"] or match["years"] or match["months"] or match["infant"]:
            age = _age(match)
            yield _Element(match.start(), match.end(), "age", age=age)
        else:
            word = match.group().removesuffix("들") if match["plural"] else match.group()
            noun = nouns.get(word) or nouns[match.group()]
            many = bool(match["plural"])
            yield _Element(match.start(), match.end(), "noun", noun=noun, gender=noun.gender, many=many)


def _age(match: re.Match[str]) -> str | None:
    """Whole years as "22", a decade as "20s"; an infant's months count down to years."""
    if months := match["months"] or match["infant"]:
        return str(int(months) // 12)
    if match["years"]:
        value = korean_number(match["years"])
        return None if value is None or value > 115 else str(value)
    return f"{match['decade']}s"


def _named(match: re.Match[str]) -> _Element | None:
    name, title = match["named"], match["title"]
    if name + title in _NO_NAME:
        return None
    if title in ("양", "군") and not (
        name.isascii() or name in _PLAINSURNAMES or (len(name) > 1 and (name.endswith("모") or match["in"]))
    ):
        return None  # 모양, 공군, 한양 and the like
    if len(name) == 1 and not name.isascii() and name not in SURNAMES:
        return None
    if title in ("할머니", "할아버지", "여인") and not (name.isascii() or name.endswith("모") or match["in"]):
        return None
    age, gender = _paren(match["in"] or match["after"] or "")
    return _Element(match.start(), match.end(), "name", name, age, gender or _TITLE_GENDER.get(title))


def _paren(words: str) -> tuple[str | None, str | None]:
    """Age and gender of "(40대·여)", "(여·32)", "(22)"."""
    age = gender = None
    for part in re.split(r"[·,ㆍ‧∙•/;\s]+", words):
        decade = re.fullmatch(r"(\d0)대(?:초반|중반|후반)?", part)
        years = re.fullmatch(r"(?:당시|사망당시)?(\d{1,3})(?:세|살)?", part)
        if decade:
            age = f"{decade[1]}s"
        elif years and 0 < int(years[1]) < 115:
            age = age or years[1]
        elif part in ("남", "남성", "남자"):
            gender = "male"
        elif part in ("여", "여성", "여자"):
            gender = "female"
    return age, gender


def _apart(elements: list[_Element]) -> list[_Element]:
    """Elements that do not overlap, the earlier and longer kept."""
    kept: list[_Element] = []
    for element in elements:
        if not kept or element.start >= kept[-1].end:
            kept.append(element)
    return kept


def _runs(elements: list[_Element], text: str) -> Iterator[list[_Element]]:
    run: list[_Element] = []
    for element in elements:
        if run and not _joins(run, element, text):
            yield run
            run = []
        run.append(element)
    if run:
        yield run


def _joins(run: list[_Element], element: _Element, text: str) -> bool:
    last = run[-1]
    gap = text[last.end : element.start]
    sorts = {part.sort for part in run}
    if last.untitled and element.noun is not None:
        # "A 중사", "A중사(33)", "박모(21) 상병"; but "박모(21) 어머니" is his mother.
        return gap in ("", " ") and element.noun.role != "kin"
    if last.sort == "name" or (element.sort in sorts and element.sort in ("name", "count", "age")):
        return False
    if re.fullmatch(r"\s?", gap):
        return not (last.sort == "count" and element.sort != "noun")
    if re.fullmatch(r"의\s?|인\s", gap):
        # "3명의 관광객", "중국 국적의 남성"; but "남성의 아내" are two people.
        return last.sort in ("count", "nationality", "age") or (last.sort == "noun" and gap == "인 ")
    # One unknown word of trade between a modifier and the noun: "20대 편의점 직원".
    return (
        last.sort in ("nationality", "age")
        and element.sort in ("noun", "age", "name")
        and bool(re.fullmatch(r"\s[가-힣]{2,6}(?<![은는이가을를의과와도에로])\s", gap))
    )


def _is_vague(element: _Element, text: str) -> bool:
    """Whether a lone count is none of people told of: a word for many, one somebody of 사람, a share (명당)."""
    if element.sort != "count":
        return False
    words = text[element.start : element.end]
    return not words[0].isdigit() or words.endswith("사람") or text[element.end : element.end + 1] in ("당", "씩")


def _mention(run: list[_Element], text: str) -> PersonMention | None:
    # A title after "박모(21)" only tells two people apart: what they are is said before.
    titled = next((at for at, element in enumerate(run) if element.untitled and element.age), len(run))
    nouns = [element.noun for element in run[: titled + 1] if element.noun is not None]
    name = next((element.name for element in run if element.name), None)
    # An age alone describes nobody; a count does where nothing says that it counts an audience ("62명이 다쳤다").
    if len(run) < 2 and not nouns and name is None and (run[0].sort == "age" or _is_vague(run[0], text)):
        return None
    start, end = run[0].start, run[-1].end
    counts = [element.count for element in run if element.sort == "count"]
    plural = any(element.many for element in run if element.sort == "noun")
    head = nouns[-1] if nouns else None
    kin = next((noun for noun in nouns if noun.role == "kin"), None)
    pair = head is not None and head.noun in _PAIRS
    count = counts[0] if counts else None if plural else 2 if pair else 1
    country = next((element for element in run if element.sort == "nationality"), None)
    genders = {element.gender for element in run if element.gender}
    roles = [noun.role for noun in nouns]
    role = next((role for role in ("suspect", "victim") if role in roles), roles[-1] if roles else None)
    exact = next((element.age for element in reversed(run) if element.age and not element.age.endswith("s")), None)
    age = exact or next((element.age for element in run if element.age), None)
    return PersonMention(
        start,
        end,
        text[start:end],
        name=name,
        age=age,
        gender=genders.pop() if len(genders) == 1 else None,
        nationality=country.country if country else None,
        nationality_span=(country.start, country.end) if country else None,
        count=count,
        head=head.noun if head else None,
        relation=kin.noun if kin else None,
        is_official=role == "official",
        group=count is None or count > 1,
        role_hint=role,
    )
