"""The English reader: finds date phrases from left to right, reads each, then joins days with times and ranges."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from extract.dates import calendar
from extract.dates.calendar import When
from extract.dates.english_patterns import (
    BETWEEN,
    BY_WORD,
    CLOCK_GAP,
    DATE_GAP,
    LOCAL,
    PART_OF_DAY,
    RANGE_GAP,
    WORD,
    Rule,
)
from extract.dates.english_rules import HANDLERS
from extract.dates.mention import DateMention
from extract.dates.thread import Thread

#: How many sentences back a time of day still belongs to the day that was named.
_CLOCK_REACH = 2
_DAY_RULES = ("weekday", "month_day", "full", "day_word", "pointing", "day", "numeric")


def find_english(text: str, published: date | None) -> list[DateMention]:
    """The date phrases of an English text, in order, none overlapping another."""
    thread = Thread(text, published)
    mentions: list[DateMention] = []
    done = 0
    for word in WORD.finditer(text):
        start = word.start()
        if start < done:
            continue
        first = word[0]
        rules = BY_WORD.get("0" if first[0].isdigit() else first.lower())
        if not rules:
            continue
        mention = _at(start, rules, thread)
        if mention is None:
            continue
        done = mention.end
        if mentions and _add(mentions, mention, text):
            continue
        mentions.append(mention)
    return mentions


def _at(start: int, rules: tuple[Rule, ...], thread: Thread) -> DateMention | None:
    text = thread.text
    for rule in rules:
        match = rule.pattern.match(text, start)
        if match is None or match.end() == start:
            continue
        name: str = rule.name
        if name == "clock":
            return _clock(match, thread)
        meaning = HANDLERS[name](match, thread)
        if meaning is None:
            continue
        when, end, part = meaning.when, match.end(), meaning.part
        if meaning.rule in _DAY_RULES:
            said = PART_OF_DAY.match(text, end)
            if said and not part:
                part, end = said["part"], said.end()
        if when:
            thread.note(when, end, named=meaning.anchor)
        return DateMention(
            start,
            end,
            text[start:end],
            when.iso() if when else None,
            when.precision if when else None,
            meaning.kind,
            meaning.rule or name,
            meaning.last.iso() if meaning.last else None,
            meaning.relative,
            None,
            part,
        )
    return None


def _clock(match: re.Match[str], thread: Thread) -> DateMention:
    # A time of day is of the day just spoken of; with none near it, it is of no day: not of the publication's.
    near = thread.day is not None and thread.sentences_since(thread.day_end, match.start()) <= _CLOCK_REACH
    day = thread.day if near else None
    end = match.end()
    local = LOCAL.match(thread.text, end)
    end = local.end() if local else end
    return DateMention(
        match.start(),
        end,
        thread.text[match.start() : end],
        calendar.of_day(day).iso() if day else None,
        "day" if day else None,
        "clock",
        "clock",
        relative=True,
        time=_time_of_day(match),
        local_time=local is not None,
    )


def _time_of_day(match: re.Match[str]) -> str:
    if match["word"]:
        return "00:00" if match["word"].lower() == "midnight" else "12:00"
    if match["hour"]:
        hour = int(match["hour"]) % 12 + (12 if match["half"] == "p" else 0)
        return f"{hour:02d}:{int(match['minute'] or 0):02d}"
    return f"{int(match['hour24'] or match['hours']):02d}:{match['minute24'] or match['minutes']}"


def _add(mentions: list[DateMention], mention: DateMention, text: str) -> bool:
    """Join the mention to the one before where the two are one phrase; True if that was done."""
    before = mentions[-1]
    gap = text[before.end : mention.start]
    end, whole = mention.end, text[before.start : mention.end]
    day_then_clock = mention.kind == "clock" and mention.time and _is_day(before) and not before.time
    clock_then_day = before.kind == "clock" and before.time and _is_day(mention) and not mention.time
    if (day_then_clock or clock_then_day) and CLOCK_GAP.fullmatch(gap):
        day, clock = (before, mention) if day_then_clock else (mention, before)
        mentions[-1] = replace(
            day, start=before.start, end=end, text=whole, time=clock.time, local_time=clock.local_time
        )
        return True
    if (
        before.rule == "weekday"
        and mention.rule in ("full", "month_day")
        and not before.end_value
        and DATE_GAP.fullmatch(gap)
    ):
        mentions[-1] = replace(mention, start=before.start, text=whole, part=before.part or mention.part)
        return True
    if _range(before, mention, gap, text):
        mentions[-1] = replace(
            before,
            end=end,
            text=whole,
            kind="range",
            end_value=mention.value,
            relative=before.relative or mention.relative,
        )
        return True
    return False


def _is_day(mention: DateMention) -> bool:
    return mention.kind == "point" and mention.rule in _DAY_RULES


def _range(before: DateMention, mention: DateMention, gap: str, text: str) -> bool:
    if before.kind != "point" or mention.kind != "point" or not before.value or not mention.value:
        return False
    if not RANGE_GAP.fullmatch(gap) or before.precision != mention.precision:
        return False
    if gap.strip().isalpha() and not BETWEEN.search(text, max(0, before.start - 8), before.start):
        return False
    return _as_when(before.value) < _as_when(mention.value)


def _as_when(value: str) -> When:
    return When(*(int(part) for part in value.split("-")))
