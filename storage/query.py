"""The table as analysts ask for it: rows by filter, one incident with everything, what changed since."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select, text, tuple_
from sqlalchemy.orm import Session

from storage.cells import ROW_CELLS
from storage.errors import BadFilter, NotFound
from storage.filters import Filter
from storage.models import Incident, IncidentReport, IncidentType, Victim
from storage.search import match_clause, parse_query

MAX_LIMIT = 1000


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

    def __getitem__(self, cell: str) -> Any:
        return self.cells[cell]


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in order; `after` continues behind the last row, None where there is nothing more."""

    rows: tuple[IncidentRow, ...]
    after: str | None


def find_incidents(session: Session, filter: Filter, limit: int = 50, after: str | None = None) -> Page:
    """The incidents that pass the filter, newest first by its order. Raises BadFilter on a cursor that is none."""
    limit = max(1, min(limit, MAX_LIMIT))
    statement = _ordered(matching(session, filter), filter, after).limit(limit + 1)
    incidents = list(session.scalars(statement))
    more = len(incidents) > limit
    incidents = incidents[:limit]
    return Page(_rows(session, incidents), _cursor(incidents[-1], filter) if more else None)


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
    statement = matching(session, filter).where(Incident.id == incident_id).with_only_columns(Incident.id)
    return session.scalar(statement) is not None


def incident_row(session: Session, incident_id: int) -> IncidentRow:
    """One line of the table by id, whatever its status. Raises NotFound."""
    incident = session.get(Incident, incident_id)
    if incident is None:
        raise NotFound(f"there is no incident {incident_id}")
    return _rows(session, [incident])[0]


def _rows(session: Session, incidents: Sequence[Incident]) -> tuple[IncidentRow, ...]:
    ids = [incident.id for incident in incidents]
    victims: dict[int, list[dict[str, Any]]] = {incident_id: [] for incident_id in ids}
    for row in session.execute(
        select(
            Victim.incident_id,
            Victim.text,
            Victim.count,
            Victim.nationality,
            Victim.name,
            Victim.age,
            Victim.gender,
            Victim.outcome,
        )
        .where(Victim.incident_id.in_(ids))
        .order_by(Victim.incident_id, Victim.position)
    ).mappings():
        victims[row["incident_id"]].append({key: value for key, value in row.items() if key != "incident_id"})
    return tuple(
        IncidentRow(
            id=incident.id,
            status=incident.status,
            cells={name: getattr(incident, name) for name in ROW_CELLS},
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
        )
        for incident in incidents
    )


def matching(session: Session, filter: Filter) -> Select[Incident]:
    """The statement that selects the incidents that pass, in no order: what counts and maps are made of."""
    statement = select(Incident).where(Incident.status.in_(filter.statuses))
    conditions: list[ColumnElement[bool]] = []
    if filter.types:
        conditions.append(Incident.id.in_(select(IncidentType.incident_id).where(IncidentType.type.in_(filter.types))))
    if filter.countries:
        conditions.append(Incident.country.in_(filter.countries))
    if filter.nationalities:
        conditions.append(
            Incident.id.in_(select(Victim.incident_id).where(Victim.nationality.in_(filter.nationalities)))
        )
    if filter.places:
        conditions.append(
            or_(*(column.icontains(name, autoescape=True) for name in filter.places for column in _PLACES))
        )
    if filter.box:
        conditions.append(_in_box(filter))
    if filter.since:
        conditions.append(Incident.date_to >= filter.since)
    if filter.until:
        conditions.append(Incident.date_from <= filter.until)
    for moment, day in ((Incident.first_seen, filter.seen_since), (Incident.last_updated, filter.changed_since)):
        if day:
            conditions.append(moment >= midnight(day))
    for name in ("killed", "injured", "held", "missing"):
        least = getattr(filter, name)
        if least is not None:
            conditions.append(getattr(Incident, f"{name}_max") >= least)
    if filter.certainties:
        conditions.append(Incident.certainty.in_(filter.certainties))
    if filter.voices:
        conditions.append(Incident.voice_count >= filter.voices)
    for told, wanted in ((IncidentReport.source, filter.sources), (IncidentReport.language, filter.languages)):
        if wanted:
            conditions.append(
                Incident.id.in_(select(IncidentReport.incident_id).where(told.in_(wanted), IncidentReport.active))
            )
    if filter.text:
        conditions.append(_holds_text(session, filter.text))
    return statement.where(and_(*conditions)) if conditions else statement


_PLACES = (Incident.place, Incident.admin)


def midnight(day: date) -> datetime:
    """The first moment of a day, UTC."""
    return datetime.combine(day, time(), UTC)


def _in_box(filter: Filter) -> ColumnElement[bool]:
    box = filter.box
    assert box is not None
    inside = Incident.latitude.between(box.south, box.north)
    if box.west <= box.east:
        return and_(inside, Incident.longitude.between(box.west, box.east))
    return and_(inside, or_(Incident.longitude >= box.west, Incident.longitude <= box.east))


def _holds_text(session: Session, words: str) -> ColumnElement[bool]:
    query = parse_query(words)
    if not query.terms:
        raise BadFilter(f"text: {words!r} holds no word to search for")
    clause, match = match_clause(query, session.get_bind().dialect.name == "sqlite")
    found = text(clause).bindparams(match=match).columns(article_id=IncidentReport.article_id.type).subquery()
    return Incident.id.in_(
        select(IncidentReport.incident_id).where(
            IncidentReport.article_id.in_(select(found.c.article_id)),
            IncidentReport.active,
            IncidentReport.incident_id.is_not(None),
        )
    )


def _order_column(filter: Filter) -> Any:
    return {"updated": Incident.last_updated, "seen": Incident.first_seen, "date": Incident.date_from}[filter.order]


def _ordered(statement: Select[Incident], filter: Filter, after: str | None) -> Select[Incident]:
    column = _order_column(filter)
    if filter.order == "date":
        statement = statement.where(column.is_not(None))
    if after is not None:
        value, incident_id = _read_cursor(after, filter)
        statement = statement.where(tuple_(column, Incident.id) < tuple_(_bound(column, value), incident_id))
    return statement.order_by(column.desc(), Incident.id.desc())


def _bound(column: Any, value: Any) -> Any:
    return bindparam(None, value, type_=column.type)


def _cursor(incident: Incident, filter: Filter) -> str:
    value = getattr(incident, {"updated": "last_updated", "seen": "first_seen", "date": "date_from"}[filter.order])
    return base64.urlsafe_b64encode(json.dumps([filter.order, value.isoformat(), incident.id]).encode()).decode()


def _read_cursor(after: str, filter: Filter) -> tuple[Any, int]:
    try:
        order, value, incident_id = json.loads(base64.urlsafe_b64decode(after.encode()))
        if order != filter.order:
            raise ValueError(order)
        kind = date if order == "date" else datetime
        return kind.fromisoformat(value), int(incident_id)
    except (ValueError, TypeError) as error:
        raise BadFilter(f"after: {after!r} is no place in this list; take it from the page before") from error
