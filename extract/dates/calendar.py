"""Calendar arithmetic on partial dates: a year, a month of a year, or a day."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from extract.records import Precision

YEARS = range(1500, 2100)


@dataclass(frozen=True, slots=True, order=True)
class When:
    """A year (month and day 0), a month (day 0) or a day."""

    year: int
    month: int = 0
    day: int = 0

    @property
    def precision(self) -> Precision:
        """How fine it is."""
        return "day" if self.day else "month" if self.month else "year"

    def iso(self) -> str:
        """ "2025", "2025-10" or "2025-10-08"."""
        text = f"{self.year:04d}"
        if self.month:
            text += f"-{self.month:02d}"
        if self.day:
            text += f"-{self.day:02d}"
        return text

    def first(self) -> date:
        """The first day it covers."""
        return date(self.year, self.month or 1, self.day or 1)

    def last(self) -> date:
        """The last day it covers."""
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])


def of_day(day: date) -> When:
    """A calendar day as a When."""
    return When(day.year, day.month, day.day)


def exists(year: int, month: int = 0, day: int = 0) -> bool:
    """Whether the calendar has that year, month or day (years 1500 to 2099, the span news speaks of)."""
    if year not in YEARS or not 0 <= month <= 12:
        return False
    return day == 0 or (month > 0 and 1 <= day <= monthrange(year, month)[1])


def add_months(year: int, month: int, count: int) -> When:
    """The month `count` months after (before, if negative) the given one."""
    index = year * 12 + (month - 1) + count
    return When(index // 12, index % 12 + 1)


def add_days(day: date, count: int) -> When | None:
    """The day `count` days after; None outside the years we read."""
    try:
        moved = day + timedelta(days=count)
    except OverflowError:
        return None
    return of_day(moved) if moved.year in YEARS else None


def day_on_or_before(anchor: date, day: int) -> When | None:
    """The latest `day`-th of a month that is not after the anchor; months that lack such a day are passed over."""
    return _nearest_day(anchor, day, -1)


def day_on_or_after(anchor: date, day: int) -> When | None:
    """The earliest `day`-th of a month that is not before the anchor."""
    return _nearest_day(anchor, day, 1)


def _nearest_day(anchor: date, day: int, step: int) -> When | None:
    for count in range(0, 12 * step, step):
        month = add_months(anchor.year, anchor.month, count)
        if exists(month.year, month.month, day):
            found = date(month.year, month.month, day)
            if (found - anchor).days * step >= 0:
                return of_day(found)
    return None


def month_on_or_before(anchor: date, month: int, day: int = 0) -> When | None:
    """The latest such month (or day of a month) that does not begin after the anchor; 29 February finds a leap year."""
    for year in range(anchor.year, anchor.year - 9, -1):
        if exists(year, month, day) and When(year, month, day).first() <= anchor:
            return When(year, month, day)
    return None


def month_on_or_after(anchor: date, month: int, day: int = 0) -> When | None:
    """The earliest such month (or day of a month) that does not end before the anchor."""
    for year in range(anchor.year, anchor.year + 9):
        if exists(year, month, day) and When(year, month, day).last() >= anchor:
            return When(year, month, day)
    return None


def weekday_on_or_before(anchor: date, weekday: int) -> When | None:
    """The latest such weekday (Monday is 0) not after the anchor; the anchor itself if it is one."""
    return add_days(anchor, -((anchor.weekday() - weekday) % 7))


def weekday_on_or_after(anchor: date, weekday: int) -> When | None:
    """The earliest such weekday not before the anchor."""
    return add_days(anchor, (weekday - anchor.weekday()) % 7)


def weekday_of_week(anchor: date, weekday: int, weeks: int) -> When | None:
    """That weekday of the week `weeks` weeks after the anchor's; weeks begin on Monday (ISO 8601)."""
    return add_days(anchor, weekday - anchor.weekday() + 7 * weeks)
