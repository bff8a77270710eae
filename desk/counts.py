"""What stands beside the table: counts by facet, over time and on the map, counted once for each state of the table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from desk.desk import Desk
from desk.links import Gap, is_on, toggled
from desk.timeline import Timeline, timeline
from desk.worldmap import View, step, view_of
from storage.facets import FACETS, Counting, FacetCount, MapCell, last_change
from storage.filters import PARAMETERS, Filter

#: Values of a facet that are shown at once, and those behind "more".
SHOWN, MOST = 7, 60
#: Degrees within which incidents become one mark before it is known what part of the world is seen.
COARSE = 4.0


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet. `query` is the view with it taken in, or out where it is in force (`on`)."""

    value: str
    count: int
    on: bool
    query: str


@dataclass(frozen=True, slots=True)
class Group:
    """One facet; `more` holds the rarer values."""

    name: str
    shown: tuple[Choice, ...]
    more: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """All counts of one view. `known` are the facets' values for the form at the top."""

    total: int
    groups: tuple[Group, ...]
    known: dict[str, tuple[FacetCount, ...]]
    timeline: Timeline


def count_view(desk: Desk, session: Session, sight: Counting, filter: Filter) -> Counts:
    """The counts of what passes the filter."""
    stamp = last_change(session)
    # The order of the rows changes no count.
    filter_key = replace(filter, order=Filter().order)

    def remembered(name: str, over: Filter, compute: Any) -> Any:
        return desk.counts.get((name, over), stamp, compute)

    known = {}
    for name, blind in FACETS.items():
        over = replace(filter_key, **{field: getattr(Filter(), field) for field in blind})
        known[name] = remembered(name, over, lambda name=name, over=over: sight.count_facet(over, name, MOST))
    return Counts(
        total=remembered("total", filter_key, lambda: sight.count_all(filter_key)),
        groups=remembered(
            "groups",
            filter,  # its links keep the order of the rows
            lambda: tuple(group(filter, name, counted) for name, counted in known.items() if counted),
        ),
        known=known,
        timeline=remembered(
            "dates", filter_key, lambda: timeline(sight.count_days(filter_key), partial(sight.count_dates, filter_key))
        ),
    )


def group(filter: Filter, name: str, counted: tuple[FacetCount, ...]) -> Group:
    """A facet's values as links; those in force stand among the shown ones, however rare."""
    gap = Gap.of(filter, name) if name in PARAMETERS and name != "status" else None
    held = getattr(filter, PARAMETERS[name]) if gap else ()
    front: list[Choice] = []
    more: list[Choice] = []
    for place, item in enumerate(counted):
        on = is_on(filter, name, item.value)
        query = gap.filled(*held, item.value) if gap and not on else toggled(filter, name, item.value)
        (front if on or place < SHOWN else more).append(Choice(item.value, item.count, on, query))
    return Group(name, tuple(front), tuple(more))


def count_map(desk: Desk, session: Session, sight: Counting, filter: Filter) -> tuple[View, tuple[MapCell, ...]]:
    """The part of the world that the filter shows, and its marks."""
    stamp = last_change(session)
    key = replace(filter, order=Filter().order)

    def cells(degrees: float) -> tuple[MapCell, ...]:
        return desk.counts.get(("map", degrees, key), stamp, lambda: sight.map_cells(key, degrees))

    view = view_of(filter.box, () if filter.box else cells(COARSE))
    return view, cells(step(view))
