"""The incident table in memory, a column an array, so that every count of a view costs milliseconds.

Counting 200,000 incidents nine ways takes a database seconds; over arrays it takes no longer than drawing the page.
The arrays are read once (about 100 bytes an incident) and brought up to date from the history. What is counted is what
`storage.facets` counts with SQL, which stays the reference: the tests hold both to the same answers.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.facets import Counting, InDatabase
from storage.models import History, Incident, IncidentReport
from storage.tally_columns import Columns, Words, read_columns
from storage.tally_masks import Masks
from storage.tally_sight import Sight

#: Where more incidents than this share have changed, everything is read anew.
MOST_CHANGED = 0.05
#: A larger table is read in the background first; until then its counts come from the database.
AT_ONCE = 20_000

_NEWEST = select(
    select(func.max(History.id)).scalar_subquery(), select(func.max(IncidentReport.id)).scalar_subquery()
)  # fmt: skip


@dataclass
class Tally:
    """The arrays of one database, shared by all threads; `sight` counts over them as the table now is."""

    words: Words = field(default_factory=Words)
    _columns: Columns | None = None
    _masks: Masks = field(default_factory=Masks)
    _stamp: tuple[int, int] = (0, 0)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def ready(self, session: Session) -> bool:
        """Whether counts come without a wait: the arrays are there, or are read in no time."""
        return self._columns is not None or (session.scalar(select(func.max(Incident.id))) or 0) <= AT_ONCE

    def sight(self, session: Session) -> Counting:
        """What counts as of the session's picture of the database (or a later one): by SQL where nothing is read yet."""
        if not self.ready(session):
            return InDatabase(session)
        columns, masks = self._at(session)
        return Sight(session, columns, self.words, masks)

    def read(self, session: Session) -> None:
        """Read the arrays, or bring them up to date, with what is made of them once: points and the usual order."""
        columns, _ = self._at(session)
        _ = columns.spots, columns.newest("last_updated")

    def _at(self, session: Session) -> tuple[Columns, Masks]:
        stamp = _stamp(session)
        with self._guard:
            if self._columns is None:
                self._columns, self._stamp = read_columns(session, self.words), stamp
            elif stamp > self._stamp:
                self._columns, self._masks, self._stamp = self._renewed(session, self._columns), Masks(), stamp
            return self._columns, self._masks

    def _renewed(self, session: Session, columns: Columns) -> Columns:
        changed = _changed(session, self._stamp)
        if len(changed) > MOST_CHANGED * len(columns.ids) + 100:
            return read_columns(session, self.words)
        return columns.with_rows(read_columns(session, self.words, changed))


def _stamp(session: Session) -> tuple[int, int]:
    """Grows with every change of a cell and every report."""
    history, reports = session.execute(_NEWEST).one()
    return history or 0, reports or 0


def _changed(session: Session, since: tuple[int, int]) -> list[int]:
    told: Iterable[int | None] = session.scalars(select(History.incident_id).where(History.id > since[0]).distinct())
    seen = session.scalars(select(IncidentReport.incident_id).where(IncidentReport.id > since[1]).distinct())
    return sorted({number for number in (*told, *seen) if number is not None})
