"""The table as analysts ask for it: rows by filter, one incident with everything, what changed since."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, select
from sqlalchemy.orm import Session

from storage.cells import ROW_CELLS, VICTIM_FIELDS
from storage.conditions import asked, everything, midnight
from storage.errors import BadFilter, NotFound
from storage.filters import Filter
from storage.listing import found_ids
from storage.models import Incident, Victim

MAX_LIMIT = 1000
__all__ = [
    "MAX_LIMIT", "IncidentRow", "Page", "count_incidents", "each_incident", "find_incidents", "incident_row", "matching",
    "midnight", "page_of", "passes", "read_cursor",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """One line of the table. `cells` are the columns of the codebook; `nationalities` the victims', without repeats."""

    id: int
    status: str
    cells: Mapping[str, Any]
    victims: Sequence[Mapping[str, Any]]
    nationalities: tuple[str, ...]
    report_count: int
    voice_count: int
    confidence: Mapping[str, float]
    first_seen: datetime
    last_updated: datetime
    first_published: datetime | None
    last_published: datetime | None
    coder: str
    merged_into: int | None = None

    def __getitem__(self, cell: str) -> Any:
        return self.cells[cell]


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in order; `after` continues behind the last row, None where there is nothing more."""

    rows: tuple[IncidentRow, ...]
    after: str | None


#: What a row of the table is made of, the cells first: columns, for to make objects of the rows costs as much again.
_COLUMNS = (
    *(getattr(Incident, name) for name in ROW_CELLS), Incident.id, Incident.status, Incident.report_count,
    Incident.voice_count, Incident.confidence, Incident.first_seen, Incident.last_updated, Incident.first_published,
    Incident.last_published, Incident.coder, Incident.merged_into, Incident.date_from,
)  # fmt: skip
_BY_ID = select(*_COLUMNS).where(Incident.id == bindparam("wanted"))
_BY_IDS = select(*_COLUMNS).where(Incident.id.in_(bindparam("wanted", expanding=True)))
_VICTIMS = (
    select(Victim.incident_id, *(getattr(Victim, name) for name in VICTIM_FIELDS))
    .where(Victim.incident_id.in_(bindparam("wanted", expanding=True)))
    .order_by(Victim.incident_id, Victim.position)
)


def find_incidents(session: Session, filter: Filter, limit: int = 50, after: str | None = None) -> Page:
    """The incidents that pass the filter, newest first by its order, those without a date behind those with one.

    Raises BadFilter on a cursor that is none.
    """
    limit = max(1, min(limit, MAX_LIMIT))
    place = None if after is None else read_cursor(after, filter)
    return page_of(session, filter, found_ids(session, filter, limit + 1, place), limit)


def each_incident(session: Session, filter: Filter, batch: int = 500) -> Iterator[IncidentRow]:
    """Every incident that passes the filter, read in batches."""
    after = None
    while True:
        page = find_incidents(session, filter, batch, after)
        yield from page.rows
        if page.after is None:
            return
        after = page.after


def count_incidents(session: Session, filter: Filter, cap: int = 10_000) -> int:
    """How many pass, counted no further than `cap`: an exact count of a million rows is nobody's first question."""
    inner = matching(session, filter).with_only_columns(Incident.id).limit(cap).subquery()
    return session.scalar(select(func.count()).select_from(inner)) or 0


def passes(session: Session, filter: Filter, incident_id: int) -> bool:
    """Whether one incident passes the filter. Raises BadFilter."""
    statement = asked(session, filter).where(Incident.id == incident_id).with_only_columns(Incident.id)
    return session.scalar(statement) is not None


def incident_row(session: Session, incident_id: int) -> IncidentRow:
    """One line of the table by id, whatever its status. Raises NotFound."""
    row = session.execute(_BY_ID, {"wanted": incident_id}).first()
    if row is None:
        raise NotFound(f"there is no incident {incident_id}")
    return _rows(session, [row])[0]


def page_of(session: Session, filter: Filter, ids: Sequence[int], limit: int) -> Page:
    """The page of these incidents, in this order; one more than `limit` says that there are more."""
    held = {row.id: row for row in session.execute(_BY_IDS, {"wanted": ids})}
    return _page(session, filter, [held[number] for number in ids if number in held], limit)


def _page(session: Session, filter: Filter, incidents: Sequence[Row[Any]], limit: int) -> Page:
    shown = incidents[:limit]
    return Page(_rows(session, shown), _cursor(shown[-1], filter) if len(incidents) > limit else None)


def _rows(session: Session, incidents: Sequence[Row[Any]]) -> tuple[IncidentRow, ...]:
    ids = [incident.id for incident in incidents]
    victims: dict[int, list[dict[str, Any]]] = {incident_id: [] for incident_id in ids}
    for incident_id, *fields in session.execute(_VICTIMS, {"wanted": ids}):
        victims[incident_id].append(dict(zip(VICTIM_FIELDS, fields, strict=True)))
    return tuple(
        IncidentRow(
            id=incident.id,
            status=incident.status,
            cells=dict(zip(ROW_CELLS, incident, strict=False)),
            victims=victims[incident.id],
            nationalities=tuple(
                dict.fromkeys(victim["nationality"] for victim in victims[incident.id] if victim["nationality"])
            ),
            report_count=incident.report_count,
            voice_count=incident.voice_count,
            confidence=incident.confidence,
            first_seen=incident.first_seen,
            last_updated=incident.last_updated,
            first_published=incident.first_published,
            last_published=incident.last_published,
            coder=incident.coder,
            merged_into=incident.merged_into,
        )
        for incident in incidents
    )


def matching(session: Session, filter: Filter) -> Select[Incident]:
    """The statement that selects the incidents that pass, in no order: what counts and maps are made of."""
    return everything(session, filter)


def _cursor(incident: Row[Any], filter: Filter) -> str:
    value = getattr(incident, {"updated": "last_updated", "seen": "first_seen", "date": "date_from"}[filter.order])
    place = [filter.order, value and value.isoformat(), incident.id]
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


def read_cursor(after: str, filter: Filter) -> tuple[Any, int]:
    """The place in the list that `Page.after` names: the order's value, None for no date, and the id. Raises BadFilter."""
    try:
        order, value, incident_id = json.loads(base64.urlsafe_b64decode(after.encode()))
        if order != filter.order:
            raise ValueError(order)
        if type(incident_id) is not int or not 0 < incident_id < 2**63:
            raise ValueError(incident_id)
        if order == "date" and value is None:
            return None, incident_id
        moment = date.fromisoformat(value) if order == "date" else datetime.fromisoformat(value)
        if isinstance(moment, datetime):
            if moment.tzinfo is None:
                raise ValueError(value)
            moment = moment.astimezone(UTC)
        return moment, incident_id
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise BadFilter(f"after: {after!r} is no place in this list; take it from the page before") from error
