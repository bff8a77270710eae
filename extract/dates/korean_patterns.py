"""The shapes of Korean date phrases, as patterns. What they mean is in `korean.py`.

A rule is tried only where the text shows one of its first characters, so a text without dates costs one scan.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from extract.dates.holidays import holiday_pattern

#: Signs between the two ends of a range or list: 8∼10일, 8-10일, 8·9일.
JOIN = r"[~∼〜～\-–—·∙ㆍᆞ‧]"
#: Marks before a short year, as printed: '26년, `26년.
SHORT = "'’‘`´′＇"
_NOT_IN_WORD = r"(?<![가-힣A-Za-z\d])"
#: What may follow a counted noun directly: the end of the word, or a particle.
_PARTICLE = (
    r"(?:(?![가-힣])|(?=(?:에서|에는|에도|에|엔|은|는|을|를|의|이|가|과|와|부터|까지|께|쯤|경|무렵|로|"
    r"으로|인|도|만|하고|보다|날|마다|"
    r"밤|낮|오전|오후|새벽|아침|저녁|자정|정오)))"
)
_D = r"(?:3[01]|[12]\d|0?[1-9])"
_M = r"(?:1[0-2]|0?[1-9])"
#: Right after a counted day that something grows or shrinks by, or is set to: 10일과 19일 길어졌다, 4일로 늘렸다.
_AND_DAYS = r"(?:[과와]\s\d{1,3}일)?"
_BY_DAYS = rf"{_AND_DAYS}\s(?:길어|짧아|늦어|빨라|앞당|늘어|줄어)|로\s(?:제한|단축|늘[리려렸]|줄[이여였])"
#: A counted day that is a length or an ordinal, not a day of the month: 8일간, 8일째, 8일 만에, 20일치, 1일 2회.
_LENGTH = (
    r"(?!\s?(?:간|째)(?![가-힣])|\s?(?:간|째)(?:의|을|이|은|,|에|로|인|도|나)|\s?만(?:에|의|이|에야|"
    r"인)|\s?동안|\s?내내|\s?연속|"
    r"\s?(?:이상|이내|이하|미만|가량|정도|안팎|남짓)(?![가-힣])|\s?(?:이상|이내|이하|미만|가량|"
    r"정도)(?:의|을|이|은|으로|에|간)|"
    r"\s넘게|\s안에|여(?![가-힣])|여간|치|짜리|당(?![가-힣])|씩|장|분(?![가-힣])|분의|"
    r"\s?\d+(?:회|번|차례)|\s평균|\s?한\s?번|"
    rf"\s앞으로\s다가|{_BY_DAYS}|{_AND_DAYS}\s당겨|"
    r"\s(?:혹은|또는)\s(?:일주일|\d{1,2}주)|에\s한두?\s(?:번|차례)|"
    r"\s(?:앞둔|앞두|남|더\s|연휴|휴무|모자|걸리|걸렸))"
)
_YEAR_WORDS = r"지지난\s?해|지난\s?해|재작년|작년|올\s?해|금년|내후년|내년|이듬\s?해|그\s?해|같은\s?해|동년|전년"
_MONTH_WORDS = (
    r"(?:지지난\s?달|지난\s?달|이번\s?달|이\s?달|금월|다음\s?달|내달|같은\s?달|그\s?달|동월)(?![라러렸려리린릴])"
)
_PART = (
    r"(?:연말|연초|초순|중순|하순|상순|초반|중반|후반|월말|월초|상반기|하반기|"
    r"[1-4]\s?/?\s?[1-4]?\s?분기|초|말|봄|여름|가을|겨울)"
    r"(?![가-힣])|(?:연말|연초|초순|중순|하순|상순|초반|중반|후반|상반기|하반기|[1-4]분기|초|말|봄|여름|가을|겨울)"
    r"(?=(?:에는|에|엔|부터|까지|께|쯤|경|의|과|와|이후|이|은|는|로|인|을)(?![가-힣]))"
)

_DATE = rf"""
    (?P<head>(?:지난|오는|돌아오는|이번)\s?(?=[\d{SHORT}]))?
    (?:(?P<year>(?:1[5-9]|20)\d\d)(?:\s?{JOIN}\s?(?P<year2>(?:1[5-9]|20)\d\d|\d\d))?\s?년(?!\s?(?:간|째|동안)|대(?![가-힣])|대의|대\s)도?
      |[{SHORT}](?P<short>\d\d)년
      |(?P<ryear>{_YEAR_WORDS}|올(?=\s?(?:{_M}(?:{JOIN}{_M})?월|초|말|봄|여름|가을|겨울|상반기|하반기|[1-4]분기|연말|시즌|들어|한\s해)))도?
    )?
    (?:(?:(?<=[년해도올작])[,\s]{{0,2}})?
      (?:(?P<month>{_M})(?:월?\s?(?P<mjoin>{JOIN})\s?(?P<month2>{_M}))?월
        (?:(?![가-힣])|(?=\s?(?:초|말|중|하순|상순|{_D}일))|(?=에|엔|은|의|이|과|와|부터|까지|께|쯤|경|로|인|도|만|달|을|를|하))
        |(?P<rmonth>{_MONTH_WORDS}))
    )?
    (?:(?:(?<=[월달년해])[,\s]{{0,2}})?
      (?<!박)(?<!박\s)(?<!겨우\s)(?<!불과\s)(?<!고작\s)(?<!꼬박\s)(?<!무려\s)(?<!최대\s)(?<!최소\s)(?<!한\s지\s)(?<!된\s지\s)(?<!난\s지\s)
      (?P<day>{_D})(?:(?:일?\s?{JOIN}|,)\s?(?:{_D}(?:일?\s?{JOIN}|,)\s?)*(?P<day2>{_D}))?일{_LENGTH}(?:(?P<edition>자)(?:(?![가-힣])|(?=로|에|의))|(?P<born>생)|{_PARTICLE})
    )?
    (?:\s?(?P<part>{_PART}))?
