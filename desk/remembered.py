"""Counts that were asked for a moment ago: kept until the table changes, and a few seconds longer while it does."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

T = TypeVar("T")
#: Seconds for which counts may lag behind a table that is being written to.
LAG = 20.0
SIZE = 512


@dataclass(frozen=True, slots=True)
class _Entry:
    stamp: int
    at: float
    value: Any


@dataclass
class Remembered:
    """A small cache of computed values by key. Two requests for the same key compute it once."""

    clock: Callable[[], float] = time.monotonic
    _held: OrderedDict[Hashable, _Entry] = field(default_factory=OrderedDict)
    _locks: dict[Hashable, threading.Lock] = field(default_factory=dict)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def get(self, key: Hashable, stamp: int, compute: Callable[[], T]) -> T:
        """The value of `key` in the state `stamp` of the table, or one at most LAG seconds old."""
        with self._guard:
            if (entry := self._fresh(key, stamp)) is not None:
                return cast(T, entry.value)
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            with self._guard:
                if (entry := self._fresh(key, stamp)) is not None:
                    return cast(T, entry.value)
            value = compute()
            with self._guard:
                self._held[key] = _Entry(stamp, self.clock(), value)
                self._held.move_to_end(key)
                while len(self._held) > SIZE:
                    self._held.popitem(last=False)
                self._locks.pop(key, None)
        return value

    def forget(self) -> None:
        """Drop everything: an analyst's act must show at once."""
        with self._guard:
            self._held.clear()

    def _fresh(self, key: Hashable, stamp: int) -> _Entry | None:
        entry = self._held.get(key)
        if entry is None or (entry.stamp != stamp and self.clock() - entry.at > LAG):
            return None
        self._held.move_to_end(key)
        return entry
