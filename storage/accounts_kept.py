"""What people keep on the desk: searches under a name, and notes beside an incident."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.cells import check_text
from storage.errors import BadEdit, NotFound
from storage.filters import Filter
from storage.models import Incident, IncidentNote, SavedSearch

NOTE_LENGTH = 4000


@dataclass(frozen=True, slots=True)
class Saved:
    """A filter under a name. `query` is its query string."""

    id: int
    owner: str
    name: str
    query: str
    created: datetime


@dataclass(frozen=True, slots=True)
class Note:
    """What an analyst wrote beside an incident, and when."""

    id: int
    at: datetime
    analyst: str
    text: str


def save_search(session: Session, owner: str, name: str, filter: Filter, now: datetime) -> Saved:
    """Keep a filter; the same owner's search of that name is replaced. Raises BadEdit."""
    name = check_text("name", name.strip()[:100])
    if not name:
        raise BadEdit("a saved search needs a name")
    row = session.scalar(select(SavedSearch).where(SavedSearch.owner == owner, SavedSearch.name == name))
    if row is None:
        row = SavedSearch(owner=owner, name=name, query="", created=now)
        session.add(row)
    row.query, row.created = filter.to_query_string(), now
    session.flush()
    return _saved(row)


def saved_searches(session: Session, owner: str) -> list[Saved]:
    """The owner's searches, by name."""
    rows = session.scalars(select(SavedSearch).where(SavedSearch.owner == owner).order_by(SavedSearch.name))
    return [_saved(row) for row in rows]


def drop_search(session: Session, owner: str, search_id: int) -> None:
    """Delete one of the owner's searches. Raises NotFound (somebody else's search is not found either)."""
    row = session.scalar(select(SavedSearch).where(SavedSearch.id == search_id, SavedSearch.owner == owner))
    if row is None:
        raise NotFound(f"{owner} has no saved search {search_id}")
    session.delete(row)
    session.flush()


def add_note(session: Session, incident_id: int, text: str, analyst: str, now: datetime) -> Note:
    """Write beside an incident. Raises NotFound, and BadEdit for an empty or endless note."""
    text = text.strip()
    if not text or len(text) > NOTE_LENGTH:
        raise BadEdit(f"a note has 1 to {NOTE_LENGTH} characters, not {len(text)}")
    check_text("note", text)
    if session.get(Incident, incident_id) is None:
        raise NotFound(f"there is no incident {incident_id}")
    row = IncidentNote(incident_id=incident_id, at=now, analyst=analyst, text=text)
    session.add(row)
    session.flush()
    return Note(row.id, row.at, row.analyst, row.text)


def notes_of(session: Session, incident_id: int) -> list[Note]:
    """The notes beside an incident, oldest first."""
    rows = session.scalars(
        select(IncidentNote).where(IncidentNote.incident_id == incident_id).order_by(IncidentNote.id)
    )
    return [Note(row.id, row.at, row.analyst, row.text) for row in rows]


def count_notes(session: Session, incident_id: int) -> int:
    """How many notes there are beside an incident."""
    statement = select(func.count()).select_from(IncidentNote).where(IncidentNote.incident_id == incident_id)
    return session.scalar(statement) or 0


def _saved(row: SavedSearch) -> Saved:
    return Saved(row.id, row.owner, row.name, row.query, row.created)
