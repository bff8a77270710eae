"""The cells of an incident: their names, what they may hold, and how they are read and written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from storage.errors import BadEdit
from storage.models import Incident

#: The gravest first: it leads where an incident has several types (DESIGN.md, "The record").
GRAVITY = (
    "homicide", "terrorism", "torture", "kidnapping", "unlawful_detention", "human_trafficking", "sexual_assault",
    "unexplained_death", "missing_person", "robbery", "assault", "extortion", "disaster", "accident", "arson", "fraud",
    "cybercrime", "drug_offence", "theft", "other_crime",
)  # fmt: skip
CERTAINTIES = ("alleged", "confirmed", "denied")
COUNTS = ("killed", "injured", "held", "missing")
COUNT_CELLS = tuple(f"{name}_{end}" for name in COUNTS for end in ("min", "max"))
PLACE_CELLS = ("country", "place", "admin", "latitude", "longitude", "geonameid", "place_precision")
DATE_CELLS = ("date", "date_precision", "date_basis")
#: Cells in columns of the incident's row.
ROW_CELLS = ("type", "other_types", "certainty", *DATE_CELLS, *PLACE_CELLS, *COUNT_CELLS, "headline")
#: Cells in rows of their own tables.
PEOPLE_CELLS = ("victims", "perpetrators")
CELLS = (*ROW_CELLS, *PEOPLE_CELLS)
VICTIM_FIELDS = ("text", "count", "nationality", "name", "age", "gender", "outcome")
PERPETRATOR_FIELDS = ("text", "count", "nationality", "name", "age", "gender", "status", "group")

#: What an integer column of either database holds, and more than any text or list of people that means something.
MOST_COUNT = 2**31 - 1
MOST_LETTERS = 4000
MOST_PEOPLE = 500

_PRECISIONS = {"date_precision": ("day", "month", "year"), "date_basis": ("stated", "discovered", "published"),
               "place_precision": ("point", "city", "admin2", "admin1", "country")}  # fmt: skip
_PRECISION_OF_LENGTH = {4: "year", 7: "month", 10: "day"}
_POINT = ("latitude", "longitude")


@dataclass(frozen=True, slots=True)
class Interval:
    """First and last day that a date of the record can mean."""

    first: date
    last: date


def interval(value: str) -> Interval:
    """The days of "2025", "2025-10" or "2025-10-08". Raises ValueError."""
    parts = [int(part) for part in value.split("-")]
    if len(parts) == 1:
        return Interval(date(parts[0], 1, 1), date(parts[0], 12, 31))
    if len(parts) == 2:
        after = date(parts[0] + parts[1] // 12, parts[1] % 12 + 1, 1)
        return Interval(date(parts[0], parts[1], 1), after - timedelta(days=1))
    if len(parts) == 3:
        day = date(parts[0], parts[1], parts[2])
        return Interval(day, day)
    raise ValueError(value)


def row_cells(incident: Incident) -> dict[str, Any]:
    """The present values of the row's cells."""
    return {name: getattr(incident, name) for name in ROW_CELLS}


def set_row_cells(incident: Incident, cells: Mapping[str, Any]) -> None:
    """Write cells into the incident's row, with the columns that follow from them."""
    for name in ROW_CELLS:
        if name in cells:
            setattr(incident, name, cells[name])
    if "date" in cells:
        span = interval(cells["date"]) if cells["date"] else None
        incident.date_from = span.first if span else None
        incident.date_to = span.last if span else None


