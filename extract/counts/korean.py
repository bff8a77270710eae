"""Korean counts: N명 with the word before it (사망자 3명) or the predicate after it (3명이 숨지고 2명이 다쳤다)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import cast

from extract.analyse import Analysis, Sentence
from extract.counts.records import CountMention, What
from extract.lexicon.casualties import casualty_words
from extract.people import PersonMention
from extract.people.numbers import korean_number

_NUMBER = r"\d[\d,]*(?:\s?[만천백]\s?(?:\d[\d,]*)?)?|한|두|세|네|다섯|여섯|일곱|여덟|아홉|열"
_COUNT = re.compile(
    rf"(?P<least>최소|적어도|최대|약|대략)?\s?(?<![\d.])(?:(?P<low>{_NUMBER})\s?[~∼\-]\s?)?"
    rf"(?:(?P<number>{_NUMBER})|(?P<vague>수십|수백|수천|여러|수|몇|십수|서너|두세|대여섯))\s?(?P<more>여)?\s?"
    r"(?:명|사람)(?!령|당|씩)(?P<after>\s?(?:이상|가량|정도|안팎|가까이))?"
    r"|(?P<pair>노부부|노부모|커플|쌍둥이|부부|모녀|모자(?=[가는의를와])|부자(?=[가는의를와])|부녀|남매|(?:자매|형제|남녀)(?=[가는의를와]))(?!\s?(?:\d|두|세|싸움|회|연))"
    r"|(?<!\d)(?P<siblings>[2-9])남매"
)
#: "인명 피해는 없었다", "다친 사람은 나오지 않았다"; not "인명 피해가 없도록", "발생하지 않도록", which say what is wished for.
_NONE = re.compile(
    r"(?P<who>사상자|인명\s?피해|부상자|사망자|다친\s?사람|숨진\s?사람|실종자)(?:은|는|이|가|도)?\s?"
    r"(?:(?:다행히|아직|아직까지|현재까지|지금까지|모두|전혀|따로|별도로)\s?)*"
    r"(?:없(?!도록|게|이|기|애)|(?:(?:발생|확인|보고|접수|집계|파악)(?:하|되)|나오|나)지\s?(?:는\s?)?않(?!도록|게|기))"
)
_NONE_WHAT: dict[str, tuple[What, ...]] = {
    "사상자": ("killed", "injured"), "인명피해": ("killed", "injured"), "부상자": ("injured",),
    "다친사람": ("injured",),    "사망자": ("killed",), "숨진사람": ("killed",), "실종자": ("missing",),
}  # fmt: skip
_LINK = re.compile(
    r"(?:자|자가|자는|자\s?수는|자만|한|된|진|친|당한|\s|은|는|이|가|수는|수가|사람은|사람이|모두|총|최소|약|:|적어도|현재|"
    r"현재까지|이날|지금까지|또|인원은|인원이|만|무려|전체|누적|\()*$"
)
_TOTAL = re.compile(r"모두|총|전체|누적|합계|합쳐")
_TOTAL_AFTER = re.compile(r"^(?:으로|으로\s)?\s?(?:늘|증가|집계|불어|파악)")
#: A killing that was tried, planned or threatened has killed nobody.
_ONLY_MEANT = r"(?:살해|살인)\s?(?:하려|시도|미수|협박|위협|예고|모의|계획|예비)"
#: What came of people who were trapped is said after it (매몰돼 모두 숨졌다, 고립됐다가 구조됐다).
_TRAPPED = re.compile(r"매몰|고립|갇혀|갇힌")
#: "the late", before a name.
_LATE = re.compile(r"(?:(?<![가-힣])고\s?[(（]?故[)）]?|(?<![가-힣])故)\s?$")
_NEW = re.compile(r"(?:추가로|더|새로|또\s?다른)\s*$")
_SUSPECTS = re.compile(
    r"(?:용의자|피의자|범인|일당|조직원|공범|가해자|괴한|피고인|무장대원|테러범|총책)[가-힣]{0,2}\s?(?:\S{1,6}\s)?(?:등\s)?$"
)
#: People that are counted for something else than harm: followers, viewers, inhabitants.
_AUDIENCE = re.compile(r"(?:구독자|팔로워|관객|회원|조회|인구|이용자|가입자|시청자)\s?(?:수\s?)?(?:약\s?)?$")
#: Nouns that stand for a group as often as for one.
_ANYBODY = frozenset(("사람", "인원", "일행", "피해자", "가족"))
_BACK = 26
_AHEAD = 60


@cache
def _casualty() -> re.Pattern[str]:
    words = sorted(casualty_words("ko"), key=len, reverse=True)
    said = "|".join(re.escape(word).replace(r"\ ", r"\s?") for word in words)
    return re.compile(rf"(?!{_ONLY_MEANT})(?:{said})")


def _what(word: str) -> What:
    known = casualty_words("ko")
    found = known.get(word) or next(
        what for name, what in known.items() if name.replace(" ", "") == re.sub(r"\s", "", word)
    )
    return cast(What, found)


def korean_counts(text: str, analysis: Analysis, people: list[PersonMention]) -> Iterator[CountMention]:
    """The counts of the analysed sentences."""
    for number, sentence in enumerate(analysis.sentences):
        matches = list(_COUNT.finditer(text, sentence.start, sentence.end))
        spans = []
        for at, match in enumerate(matches):
            if _AUDIENCE.search(text[max(sentence.start, match.start() - 10) : match.start()]):
                continue
            floor = matches[at - 1].end() if at else sentence.start
            ceiling = matches[at + 1].start() if at + 1 < len(matches) else sentence.end
            mention = _count(text, match, floor, ceiling, number, people, at + 1 < len(matches))
            spans.append((match.start(), match.end()))
            yield mention
        for match in _NONE.finditer(text, sentence.start, sentence.end):
            for what in _NONE_WHAT[re.sub(r"\s", "", match["who"])]:
                yield CountMention(match.start(), match.end(), match.group(), 0, 0, what, number, total=True)
        yield from _single(text, sentence, number, people, spans)


def korean_fates(text: str, sentence: Sentence) -> set[What]:
    """What a sentence says became of people, whoever they are."""
    return {_what(match.group()) for match in _casualty().finditer(text, sentence.start, sentence.end)}


def _count(
    text: str,
    match: re.Match[str],
    floor: int,
    ceiling: int,
    sentence: int,
    people: list[PersonMention],
    followed: bool,
) -> CountMention:
    """`followed`: another count stands at `ceiling`."""
    before = text[max(floor, match.start() - _BACK) : match.start()]
    after = text[match.end() : min(ceiling, match.end() + _AHEAD)]
    high = _value(match)
    low = korean_number(match["low"]) if match["low"] else high
    subject = next(((p.start, p.end) for p in people if p.start <= match.start() and match.end() <= p.end), None)
    hint = next((p.role_hint for p in people if subject == (p.start, p.end)), None)
    return CountMention(
        match.start(),
        match.end(),
        match.group().strip(),
        low,
        high,
        _kind(before, after, followed and ceiling < match.end() + _AHEAD),
        sentence,
        total=bool(_TOTAL.search(before[-8:]) or _TOTAL_AFTER.match(after)),
        new=bool(_NEW.search(before)),
        approximate=bool(match["least"] or match["more"] or match["after"] or match["low"]),
        of_attackers=hint == "suspect" or bool(_SUSPECTS.search(before)),
        subject=subject,
    )


def _value(match: re.Match[str]) -> int | None:
    if match["pair"]:
        return 2
    if match["siblings"]:
        return int(match["siblings"])
    return korean_number(match["number"]) if match["number"] else None


def _kind(before: str, after: str, next_count: bool) -> What:
    """What became of the people counted: the word they are counted under, else the first predicate after them."""
    near = None
    for found in _casualty().finditer(before):
        near = found
    if (
        near is not None
        and _LINK.fullmatch(before[near.end() :])
        and (near.start() == 0 or not before[near.start() - 1].isdigit())
    ):
        return _what(near.group())
    # "사망 3명·부상 5명": a word that leads to the next count is not this one's.
    for found in _casualty().finditer(after):
        if (
            next_count
            and _LINK.fullmatch(after[found.end() :])
            and re.search(r"[·,/]\s*$|^[·,/\s]*$", after[: found.start()])
        ):
            break
        return _what(_outcome(after, found))
    return "other"


def _outcome(text: str, found: re.Match[str]) -> str:
    """The word for how it ended: what came of the trapped is said after it, and so is the death of the hurt and the saved."""
    later = _casualty().search(text, found.end())
    if later is not None and _TRAPPED.match(found.group()):
        return later.group()
    outcome = found.group()
    if _what(outcome) in ("injured", "rescued"):
        while later is not None:
            if _what(later.group()) == "killed":
                return later.group()
            if _what(later.group()) == "injured":
                outcome = later.group()
            later = _casualty().search(text, later.end())
    return outcome


def _single(
    text: str, sentence: Sentence, number: int, people: list[PersonMention], counted: list[tuple[int, int]]
) -> Iterator[CountMention]:
    """ "A씨가 숨졌다": one person as the subject or object of what befell them."""
    for person in people:
        inside = sentence.start <= person.start and person.end <= sentence.end
        if (
            not inside
            or person.count != 1
            or person.is_official
            or person.head in _ANYBODY
            or any(a < person.end and person.start < b for a, b in counted)
        ):
            continue
        found = _befell(text, person, sentence, people, counted)
        if found is None:
            continue
        yield CountMention(
            person.start,
            person.end,
            person.text,
            1,
            1,
            _what(found),
            number,
            implied=True,
            of_attackers=person.role_hint == "suspect",
            subject=(person.start, person.end),
        )


def _befell(
    text: str, person: PersonMention, sentence: Sentence, people: list[PersonMention], counted: list[tuple[int, int]]
) -> str | None:
    """The word for what befell one person: a predicate after a particle, or a participle before (숨진 A씨).

    Of people named together (A씨와 B씨가 숨졌다) it is said after the last.
    """
    before = text[max(sentence.start, person.start - _BACK) : person.start]
    if _LATE.search(before):
        return "사망"
    near = max(_casualty().finditer(before), key=lambda match: match.end(), default=None)
    named = (
        near.group()
        if near is not None
        and re.fullmatch(r"(?:한|된|당한|돼\s숨진|진|친)?\s?", before[near.end() :])
        and near.end() < len(before)
        else None
    )
    if named is not None and _what(named) != "injured":
        return named
    rest = text[person.end : min(sentence.end, person.end + _AHEAD)]
    joined = re.match(r"(?:와|과|하고|랑|\s?및|,|·)\s?", rest)
    if joined is not None and named is None:
        at = person.end + joined.end()
        beside = next((p for p in people if p.start == at and p.end <= sentence.end), None)
        return _befell(text, beside, sentence, people, counted) if beside is not None else None
    if not re.match(r"[이가은는을를도]\s", rest):
        return named
    # What is told of the next person or number is not this one's.
    nexts = [other.start for other in people] + [at for at, _ in counted]
    rest = rest[: min((at for at in nexts if at > person.end), default=len(text)) - person.end]
    found = _casualty().search(rest)
    outcome = None if found is None else _outcome(rest, found)
    # "크게 다친 A씨는 숨졌다": of one who was hurt only death says more.
    return outcome if named is None or (outcome is not None and _what(outcome) == "killed") else named