"""

_COUNT = (
    r"(?:\d{1,4}(?:\.\d)?(?:\s?"
    + JOIN
    + r"\s?\d{1,3})?|한|두|세|석|서너|네|넉|다섯|여섯|일곱|여덟|아홉|열|열두|몇|수|수십|십수|십여)"
)
_NATIVE_DAYS = r"하루|이틀|사흘|나흘|닷새|엿새|이레|여드레|아흐레|열흘|보름|스무날"
_AMOUNT = (
    rf"(?:(?P<count>{_COUNT})\s?(?P<unit>개월|달|년|해|주일|주|일|시간|분)(?P<more>\s?\d{{1,2}}개월|"
    rf"\s?반)?|(?P<native>{_NATIVE_DAYS}|일주일|반년))여?"
)
_AGO = rf"{_AMOUNT}\s?(?P<way>전|뒤|후)(?:(?![가-힣])|(?=에|의|부터|까지|쯤|인|이|과|으|께|보다|은|도|엔|만))"
_DURATION = rf"""
    (?:(?:지난|최근|앞으로|향후)\s)?
    (?:{_COUNT}\s?(?:여\s?)?(?:개월|달|년|해|주일|주|시간)(?:\s?\d{{1,2}}개월|\d{{1,2}}월|\s?반)?
        (?:여|간|째|형|짜리|차|생|동안|씩|치|새|\s?(?:간|동안|째|연속|넘게|만에|만|이상|이내|이하|미만|가량|정도|안에|내내)|_)?
        (?:(?![가-힣])|(?=에|의|을|를|이|은|가|과|와|으로|로|인|도|만|마다))
      |{_COUNT}\s?여?(?:일|분)\s?(?:간|동안|째|연속|넘게|만에|만|이상|이내|이하|미만|가량|정도|안에|내내|치|짜리)(?:(?![가-힣])|(?=에|의|을|를|이|은|과|으로|인|도))
      |\d{{1,3}}(?:주년|주기|개년)(?![가-힣]{{2}})
      |\d{{1,2}}박\s?\d{{1,2}}일
      |(?:3[2-9]|[4-9]\d|\d{{3,4}})여?일
      |(?:{_NATIVE_DAYS}|일주일|반년)(?:\s?(?:여|간|동안|째|연속|넘게|만에|만|이상|이내|가량|정도|안에|내내))?
        (?:(?![가-힣])|(?=에|의|을|를|이|은|가|과|와|으로|로|인|도|만))
      |\d{{1,2}}\s?{JOIN}\s?\d{{1,2}}일씩|\d{{1,2}}일(?=\s(?:평균|\d+회|한\s번)|{_BY_DAYS})|하룻(?:동안|밤|새)
    )
