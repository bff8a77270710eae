"""What the incidents that pass a filter are made of: counts by value, by day and by place on the map."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Protocol

from sqlalchemy import Integer, cast, distinct, func, select
from sqlalchemy.orm import Session

from storage.cells import COUNTS
from storage.filters import Filter
from storage.models import History, Incident, IncidentReport, IncidentType, Victim
from storage.query import Page, find_incidents, matching

#: Facets, and the fields of the filter that each is blind to: a chosen value must not hide the ones beside it.
FACETS: dict[str, tuple[str, ...]] = {
    "type": ("types",),
    "nationality": ("nationalities",),
    "country": ("countries",),
    "place": ("places",),
    "certainty": ("certainties",),
    "source": ("sources",),
    "language": ("languages",),
    "status": ("statuses",),
    "toll": COUNTS,
}


@dataclass(frozen=True, slots=True)
class FacetCount:
    """One value of a facet, and how many incidents have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class DateCount:
    """How many incidents of one leading type are dated so: "2025", "2025-10" or "2025-10-08", all of one length."""

    date: str
    type: str
    count: int


@dataclass(frozen=True, slots=True)
class MapCell:
    """Incidents near each other: their middle, their number, those killed (at most), and one of them.

    `country` is set where all that is known of the place is the country; the coordinates are then absent.
    """

    latitude: float | None
    longitude: float | None
    country: str | None
    count: int
    killed: int
    incident_id: int


class Counting(Protocol):
    """Counts and pages of one state of the table, from wherever they come: `InDatabase`, `storage.tally_sight.Sight`."""

    def count_all(self, filter: Filter) -> int: ...

    def count_facet(self, filter: Filter, name: str, limit: int = 12) -> tuple[FacetCount, ...]: ...

    def count_days(self, filter: Filter) -> tuple[FacetCount, ...]: ...

    def count_dates(self, filter: Filter, letters: int) -> tuple[DateCount, ...]: ...

    def map_cells(self, filter: Filter, degrees: float, limit: int = 2000) -> tuple[MapCell, ...]: ...

    def find_incidents(self, filter: Filter, limit: int = 50, after: str | None = None) -> Page: ...


@dataclass(frozen=True, slots=True)
class InDatabase:
    """Counting by SQL: slow in a large table, and what every other way is held to."""

    session: Session

    def count_all(self, filter: Filter) -> int:
        return count_all(self.session, filter)

    def count_facet(self, filter: Filter, name: str, limit: int = 12) -> tuple[FacetCount, ...]:
        return count_facet(self.session, filter, name, limit)

    def count_days(self, filter: Filter) -> tuple[FacetCount, ...]:
        return count_days(self.session, filter)

    def count_dates(self, filter: Filter, letters: int) -> tuple[DateCount, ...]:
        return count_dates(self.session, filter, letters)

    def map_cells(self, filter: Filter, degrees: float, limit: int = 2000) -> tuple[MapCell, ...]:
        return map_cells(self.session, filter, degrees, limit)

    def find_incidents(self, filter: Filter, limit: int = 50, after: str | None = None) -> Page:
        return find_incidents(self.session, filter, limit, after)


def count_facet(session: Session, filter: Filter, name: str, limit: int = 12) -> tuple[FacetCount, ...]:
    """The commonest values of one facet (a name of FACETS), the commonest first. Raises KeyError, BadFilter."""
    blind: Any = {field: _NONE.get(field) for field in FACETS[name]}
    base = replace(filter, **blind)
    if name == "toll":
        return _count_tolls(session, base)
    statement = _by_value(session, base, name)
    rows = session.execute(statement.limit(limit)).all()
    return tuple(FacetCount(value, count) for value, count in rows)


_NONE: dict[str, Any] = {
    **{field: () for fields in FACETS.values() for field in fields if field not in COUNTS},
    "statuses": ("new", "updated", "confirmed", "rejected"),
}


