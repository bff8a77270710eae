"""What each shape of English date phrase means, given the publication day and what the text named before."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from extract.dates import calendar
from extract.dates.absolute import parse_absolute
from extract.dates.calendar import When
from extract.dates.english_patterns import MONTHS, NUMBERS, WEEKDAYS
from extract.dates.holidays import day_of, event_day, nearest
from extract.dates.mention import Kind
from extract.dates.tense import english_future, english_past
from extract.dates.thread import Thread

_SIDE_STEPS = {"last": -1, "past": -1, "the past": -1, "this": 0, "next": 1, "coming": 1, "that": 0}
#: Within this many days back a day is read as past without asking the verb.
_JUST_PAST = 3
_DAY_STEPS = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1, "overnight": 0}
#: Words before a month's name alone that make it a date; "may" and "march" are words elsewhere.
_MONTH_BEFORE = re.compile(
    r"\b(?:in|since|by|from|until|till|during|through|throughout|between|of|early|late|mid|this|last|next|and|to|for|before|after|back in|every|on)[\s-]$",
    re.IGNORECASE,
)
_YEAR_BEFORE = re.compile(
    r"(?:\b(?:in|since|by|from|until|till|during|through|throughout|between|of|early|late|mid|the|year|before|after|around|and|to|back|circa|"
    r"spring|summer|autumn|fall|winter|season|a|his|her|their|its|or|for|on|that)[\s-]|\()$",
    re.IGNORECASE,
)
_YEAR_AFTER = re.compile(
    r"[,.;:)]|\s(?:and|when|after|but|to|on|for|in|at|he|she|they|the|was|were|as|by|with|attacks?|coup|elections?)\b|$"
)
_COUNTED = re.compile(
    r"\s(?:people|men|women|children|soldiers|troops|dollars|euros|pounds|won|km|kilomet|metre|meter|miles|tons|tonnes|police|officers|"
    r"students|houses|homes|cases|deaths|jobs|votes|workers|villagers|passengers|feet|acres|hectares|hours|GMT|hrs|times|years|percent)"
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a phrase means before the time of day beside it is read."""

    when: When | None = None
    last: When | None = None
    kind: Kind = "point"
    relative: bool = False
    part: str | None = None
    rule: str | None = None
    anchor: bool = True


Handler = Callable[[re.Match[str], Thread], Meaning | None]


def read_calendar(match: re.Match[str], thread: Thread) -> Meaning | None:
    """Oct. 12, 2025; 12 October; January 7-9 2015; July 14 to August 2; May 3 last year."""
    got = match.groupdict()
    day = re.sub(r"\D", "", got["day"])
    month, number = _month(got["month"]), int(day)
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
        month2 = _month(got["month2"]) if got.get("month2") else month
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
    return thread.published.year + _SIDE_STEPS[side] if side and thread.published else None


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
    month, year = _month(got["month"]), _said_year(got, thread)
    when = parse_absolute(f"{_name(month)} {year}") if year else None
    last = When(year, _month(got["month2"])) if year and got["month2"] and _month(got["month2"]) > month else None
    return Meaning(when, last, "range" if last else "point", not got["year"], rule="month_year")


def read_month(match: re.Match[str], thread: Thread) -> Meaning | None:
    """in September; since July; a bare May or March is a word."""
    start, end = match.span()
    if not _MONTH_BEFORE.search(thread.text, max(0, start - 12), start):
        return None
    if re.match(r"\s(?:[A-Z][a-z]+\s(?:said|told)|\d)", thread.text[end : end + 24]):
        return None
    month = _month(match["month"])
    when = _without_year(month, 0, match, thread)
    last = calendar.month_on_or_after(when.first(), _month(match["month2"])) if when and match["month2"] else None
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


