"""Which rows of the tally's arrays pass a filter: a mask for each condition, kept, and all of them together."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from storage.cells import COUNTS
from storage.filters import STATUSES, Box, Filter
from storage.models import Incident
from storage.query import matching, midnight
from storage.tally_columns import Columns, Words

#: Masks of single conditions that are kept (a byte an incident each): the facets of a view share all but one of them.
KEPT = 48

Mask = NDArray[np.bool_]


@dataclass
class Masks:
    """The masks of one state of the arrays, shared by all threads."""

    _held: OrderedDict[Hashable, Mask] = field(default_factory=OrderedDict)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def of(self, columns: Columns, words: Words, session: Session, filter: Filter) -> Mask:
        """Which rows pass the filter, an array of the caller's own. Raises BadFilter."""
        mask = np.ones(len(columns.ids), np.bool_)
        for key, compute in _conditions(columns, words, session, filter):
            mask &= self._mask(key, compute)
        return mask

    def _mask(self, key: Hashable, compute: Callable[[], Mask]) -> Mask:
        with self._guard:
            if (held := self._held.get(key)) is not None:
                self._held.move_to_end(key)
                return held
        made = compute()
        with self._guard:
            self._held[key] = made
            while len(self._held) > KEPT:
                self._held.popitem(last=False)
        return made


def _conditions(
    columns: Columns, words: Words, session: Session, filter: Filter
) -> Iterator[tuple[Hashable, Callable[[], Mask]]]:
    """Each condition in force, by a key that says it all. Words of the text are looked up in the database's index."""
    one = columns.one
    for name, wanted in (
        ("status", filter.statuses), ("country", filter.countries), ("certainty", filter.certainties),
    ):  # fmt: skip
        if wanted or name == "status":
            yield (name, wanted), lambda: among(one[name], words.codes(name, wanted))  # noqa: B023 - called at once
    for name, wanted in (
        ("type", filter.types), ("nationality", filter.nationalities),
        ("source", filter.sources), ("language", filter.languages),
    ):  # fmt: skip
        if wanted:
            yield (name, wanted), lambda: _listed(columns, name, words.codes(name, wanted))  # noqa: B023
    if filter.places:
        yield ("place", filter.places), lambda: _placed(columns, words.holding("place", filter.places))
    if box := filter.box:
        yield box, lambda: _boxed(columns, box)
    if since := filter.since:
        yield ("since", since), lambda: one["date_to"] >= since.toordinal()
    if until := filter.until:
        yield ("until", until), lambda: (one["date_from"] > 0) & (one["date_from"] <= until.toordinal())
    for name, day in (("first_seen", filter.seen_since), ("last_updated", filter.changed_since)):
        if day:
            yield (name, day), lambda: one[name] >= midnight(day).timestamp()  # noqa: B023
    for name in COUNTS:
        if (least := getattr(filter, name)) is not None:
            yield (name, least), lambda: one[name] >= least  # noqa: B023
    if voices := filter.voices:
        yield ("voices", voices), lambda: one["voices"] >= voices
    if text := filter.text:
        yield ("text", text), lambda: _telling(columns, session, text)


def among(numbers: NDArray[np.int64], codes: NDArray[np.int64]) -> Mask:
    """Which numbers are among the codes. Both number words, so a table is looked up: ten times as fast as np.isin."""
    wanted = np.zeros(int(max(numbers.max(initial=-1), codes.max(initial=-1))) + 2, np.bool_)
    wanted[codes] = True  # the last place, which -1 (no word) reads, stays False
    return wanted[numbers]


def _listed(columns: Columns, name: str, codes: NDArray[np.int64]) -> Mask:
    rows, held = columns.lists[name]
    mask = np.zeros(len(columns.ids), np.bool_)
    mask[rows[among(held, codes)]] = True
    return mask


def _placed(columns: Columns, codes: NDArray[np.int64]) -> Mask:
    return among(columns.one["place"], codes) | among(columns.one["admin"], codes)


def _boxed(columns: Columns, box: Box) -> Mask:
    latitude, longitude = columns.one["latitude"], columns.one["longitude"]
    east, west = longitude <= box.east, longitude >= box.west
    inside: Mask = (latitude >= box.south) & (latitude <= box.north)
    return inside & ((east & west) if box.west <= box.east else (east | west))


def _telling(columns: Columns, session: Session, text: str) -> Mask:
    held = matching(session, Filter(text=text, statuses=STATUSES)).with_only_columns(Incident.id)
    return np.isin(columns.ids, np.fromiter(session.scalars(held), np.int64))
