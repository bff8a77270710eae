"""How a filter becomes SQL that stays fast in a table of a million incidents.

A list is wanted newest first, fifty at a time. A frequent value (a common type, a common word) is met soon by walking
the list in its order and asking of each row whether it has it. A rare value would make that walk long: its rows are
looked up by its own index, and sorted. Neither database knows which is which (SQLite keeps no histogram, PostgreSQL
guesses wrong once a LIMIT stands there), so the rows of each condition are counted first, up to RARE and no further.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, func, or_, select, text
from sqlalchemy.orm import Session, aliased

from storage.errors import BadFilter
from storage.filters import Filter
from storage.models import Incident, IncidentReport, IncidentType, Victim
from storage.search import match_clause, parse_query

#: A condition that no more rows fulfil is rare. Looking so many up costs about what the longest walk for a value just
#: above it does.
RARE = 8_000
#: A window of days is looked up even where it holds more: walking to a window in the past passes all that came after.
DATES_RARE = 40_000
#: No date of the record spans more days (a year that is a leap year).
LONGEST_SPAN = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition, twice: `ids` selects the incidents that fulfil it (by an index), `holds` asks it of the incident at
    hand. `counted` are the rows to count, where that is less work than counting `ids`; up to `rare` (RARE, where None) they
    are rare.
    """

    ids: Select[Any] | CompoundSelect[Any]
    holds: ColumnElement[bool]
    rare: int | None = None
    counted: Select[Any] | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The statement without order, and whether its rows should be found by walking the order's index."""

    statement: Select[Any]
    walk: bool


def planned(session: Session, filter: Filter) -> Plan:
    """The incidents that pass the filter, found in the way that suits how frequent its values are. Raises BadFilter."""
    statement = select(Incident).where(Incident.status.in_(filter.statuses), *row_conditions(filter))
    conditions = linked_conditions(session, filter)
    candidates = [*conditions, *indexed_conditions(filter)]
    counted = [(_count(session, condition), number) for number, condition in enumerate(candidates)]
    rare = [(rows, number) for rows, number in counted if rows <= _rare(candidates[number])]
    if not rare:
        return Plan(statement.where(*(condition.holds for condition in conditions)), walk=True)
    _, chosen = min(rare)
    rest = [condition.holds for number, condition in enumerate(conditions) if number != chosen]
    return Plan(statement.where(Incident.id.in_(candidates[chosen].ids), *rest), walk=False)


def asked(session: Session, filter: Filter) -> Select[Any]:
    """The incidents that pass the filter, every condition asked of the row at hand: for one incident. Raises BadFilter."""
    return select(Incident).where(
        Incident.status.in_(filter.statuses),
        *row_conditions(filter),
        *(condition.holds for condition in linked_conditions(session, filter)),
    )


def everything(session: Session, filter: Filter) -> Select[Any]:
    """The incidents that pass the filter, for those who want all of them: counts, maps. Raises BadFilter."""
    conditions = linked_conditions(session, filter)
    return select(Incident).where(
        Incident.status.in_(filter.statuses),
        *row_conditions(filter),
        *(Incident.id.in_(condition.ids) for condition in conditions),
    )


def _count(session: Session, condition: Condition) -> int:
    rows = condition.ids if condition.counted is None else condition.counted
    return session.scalar(select(func.count()).select_from(rows.limit(_rare(condition) + 1).subquery())) or 0


def _rare(condition: Condition) -> int:
    return RARE if condition.rare is None else condition.rare


def row_conditions(filter: Filter) -> list[ColumnElement[bool]]:
    """The conditions on columns of the incident's own row."""
    conditions: list[ColumnElement[bool]] = []
    if filter.countries:
        conditions.append(Incident.country.in_(filter.countries))
    if filter.box:
        conditions.append(_in_box(filter))
    conditions += _dates(filter)
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
    return conditions


def indexed_conditions(filter: Filter) -> list[Condition]:
    """Those of the row's conditions that an index of their own can find; they stay in the statement anyway."""
    made: list[Condition] = []
    if filter.countries:
        made.append(_by_row(Incident.country.in_(filter.countries)))
    if filter.box:
        made.append(_by_row(_in_box(filter)))
    for name in ("killed", "injured", "held", "missing"):
        least, column = getattr(filter, name), getattr(Incident, f"{name}_max")
        if least:
            made.append(_by_row(column >= least))
    if filter.since and filter.until:
        first, last = filter.since, filter.until
        days = _ids().where(Incident.date_from == Incident.date_to, Incident.date_from.between(first, last))
        spans = _ids().where(
            Incident.date_from != Incident.date_to,
            Incident.date_from.between(_before(first), last),
            Incident.date_to >= first,
        )
        made.append(Condition(days.union_all(spans), and_(*_dates(filter)), DATES_RARE))
    return made


