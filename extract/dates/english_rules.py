"""What the other shapes of English date phrases mean: weekdays, yesterday, two days ago, last month, the next day."""

from __future__ import annotations

import re

from extract.dates import calendar
from extract.dates.calendar import When
from extract.dates.english_calendar import (
    SIDE_STEPS,
    month_number,
    read_calendar,
    read_decade,
    read_iso,
    read_month,
    read_month_year,
    read_slash,
    read_year,
)
from extract.dates.english_patterns import MONTHS, NUMBERS, WEEKDAYS
from extract.dates.holidays import day_of, event_day, nearest
from extract.dates.meaning import Handler, Meaning
from extract.dates.tense import english_future, english_past
from extract.dates.thread import Thread

_DAY_STEPS = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1, "overnight": 0}


def read_week_day(match: re.Match[str], thread: Thread) -> Meaning | None:
    """on Friday: the latest one, or the coming one where the clause is of the future; last, this and next Friday."""
    side = (match["side"] or "").lower()
    if match["many"] or side in ("every", "each"):
        return Meaning(kind="recurring", rule="every", anchor=False)
    index, anchor = WEEKDAYS[match["weekday"].lower().rstrip(".")], thread.published
    part = match["part"]
    if side.endswith("following") and thread.day:
        after = calendar.add_days(thread.day, 1)
        when = calendar.weekday_on_or_after(after.first(), index) if after else None
    elif anchor is None:
        when = None
    elif match["week"]:
        when = calendar.weekday_of_week(anchor, index, SIDE_STEPS[match["week"]])
    elif side in ("last", "past"):
        before = calendar.add_days(anchor, -1)
        when = calendar.weekday_on_or_before(before.first(), index) if before else None
    elif side in ("next", "coming"):
        after = calendar.add_days(anchor, 1)
        when = calendar.weekday_on_or_after(after.first(), index) if after else None
    elif (side == "this" and not english_past(thread.text, *match.span())) or english_future(
        thread.text, *match.span()
    ):
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
        when = When(thread.year + step, month_number(unit))
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
    step = SIDE_STEPS[re.sub(r"\s", " ", side)]
    if match["month"]:
        return Meaning(
            _side_month(step, month_number(match["month"]), anchor.year, anchor.month),
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
