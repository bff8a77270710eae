"""The arrays behind `storage.tally`: what they hold of an incident, how they are read, and how rows are replaced."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import DateTime, select, type_coerce
from sqlalchemy.orm import Session

from storage.models import Incident, IncidentReport, IncidentType, Victim

#: Columns of which an incident has several values.
LISTS = ("type", "nationality", "source", "language")
#: Columns of words: kept as numbers of `Words`, -1 for none. `place` and `admin` share one list of words.
_WORDS = ("status", "certainty", "country", "place", "admin", "leading", "date")
_SHARED = {"admin": "place", "leading": "type"}
_WHOLE = ("killed", "injured", "held", "missing", "voices")
_DAYS = ("date_from", "date_to")
_REAL = ("latitude", "longitude")
_MOMENTS = ("first_seen", "last_updated")
#: Incidents asked for by id at once: SQLite takes so many parameters and more.
BATCH = 500


@dataclass
class Words:
    """The values of each column, numbered in the order in which they were met; a number never changes its word."""

    _known: dict[str, list[str]] = field(default_factory=dict)
    _numbers: dict[str, dict[str, int]] = field(default_factory=dict)

    def of(self, column: str) -> list[str]:
        """The words of a column by number."""
        return self._known.setdefault(_SHARED.get(column, column), [])

    def number(self, column: str, word: str | None) -> int:
        """The number of a word, a new one where it has none; -1 for None."""
        if word is None:
            return -1
        numbers = self._numbers.setdefault(_SHARED.get(column, column), {})
        found = numbers.get(word)
        if found is None:
            found = numbers[word] = len(numbers)
            self.of(column).append(word)
        return found

    def numbers(self, column: str, values: Sequence[str | None]) -> NDArray[np.int64]:
        """The number of each word, new ones for those that are not known; -1 for None."""
        known = {word: self.number(column, word) for word in dict.fromkeys(values)}
        return np.fromiter(map(known.__getitem__, values), np.int64, len(values))

    def codes(self, column: str, wanted: Iterable[str]) -> NDArray[np.int64]:
        """The numbers of those of the words that are known."""
        numbers = self._numbers.get(_SHARED.get(column, column), {})
        return np.array([numbers[word] for word in wanted if word in numbers], np.int64)

    def holding(self, column: str, parts: Sequence[str]) -> NDArray[np.int64]:
        """The numbers of the words that hold one of the parts, in any case."""
        lowered = [part.lower() for part in parts]
        held = [
            code for code, word in enumerate(self.of(column)) if any(part in word.lower() for part in lowered)
        ]  # fmt: skip
        return np.array(held, np.int64)


@dataclass(frozen=True)
class Columns:
    """`ids` ascending; `one` holds an array for each column, `lists` pairs (row, number) without repeats."""

    ids: NDArray[np.int64]
    one: dict[str, NDArray[Any]]
    lists: dict[str, tuple[NDArray[np.int64], NDArray[np.int64]]]

    def with_rows(self, fresh: Columns) -> Columns:
        """These rows, those of `fresh` in place of the rows with the same id, the others of `fresh` added."""
        kept = ~np.isin(self.ids, fresh.ids)
        ids = np.concatenate([self.ids[kept], fresh.ids])
        order = np.argsort(ids, kind="stable")
        ids = ids[order]
        one = {name: np.concatenate([held[kept], fresh.one[name]])[order] for name, held in self.one.items()}
        lists = {}
        for name, (rows, codes) in self.lists.items():
            staying = kept[rows]
            new_rows, new_codes = fresh.lists[name]
            owners = np.concatenate([self.ids[rows[staying]], fresh.ids[new_rows]])
            lists[name] = (np.searchsorted(ids, owners), np.concatenate([codes[staying], new_codes]))
        return Columns(ids, one, lists)


def read_columns(session: Session, words: Words, ids: Sequence[int] | None = None) -> Columns:
    """The arrays of these incidents, of all if None."""
    ask = session.connection().execute  # rows, not objects
    rows = [row for chunk in _chunks(ids) for row in ask(_incidents(chunk)).all()]
    columns: list[Sequence[Any]] = list(zip(*rows, strict=True)) if rows else [()] * (1 + len(_ORDER))
    numbers = np.array(columns[0], np.int64)
    order = np.argsort(numbers, kind="stable")
    numbers = numbers[order]
    one: dict[str, NDArray[Any]] = {}
    for name, values in zip(_ORDER, columns[1:], strict=True):
        if name in _WORDS:
            one[name] = words.numbers(name, values)[order]
        elif name in _DAYS:
            one[name] = _days(values)[order]
        elif name in _MOMENTS:
            one[name] = _moments(values)[order]
        elif name in _WHOLE:
            one[name] = np.array([-1 if value is None else value for value in values], np.int64)[order]
        elif name in _REAL:
            one[name] = np.array(values, np.float64)[order]  # None is nan
        else:  # place_precision
            one["country_only"] = np.fromiter((value == "country" for value in values), np.bool_, len(values))[order]
    lists = {}
    for name, table, column in (
        ("type", IncidentType, IncidentType.type), ("nationality", Victim, Victim.nationality),
        ("source", IncidentReport, IncidentReport.source), ("language", IncidentReport, IncidentReport.language),
    ):  # fmt: skip
        found = [row for chunk in _chunks(ids) for row in ask(_listed(table, column, chunk)).all()]
        owners, held = zip(*found, strict=True) if found else ((), ())
        lists[name] = _pairs(numbers, np.array(owners, np.int64), words.numbers(name, held))
    return Columns(numbers, one, lists)


def _pairs(
    ids: NDArray[np.int64], owners: NDArray[np.int64], codes: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(row, number) of the owners among `ids` (ascending), each pair once, in order."""
    kept = np.isin(owners, ids)
    rows, codes = np.searchsorted(ids, owners[kept]), codes[kept]
    width = int(codes.max(initial=0)) + 1
    both = np.unique(rows * width + codes)
    return both // width, both % width


