"""What each shape of Korean date phrase means, given the publication day and what the text named before.

A handler takes the match of its rule and the thread, and returns a Reading, or None where the shape is not a date after all.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from extract.dates import calendar
from extract.dates.calendar import When
from extract.dates.holidays import day_of, event_day, nearest
from extract.dates.mention import Kind
from extract.dates.tense import korean_future
from extract.dates.thread import Thread

_NATIVE_DAYS = {
    "하루": 1,
    "이틀": 2,
    "사흘": 3,
    "나흘": 4,
    "닷새": 5,
    "엿새": 6,
    "이레": 7,
    "여드레": 8,
    "아흐레": 9,
    "열흘": 10,
    "보름": 15,
    "일주일": 7,
}  # fmt: skip
_NATIVE_COUNTS = {
    "한": 1,
    "두": 2,
    "세": 3,
    "석": 3,
    "네": 4,
    "넉": 4,
    "다섯": 5,
    "여섯": 6,
    "일곱": 7,
    "여덟": 8,
    "아홉": 9,
    "열": 10,
    "열두": 12,
}  # fmt: skip
_YEAR_STEPS = {
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
#: 결혼식 전날, 선거 당일: the day is told from an event, whose own day this phrase does not name.
_OF_AN_EVENT = re.compile(
    r"(?:결혼식|선거|수능|대회|경기|생일|명절|추석|설날|설|개막|시험|범행|사고|사건|출국|입국|방한|방북|회담|공연|출산|총선|대선|투표|발표|이사|휴가|연휴|"
    r"참사|화재|실종|장례|발인|재판|선고|선거일|사망|살해|입학식|졸업식|개학|결혼|출발|계약|성탄절|크리스마스|[가-힣]의)\s$"
)
_DAY_STEPS = {
    "오늘": 0,
    "오늘밤": 0,
    "어제": -1,
    "어젯밤": -1,
    "간밤": -1,
    "지난밤": -1,
    "그제": -2,
    "그저께": -2,
    "엊그제": -2,
    "엊그저께": -2,
    "그끄저께": -3,
    "내일": 1,
    "모레": 2,
    "내일모레": 2,
    "글피": 3,
}  # fmt: skip
_WEEK_STEPS = {
    "지지난주": -2,
    "지난주": -1,
    "이번주": 0,
    "금주": 0,
    "다음주": 1,
    "내주": 1,
    "다다음주": 2,
    "이번": 0,
    "다음": 1,
}
_COUNTED_FROM = re.compile(rf"(?<!\d)(?:(?P<count>\d{{1,3}})일|(?P<native>{'|'.join(_NATIVE_DAYS)}))\s?만(?:에)?$")
#: What a count of days begins with and ends in, for the day it is counted from to be the day of an event.
_COUNT_BEGINS = re.compile(
    r"(?:발생|참사|사고|실종|범행|사건|화재|납치|피랍|출국|신고|습격|붕괴|침몰|추락|폭발|지진|발견된)\S{0,2}\s(?:약\s|지\s)?$"
)
_COUNT_ENDS = re.compile(r"에?\s\S{0,10}\s?(?:발견|검거|체포|구조|수습|숨졌|숨진|붙잡|자수|송환|풀려)")
_WEEKDAYS = {character: index for index, character in enumerate("월화수목금토일")}
_HALVES = {"상반기": (1, 6), "하반기": (7, 12)}
#: Within this many days back a day of last month is read as past without asking the verb.
_JUST_PAST = 3


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a phrase means before its tail is read; `anchor` tells whether it may serve as "the same day" later."""

    when: When | None = None
    last: When | None = None
    kind: Kind = "point"
    relative: bool = False
    part: str | None = None
    time: str | None = None
    rule: str | None = None
    anchor: bool = True


Handler = Callable[[re.Match[str], Thread], Meaning | None]


def read_date(match: re.Match[str], thread: Thread) -> Meaning | None:
    """A calendar date of any fineness: 2025년 10월 8일, 지난달 17일, 지난 6월, 8∼10일, 올해 말."""
    got = match.groupdict()
    if not any(got[name] for name in ("year", "short", "ryear", "month", "rmonth", "day")):
        return None
    day = int(got["day"]) if got["day"] else 0
    month = int(got["month"]) if got["month"] else 0
    year = _year(got, thread)
    part = _tidy(got["part"])
    relative = not (got["year"] or got["short"])
    if got["rmonth"]:
        rmonth = _tidy(got["rmonth"]) or ""
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
    word = _tidy(got["ryear"]) or ""
    if word in _YEAR_STEPS:
        return thread.published.year + _YEAR_STEPS[word] if thread.published else None
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
    """A month or day without its year: by 지난 or 오는, by what the sentence named before, by tense, else the latest."""
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
    if after and _nearer(before, anchor, after) and korean_future(thread.text, *match.span()):
        return after, f"{name}_future"
    return before, f"{name}_latest"


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
        elif joined:
            found = When(base.year, month, day) if calendar.exists(base.year, month, day) else None
        elif base.year != anchor.year:
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