def read_week_day(match: re.Match[str], thread: Thread) -> Meaning | None:
    """on Friday: the latest one, or the coming one where the clause is of the future; last, this and next Friday."""
    side = (match["side"] or "").lower()
    if match["many"] or side in ("every", "each"):
        return Meaning(kind="recurring", rule="every", anchor=False)
    index, anchor = WEEKDAYS[match["weekday"].lower()], thread.published
    part = match["part"]
    if side.endswith("following") and thread.day:
        after = calendar.add_days(thread.day, 1)
        when = calendar.weekday_on_or_after(after.first(), index) if after else None
    elif anchor is None:
        when = None
    elif match["week"]:
        when = calendar.weekday_of_week(anchor, index, _SIDE_STEPS[match["week"]])
    elif side in ("last", "past"):
        before = calendar.add_days(anchor, -1)
        when = calendar.weekday_on_or_before(before.first(), index) if before else None
    elif side in ("next", "coming"):
        after = calendar.add_days(anchor, 1)
        when = calendar.weekday_on_or_after(after.first(), index) if after else None
    elif side == "this" and not english_past(thread.text, *match.span()):
        when = calendar.weekday_on_or_after(anchor, index)
    elif english_future(thread.text, *match.span()):
        when = calendar.weekday_on_or_after(anchor, index)
    else:
        when = calendar.weekday_on_or_before(anchor, index)
    return Meaning(when, relative=True, part=part, rule="weekday")


def read_word(match: re.Match[str], thread: Thread) -> Meaning | None:
    """yesterday, last night, this morning, the day before yesterday."""
    word = re.sub(r"\s", " ", match["word"]).lower()
    step = {"the day before yesterday": -2, "the day after tomorrow": 2}.get(word, _DAY_STEPS.get(word, 0))
    if word.startswith("last"):
        step = -1
    part = match["part"] or (word.split()[-1] if word.startswith(("last", "this")) else None)
    when = calendar.add_days(thread.published, step) if thread.published else None
    return Meaning(when, relative=True, part="night" if word == "tonight" else part, rule="day_word")


def read_pointing(match: re.Match[str], thread: Thread) -> Meaning | None:
    """the previous day, the next day, that night: from the day the text named last, else from publication."""
    got = match.groupdict()
    way = (got["way"] or got["side"] or "same").lower()
    step = (
        -1
        if way in ("previous", "preceding", "before", "earlier", "prior")
        else 1
        if way in ("following", "next", "after", "later")
        else 0
    )
    anchor = thread.reference_day()
    part = got["part"] or got["that"] or got["edge"]
    when = calendar.add_days(anchor, step) if anchor else None
    return Meaning(when, relative=True, part=None if part == "day" else part, rule="pointing")


def read_that(match: re.Match[str], thread: Thread) -> Meaning | None:
    """that year, that June, the following year."""
    if thread.year is None:
        return None
    unit = match["same"] or match["that"] or match["unit"]
    step = {"following": 1, "next": 1, "previous": -1}.get(match["after"] or "", 0)
    when: When | None
    if unit == "month":
        when = calendar.add_months(thread.month.year, thread.month.month, step) if thread.month else None
    elif unit.lower().strip(".") in MONTHS:
        when = When(thread.year + step, _month(unit))
    else:
        when = When(thread.year + step)
    if when and not calendar.exists(when.year, when.month):
        when = None
    return Meaning(when, relative=True, rule="that")


def read_ago(match: re.Match[str], thread: Thread) -> Meaning | None:
    """two days ago (from publication); three months earlier, a day later (from what the text named last)."""
    count, unit, way = _count(match["count"]), match["unit"], match["way"]
    if way == "before" or way == "after":
        following = re.match(
            r"\s(?:the|he|she|it|they|his|her|its|their|a|an|being|[a-z]+ing|\w+['’]s)\b", thread.text[match.end() :]
        )
        if following:
            return Meaning(kind="duration", rule="duration", anchor=False)
    anchor = thread.published if way == "ago" else thread.reference_day()
    if (
        way in ("earlier", "later", "before", "prior", "previously", "after")
        and unit in ("year", "decade")
        and thread.last
    ):
        anchor = thread.last.first()
    if unit in ("second", "minute", "hour"):
        return Meaning(
            calendar.of_day(anchor) if anchor else None, kind="clock", relative=True, rule="hours_ago", anchor=False
        )
    if anchor is None or count is None:
        return Meaning(relative=True, rule="ago", anchor=False)
    step = count if way in ("later", "after") else -count
    when: When | None
    if unit in ("year", "decade"):
        when = When(anchor.year + step * (10 if unit == "decade" else 1))
    elif unit == "month":
        when = calendar.add_months(anchor.year, anchor.month, step)
    else:
        when = calendar.add_days(anchor, step * {"week": 7, "fortnight": 14}.get(unit, 1))
        if when and unit in ("week", "fortnight") and count > 1:
            when = When(when.year, when.month)
    if when and not calendar.exists(when.year, when.month, when.day):
        when = None
    return Meaning(when, relative=True, rule="ago", anchor=False)


