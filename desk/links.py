"""Links of a view: the query string is its whole state, so a link is the present filter with one thing changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, quote_plus, urlencode

from storage.errors import BadFilter
from storage.facets import FACETS
from storage.filters import PARAMETERS, Filter

#: Keys of a query string that are no filter: the place in the list, and how a table is shown.
OTHER_KEYS = ("after", "limit", "lang", "names", "bom", "facet", "degrees", "done", "last")
#: More conditions than anybody means.
MOST_KEYS = 200


@dataclass(frozen=True, slots=True)
class Chip:
    """One condition of the filter in force, and the query string without it."""

    facet: str
    value: str
    without: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A query string with a gap where one parameter stands: a page has hundreds of links that differ in it alone."""

    parameter: str
    before: str
    behind: str

    @classmethod
    def of(cls, filter: Filter, parameter: str) -> Gap:
        """The filter's query string without that parameter."""
        order = list(PARAMETERS)
        place = order.index(parameter)
        pairs = filter.to_pairs()
        return cls(
            parameter,
            urlencode([pair for pair in pairs if order.index(pair[0]) < place]),
            urlencode([pair for pair in pairs if order.index(pair[0]) > place]),
        )

    def filled(self, *values: str) -> str:
        """The query string with these values, as `replaced` gives it; none leaves the parameter out."""
        own = (f"{self.parameter}={quote_plus(value)}" for value in values)
        return "&".join(part for part in (self.before, *own, self.behind) if part)


def read_state(query: str) -> tuple[Filter, dict[str, str]]:
    """The filter and the other keys of a query string. Raises BadFilter."""
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_KEYS)
    except ValueError as error:
        raise BadFilter(f"a filter has at most {MOST_KEYS} conditions") from error
    others = {key: value for key, value in pairs if key in OTHER_KEYS}
    return Filter.from_pairs([(key, value) for key, value in pairs if key not in OTHER_KEYS]), others


def toggled(filter: Filter, facet: str, value: str) -> str:
    """The query string with the value of the facet taken in, or out where it is in."""
    if facet == "toll":
        return replaced(filter, **{value: None if getattr(filter, value) is not None else 1})
    name = PARAMETERS[facet]
    held: tuple[str, ...] = getattr(filter, name)
    if facet == "status" and held == Filter().statuses:
        held = ()
    kept = tuple(item for item in held if item != value) if value in held else (*held, value)
    if facet == "status" and not kept:
        kept = Filter().statuses
    return replaced(filter, **{name: kept})


def is_on(filter: Filter, facet: str, value: str) -> bool:
    """Whether the filter asks for the value (the default of `status` asks for nothing)."""
    if facet == "toll":
        return getattr(filter, value) is not None
    held: tuple[str, ...] = getattr(filter, PARAMETERS[facet])
    return value in held and not (facet == "status" and held == Filter().statuses)


def replaced(filter: Filter, **fields: Any) -> str:
    """The query string with fields of the filter set to other values."""
    return replace(filter, **fields).to_query_string()


def chips(filter: Filter) -> list[Chip]:
    """Every condition in force, in the order of the facets, then days, box and words."""
    out = []
    for facet in FACETS:
        if facet == "toll":
            continue
        for value in getattr(filter, PARAMETERS[facet]):
            if is_on(filter, facet, value):
                out.append(Chip(facet, value, toggled(filter, facet, value)))
    for name in ("killed", "injured", "held", "missing"):
        if (least := getattr(filter, name)) is not None:
            out.append(Chip(name, str(least), replaced(filter, **{name: None})))
    for parameter in ("since", "until", "seen_since", "changed_since", "voices", "box", "text"):
        value = getattr(filter, PARAMETERS[parameter])
        if value is not None:
            out.append(Chip(parameter, str(value), replaced(filter, **{PARAMETERS[parameter]: None})))
    return out


def joined(path: str, query: str, **others: Any) -> str:
    """A path with a query string and further keys."""
    if not others:
        return f"{path}?{query}" if query else path
    more = urlencode({key: value for key, value in others.items() if value is not None})
    whole = "&".join(part for part in (query, more) if part)
    return f"{path}?{whole}" if whole else path


def without(query: str, *keys: str) -> str:
    """A query string with the keys taken out."""
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode([(key, value) for key, value in pairs if key not in keys])


def file_address(name: str, filter: Filter) -> str:
    """Where the incidents of a filter are to be had as a file (a name of `desk.labels.FILES`)."""
    if name == "api":
        return joined("/api/v1/incidents", filter.to_query_string())
    ending = {"feed": "feed.json"}.get(name, name)
    # Excel takes a CSV for UTF-8 only behind a mark.
    return joined(f"/incidents.{ending}", filter.to_query_string(), bom="true" if name == "csv" else None)