"""
_TERM = (
    r"(?:구류|감치|정직|영업정지|출장정지|자격정지|출전\s정지|업무정지|면허정지)\s\d{1,3}일|"
    r"(?:징역|금고|집행유예|유예)\s(?:각각\s|각\s)?(?:\d{1,2}년\s?)?(?:\d{1,2}(?:개)?월|\d{1,2}일|"
    r"(?<=년)|(?<=년\s))(?:형)?"
)
_DOTTED = (
    rf"(?P<year>(?:19|20)\d\d|"
    rf"[{SHORT}]?\d\d(?=\.\s?\d\d?\.\s?\d\d?))(?P<sep>\s?[.\-/]\s?)(?P<month>{_M})(?P=sep)(?P<day>{_D})(?!\d)\.?"
    r"(?:\s?\([월화수목금토일]\))?(?:[T\s]{1,2}(?:(?P<part>오전|오후)\s?)?(?P<hour>[01]?\d|"
    r"2[0-4]):(?P<minute>[0-5]\d)(?::\d\d)?)?"
)
#: A date that is the name of an event, 10·29 참사; what follows tells it from a score or a count.
_NAMED = (
    rf"(?P<date>(?P<month>{_M})[·ㆍᆞ.∙‧](?P<day>{_D}))(?![\d·.])"
    r"(?=\s?(?:참사|테러|사태|사건|비상계엄|계엄|내란|쿠데타|운동|항쟁|혁명|전쟁|선언|대책|지진|"
    r"(?P<vote>총선|대선|지방선거|지선|보궐선거|재보선|재보궐)|공격|"
    r"민주화|절|의거|학살|대지진|기습))"
)
_SEASON = (
    r"(?:초|늦|한)?(?:여름|겨울|가을)(?:철)?(?:(?![가-힣])|(?=에|엔|의|은(?![가-힣])|을|이|부터|"
    r"까지))|장마철|봄철|(?:초봄|봄)(?=부터|까지|에는|에(?![가-힣]))"
)
_ERA = r"(?:고려|조선|삼국|일제|냉전|중세|근대|메이지)\s?시대|일제강점기|\d공화국(?:\s시절)?"
_REL_DAY = (
    r"(?P<word>오늘|금일|작일|어젯밤|어제|그저께|그끄저께|그제|엊그저께|엊그제|내일모레|내일|모레|글피|간밤|"
    r"지난밤|지난\s밤|오늘밤|"
    r"전전날|전전일|전날|전일|이튿날|그?다음\s?날|익일|이\s?날|같은\s?날|당일|그\s?날)"
    r"(?!날|그락|야(?![가-힣])|서야)(?:(?![가-힣])|(?=은|의|에|엔|을|이|과|도|밤|낮|오전|오후|새벽|"
    r"아침|저녁|까지|부터|로|인|만|처럼|보다|께|이후))"
)
_WEEK = (
    r"(?:(?P<week>지지난\s?주|지난\s?주|이번\s?주|금주|다음\s?주|내주|다다음\s?주|지난|이번|오는|다음|매주|격주)\s?)?"
    r"(?:(?P<weekday>[월화수목금토일])요일(?P<every>마다)?|(?P<weekend>주말))(?:\(\s?(?P<day>\d{1,2})일\s?\))?"
)
_WEEK_ALONE = (
    r"(?P<week>지지난\s?주|지난\s?주|이번\s?주|금주|다음\s?주|내주|다다음\s?주)"
    r"(?:\s?(?:초|중반|후반|중|말))?(?:(?![가-힣])|(?=에|의|부터|까지|엔|쯤|께|는|은|도|로))"
)
_EVERY = r"(?:매일|매년|매달|매월|매주|해마다|날마다|격일|격주)(?![가-힣]{2})"
_THEN = r"당시(?![가-힣]{2})|(?:이|그)\s?(?:무렵|즈음|시기)(?![가-힣]{2})"
_HOLIDAY = (
    rf"(?:(?:(?P<year>(?:19|20)\d\d)년|(?P<ryear>지난\s?해|재작년|작년|올\s?해|올|내년|이듬\s?해|"
    rf"그\s?해|같은\s?해|지난|오는))\s)?"
    rf"(?P<name>{holiday_pattern(korean=True)})(?:(?![가-힣])|(?=에|엔|의|은|는|을|를|이|가|과|와|인|"
    rf"날|당일|전|연휴|때|까지|부터))(?:\s?연휴)?"
)
_DECADE = r"(?P<year>(?:1[5-9]|20)\d0|[1-9]0)년대(?:\s?(?:초반|중반|후반|초|말))?"
_MADE = (
    r"(?P<released>(?<=\()(?:19[2-9]|20[0-4])\d(?=\))|(?<=['‘“\"])(?:19[5-9]|20[0-4])\d(?=\s[가-힣]))|"
    r"(?P<year>(?:1[5-9]|20)\d\d)(?:년(?P<birth>생(?!산))|년(?:산|형|식|작|판|호)|학년도|시즌)|\d{1,2}월호|"
    r"(?P<season>(?:19[5-9]|"
    r"20[0-4])\d)(?:[-~∼–]\d\d(?:\d\d)?)?(?=\s(?:[가-힣A-Za-z]{1,6}\s)?[가-힣]{0,4}(?:월드컵|올림픽|"
    r"아시안게임|시즌|프리미어리그|리그|챔피언십|선수권|대회|쇼|엑스포|박람회|페스티벌|축제))"
)
_CENTURY = r"\d{1,2}세기(?:\s?(?:초반|중반|후반|초|말))?"
_HOUR = (
    r"(?P<hour>2[0-4]|1\d|0?\d)\s?시(?:(?![가-힣])|(?=\s?[0-5]?\d\s?분)|(?=\s?반(?![가-힣]))|(?=쯤|께|"
    r"경|부터|까지|에|를|의|로|이|가|정각|은|무렵|인))"
    r"(?:\s?(?P<minute>[0-5]?\d)\s?분(?!간)|\s?(?P<half>반)(?![가-힣]))?(?:\s?(?:쯤|께|경|무렵|정각))?"
)
_PARTS_OF_DAY = (
    r"이른\s?새벽|이른\s?아침|이른\s?오후|늦은\s?오후|늦은\s?밤|늦은\s?저녁|오전|오후|새벽|아침|대낮|"
    r"한낮|낮|점심|저녁|한밤중|한밤|밤사이|밤|심야|정오|자정"
)
_CLOCK = (
    rf"(?:(?P<part>{_PARTS_OF_DAY})\s?)?{_HOUR}"
    rf"|(?P<alone>{_PARTS_OF_DAY})(?:(?![가-힣])|(?=에는|에|엔|부터|까지|께|쯤|경|사이|무렵|이후|"
    rf"의(?![가-힣])|은(?![가-힣])))"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A name and its pattern; `first` are the characters a phrase of it can begin with."""

    name: str
    first: str
    pattern: re.Pattern[str]


