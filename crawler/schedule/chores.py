"""What a watcher does once a day: bodies past their term are emptied, decisions nobody will ask for are deleted."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from storage.alerts import clear_before
from storage.database import Database
from storage.people import apply_retention

log = logging.getLogger(__name__)

EVERY = timedelta(days=1)
#: Why an alert was not sent can be asked for so long.
KEEP_REASONS = timedelta(days=180)


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
        if emptied.total or cleared:
            log.info("emptied by retention: %s; old decisions deleted: %d", dict(emptied.counts), cleared)
        return True
