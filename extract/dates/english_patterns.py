"""The shapes of English date phrases, as patterns. What they mean is in `english_rules.py`.

A rule is tried only at the words it can begin with, so a text without dates costs one scan over its words.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from extract.dates.holidays import holiday_pattern

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday mon",
            "tuesday tues tue",
            "wednesday wed",
            "thursday thurs thur thu",
            "friday fri",
            "saturday sat",
            "sunday sun",
        )
    )
    for name in names.split()
}
NUMBERS = {
    name: number
    for number, name in enumerate(
        [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
        ],
        start=1,
    )
} | {"a": 1, "an": 1, "couple": 2, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}

_DASH = r"[-–—]"
_MONTH = (
    r"(?:(?:[Jj]anuary|[Ff]ebruary|March|[Aa]pril|May|[Jj]une|[Jj]uly|[Aa]ugust|[Ss]eptember|"
    r"[Oo]ctober|[Nn]ovember|[Dd]ecember|"
    r"JANUARY|FEBRUARY|MARCH|APRIL|MAY|JUNE|JULY|AUGUST|SEPTEMBER|OCTOBER|NOVEMBER|DECEMBER)\b|"
    r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?)"
)
_DAY_FULL = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_DAY_NAME = rf"(?:{_DAY_FULL}|(?:Mon|Tues?|Wed|Thurs?|Thu|Fri|Sat|Sun)\b\.?(?=,?\s(?:{_MONTH}|\d)))"
#: Days and months that are dates: none begins a longer name (Friday Harbor, Easter Island) or ends one (Cape May, Del Mar).
CALENDAR_NAME = (
    rf"(?:(?:{_DAY_FULL}s?\b|(?:January|February|April|June|July|August|September|October|November|December)\b|"
    rf"(?:{holiday_pattern(korean=False)})\b|(?<=\b[io]n )(?:March|May)\b|{_MONTH}(?= \d)),? ?)+(?! ?[A-Z])"
)
_D = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
_YEAR = r"(?:1[5-9]|20)\d\d"
_JOIN = rf"(?:\s?{_DASH}\s?|\s(?:to|and|through|until|till)\s|\s?&\s?)"
_END = r"(?![\w%]|[.,:]\d)"
_PART = r"(?:early\s)?(?:late\s)?(?:morning|afternoon|evening|night|lunchtime)s?"
_UNIT = r"(?:second|minute|hour|day|night|week|fortnight|month|year|decade)"
_COUNT = (
    r"(?:\d{1,3}(?:\.\d)?|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    r"twenty|thirty|forty|fifty|several|many|(?:a\s)?(?:few|couple(?:\sof)?))"
)
_SEASON = r"(?:spring|summer|autumn|fall|winter)"

CLOCK = (
    r"(?:(?P<hour>1[0-2]|0?\d)(?:[:.](?P<minute>[0-5]\d))?\s?(?P<half>[ap])\.?\s?m\b\.?"
    r"|(?P<hour24>[01]?\d|2[0-3]):(?P<minute24>[0-5]\d)(?::[0-5]\d)?(?:\s?(?:hrs?|hours))?(?![\d:])"
    r"|(?P<hours>[01]\d|2[0-3])(?P<minutes>[0-5]\d)\s?(?:hrs|hours|GMT|h)\b|(?P<word>[Nn]oon|[Mm]idnight|[Mm]idday)\b)"
)

_MONTH_FIRST = (
    rf"(?P<month>{_MONTH})\s(?:the\s)?(?P<day>{_D}){_END}"
    rf"(?:{_JOIN}(?P<month2>{_MONTH})?\s?(?P<day2>{_D}){_END})?(?:,?\s(?:of\s)?(?P<year>{_YEAR}){_END}|"
    rf",?\s(?P<side>last|this|next)\syear\b)?"
)
_DAY_FIRST = (
    rf"(?P<day>{_D})(?:{_JOIN}(?:the\s)?(?P<day2>{_D}))?(?:\sday)?(?:\sof)?\s(?P<month>{_MONTH})"
    rf"(?:,?\s(?P<year>{_YEAR}){_END}|,?\s(?P<side>last|this|next)\syear\b)?"
)
_MONTH_YEAR = (
    rf"(?P<month>{_MONTH})(?:{_JOIN}(?P<month2>{_MONTH}))?(?:,?\s(?:of\s)?(?P<year>{_YEAR}){_END}|"
    rf",?\s(?:of\s)?(?P<side>last|this|next|that)\syear\b)"
)
_MONTH_ALONE = rf"(?P<month>{_MONTH})(?:\s?(?:{_DASH}|to|and)\s?(?P<month2>{_MONTH}))?(?!\sDay\b)"
_ISO = r"(?P<year>(?:19|20)\d\d)-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])(?!\d)"
_SLASH = r"(?P<first>\d{1,2})(?P<sep>[/.])(?P<second>\d{1,2})(?P=sep)(?P<year>(?:19|20)\d\d|\d\d)(?!\d|[/.]\d)"
_YEARS = rf"(?P<year>(?:1[6-9]|20)\d\d)(?:\s?{_DASH}\s?(?P<year2>(?:19|20)\d\d|\d\d)(?![\d–—-]))?{_END}(?!['’]?s\b)"
_DECADE = r"(?:the\s)?(?P<year>(?:1[6-9]|20)\d0)['’]?s\b"
_WEEK_DAY = (
    rf"(?:(?P<side>last|this|next|past|every|each|coming|following|"
    rf"the following)\s)?(?P<weekday>{_DAY_NAME})(?P<many>s\b)?(?!\w)"
    rf"(?:\s(?P<part>{_PART}))?(?:,?\s(?P<week>last|this|next)\sweek\b)?"
)
_WORD = (
    r"(?P<word>[Tt]he\sday\sbefore\syesterday|[Tt]he\sday\safter\stomorrow|[Yy]esterday|[Tt]oday|"
    r"[Tt]onight|[Tt]omorrow|"
    r"[Ll]ast\s(?:night|evening)|[Tt]his\s(?:morning|afternoon|evening)|"
    r"[Oo]vernight)\b(?:\s(?P<part>morning|afternoon|evening|night)\b)?"
)
_POINTING = (
    r"(?:(?:[Tt]he|[Tt]hat)\s)?(?P<way>previous|following|next|same|preceding)\s(?P<part>day|night|"
    r"morning|afternoon|evening)\b|"
    r"[Tt]hat\s(?P<that>day|night|morning|afternoon|evening)\b|[Tt]he\s(?P<edge>day|"
    r"night)\s(?P<side>before|earlier|after|later|prior)\b(?!\s(?:yesterday|tomorrow))"
)
_THAT = (
    rf"[Tt]he\ssame\s(?P<same>year|month)\b|[Tt]hat\s(?:same\s)?(?P<that>year|month|{_MONTH}|"
    rf"{_SEASON})|[Tt]he\s(?P<after>following|next|previous)\s(?P<unit>year|month|{_MONTH})"
)
_AGO = (
    rf"(?i:(?P<count>{_COUNT})(?:\s|-)(?P<unit>{_UNIT})s?(?:\sand\sa\shalf)?\s(?P<way>ago|earlier|"
    rf"later|before|prior|previously|after)\b)"
)
_SPAN = rf"(?i:(?P<count>{_COUNT})(?:\s|-)(?P<unit>{_UNIT})s?\b(?!['’]|-old|\sold\b|\sof\sage))"
_SIDE = (
    rf"(?:(?P<part>[Ee]arly|[Ee]arlier|[Ll]ate|[Ll]ater|[Mm]id|"
    rf"[Ii]n\sthe\smiddle\sof)[\s-])?(?P<side>[Ll]ast|[Tt]his|[Nn]ext|[Pp]ast|[Tt]he\spast)\s"
    rf"(?:(?P<unit>week|weekend|month|year|{_SEASON})\b|(?P<month>{_MONTH}))(?!['’]s\s(?:old))"
)
_LAST_SPAN = (
    rf"(?:[Tt]he\s)?(?:[Ll]ast|[Pp]ast|[Pp]revious|[Nn]ext|[Cc]oming|[Ff]ew|[Rr]ecent)\s(?:{_COUNT}\s)?{_UNIT}s\b"
)
_NTH = (
    r"[Tt]he\s(?P<day>3[01]|[12]\d|[1-9])(?:st|nd|rd|th)(?=[,.;:)]|\s(?:at|in|when|and|after|by|with|"
    r"he|she|they|it|for|as|but|police)\b|$)"
)
_EVERY = rf"(?:[Ee]very|[Ee]ach)\s(?:day|night|morning|evening|week|weekend|month|year|{_DAY_NAME})s?\b"
_HOLIDAY = (
    rf"(?:(?P<side>last|this|next)\s)?(?P<name>{holiday_pattern(korean=False)})\b(?:,?\s(?P<year>(?:19|20)\d\d)\b)?"
)
_NAMED = r"(?:9/11|7/7)(?![\d/])"


@dataclass(frozen=True, slots=True)
class Rule:
    """A name, its pattern, and the lower-case words it can begin with ("0" stands for any number)."""

    name: str
    pattern: re.Pattern[str]
    words: tuple[str, ...]


def _rule(name: str, pattern: str, words: str) -> Rule:
    before = r"(?<![\w$£€#/:-])(?<!\d[.,])" if words == "0" else r"(?<![\w-])"
    return Rule(name, re.compile(f"{before}(?:{pattern})"), tuple(words.split()))


_ALL_MONTHS, _ALL_DAYS = (
    " ".join(MONTHS),
    " ".join(WEEKDAYS) + " mondays tuesdays wednesdays thursdays fridays saturdays sundays",
)
_HOLIDAY_FIRST = re.findall(r"(?<![^|])[A-Za-z]+", holiday_pattern(korean=False))
_COUNTS = " ".join(NUMBERS) + " few several many couple"
RULES = (
    _rule("iso", _ISO, "0"),
    _rule("slash", _SLASH, "0"),
    _rule("named_day", _NAMED, "0"),
    _rule("day_month", _DAY_FIRST, "0"),
    _rule("month_day", _MONTH_FIRST, _ALL_MONTHS),
    _rule("month_year", _MONTH_YEAR, _ALL_MONTHS),
    _rule("month", _MONTH_ALONE, _ALL_MONTHS),
    _rule("clock", CLOCK, "0"),
    _rule("clock", CLOCK, "noon midnight midday"),
    _rule("decade", _DECADE, "0"),
    _rule("decade", _DECADE, "the"),
    _rule("ago", _AGO, "0"),
    _rule("ago", _AGO, _COUNTS),
    _rule("duration", _SPAN, "0"),
    _rule("duration", _SPAN, _COUNTS),
    _rule("year", _YEARS, "0"),
    _rule("holiday", _HOLIDAY, "last this next " + " ".join(sorted({name.lower() for name in _HOLIDAY_FIRST}))),
    _rule("every", _EVERY, "every each"),
    _rule("word", _WORD, "yesterday today tonight tomorrow last this overnight the"),
    _rule("pointing", _POINTING, "the that previous following next same preceding"),
    _rule("that", _THAT, "that the"),
    _rule("duration", _LAST_SPAN, "the last past previous next coming few recent"),
    _rule("week_day", _WEEK_DAY, _ALL_DAYS + " last this next past every each coming following"),
    _rule("side", _SIDE, "early earlier late later mid in last this next past the"),
    _rule("nth", _NTH, "the"),
)

#: A day of the week before a date belongs to it: Monday, July 5; Sunday the 26 June.
DATE_GAP = re.compile(r"\s?[,(]?\s?(?:the\s|on\s(?:the\s)?)?")
#: Between a day and its time of day, either way round.
CLOCK_GAP = re.compile(
    r"[,\s]{1,2}(?:at\s|on\s|around\s|about\s|early\s|late\s|just\s|before\s|after\s|shortly\s|"
    r"approximately\s|in\sthe\s|of\s|local\stime\s?,?\s?){0,3}"
)
PART_OF_DAY = re.compile(
    r",?\s(?:in\sthe\s)?(?P<part>(?:early\s|late\s)?(?:morning|afternoon|evening|night))\b(?!\s?(?:club|shift|market))"
)
LOCAL = re.compile(r"\s?\(?local\stime\)?")
RANGE_GAP = re.compile(rf"\s?{_DASH}\s?|\s(?:to|until|till|through)\s|\sand\s")
BETWEEN = re.compile(r"\b(?:between|from)\s$", re.IGNORECASE)
BY_WORD: dict[str, tuple[Rule, ...]] = {}


def _index() -> dict[str, tuple[Rule, ...]]:
    table: defaultdict[str, list[Rule]] = defaultdict(list)
    for rule in RULES:
        for word in dict.fromkeys(rule.words):
            table[word].append(rule)
    return {word: tuple(rules) for word, rules in table.items()}


BY_WORD.update(_index())
WORD = re.compile(r"[A-Za-z]+|\d+")
