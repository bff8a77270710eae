"""The one filter behind the command line, exports, pages, feeds and alerts. Its lasting form is a query string."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, get_type_hints
from urllib.parse import parse_qsl, urlencode

from storage.cells import CERTAINTIES, GRAVITY, MOST_COUNT
from storage.errors import BadFilter
from storage.search import parse_query

STATUSES = ("new", "updated", "confirmed", "rejected", "merged")
#: What an analyst sees unless asked otherwise.
VISIBLE = ("new", "updated", "confirmed")
ORDERS = ("updated", "seen", "date")
#: Longer words and longer lists are nobody's question, and cost a database much.
MOST_LETTERS = 200
MOST_VALUES = 100


@dataclass(frozen=True, slots=True)
class Box:
    """West, south, east, north in degrees; `west` may be greater than `east` (across the date line)."""

    west: float
    south: float
    east: float
    north: float

    def __str__(self) -> str:
        return f"{self.west:g},{self.south:g},{self.east:g},{self.north:g}"


@dataclass(frozen=True, slots=True)
class Filter:
    """All that is given must hold; within one field any of the values will do. An empty filter shows all visible.

    `since`, `until`: days on which the event may lie, ends included. `changed_since`: day of the last change.
    `nationalities` are victims'. `killed`, `injured`, `held`, `missing`: at least so many. `sources`, `languages`: of
    some report. `text`: words that one of its articles holds.
    """

    types: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    nationalities: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    box: Box | None = None
    since: date | None = None
    until: date | None = None
    seen_since: date | None = None
    changed_since: date | None = None
    killed: int | None = None
    injured: int | None = None
    held: int | None = None
    missing: int | None = None
    certainties: tuple[str, ...] = ()
    statuses: tuple[str, ...] = field(default=VISIBLE)
    sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    text: str | None = None
    voices: int | None = None
    order: str = "updated"

    def __post_init__(self) -> None:
        _among("type", self.types, GRAVITY)
        _among("certainty", self.certainties, CERTAINTIES)
        _among("status", self.statuses, STATUSES)
        _among("order", (self.order,), ORDERS)
        for name, codes in (("country", self.countries), ("nationality", self.nationalities)):
            for code in codes:
                if not (len(code) == 2 and code.isascii() and code.isalpha() and code.isupper()):
                    raise BadFilter(f"{name}: {code!r} is no ISO 3166 code; write KR, KH ...")
        for parameter, name in PARAMETERS.items():
            value = getattr(self, name)
            if isinstance(value, tuple) and len(value) > MOST_VALUES:
                raise BadFilter(f"{parameter}: at most {MOST_VALUES} values, not {len(value)}")
            for word in value if isinstance(value, tuple) else (value,):
                if isinstance(word, str):
                    _readable(parameter, word)
        if self.text and not parse_query(self.text).terms:
            raise BadFilter(f"text: {self.text!r} holds no word to search for")
        if self.since and self.until and self.since > self.until:
            raise BadFilter(f"since {self.since} is after until {self.until}")

    def to_query_string(self) -> str:
        """The filter as `type=kidnapping&country=KH&since=2025-10-01`; fields at their default are left out."""
        return urlencode(self.to_pairs())

    def to_pairs(self) -> list[tuple[str, str]]:
        """The (parameter, value) pairs of the query string, in the order of PARAMETERS."""
        pairs: list[tuple[str, str]] = []
        for parameter, name in PARAMETERS.items():
            value = getattr(self, name)
            if value == _DEFAULTS[name]:
                continue
            if isinstance(value, tuple):
                pairs += [(parameter, str(item)) for item in value] or [(parameter, "")]
            else:
                pairs.append((parameter, str(value)))
        return pairs

    @classmethod
    def from_query_string(cls, query: str) -> Filter:
        """The filter that `to_query_string` wrote, or a user did. Raises BadFilter with the key that is wrong."""
        return cls.from_pairs(parse_qsl(query.lstrip("?"), keep_blank_values=True))

    @classmethod
    def from_pairs(cls, pairs: list[tuple[str, str]]) -> Filter:
        """The filter of (parameter, value) pairs; a parameter may come several times. Raises BadFilter."""
        values: dict[str, Any] = {}
        for parameter, value in pairs:
            name = PARAMETERS.get(parameter)
            if name is None:
                raise BadFilter(f"there is no filter {parameter!r}; the filters are {', '.join(PARAMETERS)}")
            kind = _KINDS[name]
            if kind == tuple[str, ...]:
                held = values.setdefault(name, ())
                # A place's name may hold a comma ("Jongno-gu, Seoul").
                parts = [value] if name == "places" else value.split(",")
                values[name] = (*held, *(_code(name, part.strip()) for part in parts if part.strip()))
            elif value.strip():
                values[name] = _parse(parameter, kind, value.strip())
        return cls(**values)


#: Names in a query string, and the field each means.
PARAMETERS = {
    "type": "types", "country": "countries", "nationality": "nationalities", "place": "places", "box": "box",
    "since": "since", "until": "until", "seen_since": "seen_since", "changed_since": "changed_since",
    "killed": "killed", "injured": "injured", "held": "held", "missing": "missing", "certainty": "certainties",
    "status": "statuses", "source": "sources", "language": "languages", "text": "text", "voices": "voices",
    "order": "order",
}  # fmt: skip


def _among(name: str, given: tuple[str, ...], allowed: tuple[str, ...]) -> None:
    for value in given:
        if value not in allowed:
            raise BadFilter(f"{name}: {value!r} is not one of {', '.join(allowed)}")


def _readable(name: str, value: str) -> None:
    """No database takes a NUL, nor half a character."""
    if len(value) > MOST_LETTERS:
        raise BadFilter(f"{name}: at most {MOST_LETTERS} characters, not {len(value)}")
    if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise BadFilter(f"{name}: {value!r} holds a character that no text has")


def _code(name: str, value: str) -> str:
    return value.upper() if name in ("countries", "nationalities") else value


def _parse(parameter: str, kind: Any, value: str) -> Any:
    try:
        if kind == date | None:
            return date.fromisoformat(value)
        if kind == int | None:
            number = int(value)
            if not 0 <= number <= MOST_COUNT:
                raise ValueError(value)
            return number
        if kind == Box | None:
            west, south, east, north = (float(part) for part in value.split(","))
            if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
                raise ValueError(value)
            return Box(west, south, east, north)
    except ValueError as error:
        right = {
            "box": "west,south,east,north in degrees",
        }.get(parameter, "a day such as 2025-10-08" if kind == date | None else "a whole number, 0 or more")
        raise BadFilter(f"{parameter}: {value!r} cannot be read; write {right}") from error
    return value


_KINDS = get_type_hints(Filter)
_DEFAULTS = {item.name: getattr(Filter(), item.name) for item in fields(Filter)}
