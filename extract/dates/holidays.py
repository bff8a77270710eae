"""Days that have a name: holidays on a fixed day, by the moon or by Easter, and dates that are the name of an event."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files

from extract.dates import calendar
from extract.dates.calendar import When


class NamedDayError(ValueError):
    """A mistake in named_days.tsv; the message names file and line."""


@dataclass(frozen=True, slots=True)
class NamedDays:
    """`holidays` maps a name to its rule (how, argument), `events` "10·29" to its day, `moon` a table to its days."""

    holidays: dict[str, tuple[str, str]]
    events: dict[str, When]
    moon: dict[str, dict[int, date]]


@lru_cache(maxsize=1)
def named_days() -> NamedDays:
    """The table the package ships. Raises NamedDayError."""
    text = (files("extract.dates") / "named_days.tsv").read_text(encoding="utf-8")
    return load(text, "named_days.tsv")


def load(text: str, name: str) -> NamedDays:
    """Reads the table; raises NamedDayError with `name` and the line of the first mistake."""
    holidays: dict[str, tuple[str, str]] = {}
    events: dict[str, When] = {}
    moon: defaultdict[str, dict[int, date]] = defaultdict(dict)
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            how, argument, values = line.split("\t")
            if how == "moon":
                for day in map(date.fromisoformat, values.split(" ")):
                    moon[argument][day.year] = day
            elif how == "event":
                day = date.fromisoformat(argument)
                events.update(dict.fromkeys(values.split("|"), calendar.of_day(day)))
            else:
                _check(how, argument)
                holidays.update(dict.fromkeys(values.split("|"), (how, argument)))
        except ValueError as error:
            raise NamedDayError(f"{name}:{number}: {error}; a row is kind, when and names with tabs between") from error
    missing = {argument for how, argument in holidays.values() if how == "lunar"} - set(moon)
    if missing:
        raise NamedDayError(f"{name}: no moon rows for {', '.join(sorted(missing))}")
    return NamedDays(holidays, events, dict(moon))


def _check(how: str, argument: str) -> None:
    if how == "fixed":
        date.fromisoformat(f"2000-{argument}")
    elif how == "easter":
        int(argument)
    elif how != "lunar":
        raise ValueError(f"{how!r} is none of fixed, lunar, easter, event, moon")


def holiday_pattern(korean: bool) -> str:
    """An alternation of the names of one script, longest first, blanks optional in Korean names."""
    names = sorted(
        (name for name in named_days().holidays if bool(re.search("[가-힣]", name)) == korean), key=len, reverse=True
    )
    return "|".join(re.escape(name).replace(r"\ ", r"\s?" if korean else r"\s") for name in names)


@lru_cache(maxsize=1)
def _by_squeezed_name() -> dict[str, tuple[str, str]]:
    return {re.sub(r"\s", "", name): rule for name, rule in named_days().holidays.items()}


def day_of(name: str, year: int) -> When | None:
    """The day a named holiday has in a year, None where the table does not reach."""
    how, argument = _by_squeezed_name()[re.sub(r"\s", "", name)]
    if how == "fixed":
        month, day = (int(part) for part in argument.split("-"))
        return When(year, month, day)
    if how == "easter":
        return calendar.of_day(easter(year) + timedelta(days=int(argument)))
    found = named_days().moon[argument].get(year)
    return calendar.of_day(found) if found else None


def easter(year: int) -> date:
    """Western Easter Sunday by the anonymous Gregorian algorithm (Nature, 20 April 1876)."""
    cycle, century, rest = year % 19, year // 100, year % 100
    epact = (19 * cycle + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    shift = (cycle + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


def nearest(name: str, published: date, future: bool) -> When | None:
    """The holiday's latest day not after publication, or its next where the clause is of the future."""
    years = (published.year, published.year + 1) if future else (published.year, published.year - 1)
    for year in years:
        when = day_of(name, year)
        if when and (when.first() >= published if future else when.first() <= published):
            return when
    return None


def event_day(text: str) -> When | None:
    """The day of an event that is called by its date; None where usage names no single year."""
    return named_days().events.get(re.sub(r"[ㆍ.∙‧]", "·", text))
