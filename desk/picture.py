"""What the templates draw: bars of the timeline, marks of the map, their links. Server-made SVG needs no script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from desk.links import joined, replaced
from desk.timeline import FAMILIES, Bar
from desk.worldmap import WORLD, Dot, View, centres, dots, project, step, unproject
from storage.facets import MapCell
from storage.filters import Box, Filter

#: Countries' names are drawn where so few degrees or fewer are seen, else they lie on top of each other.
NAMED = 75.0


@dataclass(frozen=True, slots=True)
class Part:
    """One family's share of a bar, in percent of the highest bar, from above."""

    family: str
    top: float
    height: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A dot and where it leads: to the incident where it is one alone, else closer to the place."""

    dot: Dot
    href: str


@dataclass(frozen=True, slots=True)
class Name:
    """A country's name on the map."""

    country: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Zoom:
    """Links that show half or twice as much."""

    closer: str
    farther: str


def stacked(bar: Bar, highest: int) -> list[Part]:
    """The parts of a bar from the ground up, the gravest family lowest."""
    parts, level = [], 0.0
    for family in FAMILIES:
        height = 100 * bar.counts.get(family, 0) / max(highest, 1)
        if height:
            level += height
            parts.append(Part(family, round(100 - level, 2), round(height, 2)))
    return parts


def marks(cells: Sequence[MapCell], view: View, filter: Filter, path: str) -> list[Mark]:
    """The dots with their links; `path` is the page that shows the map."""
    return [Mark(dot, _leads_to(dot.cell, view, filter, path)) for dot in dots(cells, view)]


def _leads_to(cell: MapCell, view: View, filter: Filter, path: str) -> str:
    if cell.count == 1:
        return f"/incidents/{cell.incident_id}"
    if cell.latitude is None or cell.longitude is None:
        return joined(path, replaced(filter, countries=(cell.country,) if cell.country else ()))
    half = step(view)
    box = Box(
        round(max(-180.0, cell.longitude - half), 3), round(max(-90.0, cell.latitude - half), 3),
        round(min(180.0, cell.longitude + half), 3), round(min(90.0, cell.latitude + half), 3),
    )  # fmt: skip
    return joined(path, replaced(filter, box=box))


def names(view: View) -> list[Name]:
    """Countries whose middle is seen, where there is room for names."""
    if view.width > NAMED:
        return []
    found = []
    for country, (latitude, longitude) in centres().items():
        x, y = project(longitude, latitude)
        if view.left < x < view.left + view.width and view.top < y < view.top + view.height:
            found.append(Name(country, round(x, 2), round(y, 2)))
    return found


def zoom(view: View, filter: Filter, path: str) -> Zoom:
    """Closer and farther around the middle of what is seen; farther than the world is everything."""
    wide = view.width * 2
    farther = None if wide >= WORLD[2] else _box(view, 2.0)
    return Zoom(
        joined(path, replace(filter, box=_box(view, 0.5)).to_query_string()),
        joined(path, replace(filter, box=farther).to_query_string()),
    )


def _box(view: View, times: float) -> Box:
    middle_x, middle_y = view.left + view.width / 2, view.top + view.height / 2
    west, north = unproject(middle_x - view.width * times / 2, middle_y - view.height * times / 2)
    east, south = unproject(middle_x + view.width * times / 2, middle_y + view.height * times / 2)
    return Box(
        round(max(-180.0, min(180.0, west)), 2), round(max(-85.0, south), 2),
        round(max(-180.0, min(180.0, east)), 2), round(min(85.0, north), 2),
    )  # fmt: skip
