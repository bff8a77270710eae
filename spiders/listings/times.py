"""Times as listings print them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime

#: A clock may run ahead of ours by this much; what lies further off is a wrong date, not a coming article.
AHEAD = timedelta(hours=1)
#: Before the first news sites of our outlets: an epoch zero or a template's default, never an article.
OLDEST = datetime(1994, 1, 1, tzinfo=UTC)

#: Zone names that RFC 822 does not define and outlets print all the same.
ZONES = {"KST": 9, "JST": 9, "ICT": 7, "PHT": 8, "IST": 5.5, "HKT": 8, "SGT": 8, "BST": 1, "CET": 1, "CEST": 2}
_ZONE = re.compile(r"\s*\(?\b(" + "|".join(ZONES) + r")\)?\s*$")
_OFFSET = r"(?:UTC|GMT)?\s?([+-])(\d{1,2})(?::?(\d{2}))?(?!\d)"
_CLOCK = re.compile(
    r"(\d{4})[-./년]\s*(\d{1,2})[-./월]\s*(\d{1,2})일?\.?"
    r"(?:[T\s(]+(?:(?!(?:AM|PM)(?![A-Za-z]))[월화수목금토일A-Za-z]+\)?\s*)?"
    r"(오전|오후|AM|PM)?\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?"
    rf"\s*(오전|오후|AM|PM)?\s*(?:{_OFFSET}|(Z|UTC|GMT)\b)?)?",
    re.IGNORECASE,
)
#: What RFC 822 does not know behind its clock: the half of the day, and a shift written as "GMT+9" or "+09:00".
_HALF = re.compile(r"(?<=:\d\d)\s*(오전|오후|AM|PM)\b", re.IGNORECASE)
_SHIFT = re.compile(rf"(?<=:\d\d)\s*{_OFFSET}", re.IGNORECASE)
#: No zone is further from UTC; a larger number behind a clock is none.
_FURTHEST = timedelta(hours=14)
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?")
_IN_URL = re.compile(r"(?<!\d)(19|20)(\d{2})[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?!\d{1,3}(?!\d))")
_IN_URL_WORD = re.compile(
    r"/(20\d{2})/(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/(\d{1,2})(?!\d)", re.IGNORECASE
)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


def parse_time(text: str | None, zone: tzinfo) -> datetime | None:
    """The aware time in RFC 822, ISO 8601, Korean or digits-only form; a time without a zone is in `zone`.

    A day without a clock is that day's midnight. None for text that holds no time, and for an impossible one.
    """
    text = (text or "").strip()
    if not text or len(text) > 80:
        return None
    try:
        if text.isdigit():
            return _digits(text, zone)
        if (found := _CLOCK.match(text)) is not None:
            return _clock(found, text, zone)
        return _rfc822(text, zone)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def trusted(moment: datetime | None, now: datetime) -> datetime | None:
    """The time, unless it is still to come or older than news sites are."""
    if moment is None or not OLDEST <= moment <= now + AHEAD:
        return None
    return moment


def day_in_url(url: str) -> date | None:
    """The day an article's address shows (/2025/10/12/, /2025/oct/12/, 20251012), if any."""
    try:
        if found := _IN_URL_WORD.search(url):
            return date(int(found[1]), _MONTHS.index(found[2].lower()) + 1, int(found[3]))
        if found := _IN_URL.search(url):
            return date(int(found[1] + found[2]), int(found[3]), int(found[4]))
    except ValueError:
        return None
    return None


def _digits(text: str, zone: tzinfo) -> datetime | None:
    if len(text) in (10, 13):  # seconds or milliseconds since 1970
        return datetime.fromtimestamp(int(text[:10]), UTC)
    found = _DIGITS.fullmatch(text)
    if not found:
        return None
    return datetime(*(int(part or 0) for part in found.groups()), tzinfo=zone)  # type: ignore[arg-type, misc]


def _rfc822(text: str, zone: tzinfo) -> datetime:
    half = None
    if found := _HALF.search(text):
        text, half = text[: found.start()] + text[found.end() :], found[1]
    place = None
    if found := _SHIFT.search(text):
        text, place = text[: found.start()], _shifted(*found.groups())
    elif found := _ZONE.search(text):
        text, place = text[: found.start()], timezone(timedelta(hours=ZONES[found[1]]))
    moment = parsedate_to_datetime(text)
    moment = moment.replace(hour=_of_day(moment.hour, half))
    return moment.replace(tzinfo=place or moment.tzinfo or zone)


def _clock(found: re.Match[str], text: str, zone: tzinfo) -> datetime:
    year, month, day, before, hour, minute, second, after, sign, hours, minutes, utc = found.groups()
    if hour is None:
        return datetime(int(year), int(month), int(day), tzinfo=zone)
    place = UTC if utc else _shifted(sign, hours, minutes) if sign else None
    if place is None and (named := _ZONE.search(text)):
        place = timezone(timedelta(hours=ZONES[named[1]]))
    half = before or after
    return datetime(
        int(year), int(month), int(day), _of_day(int(hour), half), int(minute), int(second or 0), tzinfo=place or zone
    )


def _of_day(hour: int, half: str | None) -> int:
    """The hour by a clock of 24, from one of 12 where its half of the day is named."""
    half = (half or "").upper()
    if half in ("오후", "PM") and hour < 12:
        return hour + 12
    return 0 if half in ("오전", "AM") and hour == 12 else hour


def _shifted(sign: str, hours: str, minutes: str | None) -> tzinfo | None:
    """The zone so far from UTC, None where no zone is."""
    shift = timedelta(hours=int(hours), minutes=int(minutes or 0))
    return timezone(-shift if sign == "-" else shift) if shift <= _FURTHEST else None
