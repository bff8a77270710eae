"""The toll as it was told over time: every figure with its report, and the lines of a small chart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.cells import COUNTS
from storage.report_view import ReportView

#: The plane of the chart.
WIDTH, HEIGHT = 600.0, 120.0


@dataclass(frozen=True, slots=True)
class Told:
    """What one report said: (at least, at most) by toll; only those that it gave."""

    moment: datetime
    report: ReportView
    counts: dict[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Line:
    """One toll's way through the chart; `points` are (x, y, figure), x within WIDTH, y downward within HEIGHT."""

    name: str
    points: tuple[tuple[float, float, int], ...]

    @property
    def path(self) -> str:
        """SVG path data: a figure holds until the next one is told."""
        steps = [f"M{self.points[0][0]:.1f} {self.points[0][1]:.1f}"]
        steps += [f"H{x:.1f}V{y:.1f}" for x, y, _ in self.points[1:]]
        return "".join(steps)


def told(reports: Iterable[ReportView]) -> list[Told]:
    """The reports that give a figure, in order of their publication."""
    found = []
    for report in reports:
        said = {name: getattr(report.report, name) for name in COUNTS}
        counts = {name: (count.low, count.high) for name, count in said.items() if count is not None}
        if counts and report.published is not None:
            found.append(Told(report.published, report, counts))
    return sorted(found, key=lambda item: item.moment)


def lines(said: Sequence[Told]) -> list[Line]:
    """The chart, where there is one to draw: some toll that changed between two reports. Else nothing."""
    moments = [item.moment for item in said]
    figures = {name: {item.counts[name][1] for item in said if name in item.counts} for name in COUNTS}
    if len(set(moments)) < 2 or all(len(told) < 2 for told in figures.values()):
        return []
    first, span = moments[0], (moments[-1] - moments[0]).total_seconds()
    top = max(high for item in said for _, high in item.counts.values()) or 1
    drawn = []
    for name in COUNTS:
        points = tuple(
            (
                (item.moment - first).total_seconds() / span * WIDTH,
                HEIGHT - item.counts[name][1] / top * HEIGHT,
                item.counts[name][1],
            )
            for item in said
            if name in item.counts
        )
        if len(points) > 1:
            drawn.append(Line(name, points))
    return drawn
