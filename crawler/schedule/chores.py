"""What a watcher does once a day: bodies past their term are emptied, decisions and runs nobody will ask for go."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from storage.alerts import clear_before
from storage.database import Database
from storage.people import apply_retention
from storage.runs import clear_runs

log = logging.getLogger(__name__)

EVERY = timedelta(days=1)
#: Why an alert was not sent can be asked for so long.
KEEP_REASONS = timedelta(days=180)
#: A run's counts are shown and compared for so long. Two hundred sources make a thousand runs a day and more.
KEEP_RUNS = timedelta(days=90)


class Chores:
    """`work` does them where a day has passed since the last time (and at the first call)."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._done: datetime | None = None

    def work(self) -> bool:
        """Whether they were due and have been done."""
        now = self._now()
        if self._done is not None and now - self._done < EVERY:
            return False
        self._done = now
        with self._database.write() as session:
            emptied = apply_retention(session, "schedule", now)
            cleared = clear_before(session, now - KEEP_REASONS)
            runs = clear_runs(session, now - KEEP_RUNS)
        if emptied.total or cleared or runs:
            log.info(
                "emptied by retention: %s; deleted: %d old decisions, %d old runs", dict(emptied.counts), cleared, runs
            )
        return True
