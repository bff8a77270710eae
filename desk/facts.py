"""What the desk says of one incident, cell by cell, each with the words of the articles that say so. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from storage.cells import COUNTS
from storage.query import IncidentRow
from storage.report_view import ReportView
from storage.view import IncidentView

#: Rows of the fact sheet in the order in which an analyst asks, and the cells that each row's form sets.
SHEET: dict[str, tuple[str, ...]] = {
    "type": ("type",),
    "other_types": ("other_types",),
    "certainty": ("certainty",),
    "date": ("date", "date_basis"),
    "country": ("country",),
    "place": ("place", "admin", "latitude", "longitude", "place_precision"),
    **{name: (f"{name}_min", f"{name}_max") for name in COUNTS},
    "headline": ("headline",),
}


@dataclass(frozen=True, slots=True)
class Saying:
    """Words of one report. `agrees`: the report's own value is the incident's. `sure` in [0, 1], or None."""

    quote: str
    start: int
    part: str
    field: str
    report: ReportView
    agrees: bool
    sure: float | None


@dataclass(frozen=True, slots=True)
class Fact:
    """One row: its value (None: unknown), how sure the coding is, who set it by hand, and the sayings, best first."""

    name: str
    value: Any
    confidence: float | None
    edited: tuple[str, datetime] | None
    sayings: tuple[Saying, ...]

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells that the row's form sets."""
        return SHEET[self.name]


@dataclass(frozen=True, slots=True)
class Person:
    """One victim or suspect with the sayings that describe exactly this person."""

    fields: Mapping[str, Any]
    sayings: tuple[Saying, ...]


def facts(view: IncidentView) -> list[Fact]:
    """The fact sheet of an incident. The headline is last: it is a title, no finding."""
    return [
        Fact(
            name,
            _value(view, name),
            None if name == "headline" else view.row.confidence.get(name),
            next((view.edited[cell] for cell in cells if cell in view.edited), None),
            _sayings(view, name),
        )
        for name, cells in SHEET.items()
    ]


def people(view: IncidentView, kind: str) -> list[Person]:
    """The victims or the perpetrators (`kind`), each with its quotes."""
    field = {"victims": "victim", "perpetrators": "perpetrator"}[kind]
    told: Sequence[Mapping[str, Any]] = getattr(view, kind)
    sayings = _collect(view.reports, field, _any)
    return [Person(person, tuple(saying for saying in sayings if saying.quote == person["text"])) for person in told]


def _value(view: IncidentView, name: str) -> Any:
    if name in COUNTS:
        low, high = view.row[f"{name}_min"], view.row[f"{name}_max"]
        return None if low is None and high is None else (low, high)
    return view.row[name] or None


def _sayings(view: IncidentView, name: str) -> tuple[Saying, ...]:
    row = view.row
    if name == "other_types":
        found: list[Saying] = []
        for kind in row["other_types"] or ():
            # A report's leading type may be another report's second one.
            found += _collect(view.reports, f"other_types.{kind}", _any)
            found += _collect([report for report in view.reports if report.report.type == kind], "type", _any)
        return tuple(found)
    known: dict[str, Callable[[ReportView], bool]] = {
        "type": lambda report: report.report.type == row["type"],
        "date": lambda report: report.report.date is not None and report.report.date.value == row["date"],
        "country": lambda report: report.report.country == row["country"],
        "place": lambda report: report.report.place is not None and report.report.place.name == row["place"],
        **{toll: partial(_same_toll, row, toll) for toll in COUNTS},
    }
    return tuple(_collect(view.reports, name, known.get(name, _any)))


def _any(report: ReportView) -> bool:
    return True


def _same_toll(row: IncidentRow, toll: str, report: ReportView) -> bool:
    said = getattr(report.report, toll)
    return said is not None and said.high == row[f"{toll}_max"]


def _collect(reports: Iterable[ReportView], field: str, agrees: Callable[[ReportView], bool]) -> list[Saying]:
    """The sayings of a field: those that agree first, then the surer ones; equal words of one outlet once."""
    found = [
        Saying(item.quote, item.start, item.part, item.field, report, agrees(report),
               report.report.confidence.get(item.field))
        for report in reports
        for item in report.report.evidence
        if item.field == field
    ]  # fmt: skip
    found.sort(key=lambda saying: (not saying.agrees, -(saying.sure or 0.0), saying.report.report_id))
    once: dict[tuple[str, str], Saying] = {}
    for saying in found:
        once.setdefault((saying.report.source, saying.quote), saying)
    return list(once.values())
