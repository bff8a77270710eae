"""Nationalities in Korean: a country's name and what follows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from extract.analyse import Analysis
from extract.lexicon.nationalities import nationalities
from extract.lexicon.person_nouns import person_nouns, word_list
from extract.nationality.records import Kind, NationalityMention

_GOODS = "어|어로|산|제|식|풍|요리|음식|식당|맥주|와인|쌀국수|커피|드라마|영화|소설|노래|게임"
_NO_PERSON = "민|프라|구|터넷|권|력|사말|증|천|근"
#: Between the country and the person noun: an age and words that say what kind of person, none that names a place.
_MODIFIERS = (
    "불법체류|불법 체류|이주|결혼이주|결혼 이주|유명|인기|여행|대학|전직|미등록|무비자|계절|계약직|젊은|명문대|"
    "외국인|교환|어학|신원 미상|신원미상|"
    "국제|부유층|중년|미혼|기혼|임신한|성인|건설|공장|농장|현장|일용직|하청|선상|원양어선"
)
_BETWEEN = rf"(?:\s*\d{{1,2}}대(?:\s*(?:초반|중반|후반))?|\s*\d{{1,3}}[세살]|\s(?:{_MODIFIERS})){{0,3}}"
#: After a person noun: the end of the word, 들, or a particle; 신도시 is no 신도 (believer).
_NOUN_END = r"(?=들|씨|[은는이가을를의과와도에께만로]|인\s|부터|까지|등|[^가-힣]|$)"
_CARRIER = (
    "항공|선박|어선|여객기|화물선|유조선|기업|회사|취득|포기|상실|법|변경|회복|비행기|선적|헬기|상선|컨테이너선|"
    "위조|항공편|전투기|수송기|정찰기|여객선|유람선|크루즈선|벌크선|운반선|원양어선|바지선|군용기|경비함"
)
#: One's own nationals in a Korean outlet; 교민 and 한인 are Koreans abroad anywhere.
_OURS = r"내국인|우리\s?(?:나라\s?)?(?:국민|교민|국적자|여행객|관광객|선원|근로자|기업인|유학생|동포)|재외국민|자국민"
_KOREANS = r"교민|한인|재외동포|재일교포|재일동포|재미교포|재미동포|재외교포"
_KOREANS_NOT = r"(?!회|타운|섭|마트|식당|사회|신문|방송|언론|교회|업체|상점|밀집|학교|촌)"
_CHINESE = r"조선족|중국\s?동포|재중\s?동포|중국\s?교포|재중교포"


@cache
def _names() -> tuple[dict[str, str], frozenset[str]]:
    """Name without its spaces to country, and the names that need company."""
    by_name: dict[str, str] = {}
    unsure: set[str] = set()
    for nationality in nationalities().values():
        doubtful = {word for word in nationality.unsure if not word.isascii()}
        by_name |= {re.sub(r"\s", "", name): nationality.iso for name in (*nationality.ko_names, *doubtful)}
        unsure |= doubtful
    return by_name, frozenset(unsure)


@cache
def _pattern() -> re.Pattern[str]:
    names = {name for country in nationalities().values() for name in (*country.ko_names, *country.unsure)}
    longest_first = sorted((name for name in names if not name.isascii() or name == "UAE"), key=len, reverse=True)
    countries = "|".join(re.escape(name).replace(r"\ ", r"\s?") for name in longest_first)
    nouns = "|".join(sorted((re.escape(n) for n in person_nouns("ko") if len(n) > 1), key=len, reverse=True))
    return re.compile(
        rf"(?<![가-힣])(?P<ours>{_OURS})"
        rf"|(?<![가-힣])(?P<chinese>{_CHINESE})"
        rf"|(?<![가-힣])(?P<koreans>{_KOREANS}){_KOREANS_NOT}"
        rf"|(?:(?<![가-힣A-Za-z])|(?<=(?<![가-힣])[주재전친반구]))(?P<name>{countries})"
        rf"(?:(?P<in>인(?!{_NO_PERSON})(?:들)?)"
        rf"|(?P<carrier>\s?국적의?(?:\s[\w.,]{{1,8}}){{0,2}}\s?(?:{_CARRIER}|[A-Za-z가-힣]{{2,}}호(?![가-힣])))"
        rf"|(?P<national>\s?(?:국적|시민권|여권)(?:자|의|을\s가진)?(?:들)?)"
        rf"|(?P<origin>계(?!속|획|절|좌|약|기|산|열|단|급|엄|곡)|\s?출신|\s?태생|\s?이민자|\s?귀화)"
        rf"|(?P<abroad>\s?(?:현지\s?)?(?:교민|한인|교포|한국인))"
        rf"|(?P<goods>(?:{_GOODS})(?![가-힣]{{2}}))"
        rf"|(?=(?P<people>{_BETWEEN}\s?(?:(?:{nouns}){_NOUN_END}|\d{{1,4}}\s?명(?!령))))"
        rf"|(?P<plain>))",
    )


#: "of the same nationality" as somebody named before (in a headline: after).
_SAME = re.compile(r"(?<![가-힣])같은\s?(?:국적|나라\s?(?=출신|사람|국적))(?:자|의|인)?")


def korean_mentions(text: str, analysis: Analysis | None, ours: str | None) -> list[NationalityMention]:
    """The mentions of `text` by position; `ours` is the country that "우리 국민" means, None where the outlet is not Korean."""
    found = list(_named(text, analysis, ours))
    people = [m for m in found if m.kind == "person"]
    for match in _SAME.finditer(text):
        others = [m for m in people if m.end <= match.start()][-1:] or people[:1]
        found += [_mention(text, match.start(), match.end(), m.country, "person") for m in others]
    return sorted(found, key=lambda m: m.start)


def _named(text: str, analysis: Analysis | None, ours: str | None) -> Iterator[NationalityMention]:
    by_name, unsure = _names()
    words = _words_at(analysis)
    for match in _pattern().finditer(text):
        if match["ours"]:
            if ours is not None:
                yield _mention(text, match.start(), match.end(), ours, "person")
        elif match["koreans"]:
            yield _mention(
                text, match.start(), match.end(), "KR", "origin" if match["koreans"][0] == "재" else "person"
            )
        elif match["chinese"]:
            yield _mention(text, match.start(), match.end(), "CN", "person")
        else:
            name = re.sub(r"\s", "", match["name"])
            kind, end = _kind(match, text)
            doubtful = name in unsure and _doubtful(match, kind, words)
            if not doubtful:
                yield _mention(text, match.start("name"), end, by_name[name], kind)
            if match["abroad"]:
                # 캄보디아 교민: Koreans who live there; 호주 교포 may hold either passport.
                kind = "origin" if match["abroad"].endswith("교포") else "person"
                start = match.end("abroad") - len(match["abroad"].split()[-1].replace("현지", ""))
                yield _mention(text, start, match.end("abroad"), "KR", kind)


def _kind(match: re.Match[str], text: str) -> tuple[Kind, int]:
    """What is said of the country, and where the mention ends."""
    end = match.end("name")
    before = text[max(0, match.start("name") - 1) : match.start("name")]
    if before in ("주", "재") and before and match.start("name") > 0:
        return "institution", end
    if match["in"]:
        return "person", match.end("in")
    if match["carrier"]:
        return "institution", end
    if match["national"]:
        return "person", match.end("national")
    if match["origin"]:
        return "origin", match.end("origin")
    if match["goods"]:
        return "language_or_food", end
    if match["people"] is not None:
        return _people(match["people"], end)
    return ("institution" if _institution(text[end : end + 12]) else "country"), end


def _people(words: str, end: int) -> tuple[Kind, int]:
    parts = words.split()
    if any(part in _institutions() or part.startswith(("대사관", "정부", "경찰")) for part in parts):
        return "institution", end
    noun = person_nouns("ko").get(parts[-1]) if parts else None
    if noun is None and parts:
        noun = next((known for word, known in person_nouns("ko").items() if parts[-1].endswith(word)), None)
    return ("institution" if noun is not None and noun.role == "official" else "person"), end


@cache
def _institutions() -> frozenset[str]:
    return word_list("institutions_ko.txt")


def _institution(after: str) -> bool:
    word = after.strip().split(" ")[0] if after[:1] in (" ", "") or after[:1].isalpha() else ""
    return any(word.startswith(known) for known in _institutions() if len(known) > 1 or word == known)


def _words_at(analysis: Analysis | None) -> dict[int, tuple[int, str]] | None:
    """Where kiwi reads a word: start to (end, tag). None without an analysis."""
    if analysis is None:
        return None
    return {token.start: (token.end, token.tag) for sentence in analysis.sentences for token in sentence.tokens}


def _doubtful(match: re.Match[str], kind: Kind, words: dict[int, tuple[int, str]] | None) -> bool:
    """Whether a name that is also an ordinary word (수단, 이란) may be that word here."""
    if match["national"] or match["origin"] == "출신":
        return False
    if words is None:
        return kind == "country"
    end, tag = words.get(match.start("name"), (-1, ""))
    return not ((end == match.end("name") and tag == "NNP") or (match["in"] is not None and end == match.end("in")))


def _mention(text: str, start: int, end: int, country: str, kind: Kind) -> NationalityMention:
    return NationalityMention(start, end, text[start:end], country, kind)