def _rule(name: str, first: str, pattern: str, flags: int = 0) -> Rule:
    digits = r"(?<![\d.,A-Za-z제])" if first.startswith("0") else _NOT_IN_WORD
    return Rule(name, first, re.compile(rf"{digits}(?:{pattern})", flags))


_DIGITS = "0123456789" + SHORT
_HANGUL_COUNT = "한두세석서네넉다여일열몇수십아"
_HOLIDAY_FIRST = "".join(dict.fromkeys(name[0] for name in holiday_pattern(korean=True).split("|")))
_DAY_WORDS = "하이사나닷엿여아열보스일반"
RULES = (
    _rule("dotted", _DIGITS, _DOTTED),
    _rule("named_day", _DIGITS, _NAMED),
    _rule("made_in", _DIGITS, _MADE),
    _rule("decade", _DIGITS, _DECADE),
    _rule("century", _DIGITS, _CENTURY),
    _rule("holiday", _DIGITS, _HOLIDAY),
    _rule("holiday", _HOLIDAY_FIRST + "지재작올내이그같오", _HOLIDAY),
    _rule("every", "여겨가초늦한장봄", _SEASON),
    _rule("century", _DIGITS + "고조삼일냉중근메", _ERA),
    _rule("term", "구감정영출자업면징금집유", _TERM),
    _rule("ago", _DIGITS, _AGO),
    _rule("ago", _HANGUL_COUNT + _DAY_WORDS, _AGO),
    _rule("week_day", "지이금다내오매격월화수목토일주", _WEEK),
    _rule("week", "지이금다내", _WEEK_ALONE),
    _rule("date", _DIGITS, _DATE, re.VERBOSE),
    _rule("date", "지오이돌재작올금내그같동전다", _DATE, re.VERBOSE),
    _rule("duration", _DIGITS, _DURATION, re.VERBOSE),
    _rule("duration", "지최앞향" + _HANGUL_COUNT + _DAY_WORDS, _DURATION, re.VERBOSE),
    _rule("clock", _DIGITS, _CLOCK),
    _rule("relative_day", "오금작어그엊내모글간지전이다익같당", _REL_DAY),
    _rule("every", "매해날격", _EVERY),
    _rule("clock", "오새아낮점저밤이늦대한심정자", _CLOCK),
    _rule("then", "당이그", _THEN),
)

