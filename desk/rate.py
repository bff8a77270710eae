"""How often one caller may ask: a bucket of tokens that fills again at an even pace."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

#: Callers remembered at most; the longest silent are forgotten (their bucket is full again by then).
MOST = 10_000


@dataclass
class Limiter:
    """At most `per_minute` calls a minute of one caller, a quarter of them at once."""

    per_minute: int
    clock: Callable[[], float] = time.monotonic
    _buckets: dict[str, tuple[float, float]] = field(default_factory=dict)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    @property
    def burst(self) -> float:
        return max(1.0, self.per_minute / 4)

    def wait(self, caller: str) -> float:
        """Seconds until the caller may ask again; 0.0 where the call is allowed (and counted)."""
        now = self.clock()
        rate = self.per_minute / 60
        with self._guard:
            level, at = self._buckets.pop(caller, (self.burst, now))
            level = min(self.burst, level + (now - at) * rate)
            allowed = level >= 1
            self._buckets[caller] = (level - 1 if allowed else level, now)
            while len(self._buckets) > MOST:
                del self._buckets[next(iter(self._buckets))]
        return 0.0 if allowed else (1 - level) / rate
