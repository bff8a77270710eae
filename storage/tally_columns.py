"""The arrays behind `storage.tally`: what they hold of an incident, how they are read, and how rows are replaced."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.models import Incident, IncidentReport, IncidentType, Victim

#: Columns of which an incident has several values.
LISTS = ("type", "nationality", "source", "language")
#: Columns of words: kept as numbers of `Words`, -1 for none. `place` and `admin` share one list of words.
_WORDS = ("status", "certainty", "country", "place", "admin", "leading", "date")
_SHARED = {"admin": "place", "leading": "type"}
_WHOLE = ("killed", "injured", "held", "missing", "voices", "date_from", "date_to")
_REAL = ("latitude", "longitude", "first_seen", "last_updated")
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
    rows = [row for chunk in _chunks(ids) for row in session.execute(_incidents(chunk))]
    rows.sort(key=lambda row: row[0])
    columns: list[Sequence[Any]] = list(zip(*rows, strict=True)) if rows else [()] * (1 + len(_ORDER))
    numbers = np.array(columns[0], np.int64)
    one: dict[str, NDArray[Any]] = {}
    for name, values in zip(_ORDER, columns[1:], strict=True):
        if name in _WORDS:
            one[name] = np.fromiter((words.number(name, value) for value in values), np.int64, len(values))
        elif name in _WHOLE:
            one[name] = np.fromiter((_whole(value) for value in values), np.int64, len(values))
        elif name in _REAL:
            one[name] = np.fromiter((_real(value) for value in values), np.float64, len(values))
        else:  # place_precision
            one["country_only"] = np.fromiter((value == "country" for value in values), np.bool_, len(values))
    lists = {}
    for name, table, column in (
        ("type", IncidentType, IncidentType.type), ("nationality", Victim, Victim.nationality),
        ("source", IncidentReport, IncidentReport.source), ("language", IncidentReport, IncidentReport.language),
    ):  # fmt: skip
        pairs = {
            (owner, words.number(name, word))
            for chunk in _chunks(ids)
            for owner, word in session.execute(_listed(table, column, chunk))
        }
        held = np.array(sorted(pairs), np.int64).reshape(-1, 2)
        held = held[np.isin(held[:, 0], numbers)]
        lists[name] = (np.searchsorted(numbers, held[:, 0]), held[:, 1])
    return Columns(numbers, one, lists)


_ORDER = (*_WORDS, *_WHOLE, *_REAL, "place_precision")


def _incidents(ids: Sequence[int] | None) -> Any:
    named = {
        "leading": "type",
        "voices": "voice_count",
        **{n: f"{n}_max" for n in ("killed", "injured", "held", "missing")},
    }
    statement = select(Incident.id, *(getattr(Incident, named.get(name, name)) for name in _ORDER))
    return statement if ids is None else statement.where(Incident.id.in_(ids))


def _listed(table: Any, column: Any, ids: Sequence[int] | None) -> Any:
    statement = select(table.incident_id, column).where(column.is_not(None), table.incident_id.is_not(None)).distinct()
    if table is IncidentReport:
        statement = statement.where(IncidentReport.active)
    return statement if ids is None else statement.where(table.incident_id.in_(ids))


def _chunks(ids: Sequence[int] | None) -> Iterator[Sequence[int] | None]:
    if ids is None:
        yield None
        return
    for begin in range(0, len(ids), BATCH):
        yield ids[begin : begin + BATCH]


def _whole(value: Any) -> int:
    if value is None:
        return -1
    return value.toordinal() if isinstance(value, date) else int(value)


def _real(value: Any) -> float:
    if value is None:
        return float("nan")
    return float(value) if isinstance(value, (int, float)) else float(value.timestamp())
