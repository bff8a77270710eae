"""The arguments of a spider (`scrapy crawl SOURCE -a since=7d -a limit=20`), read from text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

_AGO = re.compile(r"(\d{1,4})([hd])")


class ArgumentError(ValueError):
    """A spider argument that cannot be used; the message says what would be right."""


@dataclass(frozen=True, slots=True)
class Arguments:
    """What one run is to fetch.

    `limit` is the most article pages, `since` and `until` bound the publication (aware; None: no bound), `sections`
    names the listings to read (empty: all). `refetch` False leaves every known article alone. `full` True asks every
    listing for its body whatever it said last time.
    """

    limit: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    sections: frozenset[str] = frozenset()
    refetch: bool = True
    full: bool = False

    @classmethod
    def read(
        cls,
        *,
        zone: ZoneInfo,
        now: datetime,
        limit: str | int | None = None,
        since: str | datetime | None = None,
        until: str | datetime | None = None,
        sections: str | None = None,
        refetch: str | bool = True,
        full: str | bool = False,
    ) -> Self:
        """Arguments from text or values. A day without a clock is in the outlet's zone; `until` includes its day."""
        count = None if limit in (None, "") else _whole(limit)
        begin, end = _moment("since", since, zone, now), _moment("until", until, zone, now, last=True)
        if begin and end and begin > end:
            raise ArgumentError(f"since={since} lies after until={until}")
        names = frozenset(name.strip() for name in (sections or "").split(",") if name.strip())
        return cls(count, begin, end, names, _flag("refetch", refetch), _flag("full", full))


def _whole(value: str | int | None) -> int:
    text = str(value)
    if not text.isdigit() or int(text) < 1:
        raise ArgumentError(f"limit={text}: expected a whole number of at least 1")
    return int(text)


def _flag(name: str, value: str | bool) -> bool:
    if isinstance(value, bool):
        return value
    if value.lower() not in ("0", "1", "true", "false", "yes", "no"):
        raise ArgumentError(f"{name}={value}: expected true or false")
    return value.lower() in ("1", "true", "yes")


def _moment(
    name: str, value: str | datetime | None, zone: ZoneInfo, now: datetime, *, last: bool = False
) -> datetime | None:
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=zone)
    if ago := _AGO.fullmatch(value):
        return now - timedelta(**{{"h": "hours", "d": "days"}[ago[2]]: int(ago[1])})
    try:
        if len(value) == 10:
            return datetime.combine(date.fromisoformat(value), time.max if last else time.min, zone)
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise ArgumentError(f"{name}={value}: expected a day such as 2025-10-01, a time, or 7d or 12h") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
