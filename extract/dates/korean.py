"""The Korean reader: finds date phrases from left to right, reads each, then joins ranges and appositions."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from extract.dates import calendar
from extract.dates.calendar import When
from extract.dates.korean_patterns import APPOSITION, BY_FIRST, CLOCK, RANGE_GAP, SEED, TAIL
from extract.dates.korean_rules import HANDLERS
from extract.dates.meaning import Meaning
from extract.dates.mention import DateMention
from extract.dates.thread import Thread

_AFTERNOON = ("오후", "저녁", "늦은오후", "늦은저녁", "이른오후")
_NIGHT = ("밤", "늦은밤", "심야", "한밤", "한밤중")
_NOON = ("낮", "대낮", "한낮", "점심")


def find_korean(text: str, published: date | None) -> list[DateMention]:
    """The date phrases of a Korean text, in order, none overlapping another."""
    thread = Thread(text, published)
    mentions: list[DateMention] = []
    position = 0
    while seed := SEED.search(text, position):
        position = seed.start()
        mention = _at(position, thread)
        if mention is None:
            position += 1
            continue
        if mentions:
            mention = _apposed(mentions, mention, thread)
        mentions.append(mention)
        position = mention.end
    return _joined(mentions, text)


def _at(start: int, thread: Thread) -> DateMention | None:
    text = thread.text
    for rule in BY_FIRST[text[start]]:
        match = rule.pattern.match(text, start)
        if match is None or match.end() == start:
            continue
        if rule.name == "clock":
            return _clock_alone(match, thread)
        meaning = HANDLERS[rule.name](match, thread)
        if meaning is None:
            continue
        return _with_tail(meaning, match, thread)
    return None


def _with_tail(meaning: Meaning, match: re.Match[str], thread: Thread) -> DateMention:
    """Take in what follows a day: (현지시간), a weekday, the time of day."""
    text, end = thread.text, len(match[0].rstrip()) + match.start()
    clock: str | None = None
    part, local, when = meaning.part, False, meaning.when
    dayish = meaning.kind in ("point", "range") and meaning.rule != "week" and (when is None or when.day > 0)
    if match.re.groupindex.get("hour") and match["hour"]:
        clock, part = time_of_day(match["part"], match["hour"], match["minute"], None), match["part"] or part
    elif dayish and meaning.rule not in ("year", "year_month", "month", "year_word"):
        tail = TAIL.match(text, end)
        if tail and tail.end() > end:
            inside = tail["paren"] or ""
            if not inside.endswith("일") or inside.endswith("요일") or len(inside) == 1:
                local = "현지" in inside or "현지" in (tail["local"] or "")
                end = tail.end()
        said = CLOCK.match(text, end)
        if said:
            end = said.end()
            part = said["part"] or said["alone"] or part
            clock = time_of_day(part, said["hour"], said["minute"], said["half"])
    if when:
        thread.note(when, end, named=meaning.anchor)
    return DateMention(
        match.start(),
        end,
        text[match.start() : end],
        when.iso() if when else None,
        when.precision if when else None,
        meaning.kind,
        meaning.rule or "",
        meaning.last.iso() if meaning.last else None,
        meaning.relative,
        clock,
        re.sub(r"\s", "", part) if part else None,
        local,
    )


def _clock_alone(match: re.Match[str], thread: Thread) -> DateMention:
    part = match["part"] or match["alone"]
    last = thread.last
    # 지난 4월 공항에 오전 6시쯤 도착했다: the sentence speaks of a day it does not name.
    coarse = last is not None and not last.day and thread.same_sentence(thread.last_end, match.start())
    day = None if coarse else thread.reference_day()
    when = calendar.of_day(day) if day else None
    return DateMention(
        match.start(),
        match.end(),
        match[0],
        when.iso() if when else None,
        "day" if when else None,
        "clock",
        "clock",
        relative=True,
        time=time_of_day(part, match["hour"], match["minute"], match["half"]),
        part=re.sub(r"\s", "", part) if part else None,
    )


def time_of_day(part: str | None, hour: str | None, minute: str | None, half: str | None) -> str | None:
    """ "HH:MM" of a Korean time of day; None where no hour is said, 자정 and 정오 apart."""
    part = re.sub(r"\s", "", part) if part else ""
    if hour is None:
        return {"정오": "12:00", "자정": "00:00"}.get(part)
    number = int(hour)
    if number > 24:
        return None
    if part in _AFTERNOON and number < 12:
        number += 12
    elif part in _NIGHT and 6 <= number <= 12:
        number = (number + 12) % 24
    elif part in _NOON and number < 6:
        number += 12
    elif part in ("오전", "새벽", "이른새벽") and number == 12:
        number = 0
    return f"{number % 24:02d}:{30 if half else int(minute or 0):02d}"


def _apposed(mentions: list[DateMention], mention: DateMention, thread: Thread) -> DateMention:
    """전날(24일), 전날인 3일, 이틀 전인 5월 3일: the second says which day the first is."""
    before = mentions[-1]
    gap = thread.text[before.end : mention.start]
    if not before.relative or before.kind != "point" or mention.kind != "point" or not APPOSITION.fullmatch(gap):
        return mention
    if (
        mention.value is None
        or mention.precision != "day"
        or ("(" in gap and thread.text[mention.end : mention.end + 1] != ")")
    ):
        return mention
    if before.rule in ("day_word", "day_before", "this_day", "same_day", "day_after", "ago"):
        mentions[-1] = replace(before, value=mention.value, precision="day", rule=f"{before.rule}_told")
    return mention


def _joined(mentions: list[DateMention], text: str) -> list[DateMention]:
    """6일부터 8일까지, 2018년∼2020년: two points become one range."""
    out: list[DateMention] = []
    for mention in mentions:
        before = out[-1] if out else None
        if before and _range(before, mention, text):
            out[-1] = replace(
                before,
                end=mention.end,
                text=text[before.start : mention.end],
                end_value=mention.value,
                kind="range",
                relative=before.relative or mention.relative,
            )
        else:
            out.append(mention)
    return out


def _range(before: DateMention, mention: DateMention, text: str) -> bool:
    if before.kind != "point" or mention.kind != "point" or not before.value or not mention.value:
        return False
    gap = text[before.end : mention.start]
    if not RANGE_GAP.fullmatch(gap):
        return False
    if gap.strip() in ("부터", "에서") and not re.match(
        r"\s?(?:까지|사이|초까지|말까지|무렵까지)", text[mention.end :]
    ):
        return False
    return before.value[:4] <= mention.value[:4] and _as_when(before.value).first() <= _as_when(mention.value).last()


def _as_when(value: str) -> When:
    return When(*(int(part) for part in value.split("-")))
