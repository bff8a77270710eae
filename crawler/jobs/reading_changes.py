"""Two readings of one article held against each other, cell by cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from extract.records import IncidentReport, Perpetrator, Victim

#: The cell of a report that one of the readings has and the other has not.
REPORT = "report"


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell that the newer reading reads otherwise. For the cell "report" `old` or `new` is None."""

    cell: str
    old: Any
    new: Any
    incident_id: int | None

    @property
    def kind(self) -> str:
        """filled, emptied or changed."""
        if self.old in (None, (), ""):
            return "filled"
        return "emptied" if self.new in (None, (), "") else "changed"


@dataclass(frozen=True, slots=True)
class ReadingChange:
    """What is different of one article; `same` counts the cells of paired reports that are not, by name."""

    changes: tuple[CellChange, ...]
    same: Counter[str]


def compare(
    old: Sequence[IncidentReport], incidents: Sequence[int | None], new: Sequence[IncidentReport]
) -> ReadingChange:
    """The cells in which `new` differs from `old`. Reports are paired by how many of their cells are equal; a report
    without a partner is told as a whole. `incidents` are those of the old reports.
    """
    changes: list[CellChange] = []
    same: Counter[str] = Counter()
    pairs = _pairs([cells_of(report) for report in old], [cells_of(report) for report in new])
    for at, other in pairs:
        before, after = cells_of(old[at]), cells_of(new[other])
        for cell, value in before.items():
            if value != after[cell]:
                changes.append(CellChange(cell, value, after[cell], incidents[at]))
            elif value not in (None, (), ""):
                same[cell] += 1
    met_old, met_new = {at for at, _ in pairs}, {other for _, other in pairs}
    changes += [
        CellChange(REPORT, _in_short(old[at]), None, incidents[at]) for at in range(len(old)) if at not in met_old
    ]
    changes += [CellChange(REPORT, None, _in_short(new[at]), None) for at in range(len(new)) if at not in met_new]
    return ReadingChange(tuple(changes), same)


def cells_of(report: IncidentReport) -> dict[str, Any]:
    """The report's cells as they are compared: by name, in the order of the codebook."""
    place = report.place
    counts = {name: getattr(report, name) for name in ("killed", "injured", "held", "missing")}
    return {
        "type": report.type,
        "other_types": tuple(sorted(report.other_types)),
        "role": report.role,
        "status": report.status,
        "certainty": report.certainty,
        "date": report.date.value if report.date else None,
        "country": report.country,
        "place": place.name if place else None,
        "victims": tuple(map(_person, report.victims)),
        "perpetrators": tuple(map(_person, report.perpetrators)),
        **{name: (count.low, count.high) if count else None for name, count in counts.items()},
    }


def _person(person: Victim | Perpetrator) -> tuple[Any, ...]:
    state = getattr(person, "outcome", None) or getattr(person, "status", None)
    return (person.nationality, person.count, person.name, person.age, person.gender, state)


def _pairs(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[tuple[int, int]]:
    alike = sorted(
        (
            (-sum(a[cell] == b[cell] for cell in a), at, other)
            for at, a in enumerate(old)
            for other, b in enumerate(new)
            if a["type"] == b["type"] or a["date"] == b["date"] or a["country"] == b["country"]
        ),
    )
    pairs: list[tuple[int, int]] = []
    for _, at, other in alike:
        if all(at != a and other != b for a, b in pairs):
            pairs.append((at, other))
    return sorted(pairs)


def _in_short(report: IncidentReport) -> str:
    parts = (report.type, report.country, report.date.value if report.date else None)
    return " ".join(part for part in parts if part)
