"""What the demo shows: the runs' summaries and the incident table, drawn on the console it is given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text
from sqlalchemy.orm import Session

from crawler.cli.incident_rows import place_of, toll_of, victims_of
from crawler.cli.tables import printable
from storage.filters import Filter
from storage.query import IncidentRow, find_incidents
from storage.view import get_incident

HEADINGS = ("id", "date", "type", "where", "victims", "toll", "told by")
FOLDED = ("where", "victims", "toll", "told by")
#: More rows than the sample press can open.
ALL = 200


def drawn(
    headings: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[str] = (), folded: Sequence[str] = ()
) -> Table:
    """A table of the rows; the columns named in `right` are numbers, those in `folded` may take several lines."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for heading in headings:
        justify: Literal["left", "right"] = "right" if heading in right else "left"
        table.add_column(heading, justify=justify, overflow="fold", no_wrap=heading not in folded)
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    return table


def incident_table(session: Session, limit: int = ALL) -> Table:
    """The visible incidents, at most `limit`, the latest event first and those without a date last."""
    rows = find_incidents(session, Filter(), ALL).rows
    latest = sorted(rows, key=lambda row: (row["date"] or "", row.id), reverse=True)
    return drawn(HEADINGS, [incident_cells(session, row) for row in latest[:limit]], right=("id",), folded=FOLDED)


def most_told(session: Session) -> int | None:
    """The incident with the most reports, None where the table is empty."""
    rows = find_incidents(session, Filter(), ALL).rows
    return max(rows, key=lambda row: row.report_count).id if rows else None


def incident_cells(session: Session, row: IncidentRow) -> tuple[str, ...]:
    """The cells of one incident as text; unknown is empty."""
    linked = len(row["other_types"])
    return (
        str(row.id),
        row["date"] or "",
        row["type"] + (f" +{linked}" if linked else ""),
        place_of(row.cells),
        victims_of(row.victims),
        toll_of(row.cells),
        told_by(session, row.id),
    )


def told_by(session: Session, incident: int) -> str:
    """ "hanbit, ledger + 1 copy": the outlets whose articles tell of it, and how many reprinted one of those."""
    reports = get_incident(session, incident).reports
    outlets = ", ".join(dict.fromkeys(report.source for report in reports))
    copies = sum(len(report.copies) for report in reports)
    return outlets + (f" + {copies} {'copy' if copies == 1 else 'copies'}" if copies else "")
