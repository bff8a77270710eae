"""Counts and pages of one state of the table, over the arrays of `storage.tally`. All as `storage.facets` has it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from storage.cells import COUNTS
from storage.facets import FACETS, DateCount, FacetCount, MapCell
from storage.filters import STATUSES, Filter
from storage.query import MAX_LIMIT, Page, page_of, read_cursor
from storage.tally_columns import LISTS, NO_DAY, Columns, Words
from storage.tally_maps import country_cells, spot_cells
from storage.tally_masks import Mask, Masks

#: The array behind each order of the table.
ORDERED = {"updated": "last_updated", "seen": "first_seen", "date": "date_from"}


@dataclass(frozen=True, slots=True)
class Sight:
    """The arrays as they were when a request looked at them; `session` reads the rows of a page."""

    session: Session
    columns: Columns
    words: Words
    masks: Masks

    def _mask(self, filter: Filter) -> Mask:
        return self.masks.of(self.columns, self.words, self.session, filter)

    def count_all(self, filter: Filter) -> int:
        """How many incidents pass, exactly."""
        return int(np.count_nonzero(self._mask(filter)))

    def count_facet(self, filter: Filter, name: str, limit: int = 12) -> tuple[FacetCount, ...]:
        """The commonest values of one facet, the commonest first."""
        columns, mask = self.columns, self._mask(blind_to(filter, name))
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
        found = [FacetCount(known[code], int(counts[code])) for code in _largest(counts, limit)]
        return tuple(sorted(found, key=lambda item: (-item.count, item.value))[:limit])

    def count_days(self, filter: Filter) -> tuple[FacetCount, ...]:
        """The dated incidents by date as stated, in order of the date."""
        codes = self.columns.one["date"][self._mask(filter)]
        dates = self.words.of("date")
        counted = _counted(np.bincount(codes[codes >= 0], minlength=1))
        return tuple(FacetCount(*item) for item in sorted((dates[code], n) for code, n in counted))

    def count_dates(self, filter: Filter, letters: int) -> tuple[DateCount, ...]:
        """The incidents whose date is stated in so many letters or more, by those letters and leading type, in order."""
        one, types = self.columns.one, self.words.of("type")
        labels, cut = self.words.cut("date", letters)
        rows = np.flatnonzero(self._mask(filter))
        rows = rows[cut[one["date"][rows]] >= 0]
        counted = _counted(np.bincount(cut[one["date"][rows]] * len(types) + one["leading"][rows]))
        found = sorted((labels[pair // len(types)], types[pair % len(types)], n) for pair, n in counted)
        return tuple(DateCount(*item) for item in found)

    def map_cells(self, filter: Filter, degrees: float, limit: int = 2000) -> tuple[MapCell, ...]:
        """The incidents on the map, those within the same `degrees` as one; the largest first."""
        mask = self._mask(filter)
        cells = spot_cells(self.columns, mask, degrees, limit)
        if filter.box is None:
            cells += country_cells(self.columns, mask, self.words.of("country"))
        return tuple(cells)

    def find_incidents(self, filter: Filter, limit: int = 50, after: str | None = None) -> Page:
        """The incidents that pass the filter, newest first by its order, those without a date behind those with one.

        Raises BadFilter on a cursor that is none.
        """
        limit = max(1, min(limit, MAX_LIMIT))
        columns, rows = self.columns, self.columns.newest(ORDERED[filter.order])
        rows = rows[self._mask(filter)[rows]]
        values = columns.one[ORDERED[filter.order]]
        if after is not None:
            moment, number = read_cursor(after, filter)
            if moment is None:
                value = NO_DAY
            else:
                value = moment.toordinal() if type(moment) is date else moment.timestamp()
            here = values[rows]
            rows = rows[(here < value) | ((here == value) & (columns.ids[rows] < number))]
        return page_of(self.session, filter, columns.ids[rows[: limit + 1]].tolist(), limit)


def blind_to(filter: Filter, name: str) -> Filter:
    """The filter without what a facet is blind to: a chosen value must not hide the ones beside it."""
    fields: dict[str, Any] = {field: getattr(Filter(), field) for field in FACETS[name]}
    if name == "status":
        fields["statuses"] = tuple(status for status in STATUSES if status != "merged")
    return replace(filter, **fields)


def _counted(counts: NDArray[np.int64]) -> list[tuple[int, int]]:
    """(code, count) of every code that was met."""
    met = np.flatnonzero(counts)
    return list(zip(met.tolist(), counts[met].tolist(), strict=True))


def _largest(counts: NDArray[np.int64], limit: int) -> list[int]:
    """The codes met at least as often as the one at place `limit`: of thousands of places few are shown."""
    met = np.flatnonzero(counts)
    if len(met) > limit:
        least = np.partition(counts[met], len(met) - limit)[len(met) - limit]
        met = met[counts[met] >= least]
    return met.tolist()