def with_what_follows(wanted: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """The cells to set, with those that would contradict them: `row` holds the present values of the row's cells.

    With a new date comes its precision. A new country drops the old place, either drops the old point and its numbers,
    unless they are set too. The country comes before the place that lies in it. Raises BadEdit for a count that would
    be more at least than at most.
    """
    cells, changed = dict(wanted), {name for name, value in wanted.items() if name in row and value != row[name]}
    if "date" in changed:
        precision = _PRECISION_OF_LENGTH.get(len(wanted["date"] or ""))
        if precision != wanted.get("date_precision", row["date_precision"]):
            cells["date_precision"] = precision
        if precision and row["date_basis"] is None:
            cells.setdefault("date_basis", "stated")
    stale: set[str] = set()
    if "country" in changed:
        stale |= {"place", "admin"}
    if changed & {"country", "place"} and not wanted.keys() & set(_POINT):
        stale |= {*_POINT, "geonameid", "place_precision"}
    if changed & set(_POINT):
        stale.add("geonameid")
    for name in PLACE_CELLS:
        if name in stale and row[name] is not None:
            cells.setdefault(name, None)
    for name in COUNTS:
        low, high = (cells.get(f"{name}_{end}", row[f"{name}_{end}"]) for end in ("min", "max"))
        if {f"{name}_min", f"{name}_max"} & wanted.keys() and None not in (low, high) and low > high:
            raise BadEdit(f"{name}_min {low} is more than {name}_max {high}: set both")
    return dict(sorted(cells.items(), key=lambda item: item[0] != "country" and item[0] in PLACE_CELLS))


def check_cell(name: str, value: Any) -> Any:
    """The value as the cell holds it. Raises BadEdit with what would be right."""
    if name not in CELLS:
        raise BadEdit(f"there is no cell {name!r}; the cells are {', '.join(CELLS)}")
    if value is None:
        if name in ("type", "certainty", "headline", "other_types", *PEOPLE_CELLS):
            raise BadEdit(f"{name} cannot be empty")
        return None
    if name in COUNT_CELLS or name == "geonameid":
        return _whole(name, value)
    if name in ("latitude", "longitude"):
        bound = 90 if name == "latitude" else 180
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not -bound <= value <= bound:
            raise BadEdit(f"{name}: {value!r} is not between -{bound} and {bound}")
        return float(value)
    if name == "date":
        return _date(value)
    if name == "other_types":
        if not isinstance(value, list) or any(kind not in GRAVITY for kind in value):
            raise BadEdit(f"other_types: {value!r} is no list of types; the types are {', '.join(GRAVITY)}")
        return list(dict.fromkeys(value))
    if name in PEOPLE_CELLS:
        if not isinstance(value, list) or len(value) > MOST_PEOPLE:
            raise BadEdit(f"{name}: a list of at most {MOST_PEOPLE} people or groups is wanted")
        return [_check_person(name, person) for person in value]
    if name == "country":
        return _code(name, value)
    allowed = {"type": GRAVITY, "certainty": CERTAINTIES, **_PRECISIONS}.get(name)
    if allowed is not None and value not in allowed:
        raise BadEdit(f"{name}: {value!r} is not one of {', '.join(allowed)}")
    return check_text(name, value)


def check_text(name: str, value: Any) -> str:
    """A text as either database can hold it: no NUL, no half of a character. Raises BadEdit."""
    if not isinstance(value, str) or len(value) > MOST_LETTERS:
        raise BadEdit(f"{name}: a text of at most {MOST_LETTERS} characters is wanted")
    if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise BadEdit(f"{name}: {value!r} holds a character that no text has")
    return value


def _check_person(name: str, person: Any) -> dict[str, Any]:
    fields = VICTIM_FIELDS if name == "victims" else PERPETRATOR_FIELDS
    if not isinstance(person, Mapping) or not person.keys() <= set(fields):
        raise BadEdit(f"{name}: {person!r} is not made of {', '.join(fields)}")
    full: dict[str, Any] = {}
    for field in fields:
        value = person.get(field)
        check = {"count": _whole, "nationality": _code}.get(field, check_text)
        full[field] = check(f"{name}: {field}", value) if value not in (None, "") else None
    full["text"] = full["text"] or ""
    if name == "perpetrators":
        full["status"] = full["status"] or "unknown"
    return full


def _whole(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_COUNT:
        raise BadEdit(f"{name}: {value!r} is no count; write a whole number, 0 or more")
    return value


def _code(name: str, value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[A-Z]{2}", value):
        raise BadEdit(f"{name}: {value!r} is no ISO 3166 code; write KH, KR ...")
    return value


#: Years in which an incident may lie.
_YEARS = range(1500, 2200)


def _date(value: Any) -> str:
    try:
        if not isinstance(value, str) or not re.fullmatch(r"\d{4}(-\d\d){0,2}", value, re.ASCII):
            raise ValueError(value)
        if int(value[:4]) not in _YEARS:
            raise ValueError(value)
        interval(value)
    except ValueError as error:
        raise BadEdit(f"date: {value!r} is no date; write 2025, 2025-10 or 2025-10-08") from error
    return value
