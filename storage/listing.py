"""Which incidents stand on a page, found in the way that stays fast in a table of a million.

A list is wanted newest first, fifty at a time. There are two ways. Reading: an index that holds rows in the list's order
is read from its top, and of each row everything else is asked, until the page is full. The thinnest such index is read:
the list's own holds all incidents, that of a type only those of the type. Looking up: all that fulfil a rare condition
are found by its index, asked everything else, and sorted.

Neither database knows what is rare (SQLite keeps no histogram, PostgreSQL guesses wrong once a LIMIT stands there), so
the rows of each condition are counted first, up to where it is no longer rare. Only ids are found here: rows are wide.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, bindparam, desc, func, select, tuple_, union, union_all
from sqlalchemy.orm import Session, aliased

from storage.conditions import (
    FREQUENT,
    GATHERED,
    Condition,
    Ordered,
    ends_undated,
    indexed_conditions,
    linked_conditions,
    place_bounds,
    place_column,
    plain_conditions,
    probed,
    searchable_conditions,
)
from storage.database import planned_for_a_page
from storage.filters import Filter
from storage.models import Incident

#: Of so many incidents at the top of the list it is counted which condition fewest of them fulfil.
TOP = 10_000
#: With more values than this, the list's own order is read: each value is read until it alone fills the page.
MOST_READ = 4

#: A place in a list: the order's value (None for one without a date) and the id of the row before.
Place = tuple[Any, int]


@dataclass(frozen=True, slots=True)
class Plan:
    """`read` in order, in one piece or several; or, where there is none, `chosen` is looked up. `chosen` needs no asking.

    What fulfils those of `gathered` is gathered before it is asked.
    """

    read: tuple[Ordered, ...] = ()
    chosen: Condition | None = None
    gathered: tuple[Condition, ...] = ()


def found_ids(session: Session, filter: Filter, limit: int, after: Place | None = None) -> list[int]:
    """The ids of the first `limit` incidents that pass, in the list's order, behind the place `after`. Raises BadFilter."""
    with planned_for_a_page(session):
        return _found_ids(session, filter, limit, after)


def _found_ids(session: Session, filter: Filter, limit: int, after: Place | None) -> list[int]:
    conditions = [*linked_conditions(session, filter), *indexed_conditions(filter)]
    plan = planned(session, conditions, filter)
    others = [condition for condition in conditions if condition is not plan.chosen]
    sqlite = session.get_bind().dialect.name == "sqlite"
    found: list[int] = []
    for undated, place in _stretches(filter, after):
        left = limit - len(found)
        if left > 0:
            rest = _Rest(filter, others, plan, place, undated)
            way = _reading(plan.read, rest, left, sqlite) if plan.read else _looking_up(plan.chosen, rest, left)
            found += session.scalars(way)
    return found


def _stretches(filter: Filter, after: Place | None) -> Iterator[tuple[bool, Place | None]]:
    """Where the list is read on: those with a value of the order, behind the place, then those without a date.

    Each is a range of the same index. In one statement with the others, those without would have to be sorted.
    """
    begun = after is not None and after[0] is None
    if not begun:
        yield False, after
    if ends_undated(filter):
        yield True, after if begun else None


def planned(session: Session, conditions: Sequence[Condition], filter: Filter) -> Plan:
    """The way that suits how frequent the filter's values are."""
    counted = [(_count(session, condition), number) for number, condition in enumerate(conditions)]
    rare = [(rows, number) for rows, number in counted if rows <= conditions[number].rare]
    if rare:
        chosen = conditions[min(rare)[1]]
        return Plan(chosen.ordered if _readable(chosen) else (), chosen)
    readable = [condition for condition in conditions if _readable(condition)]
    if not readable:
        row = aliased(Incident)
        gathered = tuple(each for each in conditions if _gathered(session, each))
        return Plan((Ordered(place_column(filter, row), row.id),), gathered=gathered)
    chosen = readable[0] if len(readable) == 1 else _thinnest(session, readable)
    return Plan(chosen.ordered, chosen)


def _count(session: Session, condition: Condition) -> int:
    return _rows(session, condition, condition.rare + 1)


def _rows(session: Session, condition: Condition, most: int) -> int:
    return session.scalar(select(func.count()).select_from(condition.rows().limit(most).subquery())) or 0


def _gathered(session: Session, condition: Condition) -> bool:
    """Whether what fulfils it is better gathered once than asked of each incident of the whole list."""
    if condition.newest is None or (session.scalar(condition.newest) or 0) >= FREQUENT:
        return False
    return _rows(session, condition, GATHERED + 1) <= GATHERED


def _readable(condition: Condition) -> bool:
    return 0 < len(condition.ordered) <= MOST_READ