def _count(text: str) -> int | None:
    words = text.lower().split()
    if words[0].isdecimal():
        return int(words[0])
    return next(
        (NUMBERS[word] for word in reversed(words) if word in NUMBERS and (len(words) == 1 or word != "a")), None
    )


def read_side(match: re.Match[str], thread: Thread) -> Meaning | None:
    """last week, early this month, next year, last October, this summer."""
    side, unit = match["side"].lower(), match["unit"]
    part, anchor = (match["part"] or "").lower() or None, thread.published
    if anchor is None:
        return Meaning(relative=True, rule="side", anchor=False)
    step = _SIDE_STEPS[re.sub(r"\s", " ", side)]
    if match["month"]:
        return Meaning(
            _side_month(step, _month(match["month"]), anchor.year, anchor.month),
            relative=True,
            part=part,
            rule="side_month",
        )
    if unit == "weekend":
        weeks = (
            step
            if step
            else 0
            if anchor.weekday() >= 5
            else -1
            if not english_future(thread.text, *match.span())
            else 0
        )
        first = calendar.weekday_of_week(anchor, 5, weeks)
        last = calendar.add_days(first.first(), 1) if first else None
        return Meaning(first, last, "range", True, part, "weekend")
    if unit == "week":
        monday = calendar.weekday_of_week(anchor, 0, step)
        return Meaning(
            When(monday.year, monday.month) if monday else None, relative=True, part="week", rule="week", anchor=False
        )
    if unit == "month":
        return Meaning(
            calendar.add_months(anchor.year, anchor.month, step), relative=True, part=part, rule="side_month"
        )
    when = When(anchor.year + step)
    return Meaning(when, relative=True, part=part if unit == "year" else unit, rule="side_year")


def _side_month(step: int, month: int, year: int, current: int) -> When:
    if step < 0:
        return When(year if month < current else year - 1, month)
    if step > 0:
        return When(year if month > current else year + 1, month)
    return When(year, month)


def read_nth(match: re.Match[str], thread: Thread) -> Meaning | None:
    """on the 12th: of the month the sentence named, else the latest."""
    day = int(match["day"])
    if not re.search(r"\b(?:on|by|from|until|since|and|to)\s$", thread.text[max(0, match.start() - 7) : match.start()]):
        return None
    if thread.month and thread.same_sentence(thread.last_end, match.start()):
        month = thread.month
        when = When(month.year, month.month, day) if calendar.exists(month.year, month.month, day) else None
    else:
        when = calendar.day_on_or_before(thread.published, day) if thread.published else None
    return Meaning(when, relative=True, rule="day")


def _length(match: re.Match[str], thread: Thread) -> Meaning | None:
    return Meaning(kind="duration", rule="duration", anchor=False)


def _every(match: re.Match[str], thread: Thread) -> Meaning | None:
    return Meaning(kind="recurring", rule="every", anchor=False)


def _named(match: re.Match[str], thread: Thread) -> Meaning | None:
    return Meaning(event_day(match[0]), kind="name", rule="named_day", anchor=False)


def read_holiday(match: re.Match[str], thread: Thread) -> Meaning | None:
    """Christmas Day 2024, last Easter: the latest one, or the next where the clause is of the future."""
    published = thread.published
    if match["year"]:
        return Meaning(day_of(match["name"], int(match["year"])), rule="holiday")
    future = match["side"] == "next" or (match["side"] is None and english_future(thread.text, *match.span()))
    when = nearest(match["name"], published, future) if published else None
    return Meaning(when, relative=True, rule="holiday")


def _month(text: str | None) -> int:
    return MONTHS[(text or "").lower().rstrip(".")]


def _name(month: int) -> str:
    return next(name for name, number in MONTHS.items() if number == month)


HANDLERS: dict[str, Handler] = {
    "iso": read_iso,
    "slash": read_slash,
    "named_day": _named,
    "holiday": read_holiday,
    "day_month": read_calendar,
    "month_day": read_calendar,
    "month_year": read_month_year,
    "month": read_month,
    "decade": read_decade,
    "ago": read_ago,
    "duration": _length,
    "year": read_year,
    "every": _every,
    "word": read_word,
    "pointing": read_pointing,
    "that": read_that,
    "week_day": read_week_day,
    "side": read_side,
    "nth": read_nth,
}
