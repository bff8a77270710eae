"""The words of a time read: ISO 8601, Korean and English dates, packed digits, RFC 2822, as an aware stamp."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime

#: No outlet's page is older (the first web papers); an earlier year is a default value of some system.
FIRST_YEAR = 1993
_DAY = r"(?P<y>(?:19|20)\d\d)\s?[-./년]\s?(?P<m>\d{1,2})\s?[-./월]\s?(?P<d>\d{1,2})\s?[일.]?"
_CLOCK = (
    r"(?P<ap>오전|오후|AM|PM|a\.m\.|p\.m\.)?\s*(?P<H>\d{1,2})\s?[:시]\s?(?P<M>\d{2})\s?분?"
    r"(?::?(?P<S>\d{2})(?:[.,]\d+)?\s?초?)?"
)
#: Hours from UTC by name; BST, CST and IST mean several zones, and are left to the outlet's own.
_ZONES = {
    "Z": 0, "UTC": 0, "GMT": 0, "KST": 9, "JST": 9, "PHT": 8, "HKT": 8, "SGT": 8, "WIB": 7, "ICT": 7,
    "CEST": 2, "CET": 1, "EST": -5, "EDT": -4, "PST": -8, "PDT": -7,
}  # fmt: skip
#: No zone is further from UTC; a larger number behind a clock is the end of a span of hours.
LARGEST_OFFSET = timedelta(hours=14)
_AFTER = (
    r"\s*(?P<ap2>AM|PM|a\.m\.|p\.m\.)?"
    r"\s*\(?(?P<z>(?:UTC|GMT)\s?[+-]\d{1,2}(?::?\d{2})?(?!\d)|[+-]\d{2}:?\d{2}|[+-]\d{2}\b"
    rf"|(?:{'|'.join(_ZONES)})\b)?"
)
_WEEKDAY = r"(?:\s*\(?[월화수목금토일](?:요일)?\)?)?"
_NUMERIC = re.compile(_DAY + _WEEKDAY + r"(?:[T\s,·|]*" + _CLOCK + _AFTER + r")?", re.IGNORECASE)
#: The year in two digits and first, as Korean pages shorten it; other pages mean the day by what stands first.
_SHORT = re.compile(
    r"\s*(?P<y>\d\d)\s?[-./]\s?(?P<m>\d{1,2})\s?[-./]\s?(?P<d>\d{1,2})\.?" + _WEEKDAY + r"[\s,·|]*" + _CLOCK + _AFTER,
    re.IGNORECASE,
)
_PACKED = re.compile(
    r"^(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)(?:T?(?P<H>\d\d)(?P<M>\d\d)(?P<S>\d\d)?(?P<z>Z|[+-]\d{4})?)?$"
)
MONTHS = {
    m: i
    for i, m in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1)
}
_MONTH = r"(?P<mon>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_ENGLISH = (
    re.compile(
        _MONTH
        + r"\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y>(?:19|20)\d\d)(?:[\s,|·-]*(?:at\s+)?"
        + _CLOCK
        + _AFTER
        + r")?",
        re.I,
    ),
    re.compile(
        r"(?P<d>\d{1,2})(?:st|nd|rd|th)?\s+"
        + _MONTH
        + r",?\s+(?P<y>(?:19|20)\d\d)(?:[\s,|·-]*(?:at\s+)?"
        + _CLOCK
        + _AFTER
        + r")?",
        re.I,
    ),
)
_OFFSET = re.compile(r"(?:UTC|GMT)?\s?([+-])(\d{1,2}):?(\d{2})?")
_EPOCH = re.compile(r"^\d{10}(?:\d{3})?$")


@dataclass(frozen=True, slots=True)
class Stamp:
    """An aware time. `date_only`: the text gave a day, `when` is its midnight in the source's zone.
    `zoned`: the text itself named the zone."""

    when: datetime
    date_only: bool
    zoned: bool
    basis: str = ""


def parse_time(text: str, zone: tzinfo) -> Stamp | None:
    """The first time in `text` (ISO 8601, "2025.10.12. 오후 2:02", "Oct. 12, 2025 14:02 KST", packed digits, RFC 2822,
    epoch seconds or milliseconds) as an aware stamp, or None. `zone` is used where the text names none."""
    text = text.strip()[:200]
    if _EPOCH.match(text):
        seconds = int(text) / (1000 if len(text) == 13 else 1)
        return _sane(Stamp(datetime.fromtimestamp(seconds, tz=UTC), False, True))
    for pattern in (_PACKED, _NUMERIC, *_ENGLISH):
        if match := pattern.search(text):
            stamp = _build(match, zone)
            if stamp is not None:
                return _sane(stamp)
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return _sane(Stamp(when if when.tzinfo else when.replace(tzinfo=zone), False, when.tzinfo is not None))


def parse_short(text: str, zone: tzinfo) -> Stamp | None:
    """The time with clock that `text` begins with, its year in two digits and first ("26.03.06 14:05"), or None."""
    match = _SHORT.match(text[:200])
    return _build(match, zone) if match else None


def _sane(stamp: Stamp) -> Stamp | None:
    return stamp if stamp.when.year >= FIRST_YEAR else None


def _build(match: re.Match[str], zone: tzinfo) -> Stamp | None:
    group = match.groupdict()
    month = MONTHS[group["mon"].lower()] if group.get("mon") else int(group["m"])
    mark = (group.get("z") or "").upper()
    offset = _offset(mark) if mark else None
    hour = int(group["H"]) if group.get("H") else 0
    half = (group.get("ap") or group.get("ap2") or "").lower().replace(".", "")
    if half in ("오후", "pm") and hour < 12:
        hour += 12
    elif half in ("오전", "am") and hour == 12:
        hour = 0
    try:
        when = datetime(
            int(group["y"]) if len(group["y"]) == 4 else 2000 + int(group["y"]),
            month,
            int(group["d"]),
            hour % 24,
            int(group.get("M") or 0),
            int(group.get("S") or 0),
            tzinfo=offset or zone,
        )
        when = when + timedelta(days=1) if hour == 24 else when
        when.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return Stamp(when, group.get("H") is None, offset is not None)


def _offset(mark: str) -> tzinfo | None:
    """The zone of a name or a shift from UTC, None for a shift that no zone has."""
    if mark in _ZONES:
        return timezone(timedelta(hours=_ZONES[mark]))
    shift = _OFFSET.fullmatch(mark)
    if shift is None:
        return None
    delta = timedelta(hours=int(shift[2]), minutes=int(shift[3] or 0))
    if delta > LARGEST_OFFSET:
        return None
    return timezone(-delta if shift[1] == "-" else delta)
