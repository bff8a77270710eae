"""Korean calendar dates: year, month and day, stated or filled in from the text and its publication day."""

from __future__ import annotations

import re
from datetime import date

from extract.dates import calendar
from extract.dates.calendar import When
from extract.dates.meaning import Meaning
from extract.dates.tense import korean_future, still_ahead
from extract.dates.thread import Thread

YEAR_STEPS = {
    "지지난해": -2,
    "재작년": -2,
    "지난해": -1,
    "작년": -1,
    "전년": -1,
    "올해": 0,
    "올": 0,
    "금년": 0,
    "내년": 1,
    "내후년": 2,
}
_MONTH_STEPS = {"지지난달": -2, "지난달": -1, "이달": 0, "이번달": 0, "금월": 0, "다음달": 1, "내달": 1}
_HALVES = {"상반기": (1, 6), "하반기": (7, 12)}
#: Within this many days back a day of last month is read as past without asking the verb.
_JUST_PAST = 3


def read_date(match: re.Match[str], thread: Thread) -> Meaning | None:
    """A calendar date of any fineness: 2025년 10월 8일, 지난달 17일, 지난 6월, 8∼10일, 올해 말."""
    got = match.groupdict()
    if not any(got[name] for name in ("year", "short", "ryear", "month", "rmonth", "day")):
        return None
    day = int(got["day"]) if got["day"] else 0
    month = int(got["month"]) if got["month"] else 0
    year = _year(got, thread)
    part = tidy(got["part"])
    relative = not (got["year"] or got["short"])
    if got["rmonth"]:
        rmonth = tidy(got["rmonth"]) or ""
        when, rule = _word_month(rmonth, day, thread), "month_word_day" if day else "month_word"
    elif got["ryear"] or got["year"] or got["short"]:
        rule = "year_word" if got["ryear"] else "full" if day else "year_month" if month else "year"
        when = When(year, month, day) if year and (month or not day) and calendar.exists(year, month, day) else None
        if year and day and not month:
            return None
    else:
        when, rule = _partial(got["head"], month, day, match, thread)
    if got["born"]:
        return Meaning(when, kind="birth", relative=relative, rule="birth", anchor=False)
    if got["edition"]:
        return Meaning(when, kind="edition", relative=relative, rule="edition", anchor=False)
    last = _last_of(got, when)
    if when and not when.day and part:
        when, last = _part_of_year(when, part, last)
    return Meaning(when, last, "range" if last else "point", relative, part, rule=rule)


def _year(got: dict[str, str | None], thread: Thread) -> int | None:
    if got["year"]:
        return int(got["year"])
    if got["short"]:
        short = int(got["short"])
        return 2000 + short if short < 60 else 1900 + short
    if not got["ryear"]:
        return None
    word = tidy(got["ryear"]) or ""
    if word in YEAR_STEPS:
        return thread.published.year + YEAR_STEPS[word] if thread.published else None
    if thread.year is None:
        return None
    return thread.year + 1 if word == "이듬해" else thread.year


def _word_month(word: str, day: int, thread: Thread) -> When | None:
    if word in _MONTH_STEPS:
        if thread.published is None:
            return None
        month = calendar.add_months(thread.published.year, thread.published.month, _MONTH_STEPS[word])
    elif thread.month:
        month = thread.month
    elif thread.published:
        month = When(thread.published.year, thread.published.month)
    else:
        return None
    while not calendar.exists(month.year, month.month, day):
        month = calendar.add_months(month.year, month.month, -1)
    return When(month.year, month.month, day)


