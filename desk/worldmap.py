"""Where things stand on the map: Miller's projection in degrees, as desk/basemap/draw.mjs draws the world."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from storage.facets import MapCell
from storage.filters import Box

#: What is seen of the world where nothing else is asked for: all but the empty north and south.
WORLD = (-172.0, -96.0, 358.0, 154.0)
#: No nearer than this many degrees across: the base map is drawn for countries, not for streets.
NEAREST = 6.0
#: The radius of the largest mark, in thousandths of the width that is seen.
LARGEST = 26.0
CENTRES = Path(__file__).parent / "basemap" / "centres.tsv"


@dataclass(frozen=True, slots=True)
class View:
    """The part of the plane that is seen: left, top, width, height (SVG's viewBox)."""

    left: float
    top: float
    width: float
    height: float

    def __str__(self) -> str:
        return f"{self.left:.2f} {self.top:.2f} {self.width:.2f} {self.height:.2f}"


@dataclass(frozen=True, slots=True)
class Dot:
    """One mark on the map: middle, radius, and the cell it stands for. `country_only`: the spot itself is not known."""

    x: float
    y: float
    radius: float
    cell: MapCell
    country_only: bool


def project(longitude: float, latitude: float) -> tuple[float, float]:
    """(x, y) in degrees; y grows to the south."""
    phi = math.radians(max(-85.0, min(85.0, latitude)))
    return longitude, -math.degrees(1.25 * math.log(math.tan(math.pi / 4 + 0.4 * phi)))


def unproject(x: float, y: float) -> tuple[float, float]:
    """(longitude, latitude) of a point of the plane."""
    return x, math.degrees(2.5 * (math.atan(math.exp(0.8 * math.radians(-y))) - math.pi / 4))


def view_of(box: Box | None, cells: Sequence[MapCell]) -> View:
    """What to show: the box of the filter, else all its places with some room around them."""
    if box is not None and box.west <= box.east:
        left, bottom = project(box.west, box.south)
        right, top = project(box.east, box.north)
        return _framed(left, top, right, bottom, room=0.02)
    points = [point for cell in cells if (point := position(cell)) is not None]
    if not points:
        return View(*WORLD)
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return _framed(min(xs), min(ys), max(xs), max(ys), room=0.12)


def _framed(left: float, top: float, right: float, bottom: float, room: float) -> View:
    width, height = max(right - left, NEAREST), max(bottom - top, NEAREST / 2)
    middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
    width, height = width * (1 + 2 * room), height * (1 + 2 * room)
    # The frame on the page is 2 : 1.
    width, height = max(width, height * 2), max(height, width / 2)
    if width >= WORLD[2]:
        return View(*WORLD)
    return View(middle_x - width / 2, middle_y - height / 2, width, height)


def position(cell: MapCell) -> tuple[float, float] | None:
    """Where a cell stands on the plane; for a country its middle. None where that is not known."""
    if cell.latitude is not None and cell.longitude is not None:
        return project(cell.longitude, cell.latitude)
    return middles().get(cell.country or "")


def dots(cells: Sequence[MapCell], view: View) -> list[Dot]:
    """The marks of a view, large ones first so that small ones lie on top; areas grow with the counts.

    A country's own mark (the spot is not known) steps aside where its middle is taken by a spot.
    """
    unit = view.width / 1000
    out: list[Dot] = []
    near = _Neighbours(unit * LARGEST * 2)
    for cell in sorted(cells, key=lambda cell: (cell.latitude is None, -cell.count)):
        point = position(cell)
        if point is None:
            continue
        radius = unit * min(LARGEST, 7.0 + 3.0 * math.sqrt(cell.count - 1))
        x, y = point
        if cell.latitude is None:
            x = _aside(x, y, radius, near)
        dot = Dot(x, y, radius, cell, cell.latitude is None)
        out.append(dot)
        near.add(dot)
    return out


class _Neighbours:
    """Dots by squares of the plane as wide as the largest dot: those that touch one lie in its square or beside it."""

    def __init__(self, side: float) -> None:
        self.side = side
        self.squares: dict[tuple[int, int], list[Dot]] = {}

    def add(self, dot: Dot) -> None:
        self.squares.setdefault((int(dot.x // self.side), int(dot.y // self.side)), []).append(dot)

    def touching(self, x: float, y: float, radius: float) -> list[Dot]:
        """The dots that a dot there would touch."""
        column, row = int(x // self.side), int(y // self.side)
        return [
            dot
            for across in (column - 1, column, column + 1)
            for down in (row - 1, row, row + 1)
            for dot in self.squares.get((across, down), ())
            if math.hypot(dot.x - x, dot.y - y) < dot.radius + radius
        ]


def _aside(x: float, y: float, radius: float, held: _Neighbours, most: int = 8) -> float:
    """The x to the left of the dots that would be covered."""
    for _ in range(most):
        near = held.touching(x, y, radius)
        if not near:
            break
        x = min(dot.x - dot.radius for dot in near) - radius * 1.1
    return x


def step(view: View) -> float:
    """Degrees within which incidents become one mark: a thirtieth of what is seen."""
    return max(0.05, round(view.width / 30, 2))


@lru_cache(maxsize=1)
def middles() -> dict[str, tuple[float, float]]:
    """Where on the plane the middle of each country is, by ISO code."""
    found = {}
    for line in CENTRES.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            code, latitude, longitude = line.split("\t")
            found[code] = project(float(longitude), float(latitude))
    return found