def read_relative_day(match: re.Match[str], thread: Thread) -> Meaning | None:
    """어제, 모레; and the words that point back into the text: 전날, 이날, 같은 날, 다음 날."""
    word = _tidy(match["word"]) or ""
    if word not in _DAY_STEPS and _OF_AN_EVENT.search(thread.text[: match.start()][-12:]):
        return Meaning(relative=True, rule="day_of_event", anchor=False)
    part = "night" if word.endswith("밤") else None
    if word in _DAY_STEPS:
        anchor, step, rule = thread.published, _DAY_STEPS[word], "day_word"
    elif word in ("전날", "전일"):
        anchor, step, rule = _this_day(match.start(), thread), -1, "day_before"
    elif word in ("이튿날", "다음날", "익일"):
        nightly = thread.day is None and thread.text[: match.start()].endswith(
            "부터 "
        )  # 오후 10시부터 다음날 오전 6시까지
        anchor, step, rule = None if nightly else thread.reference_day(), 1, "day_after"
    elif word == "이날":
        anchor, step, rule = _this_day(match.start(), thread), 0, "this_day"
    else:
        anchor, step, rule = thread.reference_day(), 0, "same_day"
    when = calendar.add_days(anchor, step) if anchor else None
    return Meaning(
        when, relative=True, part=part, rule=rule, anchor=word not in ("이날", "전날") and word not in _DAY_STEPS
    )


def _this_day(start: int, thread: Thread) -> date | None:
    return thread.reference_day()


def read_ago(match: re.Match[str], thread: Thread) -> Meaning | None:
    """사흘 전, 두 달 전, 5년 뒤: back from the publication day, forward from what the text named last."""
    count, unit = _amount(match)
    ahead = match["way"] != "전"
    anchor = thread.published
    if ahead:
        future = korean_future(thread.text, *match.span())
        anchor = thread.last.first() if thread.last else thread.published if future else None
    if unit in ("시간", "분"):
        day = thread.reference_day() if ahead else anchor
        return Meaning(
            calendar.of_day(day) if day else None, kind="clock", relative=True, rule="hours_ago", anchor=False
        )
    if anchor is None or count is None:
        return Meaning(relative=True, rule="ago", anchor=False)
    step = count if ahead else -count
    when: When | None
    if unit in ("년", "해"):
        year = anchor.year + int(step)
        when = When(year) if calendar.exists(year) else None
    elif unit in ("개월", "달"):
        when = calendar.add_months(anchor.year, anchor.month, int(step))
    else:
        days = int(step * 7) if unit in ("주", "주일") else int(step)
        when = calendar.add_days(anchor, days)
        if when and unit in ("주", "주일") and count > 1:
            when = When(when.year, when.month)
    if when and not calendar.exists(when.year, when.month, when.day):
        when = None
    return Meaning(when, relative=True, rule="ago", anchor=False)


def _amount(match: re.Match[str]) -> tuple[float | None, str]:
    if match["native"]:
        return (6, "달") if match["native"] == "반년" else (_NATIVE_DAYS[match["native"]], "일")
    text, unit = match["count"], match["unit"]
    if text in _NATIVE_COUNTS:
        return _NATIVE_COUNTS[text], unit
    if not text.isdecimal():
        return None, unit
    months = re.search(r"\d+", match["more"] or "")
    if unit == "년" and months:
        return int(text) * 12 + int(months[0]), "달"
    return int(text), unit


def read_week_day(match: re.Match[str], thread: Thread) -> Meaning | None:
    """금요일, 지난주 금요일, 지난 주말, 매주 월요일, 금요일(10일)."""
    week = _tidy(match["week"])
    if match["every"] or week in ("매주", "격주"):
        return Meaning(kind="recurring", rule="every", anchor=False)
    anchor = thread.published
    if anchor is None:
        return Meaning(relative=True, rule="weekday", anchor=False)
    index = 5 if match["weekend"] else _WEEKDAYS[match["weekday"]]
    when: When | None
    if match["day"]:
        when = calendar.day_on_or_before(anchor, int(match["day"]))
        after = calendar.day_on_or_after(anchor, int(match["day"]))
        if when and when.first().weekday() != index and after and after.first().weekday() == index:
            when = after
    elif week in _WEEK_STEPS:
        when = calendar.weekday_of_week(anchor, index, _WEEK_STEPS[week])
    elif week == "오는":
        when = calendar.weekday_on_or_after(anchor, index)
    elif week is None and korean_future(thread.text, *match.span()):
        when = calendar.weekday_on_or_after(anchor, index)
    else:
        when = calendar.weekday_on_or_before(anchor, index)
    last = calendar.add_days(when.first(), 1) if when and match["weekend"] else None
    return Meaning(when, last, "range" if last else "point", True, rule="weekend" if last else "weekday")


