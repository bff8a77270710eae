"""The incident table in memory, a column an array, so that every count of a view costs milliseconds.

Counting 200,000 incidents nine ways takes a database seconds; over arrays it takes no longer than drawing the page.
The arrays are read once (about 100 bytes an incident) and brought up to date from the history. What is counted is what
`storage.facets` counts with SQL, which stays the reference: the tests hold both to the same answers.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage import facets
from storage.cells import COUNTS
from storage.facets import FACETS, FacetCount
from storage.filters import STATUSES, Filter
from storage.models import History, Incident, IncidentReport
from storage.query import matching, midnight
from storage.tally_columns import LISTS, Columns, Words, read_columns

#: Where more incidents than this share have changed, everything is read anew.
MOST_CHANGED = 0.05
#: A larger table is read in the background first; until then its counts come from the database.
AT_ONCE = 20_000

#: Masks that are kept: the facets of one view ask for the same ones again.
MASKS = 32

Mask = NDArray[np.bool_]


@dataclass
class Tally:
    """The arrays of one database, shared by all threads; `at` gives them as the table now is."""

    words: Words = field(default_factory=Words)
    _columns: Columns | None = None
    _stamp: tuple[int, int] = (0, 0)
    _guard: threading.Lock = field(default_factory=threading.Lock)
    _masks_of: Columns | None = None
    _masks: OrderedDict[Filter, Mask] = field(default_factory=OrderedDict)

    def ready(self, session: Session) -> bool:
        """Whether counts come without a wait: the arrays are there, or are read in no time."""
        return self._columns is not None or (session.scalar(select(func.max(Incident.id))) or 0) <= AT_ONCE

    def at(self, session: Session) -> Columns:
        """The arrays as of the session's picture of the database (or a later one)."""
        stamp = _stamp(session)
        with self._guard:
            if self._columns is None:
                self._columns, self._stamp = read_columns(session, self.words), stamp
            elif stamp > self._stamp:
                self._columns, self._stamp = self._renewed(session, self._columns), stamp
            return self._columns

    def _renewed(self, session: Session, columns: Columns) -> Columns:
        changed = _changed(session, self._stamp)
        if len(changed) > MOST_CHANGED * len(columns.ids) + 100:
            return read_columns(session, self.words)
        return columns.with_rows(read_columns(session, self.words, changed))

    def mask(self, session: Session, filter: Filter) -> tuple[Columns, Mask]:
        """The arrays, and which of their rows pass the filter. Raises BadFilter."""
        columns = self.at(session)
        key = replace(filter, order=Filter().order)  # the order of the rows lets no row through
        with self._guard:
            if self._masks_of is not columns:
                self._masks_of, self._masks = columns, OrderedDict()
            held = self._masks.get(key)
        if held is None:
            held = passing(columns, self.words, session, filter)
            with self._guard:
                if self._masks_of is columns:
                    self._masks[key] = held
                    while len(self._masks) > MASKS:
                        self._masks.popitem(last=False)
        return columns, held

    def count_all(self, session: Session, filter: Filter) -> int:
        """How many incidents pass, exactly."""
        if not self.ready(session):
            return facets.count_all(session, filter)
        return int(np.count_nonzero(self.mask(session, filter)[1]))

    def count_facet(self, session: Session, filter: Filter, name: str, limit: int = 12) -> tuple[FacetCount, ...]:
        """As `storage.facets.count_facet`."""
        if not self.ready(session):
            return facets.count_facet(session, filter, name, limit)
        columns, mask = self.mask(session, blind_to(filter, name))
        if name == "toll":
            tolls = ((toll, int(np.count_nonzero(mask & (columns.one[toll] > 0)))) for toll in COUNTS)
            return tuple(FacetCount(toll, count) for toll, count in tolls if count)
        if name in LISTS:
            rows, codes = columns.lists[name]
            codes = codes[mask[rows]]
        else:
            codes = columns.one[name][mask]
        counts = np.bincount(codes[codes >= 0], minlength=1)
        known = self.words.of(name)
        found = [FacetCount(known[code], int(counts[code])) for code in np.flatnonzero(counts)]
        return tuple(sorted(found, key=lambda item: (-item.count, item.value))[:limit])