def linked_conditions(session: Session, filter: Filter) -> list[Condition]:
    """The conditions on an incident's types, victims, places and reports. Raises BadFilter."""
    made: list[Condition] = []
    if filter.types:
        kinds = select(IncidentType.incident_id).where(IncidentType.type.in_(filter.types))
        made.append(_linked(kinds, IncidentType.incident_id))
    if filter.nationalities:
        victims = select(Victim.incident_id).where(Victim.nationality.in_(filter.nationalities))
        made.append(_linked(victims, Victim.incident_id))
    if filter.places:
        made.append(_places(filter.places))
    for told, wanted in ((IncidentReport.source, filter.sources), (IncidentReport.language, filter.languages)):
        if wanted:
            reports = select(IncidentReport.incident_id).where(told.in_(wanted), IncidentReport.active)
            made.append(_linked(reports, IncidentReport.incident_id))
    if filter.text:
        made.append(_text(session, filter.text))
    return made


def _ids() -> Select[Any]:
    return select(Incident.id).correlate(None)


def _by_row(condition: ColumnElement[bool]) -> Condition:
    return Condition(_ids().where(condition), condition)


def _linked(rows: Select[Any], home: Any) -> Condition:
    return Condition(rows.where(home.is_not(None)), rows.where(home == Incident.id).correlate(Incident).exists())


def _places(names: tuple[str, ...]) -> Condition:
    """Part of the name of the place or of its district. The names are looked through once each, not once a row."""
    found = []
    for column in (Incident.place, Incident.admin):
        named = or_(*(column.icontains(name, autoescape=True) for name in names))
        found.append(column.in_(_distinct(column).where(named)))
    return Condition(_ids().where(or_(*found)), or_(*found))


def _distinct(column: Any) -> Select[Any]:
    """Every value of an indexed column, each found by one jump in its index: neither database would jump by itself."""
    other = aliased(Incident)
    name = column.key
    first = select(func.min(column).label("value")).cte(f"{name}_names", recursive=True)
    after = select(func.min(getattr(other, name))).where(getattr(other, name) > first.c.value).scalar_subquery()
    names = first.union_all(select(after).where(first.c.value.is_not(None)))
    return select(names.c.value)


def _text(session: Session, words: str) -> Condition:
    query = parse_query(words)
    if not query.terms:
        raise BadFilter(f"text: {words!r} holds no word to search for")
    sqlite = session.get_bind().dialect.name == "sqlite"
    clause, match = match_clause(query, sqlite)
    found = text(clause).bindparams(match=match).columns(article_id=IncidentReport.article_id.type).subquery()
    here: ColumnElement[bool]
    if sqlite:  # asked of one article, FTS5 reads the word's whole list each time: better once for all
        here = IncidentReport.article_id.in_(select(found.c.article_id))
    else:
        asked_here = f"EXISTS ({clause} AND article_search.article_id = incident_report.article_id)"
        here = cast("ColumnElement[bool]", text(asked_here).bindparams(match=match))
    reports = select(IncidentReport.incident_id).where(IncidentReport.active, IncidentReport.incident_id.is_not(None))
    return Condition(
        ids=reports.where(IncidentReport.article_id.in_(select(found.c.article_id))),
        holds=reports.where(IncidentReport.incident_id == Incident.id, here).correlate(Incident).exists(),
        counted=select(found.c.article_id),
    )


def _dates(filter: Filter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filter.since:
        # the second says nothing new, but an index on the first day can use it
        conditions += [Incident.date_to >= filter.since, Incident.date_from >= _before(filter.since)]
    if filter.until:
        conditions.append(Incident.date_from <= filter.until)
    return conditions


def _before(day: date) -> date:
    return day - LONGEST_SPAN if day > date.min + LONGEST_SPAN else date.min


def _in_box(filter: Filter) -> ColumnElement[bool]:
    box = filter.box
    assert box is not None
    inside = Incident.latitude.between(box.south, box.north)
    if box.west <= box.east:
        return and_(inside, Incident.longitude.between(box.west, box.east))
    return and_(inside, or_(Incident.longitude >= box.west, Incident.longitude <= box.east))


def midnight(day: date) -> datetime:
    """The first moment of a day, UTC."""
    return datetime.combine(day, time(), UTC)
