"""Dates and places of a view, counted over the arrays of `storage.tally`."""

from __future__ import annotations

import numpy as np
from sqlalchemy.orm import Session

from storage import facets
from storage.facets import DateCount, MapCell
from storage.filters import Filter
from storage.tally import Tally


def count_dates(tally: Tally, session: Session, filter: Filter) -> tuple[DateCount, ...]:
    """As `storage.facets.count_dates`."""
    if not tally.ready(session):
        return facets.count_dates(session, filter)
    columns, mask = tally.mask(session, filter)
    mask = mask & (columns.one["date"] >= 0)
    pairs = np.stack([columns.one["date"][mask], columns.one["leading"][mask]], axis=1)
    found, counts = np.unique(pairs, axis=0, return_counts=True) if len(pairs) else (pairs, np.zeros(0, np.int64))
    dates, types = tally.words.of("date"), tally.words.of("type")
    counted = [DateCount(dates[day], types[kind], int(n)) for (day, kind), n in zip(found, counts, strict=True)]
    return tuple(sorted(counted, key=lambda item: (item.date, item.type)))


def map_cells(tally: Tally, session: Session, filter: Filter, degrees: float, limit: int = 2000) -> tuple[MapCell, ...]:
    """As `storage.facets.map_cells`."""
    if not tally.ready(session):
        return facets.map_cells(session, filter, degrees, limit)
    columns, mask = tally.mask(session, filter)
    one, ids = columns.one, columns.ids
    placed = np.flatnonzero(mask & ~np.isnan(one["latitude"]) & ~np.isnan(one["longitude"]) & ~one["country_only"])
    cells: list[MapCell] = []
    if len(placed):
        latitude, longitude = one["latitude"][placed], one["longitude"][placed]
        row = np.floor((latitude + 90) / degrees + 0.5).astype(np.int64)
        column = np.floor((longitude + 180) / degrees + 0.5).astype(np.int64)
        _, group, counts = np.unique(row * (1 << 32) + column, return_inverse=True, return_counts=True)
        middle = (np.bincount(group, latitude) / counts, np.bincount(group, longitude) / counts)
        killed, newest = np.zeros(len(counts), np.int64), np.zeros(len(counts), np.int64)
        np.maximum.at(killed, group, one["killed"][placed])
        np.maximum.at(newest, group, ids[placed])
        cells = [
            MapCell(float(middle[0][n]), float(middle[1][n]), None, int(counts[n]), int(killed[n]), int(newest[n]))
            for n in np.lexsort((newest, -counts))[:limit]
        ]
    if filter.box is None:
        cells += _country_cells(tally, session, filter)
    return tuple(cells)


def _country_cells(tally: Tally, session: Session, filter: Filter) -> list[MapCell]:
    columns, mask = tally.mask(session, filter)
    one, ids = columns.one, columns.ids
    rest = np.flatnonzero(mask & (one["country"] >= 0) & (np.isnan(one["latitude"]) | one["country_only"]))
    if not len(rest):
        return []
    codes, group, counts = np.unique(one["country"][rest], return_inverse=True, return_counts=True)
    killed, newest = np.zeros(len(counts), np.int64), np.zeros(len(counts), np.int64)
    np.maximum.at(killed, group, one["killed"][rest])
    np.maximum.at(newest, group, ids[rest])
    words = tally.words.of("country")
    return [
        MapCell(None, None, words[codes[n]], int(counts[n]), int(killed[n]), int(newest[n]))
        for n in np.lexsort((newest, -counts))
    ]
