"""Places of a view, counted over the arrays of `storage.tally`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from storage.facets import MapCell
from storage.tally_columns import Columns
from storage.tally_masks import Mask


def spot_cells(columns: Columns, mask: Mask, degrees: float, limit: int) -> list[MapCell]:
    """The placed incidents, those within the same `degrees` of latitude and longitude as one; the largest first.

    Many incidents share a spot (a town's middle): they are counted by spot, and the spots put into cells.
    """
    spots = columns.spots
    rows = np.flatnonzero(mask & (spots.number >= 0))
    counted, killed, newest = _by_code(columns, rows, spots.number[rows], len(spots.latitude))
    met = np.flatnonzero(counted)
    if not len(met):
        return []
    counted, latitude, longitude = counted[met], spots.latitude[met], spots.longitude[met]
    row = np.floor((latitude + 90) / degrees + 0.5).astype(np.int64)
    column = np.floor((longitude + 180) / degrees + 0.5).astype(np.int64)
    found, group = np.unique(row * (1 << 32) + column, return_inverse=True)
    counts = np.bincount(group, counted).astype(np.int64)
    north, east = np.bincount(group, latitude * counted) / counts, np.bincount(group, longitude * counted) / counts
    most, last = np.zeros(len(found), np.int64), np.zeros(len(found), np.int64)
    np.maximum.at(most, group, killed[met])
    np.maximum.at(last, group, newest[met])
    order = np.lexsort((last, -counts))[:limit]
    cells = zip(*(values[order].tolist() for values in (north, east, counts, most, last)), strict=True)
    return [MapCell(lat, lon, None, count, deaths, one) for lat, lon, count, deaths, one in cells]


def country_cells(columns: Columns, mask: Mask, countries: Sequence[str]) -> list[MapCell]:
    """The incidents of which only the country is known, by country; the largest first."""
    one = columns.one
    rows = np.flatnonzero(mask & (one["country"] >= 0) & (np.isnan(one["latitude"]) | one["country_only"]))
    counts, killed, newest = _by_code(columns, rows, one["country"][rows], len(countries))
    order = np.lexsort((newest, -counts))
    return [
        MapCell(None, None, countries[code], int(counts[code]), int(killed[code]), int(newest[code]))
        for code in order[: np.count_nonzero(counts)]
    ]


def _by_code(
    columns: Columns, rows: NDArray[np.int64], codes: NDArray[np.int64], size: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """For each code how many of the rows have it, the most that were killed, and the newest incident."""
    counts = np.bincount(codes, minlength=size)
    killed, newest = np.zeros(size, np.int64), np.zeros(size, np.int64)
    newest[codes] = columns.ids[rows]  # ids ascend, and the last one assigned stays
    deaths = columns.one["killed"][rows]
    deadly = deaths > 0
    np.maximum.at(killed, codes[deadly], deaths[deadly])
    return counts, killed, newest
