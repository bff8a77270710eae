"""What a date reader returns: one phrase of the text that tells a time, and what it means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from extract.records import Precision

Kind = Literal["point", "range", "duration", "clock", "recurring", "name", "edition", "birth"]


@dataclass(frozen=True, slots=True)
class DateMention:
    """One date phrase: `article_text[start:end] == text`, always.

    `value` is "YYYY", "YYYY-MM" or "YYYY-MM-DD", as fine as `precision`; None where the phrase names no date that
    can be told (a relative day without a publication day). `end_value` is the last day, month or year of a range.
    `kind`: "point"; "range" (first to last, both inclusive); "duration" (a length of time; `value` only where it is
    counted from a day, 사고 19일 만에); "clock" (a time of day alone; `value` is the day the text is speaking of);
    "recurring" (every Monday, summer); "name" (the date is the name of an event, 10·29 참사); "edition" (an issue of a
    paper, a model year, the year of a tournament); "birth" (when somebody was born). Only points and ranges are
    dates of what happened.
    `relative` says that the publication day or an earlier mention was needed. `rule` names the rule that read it.
    `time` is "HH:MM" on the 24-hour clock; `part` the part of a day, month or year that was said ("dawn", "early").
    `local_time` is True where the text says the time is that of the place, 현지시간.
    """

    start: int
    end: int
    text: str
    value: str | None
    precision: Precision | None
    kind: Kind
    rule: str
    end_value: str | None = None
    relative: bool = False
    time: str | None = None
    part: str | None = None
    local_time: bool = False
