"""The arrays behind `storage.tally`: what they hold of an incident, how they are read, and how rows are replaced."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, partial
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
_WHOLE = ("killed", "injured", "held", "missing", "voices")
_DAYS = ("date_from", "date_to")
_REAL = ("latitude", "longitude")
_MOMENTS = ("first_seen", "last_updated")
#: Stands in an array of days for none: before all of them.
NO_DAY = -1
#: Incidents asked for by id at once: SQLite takes so many parameters and more.
BATCH = 500
#: Rows that are turned into arrays at once.
BLOCK = 1_000


@dataclass
class Words:
    """The values of each column, numbered in the order in which they were met; a number never changes its word."""

    _known: dict[str, list[str]] = field(default_factory=dict)
    _numbers: dict[str, dict[str, int]] = field(default_factory=dict)
    _cut: dict[tuple[str, int], tuple[list[str], NDArray[np.int64]]] = field(default_factory=dict)

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

    def cut(self, column: str, letters: int) -> tuple[list[str], NDArray[np.int64]]:
        """The distinct beginnings of so many letters, and for each word's number that of its beginning: -1 where the
        word is shorter, and at the last place, which -1 (no word) reads."""
        words = list(self.of(column))
        held = self._cut.get((column, letters))
        if held is not None and len(held[1]) == len(words) + 1:
            return held
        begun = dict.fromkeys(word[:letters] for word in words if len(word) >= letters)
        numbers = {beginning: number for number, beginning in enumerate(begun)}
        found = [numbers[word[:letters]] if len(word) >= letters else -1 for word in words]
        held = self._cut[column, letters] = list(numbers), np.array([*found, -1], np.int64)
        return held

    def holding(self, column: str, parts: Sequence[str]) -> NDArray[np.int64]:
        """The numbers of the words that hold one of the parts, in any case."""
        lowered = [part.lower() for part in parts]
        held = [
            code for code, word in enumerate(self.of(column)) if any(part in word.lower() for part in lowered)
        ]  # fmt: skip
        return np.array(held, np.int64)


@dataclass(frozen=True, slots=True)
class Spots:
    """The distinct points of the table, and the number of each row's point: -1 where only the country is known."""

    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    number: NDArray[np.int64]


@dataclass(frozen=True)
class Columns:
    """`ids` ascending; `one` holds an array for each column, `lists` pairs (row, number) without repeats."""

    ids: NDArray[np.int64]
    one: dict[str, NDArray[Any]]
    lists: dict[str, tuple[NDArray[np.int64], NDArray[np.int64]]]

    @cached_property
    def spots(self) -> Spots:
        """The points of the incidents; many share the middle of a town."""
        latitude, longitude = self.one["latitude"], self.one["longitude"]
        placed = np.flatnonzero(~np.isnan(latitude) & ~np.isnan(longitude) & ~self.one["country_only"])
        points, codes = np.unique(latitude[placed] + 1j * longitude[placed], return_inverse=True)
        number = np.full(len(self.ids), -1, np.int64)
        number[placed] = codes
        return Spots(points.real.copy(), points.imag.copy(), number)

    def newest(self, column: str) -> NDArray[np.int64]:
        """The rows by that column and id, the greatest first; sorted once."""
        held = self._sorted.get(column)
        if held is None:
            held = self._sorted[column] = np.lexsort((self.ids, self.one[column]))[::-1]
        return held

    @cached_property
    def _sorted(self) -> dict[str, NDArray[np.int64]]:
        return {}

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
    blocks = [_block(words, rows) for rows in _rows(session, _incidents, ids)]
    read = {name: np.concatenate([block[name] for block in blocks]) for name in ("id", *_KEPT)}
    order = np.argsort(read["id"], kind="stable")
    numbers = read.pop("id")[order]
    one = {name: values[order] for name, values in read.items()}
    lists = {}
    for table, named in _LISTED.items():
        owners: list[NDArray[np.int64]] = []
        held: dict[str, list[NDArray[np.int64]]] = {name: [] for name in named}
        for rows in _rows(session, partial(_listed, table, tuple(named.values())), ids):
            owner, *columns = _turned(rows, 1 + len(named))
            owners.append(np.fromiter(owner, np.int64, len(rows)))
            for name, values in zip(named, columns, strict=True):
                held[name].append(words.numbers(name, values))
        for name in named:
            lists[name] = _pairs(numbers, np.concatenate(owners), np.concatenate(held[name]))
    return Columns(numbers, one, lists)


