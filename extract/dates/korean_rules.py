"""What the other shapes of Korean date phrases mean: words for days, lengths, weeks, holidays, names."""

from __future__ import annotations

import re

from extract.dates import calendar
from extract.dates.calendar import When
from extract.dates.holidays import day_of, event_day, nearest
from extract.dates.korean_calendar import YEAR_STEPS, read_date, tidy
from extract.dates.korean_patterns import SHORT
from extract.dates.meaning import Handler, Meaning
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
    "스무날": 20,
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


#: 결혼식 전날, 선거 당일: the day is told from an event, whose own day this phrase does not name.
_OF_AN_EVENT = re.compile(
    r"(?:결혼식|선거|수능|대회|경기|생일|명절|추석|설날|설|개막|시험|범행|사고|사건|출국|입국|방한|"
    r"방북|회담|공연|출산|총선|대선|투표|발표|이사|휴가|연휴|"
    r"참사|화재|실종|장례|발인|재판|선고|선거일|사망|살해|입학식|졸업식|개학|결혼|출발|계약|성탄절|"
    r"크리스마스|[가-힣]의)\s$"
)
_DAY_STEPS = {
    "오늘": 0,
    "금일": 0,
    "오늘밤": 0,
    "어제": -1,
    "작일": -1,
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
    r"(?:발생|참사|사고|실종|범행|사건|화재|납치|피랍|출국|신고|습격|붕괴|침몰|추락|폭발|지진|"
    r"발견된)\S{0,2}\s(?:약\s|지\s)?$"
)
_COUNT_ENDS = re.compile(r"에?\s\S{0,10}\s?(?:발견|검거|체포|구조|수습|숨졌|숨진|붙잡|자수|송환|풀려)")
_WEEKDAYS = {character: index for index, character in enumerate("월화수목금토일")}


def read_relative_day(match: re.Match[str], thread: Thread) -> Meaning | None:
    """어제, 모레; and the words that point back into the text: 전날, 이날, 같은 날, 다음 날."""
    word = tidy(match["word"]) or ""
    if word not in _DAY_STEPS and _OF_AN_EVENT.search(thread.text[: match.start()][-12:]):
        return Meaning(relative=True, rule="day_of_event", anchor=False)
    part = "night" if word.endswith("밤") else None
    if word in _DAY_STEPS:
        anchor, step, rule = thread.published, _DAY_STEPS[word], "day_word"
    elif word in ("전날", "전일"):
        anchor, step, rule = thread.reference_day(), -1, "day_before"
    elif word in ("전전날", "전전일"):
        anchor, step, rule = thread.reference_day(), -2, "day_before"
    elif word in ("이튿날", "다음날", "그다음날", "익일"):
        nightly = thread.day is None and thread.text[: match.start()].endswith(
            "부터 "
        )  # 오후 10시부터 다음날 오전 6시까지
        anchor, step, rule = None if nightly else thread.reference_day(), 1, "day_after"
    elif word == "이날":
        anchor, step, rule = thread.this_day(match.start()), 0, "this_day"
    else:
        anchor, step, rule = thread.reference_day(), 0, "same_day"
    when = calendar.add_days(anchor, step) if anchor else None
    return Meaning(
        when,
        relative=True,
        part=part,
        rule=rule,
        anchor=word not in ("이날", "전날", "전전날") and word not in _DAY_STEPS,
    )


def read_ago(match: re.Match[str], thread: Thread) -> Meaning | None:
    """사흘 전, 두 달 전, 5년 뒤: back from the publication day, forward from what the text named last."""
    count, unit = _amount(match)
    ahead = match["way"] != "전"
    anchor = thread.published
    if thread.last and thread.text.startswith("보다 ", thread.last_end):
        anchor = thread.last.first()
    elif ahead:
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
    week = tidy(match["week"])
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
    elif week == "오는" or (week is None and korean_future(thread.text, *match.span())):
        when = calendar.weekday_on_or_after(anchor, index)
    else:
        when = calendar.weekday_on_or_before(anchor, index)
    last = calendar.add_days(when.first(), 1) if when and match["weekend"] else None
    return Meaning(when, last, "range" if last else "point", True, rule="weekend" if last else "weekday")


def read_week(match: re.Match[str], thread: Thread) -> Meaning | None:
    """지난주, 이번 주: the month that week (its Monday) lies in, for no single day is named."""
    if thread.published is None:
        return Meaning(relative=True, rule="week", anchor=False)
    monday = calendar.weekday_of_week(thread.published, 0, _WEEK_STEPS[tidy(match["week"]) or ""])
    when = When(monday.year, monday.month) if monday else None
    return Meaning(when, relative=True, part="week", rule="week", anchor=False)


def read_dotted(match: re.Match[str], thread: Thread) -> Meaning | None:
    """2025.10.08., 2025-10-08, '25. 10. 8."""
    text = match["year"].lstrip(SHORT)
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
    """추석 연휴, 지난해 광복절: the year said, else the latest, or the next if the clause is of the future."""
    said, published = tidy(match["ryear"]), thread.published
    if match["year"]:
        year: int | None = int(match["year"])
    elif said and said in YEAR_STEPS and published:
        year = published.year + YEAR_STEPS[said]
    elif said == "오는" and published:
        return Meaning(nearest(match["name"], published, True), relative=True, rule="holiday")
    elif said and said not in ("지난", "오는", *YEAR_STEPS):
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
