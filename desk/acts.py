"""An analyst's act on the table: one transaction with the alerts it calls for, and the counts counted anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlalchemy.orm import Session

from alerts.match import on_change
from desk.access import Viewer
from desk.desk import Desk
from storage.changes import IncidentChange
from storage.curation import Analyst

Work = Callable[[Session, Analyst], IncidentChange | Iterable[IncidentChange]]


def act(desk: Desk, viewer: Viewer, work: Work) -> list[IncidentChange]:
    """Do the work in the viewer's name; returns what changed, of every incident that it touched.

    The change is committed when this returns, so the next page shows it. Raises what storage raises; nothing is
    written then.
    """
    analyst = Analyst(viewer.name, desk.settings.now())
    with desk.db.write() as session:
        done = work(session, analyst)
        changes = [done] if isinstance(done, IncidentChange) else list(done)
        on_change(session, changes, analyst.now)
    desk.counts.forget()
    return changes