_ORDER = (*_WORDS, *_WHOLE, *_DAYS, *_REAL, *_MOMENTS, "place_precision")


def _incidents(ids: Sequence[int] | None) -> Any:
    named = {
        "leading": "type",
        "voices": "voice_count",
        **{n: f"{n}_max" for n in ("killed", "injured", "held", "missing")},
    }
    statement = select(
        Incident.id,
        *(
            # as the driver gives it: to make every time aware costs more than to read it
            type_coerce(getattr(Incident, name), DateTime(timezone=True))
            if name in _MOMENTS
            else getattr(Incident, named.get(name, name))
            for name in _ORDER
        ),
    )
    return statement if ids is None else statement.where(Incident.id.in_(ids))


def _listed(table: Any, column: Any, ids: Sequence[int] | None) -> Any:
    statement = select(table.incident_id, column).where(column.is_not(None), table.incident_id.is_not(None))
    if table is IncidentReport:
        statement = statement.where(IncidentReport.active)
    return statement if ids is None else statement.where(table.incident_id.in_(ids))


def _chunks(ids: Sequence[int] | None) -> Iterator[Sequence[int] | None]:
    if ids is None:
        yield None
        return
    for begin in range(0, len(ids), BATCH):
        yield ids[begin : begin + BATCH]


def _days(values: Sequence[date | None]) -> NDArray[np.int64]:
    """Days as `date.toordinal` numbers them, -1 for none."""
    known = {day: -1 if day is None else day.toordinal() for day in set(values)}
    return np.fromiter(map(known.__getitem__, values), np.int64, len(values))


def _moments(values: Sequence[datetime | None]) -> NDArray[np.float64]:
    """Seconds since 1970 in UTC, nan for none. SQLite gives times without a zone: they are UTC."""
    if any(value is not None and value.tzinfo is not None for value in values):
        return np.array([float("nan") if value is None else value.timestamp() for value in values], np.float64)
    micro = np.array(values, "datetime64[us]")
    return np.where(np.isnat(micro), float("nan"), micro.astype(np.int64) / 1e6)