def _by_value(session: Session, filter: Filter, name: str) -> Any:
    if name in ("country", "place", "certainty", "status"):
        column: Any = getattr(Incident, name)
        number: Any = func.count()
        statement = matching(session, filter).where(column.is_not(None))
    else:
        column, joined = {
            "type": (IncidentType.type, IncidentType.incident_id),
            "nationality": (Victim.nationality, Victim.incident_id),
            "source": (IncidentReport.source, IncidentReport.incident_id),
            "language": (IncidentReport.language, IncidentReport.incident_id),
        }[name]
        # An incident has a type once only, but may have several victims and reports alike.
        number = func.count() if name == "type" else func.count(distinct(Incident.id))
        statement = matching(session, filter).join(column.class_, joined == Incident.id).where(column.is_not(None))
        if name in ("source", "language"):
            statement = statement.where(IncidentReport.active)
    # Ordered by what is counted: an incident with three victims of one nationality is one incident.
    return statement.with_only_columns(column, number).group_by(column).order_by(number.desc(), column)


def _count_tolls(session: Session, filter: Filter) -> tuple[FacetCount, ...]:
    sums = [func.count().filter(getattr(Incident, f"{name}_max") > 0) for name in COUNTS]
    row = session.execute(matching(session, filter).with_only_columns(*sums)).one()
    return tuple(FacetCount(name, count) for name, count in zip(COUNTS, row, strict=True) if count)


def count_all(session: Session, filter: Filter) -> int:
    """How many incidents pass, exactly."""
    return session.scalar(matching(session, filter).with_only_columns(func.count())) or 0


def count_days(session: Session, filter: Filter) -> tuple[FacetCount, ...]:
    """The dated incidents by date as stated ("2025", "2025-10" or "2025-10-08"), in order of the date."""
    rows = session.execute(
        matching(session, filter)
        .where(Incident.date.is_not(None))
        .with_only_columns(Incident.date, func.count())
        .group_by(Incident.date)
    )
    return tuple(FacetCount(day, count) for day, count in sorted((day or "", count) for day, count in rows))


def count_dates(session: Session, filter: Filter, letters: int) -> tuple[DateCount, ...]:
    """The incidents whose date is stated in at least so many letters, by those letters and leading type, in order."""
    label = func.substr(Incident.date, 1, letters)
    rows = session.execute(
        matching(session, filter)
        .where(func.length(Incident.date) >= letters)
        .with_only_columns(label, Incident.type, func.count())
        .group_by(label, Incident.type)
    )
    return tuple(DateCount(*item) for item in sorted((day, kind, count) for day, kind, count in rows))


def map_cells(session: Session, filter: Filter, degrees: float, limit: int = 2000) -> tuple[MapCell, ...]:
    """The incidents on the map, those within the same `degrees` of latitude and longitude as one; the largest first."""
    row = cast(func.round((Incident.latitude + 90) / degrees), Integer)
    column = cast(func.round((Incident.longitude + 180) / degrees), Integer)
    placed = (
        matching(session, filter)
        .where(Incident.latitude.is_not(None), Incident.longitude.is_not(None), Incident.place_precision != "country")
        .with_only_columns(
            func.avg(Incident.latitude), func.avg(Incident.longitude), func.count(),
            func.max(func.coalesce(Incident.killed_max, 0)), func.max(Incident.id),
        )
        .group_by(row, column)
        .order_by(func.count().desc(), func.max(Incident.id))
        .limit(limit)
    )  # fmt: skip
    cells = [MapCell(lat, lon, None, count, killed, one) for lat, lon, count, killed, one in session.execute(placed)]
    if filter.box is None:
        cells += _country_cells(session, filter)
    return tuple(cells)


def _country_cells(session: Session, filter: Filter) -> list[MapCell]:
    rows = session.execute(
        matching(session, filter)
        .where(
            Incident.country.is_not(None),
            (Incident.latitude.is_(None)) | (Incident.place_precision == "country"),
        )
        .with_only_columns(
            Incident.country, func.count(), func.max(func.coalesce(Incident.killed_max, 0)), func.max(Incident.id)
        )
        .group_by(Incident.country)
        .order_by(func.count().desc())
    )
    return [MapCell(None, None, country, count, killed, one) for country, count, killed, one in rows]


def last_change(session: Session) -> int:
    """A number that grows with every change of any incident."""
    return session.scalar(select(func.max(History.id))) or 0
