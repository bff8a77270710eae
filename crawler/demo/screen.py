"""What the demo shows: the runs' summaries and the incident table, drawn on the console it is given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text
from sqlalchemy.orm import Session

from crawler.cli.tables import printable
from storage.filters import Filter
from storage.query import IncidentRow, find_incidents
from storage.view import get_incident

HEADINGS = ("id", "date", "type", "place", "victims", "harmed", "told by")
#: More rows than the sample press can open.
ALL = 200
TOLLS = (("killed", "killed"), ("injured", "injured"), ("held", "held"), ("missing", "missing"))


def drawn(headings: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[str] = ()) -> Table:
    """A table of the rows; the columns named in `right` are numbers."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        table.add_column(heading, justify="right" if heading in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    return table


def incident_table(session: Session) -> Table:
    """Every visible incident, the latest event first."""
    rows = find_incidents(session, Filter(), ALL).rows
    latest = sorted(rows, key=lambda row: (row["date"] or "", row.id), reverse=True)
    return drawn(HEADINGS, [incident_cells(session, row) for row in latest], right=("id",))


def incident_cells(session: Session, row: IncidentRow) -> tuple[str, ...]:
    """The cells of one incident as text; unknown is empty."""
    types = row["type"] + "".join(f", {name}" for name in row["other_types"][:2])
    where = ", ".join(part for part in (row["place"], row["country"]) if part)
    harmed = ", ".join(f"{toll(row, name)} {word}" for name, word in TOLLS if toll(row, name))
    reports = get_incident(session, row.id).reports
    outlets = dict.fromkeys(f"{report.source} ({report.language})" for report in reports)
    copies = sum(len(report.copies) for report in reports)
    told = ", ".join(outlets) + (f" + {copies} reposted" if copies else "")
    return (str(row.id), row["date"] or "", types, where, " ".join(row.nationalities), harmed, told)


def toll(row: IncidentRow, name: str) -> str:
    """ "3", or "2-3" where the reports differ; empty where none says."""
    low, high = row[f"{name}_min"], row[f"{name}_max"]
    if not high:
        return ""
    return str(high) if low == high else f"{low}-{high}"
