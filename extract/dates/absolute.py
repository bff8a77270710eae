"""dateparser for English absolute dates, and for nothing else.

It is given one found phrase, never running text (`search_dates` reads "may" as a month and cuts "Oct. 12, 2025" in
two), and never a relative one (it takes "this Tuesday" for next week's). Only its absolute-time parser is on.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

from extract.dates import calendar
from extract.dates.calendar import When

_SETTINGS: dict[str, Any] = {
    "PARSERS": ["absolute-time"],
    "DATE_ORDER": "YMD",
    "PREFER_DAY_OF_MONTH": "first",
    "PREFER_LOCALE_DATE_ORDER": False,
    "REQUIRE_PARTS": ["month", "year"],
    "RETURN_AS_TIMEZONE_AWARE": False,
    "RELATIVE_BASE": datetime.fromisoformat("2000-01-01"),  # dateparser wants it without a zone
}  # fmt: skip


@lru_cache(maxsize=8192)
def parse_absolute(phrase: str) -> When | None:
    """The day or month that a whole English phrase names ("12 oct 2025", "june 2018", "2025-10-12"), or None."""
    parser = _parser()
    found = parser.get_date_data(phrase)
    moment: datetime | None = found.date_obj
    if moment is None or found.period not in ("day", "month"):
        return None
    when = When(moment.year, moment.month, moment.day if found.period == "day" else 0)
    return when if calendar.exists(when.year, when.month, when.day) else None


@lru_cache(maxsize=1)
def _parser() -> Any:
    from dateparser.date import DateDataParser  # half a second of import that Korean texts never pay

    return DateDataParser(languages=["en"], settings=_SETTINGS)
