"""What the templates draw: bars of the timeline, marks of the map, their links. Server-made SVG needs no script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from desk.links import Gap, joined, replaced
from desk.timeline import FAMILIES, Bar, Timeline
from desk.worldmap import WORLD, Dot, View, dots, middles, step, unproject
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


@dataclass(frozen=True, slots=True)
class Column:
    """A bar of the timeline as the page has it: where it leads, and its parts as SVG."""

    bar: Bar
    href: str
    parts: Markup


def columns(line: Timeline, filter: Filter, path: str) -> list[Column]:
    """The bars with their links: each asks for its own days in place of those of the filter."""
    undated = replaced(filter, since=None, until=None)
    lead = joined(path, undated)
    lead += "&" if undated else "?"
    highest = line.highest
    return [
        Column(bar, f"{lead}since={bar.since}&until={bar.until}", _drawn(stacked(bar, highest))) for bar in line.bars
    ]


def _drawn(parts: Sequence[Part]) -> Markup:
    """SVG of names and numbers of ours: a page has hundreds of these, and a template takes ten times as long."""
    return Markup(
        "".join(
            f'<rect class="{part.family}" x="0" width="10" y="{part.top}" height="{part.height}"/>' for part in parts
        )
    )


def stacked(bar: Bar, highest: int) -> list[Part]:
    """The parts of a bar from the ground up, the gravest family lowest."""
    parts, level = [], 0.0
    for family in FAMILIES:
        if count := bar.counts.get(family, 0):
            height = 100 * count / max(highest, 1)
            level += height
            parts.append(Part(family, round(100 - level, 2), round(height, 2)))
    return parts


def marks(cells: Sequence[MapCell], view: View, filter: Filter, path: str) -> list[Mark]:
    """The dots with their links; `path` is the page that shows the map."""
    boxed, inland = Gap.of(filter, "box"), Gap.of(filter, "country")
    return [Mark(dot, _leads_to(dot.cell, step(view), boxed, inland, path)) for dot in dots(cells, view)]


def _leads_to(cell: MapCell, half: float, boxed: Gap, inland: Gap, path: str) -> str:
    if cell.count == 1:
        return f"/incidents/{cell.incident_id}"
    if cell.latitude is None or cell.longitude is None:
        return joined(path, inland.filled(*((cell.country,) if cell.country else ())))
    box = Box(
        round(max(-180.0, cell.longitude - half), 3), round(max(-90.0, cell.latitude - half), 3),
        round(min(180.0, cell.longitude + half), 3), round(min(90.0, cell.latitude + half), 3),
    )  # fmt: skip
    return joined(path, boxed.filled(str(box)))


def names(view: View) -> list[Name]:
    """Countries whose middle is seen, where there is room for names."""
    if view.width > NAMED:
        return []
    found = []
    for country, (x, y) in middles().items():
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