def _rows(session: Session, ask: Callable[[Sequence[int] | None], Any], ids: Sequence[int] | None) -> Iterator[Any]:
    """What the statement for the incidents gives, BLOCK rows at a time and at least one block, which may be empty.

    Rows become arrays block by block: half a million tuples held at once take the garbage collector longer than reading.
    They are taken from the driver as they are: to make rows of SQLAlchemy's, with dates and aware times in them, costs
    more than to read them.
    """
    yield ()
    for chunk in _chunks(ids):
        with session.connection().execute(ask(chunk)) as result:
            while rows := result.cursor.fetchmany(BLOCK):
                yield rows


def _turned(rows: Sequence[Any], columns: int) -> list[Sequence[Any]]:
    return list(zip(*rows, strict=True)) if rows else [()] * columns


def _block(words: Words, rows: Sequence[Any]) -> dict[str, NDArray[Any]]:
    """One array for each column of these rows."""
    ids, *columns = _turned(rows, 1 + len(_ORDER))
    block: dict[str, NDArray[Any]] = {"id": np.fromiter(ids, np.int64, len(rows))}
    for name, values in zip(_ORDER, columns, strict=True):
        if name in _WORDS:
            block[name] = words.numbers(name, values)
        elif name in _DAYS:
            block[name] = _days(values)
        elif name in _MOMENTS:
            block[name] = _moments(values)
        elif name in _WHOLE:
            block[name] = np.array([-1 if value is None else value for value in values], np.int64)
        elif name in _REAL:
            block[name] = np.array(values, np.float64)  # None is nan
        else:  # place_precision
            block["country_only"] = np.fromiter((value == "country" for value in values), np.bool_, len(values))
    return block


def _pairs(
    ids: NDArray[np.int64], owners: NDArray[np.int64], codes: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(row, number) of the owners among `ids` (ascending), each pair once, in order. Codes below 0 are none."""
    kept = np.isin(owners, ids) & (codes >= 0)
    rows, codes = np.searchsorted(ids, owners[kept]), codes[kept]
    width = int(codes.max(initial=0)) + 1
    both = np.sort(rows * width + codes)
    both = both[np.diff(both, prepend=-1) > 0]  # np.unique hashes, which takes ten times as long
    return both // width, both % width


_ORDER = (*_WORDS, *_WHOLE, *_DAYS, *_REAL, *_MOMENTS, "place_precision")
_KEPT = (*_ORDER[:-1], "country_only")
_LISTED: dict[Any, dict[str, Any]] = {
    IncidentType: {"type": IncidentType.type},
    Victim: {"nationality": Victim.nationality},
    IncidentReport: {"source": IncidentReport.source, "language": IncidentReport.language},
}


def _incidents(ids: Sequence[int] | None) -> Any:
    named = {
        "leading": "type",
        "voices": "voice_count",
        **{n: f"{n}_max" for n in ("killed", "injured", "held", "missing")},
    }
    statement = select(Incident.id, *(getattr(Incident, named.get(name, name)) for name in _ORDER))
    return statement if ids is None else statement.where(Incident.id.in_(ids))


def _listed(table: Any, columns: tuple[Any, ...], ids: Sequence[int] | None) -> Any:
    statement = select(table.incident_id, *columns).where(table.incident_id.is_not(None))
    if table is IncidentReport:
        statement = statement.where(IncidentReport.active)
    return statement if ids is None else statement.where(table.incident_id.in_(ids))


def _chunks(ids: Sequence[int] | None) -> Iterator[Sequence[int] | None]:
    if ids is None:
        yield None
        return
    for begin in range(0, len(ids), BATCH):
        yield ids[begin : begin + BATCH]


def _days(values: Sequence[date | str | None]) -> NDArray[np.int64]:
    """Days as `date.toordinal` numbers them, NO_DAY for none. SQLite gives them as text."""
    known = {day: NO_DAY if day is None else _day(day).toordinal() for day in set(values)}
    return np.fromiter(map(known.__getitem__, values), np.int64, len(values))


def _day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _moments(values: Sequence[datetime | str | None]) -> NDArray[np.float64]:
    """Seconds since 1970 in UTC, nan for none. SQLite gives text without a zone: it is UTC."""
    if any(isinstance(value, datetime) for value in values):
        return np.array([value.timestamp() if isinstance(value, datetime) else float("nan") for value in values])
    micro = np.array(values, "datetime64[us]")
    return np.where(np.isnat(micro), float("nan"), micro.astype(np.int64) / 1e6)
