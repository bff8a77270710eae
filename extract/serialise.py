"""Readings as dictionaries with the field names of the annotated articles, and articles from such dictionaries."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from extract.records import (
    DEFAULT_ZONE,
    Article,
    Count,
    Evidence,
    IncidentReport,
    Perpetrator,
    Reading,
    Response,
    Victim,
)

#: Statuses of a report that tells of a current event; the others never open an incident.
CURRENT = frozenset({"new", "update", "follow-up"})
COUNTS = ("killed", "injured", "held", "missing")


class RowError(ValueError):
    """An input row that is no article; the message says which key and what would be right."""


def article_from_row(row: Mapping[str, Any], *, default_id: str) -> Article:
    """An article from {id, title, text, published, lang?, url?, source?, country?, timezone?}.

    `published` is an ISO 8601 time or day, or null. A time without a zone is taken in the row's `timezone`, else in
    the zone of its language, else as UTC. Where there is none, the day stands in the address, if anywhere
    (.../2022/07/21/...): in `url`, else in a first line of the text that is nothing but an address. Raises RowError.
    """
    text = _string(row, "text")
    if text is None:
        raise RowError("'text' is missing; an article needs {id, title, text, published}")
    language = _string(row, "lang") or _string(row, "language")
    zone = _string(row, "timezone")
    published, date_only = parse_published(_string(row, "published"), zone or DEFAULT_ZONE.get(language or "", "UTC"))
    url = _string(row, "url")
    if published is None and (day := address_day(url or text.partition("\n")[0].strip())) is not None:
        published, date_only = datetime.combine(day, time(), UTC), True
    identity = row.get("id")
    return Article(
        id=default_id if identity is None else str(identity),
        title=_string(row, "title") or "",
        text=text,
        published=published,
        language=language,
        url=url,
        source=_string(row, "source"),
        country=_string(row, "country"),
        timezone=zone,
        date_only=date_only,
    )


#: The folders or the folder of a day in the path of an address.
_ADDRESS_DAY = re.compile(r"https?://[^/\s]+/(?:[^\s?#]*/)?(20\d\d)([/-])(\d{1,2})\2(\d{1,2})(?:/|$)[^\s]*")


def address_day(address: str) -> date | None:
    """The day that an article's address holds as folders of its path, if it does."""
    found = _ADDRESS_DAY.fullmatch(address)
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[3]), int(found[4]))
    except ValueError:
        return None


def parse_published(text: str | None, zone: str = "UTC") -> tuple[datetime | None, bool]:
    """The aware time and whether it was a day only. `zone` is used where the text has none. Raises RowError."""
    if not text:
        return None, False
    try:
        tz = ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as error:  # "Asia" is a folder of zones
        raise RowError(f"'timezone': no time zone is called {zone!r}; write one such as Asia/Seoul") from error
    try:
        if len(text) == 10:
            return datetime.combine(date.fromisoformat(text), time(), tz if zone != "UTC" else UTC), True
        moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=tz)
        moment.astimezone(tz)
    except (ValueError, OverflowError) as error:  # the last hours of the year 9999 are beyond it elsewhere
        raise RowError(f"'published': {text!r} is no ISO 8601 time; write 2025-10-12T15:05:00+09:00") from error
    return moment, False


def reading_to_row(reading: Reading, *, background: bool = False) -> dict[str, Any]:
    """{id, lang, outcome, coder, incidents, responses}; every value is JSON.

    Reports of events that are not current (history, hypothesis, fiction, background) are left out unless `background`.
    """
    reports = [report for report in reading.reports if background or is_current(report)]
    return {
        "id": reading.article_id,
        "lang": reading.language,
        "outcome": reading.outcome,
        "coder": reading.coder,
        "incidents": [report_to_row(report) for report in reports],
        "responses": [response_to_row(response) for response in reading.responses],
    }


def is_current(report: IncidentReport) -> bool:
    """Whether the report tells of a current event, so that it may open an incident."""
    return report.status in CURRENT and report.role != "background"


def report_to_row(report: IncidentReport) -> dict[str, Any]:
    """One incident with the names of the annotation guide; a count is its lower bound, `<count>_max` the upper."""
    place, when = report.place, report.date
    row: dict[str, Any] = {
        "type": report.type,
        "other_types": list(report.other_types),
        "role": report.role,
        "status": report.status,
        "certainty": report.certainty,
        "country": report.country,
        "place": place.name if place else None,
        "place_text": place.text if place else None,
        "place_precision": place.precision if place else None,
        "admin": place.admin if place else None,
        "latitude": place.latitude if place else None,
        "longitude": place.longitude if place else None,
        "geonameid": place.geonameid if place else None,
        "date": when.value if when else None,
        "date_precision": when.precision if when else None,
        "date_basis": when.basis if when else None,
        "victims": [_victim(person) for person in report.victims],
        "perpetrators": [_perpetrator(person) for person in report.perpetrators],
    }
    for name in COUNTS:
        count: Count | None = getattr(report, name)
        row[name] = count.low if count else None
        if count and count.high != count.low:
            row[f"{name}_max"] = count.high
    row["confidence"] = {name: round(value, 3) for name, value in report.confidence.items()}
    row["evidence"] = [_evidence(evidence) for evidence in report.evidence]
    return row


def response_to_row(response: Response) -> dict[str, Any]:
    """What a state did: {type, actor, country, date, quote, start, end, part}."""
    return {
        "type": response.type,
        "actor": response.actor,
        "country": response.country,
        "date": response.date,
        "quote": response.quote,
        "start": response.start,
        "end": response.end,
        "part": response.part,
    }


def _victim(person: Victim) -> dict[str, Any]:
    return {
        "text": person.text,
        "count": person.count,
        "nationality": person.nationality,
        "name": person.name,
        "age": person.age,
        "gender": person.gender,
        "outcome": person.outcome,
    }


def _perpetrator(person: Perpetrator) -> dict[str, Any]:
    return {
        "text": person.text,
        "count": person.count,
        "nationality": person.nationality,
        "name": person.name,
        "age": person.age,
        "gender": person.gender,
        "status": person.status,
        "group": person.group,
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "field": evidence.field,
        "quote": evidence.quote,
        "start": evidence.start,
        "end": evidence.end,
        "part": evidence.part,
        "found_by": evidence.found_by,
    }


def _string(row: Mapping[str, Any], key: str) -> str | None:
    value = row.get(key)
    if value is None or isinstance(value, str):
        return value
    raise RowError(f"{key!r}: expected text, not {value!r}")