def _partial(head: str | None, month: int, day: int, match: re.Match[str], thread: Thread) -> tuple[When | None, str]:
    """A month or day without its year: by 지난 or 오는, by the date before it, by tense, else the latest."""
    head = head.strip() if head else None
    anchor = thread.published
    name = "month_day" if month and day else "month" if month else "day"
    if head is None or anchor is None:
        inherited = _inherited(month, day, match, thread)
        if inherited:
            return inherited, f"{name}_inherited"
    if anchor is None or (month and not calendar.exists(2000, month, day)):
        return None, name
    if month:
        before, after = (find(anchor, month, day) for find in (calendar.month_on_or_before, calendar.month_on_or_after))
    else:
        before, after = (find(anchor, day) for find in (calendar.day_on_or_before, calendar.day_on_or_after))
    if head in ("오는", "돌아오는", "이번"):
        return after, f"{name}_next"
    if head == "지난":
        return before, f"{name}_past"
    ahead = still_ahead(thread.text, *match.span())
    if after and (ahead or (_nearer(before, anchor, after) and _to_come(day, month, match, thread))):
        return after, f"{name}_future"
    return before, f"{name}_latest"


def _to_come(day: int, month: int, match: re.Match[str], thread: Thread) -> bool:
    """Whether a bare date whose next day is nearer is that one: by the verb, or because the text says 오는 15일 elsewhere."""
    if month:
        return korean_future(thread.text, *match.span())
    return korean_future(thread.text, *match.span(), reported=False) or f"오는 {day}일" in thread.text


def _nearer(before: When | None, anchor: date, after: When) -> bool:
    """Whether the coming one is nearer than the past one, which is then not one of the last days."""
    if before is None:
        return True
    back = (anchor - before.last()).days
    return back > _JUST_PAST and (after.first() - anchor).days < back


def _inherited(month: int, day: int, match: re.Match[str], thread: Thread) -> When | None:
    """The second of two dates takes the month or year of the first: 지난 15일과 17일, 지난해 9월부터 12월까지."""
    start, base, anchor = match.start(), thread.last, thread.published
    if base is None:
        return None
    if not thread.same_sentence(thread.last_end, start):
        return thread.month_again(month, day, start)
    gap = thread.text[thread.last_end : start]
    joined = re.fullmatch(r"(?:부터|에서|과|와|및|,|[~∼〜～\-–—·ㆍ]|\s)*", gap) is not None
    if month:
        if "부터" in gap or (joined and not day) or anchor is None:
            found = calendar.month_on_or_after(base.first(), month, day)
        elif joined or base.year != anchor.year:
            found = When(base.year, month, day) if calendar.exists(base.year, month, day) else None
        else:
            return None
    elif base.month:
        found = calendar.day_on_or_after(base.first(), day)
        recent = calendar.day_on_or_before(anchor, day) if anchor else None
        if not joined and anchor and recent and ((anchor - recent.first()).days <= _JUST_PAST or not base.day):
            return None
        if not joined and base.day and (base.year, base.month) == ((anchor.year, anchor.month) if anchor else ()):
            return None
    else:
        return None
    if found and not joined and anchor and found.first() > anchor:
        return None
    return found


def _last_of(got: dict[str, str | None], when: When | None) -> When | None:
    if when is None:
        return None
    if got["year2"] and not when.month:
        tail = int(got["year2"])
        year = tail if tail > 99 else when.year // 100 * 100 + tail
        return When(year) if year > when.year else None
    if got["day2"] and when.day:
        day = int(got["day2"])
        if day > when.day and not calendar.exists(when.year, when.month, day):
            return calendar.of_day(When(when.year, when.month).last())
        return calendar.day_on_or_after(when.first(), day)
    if got["month2"] and not when.day:
        return calendar.month_on_or_after(when.first(), int(got["month2"]))
    return None


def _part_of_year(when: When, part: str, last: When | None) -> tuple[When, When | None]:
    if when.month:
        return when, last
    quarter = re.match(r"([1-4])(?:/4)?분기", part)
    first_month, last_month = _HALVES.get(part, (0, 0))
    if quarter:
        last_month = int(quarter[1]) * 3
        first_month = last_month - 2
    return (When(when.year, first_month), When(when.year, last_month)) if first_month else (when, last)


def tidy(text: str | None) -> str | None:
    return re.sub(r"\s", "", text) if text else None