def _thinnest(session: Session, conditions: Sequence[Condition]) -> Condition:
    """Of conditions whose rows can be read in order of the last change, the one with the fewest at the top of the list."""
    moments = select(Incident.last_updated).order_by(Incident.last_updated.desc())
    top = session.scalar(moments.offset(TOP).limit(1))

    def rows(condition: Condition) -> int:
        pieces = (
            select(piece.id).where(*piece.where, *([] if top is None else [piece.place >= top]))
            for piece in condition.ordered
        )
        return session.scalar(select(func.count()).select_from(union_all(*pieces).subquery())) or 0

    return min(conditions, key=rows)


@dataclass(frozen=True, slots=True)
class _Rest:
    """What is asked of the rows that the plan comes upon."""

    filter: Filter
    conditions: Sequence[Condition]
    plan: Plan
    after: Place | None
    undated: bool = False

    def of_row(self) -> list[ColumnElement[bool]]:
        """Of the incident's own row, but for its plain columns and what the chosen condition settles."""
        settled = self.plan.chosen.settles if self.plan.chosen else ()
        return [asked for name, asked in searchable_conditions(self.filter).items() if name not in settled]

    def linked(
        self, id: Any, place: Any = None, conditions: Sequence[Condition] | None = None
    ) -> list[ColumnElement[bool]]:
        """The conditions, or some of them, asked of the incident `id`."""
        among = self.conditions if conditions is None else conditions
        ways = (each.gathered if each in self.plan.gathered else each.holds for each in among)
        return [way(id, place) for way in ways if way]

    def behind(self, place: Any, id: Any) -> list[ColumnElement[bool]]:
        bounds = place_bounds(self.filter, place, self.undated)
        if self.after is None:
            return bounds
        value, before = self.after
        if self.undated:
            return [*bounds, id < before]
        return [*bounds, tuple_(place, id) < tuple_(bindparam(None, value, type_=place.type), before)]


def _reading(pieces: Sequence[Ordered], rest: _Rest, limit: int, sqlite: bool) -> Select[Any] | CompoundSelect[Any]:
    """SQLite merges several pieces while it reads them. PostgreSQL reads each to its end first, so it ends with the page."""
    if not sqlite:
        statements = [_merged(piece, rest, limit) for piece in pieces]
    elif len(pieces) > 1:
        statements = [_read_off(piece, rest) for piece in pieces]
    else:
        piece = pieces[0]
        statements = [_read_off(piece, rest).distinct().order_by(piece.place.desc(), piece.id.desc()).limit(limit)]
    if len(statements) == 1:
        return statements[0]
    together = union(*(statements if sqlite else (select(statement.subquery()) for statement in statements)))
    return together.order_by(desc("place"), desc("id")).limit(limit)


def _read_off(piece: Ordered, rest: _Rest) -> Select[Any]:
    """The incident's row is asked apart: in one statement with the piece SQLite would choose anew by which index to find it."""
    asked = _row(piece.id, [*plain_conditions(rest.filter), *rest.of_row()])
    return select(piece.id.label("id"), piece.place.label("place")).where(
        *piece.where, *rest.behind(piece.place, piece.id), *rest.linked(piece.id, piece.place), asked
    )


def _merged(piece: Ordered, rest: _Rest, limit: int) -> Select[Any]:
    """For PostgreSQL: within, what it can merge in the list's order; of what comes out of that the rest is asked."""
    merged = [condition for condition in rest.conditions if condition.mergeable]
    # Those without a date are so few that it would sort them, unless its plan is one for the first of a number of rows.
    apart = f"LIMIT {2**63 - 1}" if rest.undated else "OFFSET 0"
    within = (
        select(piece.id.label("id"), piece.place.label("place"))
        .where(*piece.where, *rest.behind(piece.place, piece.id), *rest.linked(piece.id, piece.place, merged))
        .distinct()
        .order_by(piece.place.desc(), piece.id.desc())
        .suffix_with(apart)
        .subquery()
    )
    id, place = within.c.id, within.c.place
    others = [condition for condition in rest.conditions if not condition.mergeable]
    asked = _row(id, [*plain_conditions(rest.filter), *rest.of_row()])
    return (
        select(id, place).where(*rest.linked(id, place, others), asked).order_by(place.desc(), id.desc()).limit(limit)
    )


def _looking_up(condition: Condition | None, rest: _Rest, limit: int) -> Select[Any]:
    assert condition is not None
    row = aliased(Incident)
    # an expression of the column is in no index: the few rows that were looked up are sorted
    place = func.coalesce(place_column(rest.filter, row), place_column(rest.filter, row))
    asked = [*plain_conditions(rest.filter, row), *rest.behind(place, row.id)]
    others = rest.of_row()
    if others:
        asked.append(_row(row.id, others))
    asked += rest.linked(row.id)
    parts = [select(row.id.label("id"), place.label("place")).where(part, *asked) for part in condition.found(row)]
    together = union_all(*parts).subquery()
    return select(together).order_by(together.c.place.desc(), together.c.id.desc()).limit(limit)


def _row(id: Any, asked: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    return probed(select(Incident.id).where(Incident.id == id, *asked).correlate_except(Incident))
