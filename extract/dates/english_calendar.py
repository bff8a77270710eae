"""English calendar dates: days, months and years that are named, whole or in part."""

from __future__ import annotations

import re

from extract.dates import calendar
from extract.dates.absolute import parse_absolute
from extract.dates.calendar import When
from extract.dates.english_patterns import MONTHS
from extract.dates.meaning import Meaning
from extract.dates.tense import english_future
from extract.dates.thread import Thread

SIDE_STEPS = {"last": -1, "past": -1, "the past": -1, "this": 0, "next": 1, "coming": 1, "that": 0}
#: Within this many days back a day is read as past without asking the verb.
_JUST_PAST = 3
#: Words before a month's name alone that make it a date; "may" and "march" are words elsewhere.
_MONTH_BEFORE = re.compile(
    r"\b(?:in|since|by|from|until|till|during|through|throughout|between|of|early|late|mid|this|last|"
    r"next|and|to|for|before|after|back in|every|on)[\s-]$",
    re.IGNORECASE,
)
_YEAR_BEFORE = re.compile(
    r"(?:\b(?:in|since|by|from|until|till|during|through|throughout|between|of|early|late|mid|the|"
    r"year|before|after|around|and|to|back|circa|"
    r"spring|summer|autumn|fall|winter|season|a|his|her|their|its|or|for|on|that)[\s-]|\()$",
    re.IGNORECASE,
)
_YEAR_AFTER = re.compile(
    r"[,.;:)]|\s(?:and|when|after|but|to|on|for|in|at|he|she|they|the|was|were|as|by|with|attacks?|coup|elections?)\b|$"
)
_COUNTED = re.compile(
    r"\s(?:people|men|women|children|soldiers|troops|dollars|euros|pounds|won|km|kilomet|metre|meter|"
    r"miles|tons|tonnes|police|officers|"
    r"students|houses|homes|cases|deaths|jobs|votes|workers|villagers|passengers|feet|acres|hectares|"
    r"hours|GMT|hrs|times|years|percent)"
)


def read_calendar(match: re.Match[str], thread: Thread) -> Meaning | None:
    """Oct. 12, 2025; 12 October; January 7-9 2015; July 14 to August 2; May 3 last year."""
    got = match.groupdict()
    day = re.sub(r"\D", "", got["day"])
    month, number = month_number(got["month"]), int(day)
    year = _said_year(got, thread)
    told = bool(got.get("year"))
    if year is not None:
        when = parse_absolute(f"{number} {_name(month)} {year}")
    else:
        when = _without_year(month, number, match, thread)
    if when is None and (told or not calendar.exists(2000, month, number)):
        return None
    last = None
    if when and got.get("day2"):
        month2 = month_number(got["month2"]) if got.get("month2") else month
        day2 = int(re.sub(r"\D", "", got["day2"]))
        last = calendar.month_on_or_after(when.first(), month2, day2) if calendar.exists(2000, month2, day2) else None
    rule = ("full" if told else "month_day") + ("_range" if last else "")
    return Meaning(when, last, "range" if last else "point", not told, rule=rule)


def _said_year(got: dict[str, str | None], thread: Thread) -> int | None:
    if got.get("year"):
        return int(got["year"] or 0)
    side = got.get("side")
    if side == "that":
        return thread.year
    return thread.published.year + SIDE_STEPS[side] if side and thread.published else None


def _without_year(month: int, day: int, match: re.Match[str], thread: Thread) -> When | None:
    if not calendar.exists(2000, month, day):
        return None
    base, anchor = thread.last, thread.published
    again = thread.month_again(month, day, match.start())
    if again:
        return again
    if anchor is None:
        told = base and thread.same_sentence(thread.last_end, match.start())
        return When(base.year, month, day) if base and told and calendar.exists(base.year, month, day) else None
    before = calendar.month_on_or_before(anchor, month, day)
    after = calendar.month_on_or_after(anchor, month, day)
    back = (anchor - before.last()).days if before else 9999
    ahead = (after.first() - anchor).days if after else 9999
    return after if _JUST_PAST < back > ahead and english_future(thread.text, *match.span()) else before


def read_month_year(match: re.Match[str], thread: Thread) -> Meaning | None:
    """June 2018; October last year; March and May 2024."""
    got = match.groupdict()
    month, year = month_number(got["month"]), _said_year(got, thread)
    when = parse_absolute(f"{_name(month)} {year}") if year else None
    last = (
        When(year, month_number(got["month2"]))
        if year and got["month2"] and month_number(got["month2"]) > month
        else None
    )
    return Meaning(when, last, "range" if last else "point", not got["year"], rule="month_year")


def read_month(match: re.Match[str], thread: Thread) -> Meaning | None:
    """in September; since July; a bare May or March is a word."""
    start, end = match.span()
    if not _MONTH_BEFORE.search(thread.text, max(0, start - 12), start):
        return None
    if re.match(r"\s(?:[A-Z][a-z]+\s(?:said|told)|\d)", thread.text[end : end + 24]):
        return None
    month = month_number(match["month"])
    when = _without_year(month, 0, match, thread)
    last = calendar.month_on_or_after(when.first(), month_number(match["month2"])) if when and match["month2"] else None
    return Meaning(when, last, "range" if last else "point", True, rule="month")


def read_iso(match: re.Match[str], thread: Thread) -> Meaning | None:
    """2025-10-12."""
    when = parse_absolute(match[0])
    return Meaning(when, rule="numeric") if when else None


def read_slash(match: re.Match[str], thread: Thread) -> Meaning | None:
    """10/12/2025: month and day can be told apart only where one of them is over 12, or they are equal."""
    first, second, year = int(match["first"]), int(match["second"]), int(match["year"])
    if year < 100:
        year += 2000 if year < 60 else 1900
    if first > 12 or first == second:
        month, day = second, first
    elif second > 12:
        month, day = first, second
    else:
        possible = calendar.exists(year, first, second) and calendar.exists(year, second, first)
        return Meaning(rule="numeric_ambiguous", anchor=False) if possible else None
    return Meaning(When(year, month, day), rule="numeric") if calendar.exists(year, month, day) else None


def read_year(match: re.Match[str], thread: Thread) -> Meaning | None:
    """in 2021; 2018-2020; a bare number is a year only beside a word that makes it one."""
    start, end = match.span()
    if _COUNTED.match(thread.text, end) or "," in thread.text[start - 1 : start]:
        return None
    if not (_YEAR_BEFORE.search(thread.text, max(0, start - 12), start) or _YEAR_AFTER.match(thread.text, end)):
        return None
    year, last = int(match["year"]), None
    if not calendar.exists(year):
        return None
    if match["year2"]:
        tail = int(match["year2"])
        year2 = tail if tail > 99 else year // 100 * 100 + tail
        last = When(year2) if year2 > year and calendar.exists(year2) else None
    return Meaning(When(year), last, "range" if last else "point", rule="year")


def read_decade(match: re.Match[str], thread: Thread) -> Meaning | None:
    """the 1990s: from its first year to its last."""
    year = int(match["year"])
    return Meaning(When(year), When(year + 9), "range", rule="decade", anchor=False)


def month_number(text: str | None) -> int:
    return MONTHS[(text or "").lower().rstrip(".")]


def _name(month: int) -> str:
    return next(name for name, number in MONTHS.items() if number == month)