def blind_to(filter: Filter, name: str) -> Filter:
    """The filter without what a facet is blind to: a chosen value must not hide the ones beside it."""
    fields: dict[str, Any] = {field: getattr(Filter(), field) for field in FACETS[name]}
    if name == "status":
        fields["statuses"] = tuple(status for status in STATUSES if status != "merged")
    return replace(filter, **fields)


def passing(columns: Columns, words: Words, session: Session, filter: Filter) -> Mask:
    """Which rows pass the filter. Words of the text are looked up in the database's index. Raises BadFilter."""
    one = columns.one
    mask = _among(one["status"], words.codes("status", filter.statuses))
    for name, wanted in (("country", filter.countries), ("certainty", filter.certainties)):
        if wanted:
            mask &= _among(one[name], words.codes(name, wanted))
    for name, wanted in (
        ("type", filter.types), ("nationality", filter.nationalities),
        ("source", filter.sources), ("language", filter.languages),
    ):  # fmt: skip
        if wanted:
            mask &= _listed(columns, name, words.codes(name, wanted))
    if filter.places:
        codes = words.holding("place", filter.places)
        mask &= _among(one["place"], codes) | _among(one["admin"], codes)
    if filter.box:
        box = filter.box
        east, west = one["longitude"] <= box.east, one["longitude"] >= box.west
        mask &= (one["latitude"] >= box.south) & (one["latitude"] <= box.north)
        mask &= (east & west) if box.west <= box.east else (east | west)
    if filter.since:
        mask &= one["date_to"] >= filter.since.toordinal()
    if filter.until:
        mask &= (one["date_from"] > 0) & (one["date_from"] <= filter.until.toordinal())
    for name, day in (("first_seen", filter.seen_since), ("last_updated", filter.changed_since)):
        if day:
            mask &= one[name] >= midnight(day).timestamp()
    for name in COUNTS:
        if (least := getattr(filter, name)) is not None:
            mask &= one[name] >= least
    if filter.voices:
        mask &= one["voices"] >= filter.voices
    if filter.text:
        held = matching(session, Filter(text=filter.text, statuses=STATUSES)).with_only_columns(Incident.id)
        mask &= np.isin(columns.ids, np.fromiter(session.scalars(held), np.int64))
    return mask


def _among(numbers: NDArray[np.int64], codes: NDArray[np.int64]) -> Mask:
    """Which numbers are among the codes. Both number words, so a table is looked up: ten times as fast as np.isin."""
    wanted = np.zeros(int(max(numbers.max(initial=-1), codes.max(initial=-1))) + 2, np.bool_)
    wanted[codes] = True  # the last place, which -1 (no word) reads, stays False
    return wanted[numbers]


def _listed(columns: Columns, name: str, codes: NDArray[np.int64]) -> Mask:
    rows, held = columns.lists[name]
    mask = np.zeros(len(columns.ids), np.bool_)
    mask[rows[_among(held, codes)]] = True
    return mask


def _stamp(session: Session) -> tuple[int, int]:
    """Grows with every change of a cell and every report."""
    history = session.scalar(select(func.max(History.id))) or 0
    return history, session.scalar(select(func.max(IncidentReport.id))) or 0


def _changed(session: Session, since: tuple[int, int]) -> list[int]:
    told: Iterable[int | None] = session.scalars(select(History.incident_id).where(History.id > since[0]).distinct())
    seen = session.scalars(select(IncidentReport.incident_id).where(IncidentReport.id > since[1]).distinct())
    return sorted({number for number in (*told, *seen) if number is not None})