#: After a day: (현지시간), a weekday, then the time of day.
TAIL = re.compile(
    r"(?:\s?\((?P<paren>현지\s?시[간각]|이하\s?현지\s?시[간각]|한국\s?시[간각]|[월화수목금토일](?:요일)?|\d{1,2}일)\))?"
    r"(?:\s?[월화수목금토일]요일)?(?:\s?\(?(?P<local>현지\s?시[간각]|한국\s?시[간각])(?:\s?기준)?\)?)?"
)
CLOCK = re.compile(rf"\s?(?:{_CLOCK})")
#: "부터" or a range sign between two mentions, and what closes the range.
RANGE_GAP = re.compile(rf"(?:부터|에서)\s?|\s?{JOIN}\s?")
LIST_GAP = re.compile(rf"(?:과|와|,|{JOIN})\s?|\s및\s")
#: "(24일)" or "인 24일" after a relative day says which day it is.
APPOSITION = re.compile(r"(?:인|이었던|이던)\s|\s?\(")

BY_FIRST: dict[str, tuple[Rule, ...]] = {}


def _index() -> dict[str, tuple[Rule, ...]]:
    table: defaultdict[str, list[Rule]] = defaultdict(list)
    for rule in RULES:
        for character in dict.fromkeys(rule.first):
            table[character].append(rule)
    return {character: tuple(rules) for character, rules in table.items()}


BY_FIRST.update(_index())
#: What follows the commonest of the first characters in a date phrase; it spares most words the rules.
_SECOND = {
    "지": "난지",
    "이": "번날달튿틀레른듬무즈시 ",
    "오": "는늘전후",
    "하": "루룻",
    "사": "흘",
    "나": "흘",
    "다": "음섯다",
    "전": "날일년전",
    "일": "주요곱제",
    "여": "덟섯드름",
    "그": "제저끄다해날달무즈시 ",
    "스": "무",
    "내": "년후일달주",
    "당": "시일",
    "대": "낮",
    "매": "일년달월주",
    "최": "근",
    "앞": "으",
}


def _seed() -> re.Pattern[str]:
    number = rf"\d{{4}}(?!\d)|\d{{1,3}}(?=\s|{JOIN}|[./,)년월일시분개주달세박여해공])"
    hangul = [character for character in BY_FIRST if character not in _DIGITS]
    plain = "".join(character for character in hangul if character not in _SECOND)
    paired = "|".join(f"{character}[{_SECOND[character]}]" for character in hangul if character in _SECOND)
    return re.compile(rf"{_NOT_IN_WORD}(?:[{plain}]|{paired})|(?<!\d)(?:{number}|[{SHORT}](?=\d\d))")


SEED = _seed()
