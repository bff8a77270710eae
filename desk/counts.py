"""What stands beside the table: counts by facet, over time and on the map, counted once for each state of the table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from desk.desk import Desk
from desk.links import is_on, toggled
from desk.timeline import Timeline, timeline
from desk.worldmap import View, step, view_of
from storage.facets import FACETS, FacetCount, MapCell, last_change
from storage.filters import Filter
from storage.tally_maps import count_dates, map_cells

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


def count_view(desk: Desk, session: Session, filter: Filter) -> Counts:
    """The counts of what passes the filter."""
    stamp, tally = last_change(session), desk.tally
    # The order of the rows changes no count.
    filter_key = replace(filter, order=Filter().order)

    def remembered(name: str, over: Filter, compute: Any) -> Any:
        return desk.counts.get((name, over.to_query_string()), stamp, compute)

    known = {}
    for name, blind in FACETS.items():
        over = replace(filter_key, **{field: getattr(Filter(), field) for field in blind})
        known[name] = remembered(name, over, lambda name=name, over=over: tally.count_facet(session, over, name, MOST))
    return Counts(
        total=remembered("total", filter_key, lambda: tally.count_all(session, filter_key)),
        groups=remembered(
            "groups",
            filter,  # its links keep the order of the rows
            lambda: tuple(group(filter, name, counted) for name, counted in known.items() if counted),
        ),
        known=known,
        timeline=remembered("dates", filter_key, lambda: timeline(count_dates(tally, session, filter_key))),
    )


def group(filter: Filter, name: str, counted: tuple[FacetCount, ...]) -> Group:
    """A facet's values as links; those in force stand among the shown ones, however rare."""
    choices = [
        Choice(item.value, item.count, is_on(filter, name, item.value), toggled(filter, name, item.value))
        for item in counted
    ]
    front = [choice for place, choice in enumerate(choices) if choice.on or place < SHOWN]
    return Group(name, tuple(front), tuple(choice for choice in choices if choice not in front))


def count_map(desk: Desk, session: Session, filter: Filter) -> tuple[View, tuple[MapCell, ...]]:
    """The part of the world that the filter shows, and its marks."""
    stamp = last_change(session)
    key = replace(filter, order=Filter().order)

    def cells(degrees: float) -> tuple[MapCell, ...]:
        return desk.counts.get(
            ("map", degrees, key.to_query_string()), stamp, lambda: map_cells(desk.tally, session, key, degrees)
        )

    view = view_of(filter.box, () if filter.box else cells(COARSE))
    return view, cells(step(view))
