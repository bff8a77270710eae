"""What waits for an analyst: pairs that the score could not decide, cells that the coder is not sure of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.filters import Filter
from storage.models import Edit
from storage.query import IncidentRow, find_incidents

#: Below this chance of being right a cell is put before an analyst.
UNSURE = 0.5
#: Of the incidents that pass, so many of the last changed are looked at: the queue is for today's work.
LOOKED_AT = 2_000
#: Statuses of incidents that nobody has decided on.
UNDECIDED = ("new", "updated")


@dataclass(frozen=True, slots=True)
class DoubtfulCell:
    """One cell of an undecided incident and the chance, in [0, 1], that its value is right."""

    incident_id: int
    cell: str
    value: Any
    confidence: float
    headline: str


def doubtful_cells(
    session: Session, filter: Filter | None = None, *, below: float = UNSURE, limit: int = 50
) -> tuple[DoubtfulCell, ...]:
    """Cells whose confidence is under `below`, of undecided incidents that pass the filter, the last changed first and
    within an incident the least sure first. A cell that an analyst has set is sure. Raises BadFilter.
    """
    found: list[DoubtfulCell] = []
    for rows in _pages(session, replace(filter or Filter(), statuses=UNDECIDED)):
        edited = _edited(session, [row.id for row in rows])
        for row in rows:
            unsure = sorted(
                (sure, cell) for cell, sure in row.confidence.items() if sure < below and (row.id, cell) not in edited
            )
            found += [DoubtfulCell(row.id, cell, _value(row, cell), sure, row["headline"]) for sure, cell in unsure]
        if len(found) >= limit:
            break
    return tuple(found[:limit])


def _pages(session: Session, filter: Filter) -> Iterator[tuple[IncidentRow, ...]]:
    after, seen = None, 0
    while seen < LOOKED_AT:
        page = find_incidents(session, filter, 100, after)
        yield page.rows
        after, seen = page.after, seen + len(page.rows)
        if after is None:
            return


def _edited(session: Session, incident_ids: list[int]) -> set[tuple[int, str]]:
    """The cells that analysts have set; an edited toll answers for its confidence, too."""
    rows = session.execute(select(Edit.incident_id, Edit.cell).where(Edit.incident_id.in_(incident_ids), Edit.active))
    edited = set()
    for incident_id, cell in rows:
        edited |= {(incident_id, cell), (incident_id, cell.removesuffix("_min").removesuffix("_max"))}
        if cell == "victims":
            edited.add((incident_id, "victim_nationality"))
    return edited


def _value(row: IncidentRow, name: str) -> Any:
    if name == "victim_nationality":
        return ", ".join(row.nationalities)
    if f"{name}_min" in row.cells:
        low, high = row[f"{name}_min"], row[f"{name}_max"]
        return low if low == high else f"{low}-{high}"
    return row.cells.get(name, row["headline"] if name == "incident" else None)
