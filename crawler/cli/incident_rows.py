"""Incidents as the command line shows them: one line each, and one in full."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from storage.query import IncidentRow

HEADINGS = ("id", "date", "type", "where", "victims", "toll", "certainty", "reports", "headline")
NUMBERS = ("id", "reports")
TOLLS = ("killed", "injured", "held", "missing")


def incident_cells(rows: Iterable[IncidentRow]) -> list[tuple[str, ...]]:
    """One tuple of cells a row, in the order of `HEADINGS`."""
    return [
        (
            str(row.id),
            row["date"] or "",
            ", ".join([row["type"], *row["other_types"]]),
            place_of(row.cells),
            victims_of(row.victims),
            toll_of(row.cells),
            certainty_of(row),
            reports_of(row),
            row["headline"],
        )
        for row in rows
    ]


def place_of(cells: Mapping[str, Any]) -> str:
    """ "Sihanoukville, KH", the country alone, or nothing."""
    return ", ".join(part for part in (cells["place"], cells["country"]) if part)


def victims_of(victims: Iterable[Mapping[str, Any]]) -> str:
    """ "KR 2, VN" by nationality; "?" stands for victims whose nationality no article states."""
    counts: dict[str, int | None] = {}
    for victim in victims:
        nationality = victim["nationality"] or "?"
        before = counts.get(nationality, 0)
        counts[nationality] = before + victim["count"] if before is not None and victim["count"] else None
    return ", ".join(f"{name} {number}" if number else name for name, number in counts.items())


def toll_of(cells: Mapping[str, Any]) -> str:
    """ "2 killed, 3–5 injured" from the totals that are known."""
    told = ((name, span(cells[f"{name}_min"], cells[f"{name}_max"])) for name in TOLLS)
    return ", ".join(f"{number} {name}" for name, number in told if number)


def span(low: int | None, high: int | None) -> str:
    """ "2", "2–5", or nothing where neither is known (a toll of 0 is known)."""
    known = [str(number) for number in dict.fromkeys((low, high)) if number is not None]
    return "–".join(known)


def certainty_of(row: IncidentRow) -> str:
    """ "alleged"; of an incident that is gone from the table "rejected" or "merged into 12"."""
    if row.status == "merged":
        return f"merged into {row.merged_into}"
    return "rejected" if row.status == "rejected" else str(row["certainty"])


def reports_of(row: IncidentRow) -> str:
    """ "3", or "3 (2 voices)" where some of the reports repeat another."""
    if row.voice_count == row.report_count:
        return str(row.report_count)
    return f"{row.report_count} ({row.voice_count} voice{'s' if row.voice_count != 1 else ''})"