def read_week(match: re.Match[str], thread: Thread) -> Meaning | None:
    """지난주, 이번 주: the month that week (its Monday) lies in, for no single day is named."""
    if thread.published is None:
        return Meaning(relative=True, rule="week", anchor=False)
    monday = calendar.weekday_of_week(thread.published, 0, _WEEK_STEPS[_tidy(match["week"]) or ""])
    when = When(monday.year, monday.month) if monday else None
    return Meaning(when, relative=True, part="week", rule="week", anchor=False)


def read_dotted(match: re.Match[str], thread: Thread) -> Meaning | None:
    """2025.10.08., 2025-10-08, '25. 10. 8."""
    text = match["year"].lstrip("'’‘")
    year = int(text) if len(text) == 4 else 2000 + int(text)
    month, day = int(match["month"]), int(match["day"])
    if not calendar.exists(year, month, day):
        return None
    return Meaning(When(year, month, day), rule="numeric")


def read_named(match: re.Match[str], thread: Thread) -> Meaning | None:
    """10·29 참사: the date is the event's name; its year is told only by the text."""
    if not calendar.exists(2000, int(match["month"]), int(match["day"])):
        return None
    when = event_day(match["date"])
    if match["vote"] and thread.published:
        coming = thread.text[: match.start()].endswith(("오는 ", "앞둔 "))
        find = calendar.month_on_or_after if coming else calendar.month_on_or_before
        when = find(thread.published, int(match["month"]), int(match["day"]))
    return Meaning(when, kind="name", relative=bool(match["vote"]), rule="named_day", anchor=False)


def read_holiday(match: re.Match[str], thread: Thread) -> Meaning | None:
    """추석 연휴, 지난해 광복절: the year said before it, else the latest one, or the next if the clause is of the future."""
    said, published = _tidy(match["ryear"]), thread.published
    if match["year"]:
        year: int | None = int(match["year"])
    elif said and said in _YEAR_STEPS and published:
        year = published.year + _YEAR_STEPS[said]
    elif said == "오는" and published:
        return Meaning(nearest(match["name"], published, True), relative=True, rule="holiday")
    elif said and said not in ("지난", "오는", *_YEAR_STEPS):
        year = thread.year
    else:
        year = None
    if year:
        return Meaning(day_of(match["name"], year), relative=not match["year"], rule="holiday")
    future = said != "지난" and korean_future(thread.text, *match.span())
    when = nearest(match["name"], published, future) if published else None
    return Meaning(when, relative=True, rule="holiday")


def read_made(match: re.Match[str], thread: Thread) -> Meaning | None:
    """1985년생, 2024년형, 3월호."""
    said = match["year"] or match["season"] or match["released"]
    year = When(int(said)) if said else None
    return Meaning(year, kind="birth" if match["birth"] else "edition", rule="made_in", anchor=False)


def read_decade(match: re.Match[str], thread: Thread) -> Meaning | None:
    """1990년대: from its first year to its last."""
    year = int(match["year"])
    if year < 100:
        year += 1900 if year >= 30 else 2000
    return Meaning(When(year), When(year + 9), "range", rule="decade", anchor=False)


def read_then(match: re.Match[str], thread: Thread) -> Meaning | None:
    """당시: what was named last; nothing where nothing was."""
    return Meaning(thread.last, relative=True, rule="then", anchor=False) if thread.last else None


def _length(match: re.Match[str], thread: Thread) -> Meaning | None:
    """A length of time; 사흘 만에 and 19일 만이다 tell besides from which day it is counted."""
    counted = _COUNTED_FROM.search(match[0])
    anchor = thread.reference_day()
    told = _COUNT_BEGINS.search(thread.text[: match.start()][-16:]) or _COUNT_ENDS.match(thread.text, match.end())
    if counted and anchor and told:
        days = _NATIVE_DAYS[counted["native"]] if counted["native"] else int(counted["count"])
        return Meaning(
            calendar.add_days(anchor, -days), kind="duration", relative=True, rule="counted_from", anchor=False
        )
    return Meaning(kind="duration", rule="duration", anchor=False)


def _every(match: re.Match[str], thread: Thread) -> Meaning | None:
    return Meaning(kind="recurring", rule="every", anchor=False)


def _century(match: re.Match[str], thread: Thread) -> Meaning | None:
    return Meaning(kind="range", rule="century", anchor=False)


def _tidy(text: str | None) -> str | None:
    return re.sub(r"\s", "", text) if text else None


HANDLERS: dict[str, Handler] = {
    "date": read_date,
    "relative_day": read_relative_day,
    "ago": read_ago,
    "week_day": read_week_day,
    "week": read_week,
    "dotted": read_dotted,
    "named_day": read_named,
    "holiday": read_holiday,
    "made_in": read_made,
    "decade": read_decade,
    "then": read_then,
    "duration": _length,
    "term": _length,
    "every": _every,
    "century": _century,
}
