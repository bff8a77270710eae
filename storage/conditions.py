"""What a filter asks of an incident, as SQL: asked of one incident at hand, found by an index, or read off in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    TextClause,
    and_,
    bindparam,
    func,
    or_,
    select,
    text,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from storage.cells import COUNTS
from storage.filters import Filter
from storage.models import Incident, IncidentReport, IncidentType, Victim
from storage.search import match_clause, newest_matching, parse_query

#: A condition that no more rows fulfil is rare. Looking so many up costs about what reading on to fifty rows of a value
#: just above it does.
RARE = 8_000
#: A window of days is looked up even where it holds more: reading on to a window in the past passes all that came after.
RARE_IN_WINDOW = 40_000
#: Days without an end are at the top of the list, where reading begins.
RARE_SINCE = 2_000
#: The articles of a word that has no more of them are gathered where the whole list is read.
GATHERED = 30_000
#: But not where so many of the newest articles hold it: the page is full before that.
NEWEST, FREQUENT = 1_000, 20
#: No date of the record spans more days (a year that is a leap year).
LONGEST_SPAN = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Ordered:
    """Rows that an index holds in the list's order: `place` is the order's value, `id` the incident's. A row may come twice."""

    place: Any
    id: Any
    where: tuple[ColumnElement[bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition, in the ways it can be put.

    `found(row)`, of Incident or an alias: conditions that an index answers, each for a part of the incidents, no two for
    the same one. `holds(id)` asks it of one incident, whose place in the list may be told; it is None where
    `searchable_conditions` ask it, under the names in `settles`. `ordered`: its rows in the list's order, one piece a value;
    none where no index has them so. `counted`: rows to count, where that is less work. Up to `rare` of them are rare.
    `gathered(id)` asks as `holds` does, out of a set of up to GATHERED rows that is made once; `newest` counts those among
    the newest rows.
    """

    found: Callable[[Any], tuple[ColumnElement[bool], ...]]
    holds: Callable[..., ColumnElement[bool]] | None = None
    settles: tuple[str, ...] = ()
    ordered: tuple[Ordered, ...] = ()
    counted: Select[Any] | None = None
    rare: int = field(default_factory=lambda: RARE)
    gathered: Callable[..., ColumnElement[bool]] | None = None
    newest: TextClause | None = None

    @property
    def mergeable(self) -> bool:
        """Whether what an index holds in the list's order can be merged with another index that does."""
        return _mergeable(self.ordered)

    def rows(self) -> Select[Any] | CompoundSelect[Any]:
        """The ids of those that fulfil it, or as many other rows."""
        if self.counted is not None:
            return self.counted
        return union_all(*(_ids().where(part) for part in self.found(Incident)))


def asked(session: Session, filter: Filter) -> Select[Any]:
    """The incidents that pass the filter, every condition asked of the row at hand: for one incident. Raises BadFilter."""
    linked = linked_conditions(session, filter)
    holding = (condition.holds(Incident.id) for condition in linked if condition.holds)
    return select(Incident).where(*row_conditions(filter), *holding)


def everything(session: Session, filter: Filter) -> Select[Any]:
    """The incidents that pass the filter, for those who want all of them: counts, maps. Raises BadFilter."""
    found = (condition.found(Incident) for condition in linked_conditions(session, filter))
    return select(Incident).where(*row_conditions(filter), *(or_(*parts) for parts in found))


def row_conditions(filter: Filter) -> list[ColumnElement[bool]]:
    """The conditions on columns of the incident's own row."""
    return [*plain_conditions(filter), *searchable_conditions(filter).values()]


def plain_conditions(filter: Filter, row: Any = Incident) -> list[ColumnElement[bool]]:
    """Those on columns that no index begins with. `row` is Incident or an alias."""
    conditions: list[ColumnElement[bool]] = [row.status.in_(filter.statuses)]
    if filter.certainties:
        conditions.append(row.certainty.in_(filter.certainties))
    if filter.voices:
        conditions.append(row.voice_count >= filter.voices)
    return conditions


def searchable_conditions(filter: Filter) -> dict[str, ColumnElement[bool]]:
    """Those on columns that an index begins with, which a database may take for the way to find the rows; by name."""
    conditions: dict[str, ColumnElement[bool]] = {}
    if filter.countries:
        conditions["countries"] = Incident.country.in_(filter.countries)
    if filter.box:
        conditions["box"] = _in_box(filter, Incident)
    if filter.since or filter.until:
        conditions["dates"] = and_(*_dates(filter))
    for name, moment in (("seen_since", Incident.first_seen), ("changed_since", Incident.last_updated)):
        day = getattr(filter, name)
        if day:
            conditions[name] = moment >= midnight(day)
    for name in COUNTS:
        least = getattr(filter, name)
        if least is not None:
            conditions[name] = getattr(Incident, f"{name}_max") >= least
    return conditions


def indexed_conditions(filter: Filter) -> list[Condition]:
    """Those of the row's conditions that an index can find."""
    made: list[Condition] = []
    if filter.since:
        made.append(_days(filter, filter.since))  # those of the countries among them, where countries are given
    if filter.countries:
        ordered = _countries_ordered(filter)
        made.append(
            Condition(lambda row: (row.country.in_(filter.countries),), settles=("countries",), ordered=ordered)
        )
    if filter.box:
        made.append(Condition(lambda row: (_in_box(filter, row),), settles=("box",)))
    made += [_toll(name, getattr(filter, name)) for name in COUNTS if getattr(filter, name)]
    return made


def linked_conditions(session: Session, filter: Filter) -> list[Condition]:
    """The conditions on an incident's types, victims, places and reports. Raises BadFilter."""
    made: list[Condition] = []
    for table, column, values in (
        (IncidentType, IncidentType.type, filter.types),
        (Victim, Victim.nationality, filter.nationalities),
    ):
        if values:
            each = tuple(Ordered(table.last_updated, table.incident_id, (column == value,)) for value in values)
            rows = select(table.incident_id).where(column.in_(values))
            made.append(_linked(rows, table, each if filter.order == "updated" else ()))
    if filter.places:
        made.append(_places(filter.places))
    for told, wanted in ((IncidentReport.source, filter.sources), (IncidentReport.language, filter.languages)):
        if wanted:
            reports = select(IncidentReport.incident_id).where(told.in_(wanted), IncidentReport.active)
            made.append(_linked(reports, IncidentReport))
    if filter.text:
        made.append(_text(session, filter.text))
    return made


def probed(rows: Select[Any]) -> ColumnElement[bool]:
    """Whether there is such a row, asked of one incident at a time.

    PostgreSQL would make a join of it, and read a value's hundred thousand rows to ask a few thousand incidents: its
    estimates are too high for days and too low for what goes together. A subquery with an OFFSET it leaves as it stands.
    """
    return rows.suffix_with("OFFSET 0", dialect="postgresql").exists()


def place_column(filter: Filter, row: Any = Incident) -> Any:
    """The column that the list is ordered by."""
    return {"updated": row.last_updated, "seen": row.first_seen, "date": row.date_from}[filter.order]


def ends_undated(filter: Filter) -> bool:
    """Whether incidents without a date follow those that have one in the list."""
    return filter.order == "date" and filter.since is None and filter.until is None


def place_bounds(filter: Filter, place: Any, undated: bool = False) -> list[ColumnElement[bool]]:
    """What the filter says of the column that the list is ordered by: no row beyond need be read."""
    if undated:
        return [place.is_(None)]
    if filter.order == "date":
        least = [place >= _before(filter.since)] if filter.since else []
        return [place.is_not(None), *least, *([place <= filter.until] if filter.until else [])]
    day = filter.changed_since if filter.order == "updated" else filter.seen_since
    return [place >= bindparam(None, midnight(day), type_=place.type)] if day else []


def _ids() -> Select[Any]:
    return select(Incident.id).correlate(None)


def _mergeable(ordered: tuple[Ordered, ...]) -> bool:
    return len(ordered) == 1


def _linked(rows: Select[Any], table: Any, ordered: tuple[Ordered, ...] = ()) -> Condition:
    known = rows.where(table.incident_id.is_not(None))

    def holds(id: Any, place: Any = None) -> ColumnElement[bool]:
        here = [table.incident_id == id]
        if ordered and place is not None:
            # it is the same in both, and the index in the list's order then finds the row
            here.append(table.last_updated == place)
        here_too = rows.where(*here).correlate_except(table)
        return here_too.exists() if place is not None and _mergeable(ordered) else probed(here_too)

    return Condition(lambda row: (row.id.in_(known),), holds, ordered=ordered, counted=known)


def _toll(name: str, least: int) -> Condition:
    return Condition(lambda row: (getattr(row, f"{name}_max") >= least,), settles=(name,))


def _countries_ordered(filter: Filter) -> tuple[Ordered, ...]:
    if filter.order == "seen":
        return ()
    rows = [aliased(Incident) for _ in filter.countries]
    return tuple(
        Ordered(place_column(filter, row), row.id, (row.country == country,))
        for row, country in zip(rows, filter.countries, strict=True)
    )


def _days(filter: Filter, first: date) -> Condition:
    """Dated from the first day on, or dated with a span of days that begins before it and reaches it."""

    def found(row: Any) -> tuple[ColumnElement[bool], ...]:
        last = filter.until or date.max
        here = [row.date_to >= first, *([row.country.in_(filter.countries)] if filter.countries else [])]
        begun = (
            row.date_from.between(first, last),
            row.date_from.between(_before(first), _before(first, timedelta(1))),
        )
        return and_(begun[0], *here), and_(begun[1], row.date_from != row.date_to, *here)

    settles = ("dates", "countries") if filter.countries else ("dates",)
    return Condition(found, settles=settles, rare=RARE_IN_WINDOW if filter.until else RARE_SINCE)


def _places(names: tuple[str, ...]) -> Condition:
    """Part of the name of the place or of its district. The names are looked through once each, not once a row."""
    places, districts = _matching("place", names), _matching("admin", names)

    def named(row: Any) -> ColumnElement[bool]:
        return or_(row.place.in_(places), row.admin.in_(districts))

    def holds(id: Any, _place: Any = None) -> ColumnElement[bool]:
        row = aliased(Incident)
        return probed(select(row.id).where(row.id == id, named(row)).correlate_except(row))

    return Condition(lambda row: (named(row),), holds)


def _matching(name: str, parts: tuple[str, ...]) -> Select[Any]:
    """The values of an indexed column that hold one of the parts. Each value is found by one jump in the column's index:
    neither database would jump by itself.
    """
    column, other = getattr(Incident, name), getattr(aliased(Incident), name)
    first = select(func.min(column).label("value")).cte(f"{name}_names", recursive=True)
    after = select(func.min(other)).where(other > first.c.value).scalar_subquery()
    value = first.union_all(select(after).where(first.c.value.is_not(None))).c.value
    return select(value).where(or_(*(value.icontains(part, autoescape=True) for part in parts)))


def _text(session: Session, words: str) -> Condition:
    query = parse_query(words)
    sqlite = session.get_bind().dialect.name == "sqlite"
    clause, match = match_clause(query, sqlite)
    found = text(clause).bindparams(match=match).columns(article_id=IncidentReport.article_id.type).subquery()
    reports = select(IncidentReport.incident_id).where(IncidentReport.active, IncidentReport.incident_id.is_not(None))
    known = reports.where(IncidentReport.article_id.in_(select(found.c.article_id)))

    def asked(here: ColumnElement[bool]) -> Callable[..., ColumnElement[bool]]:
        return lambda id, _place=None: probed(
            reports.where(IncidentReport.incident_id == id, here).correlate_except(IncidentReport)
        )

    plain = Condition(lambda row: (row.id.in_(known),), counted=select(found.c.article_id))
    if sqlite:
        # Asked of one article, FTS5 reads the word's whole list each time: better once for all. A sum is in no index: the
        # list would else be gone through for every incident, in place of its few reports.
        return replace(plain, holds=asked((IncidentReport.article_id + 0).in_(select(found.c.article_id))))
    asked_here = f"EXISTS ({clause} AND article_search.article_id = incident_report.article_id)"
    # PostgreSQL keeps the set in memory because of the LIMIT, which no set that was counted reaches
    some = select(found.c.article_id).limit(2 * GATHERED)
    return replace(
        plain,
        holds=asked(cast("ColumnElement[bool]", text(asked_here).bindparams(match=match))),
        gathered=asked(IncidentReport.article_id.in_(some)),
        newest=newest_matching(match, NEWEST),
    )


def _dates(filter: Filter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filter.since:
        # the second says nothing new, but an index on the first day can use it
        conditions += [Incident.date_to >= filter.since, Incident.date_from >= _before(filter.since)]
    if filter.until:
        conditions.append(Incident.date_from <= filter.until)
    return conditions


def _before(day: date, span: timedelta = LONGEST_SPAN) -> date:
    return day - span if day > date.min + span else date.min


def _in_box(filter: Filter, row: Any) -> ColumnElement[bool]:
    box = filter.box
    assert box is not None
    inside: ColumnElement[bool] = row.latitude.between(box.south, box.north)
    if box.west <= box.east:
        return and_(inside, row.longitude.between(box.west, box.east))
    return and_(inside, or_(row.longitude >= box.west, row.longitude <= box.east))


def midnight(day: date) -> datetime:
    """The first moment of a day, UTC."""
    return datetime.combine(day, time(), UTC)
