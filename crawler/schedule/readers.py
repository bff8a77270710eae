"""The readers of a watcher: started when articles wait, closed after a time without any, begun anew after crashes."""

from __future__ import annotations

from datetime import datetime, timedelta

from crawler.config import Config
from crawler.jobs.read_stored import read_order
from crawler.jobs.reading_crew import MOST_CRASHES, ReadingCrew
from storage.database import Database
from storage.ledger import unread

#: Reader processes hold an analyser in memory; without work for so long they are let go.
REST = timedelta(minutes=10)
#: How often articles are looked for that nobody announced: another process stored them, or their reader died.
LOOK = timedelta(seconds=30)


class Readers:
    """Reads what is stored; a year of it outlives the crashes that end one run's readers."""

    def __init__(self, database: Database, config: Config) -> None:
        self._database = database
        self._order = read_order(config)
        self._count = config.reader_count()
        self._lease = timedelta(seconds=config.lease_seconds)
        self._crew: ReadingCrew | None = None
        self._worked: datetime | None = None
        self._looked: datetime | None = None
        self._done = 0
        self._before = 0
        self.busy = False

    @property
    def read(self) -> int:
        """Articles read since the watcher began."""
        return self._before + (sum(self._crew.outcomes.values()) if self._crew is not None else 0)

    def expect(self, articles: int) -> None:
        """So many articles have been stored."""
        if articles:
            self._open().expect(articles)
            self.busy = True

    def work(self, now: datetime) -> None:
        """Set readers to work on what waits; let them go where nothing has waited for long."""
        if not self.busy and (self._looked is None or now - self._looked >= LOOK):
            self._looked = now
            waiting = self._unread()
            if waiting:
                self.expect(waiting)
        if self._crew is None:
            return
        if self.busy:
            self._crew.work()
            done = sum(self._crew.outcomes.values())
            if done != self._done or self._worked is None:
                self._done, self._worked = done, now
            elif now - self._worked > self._lease:  # nothing came for a whole lease: look again later
                self.busy = False
        elif self._worked is None or now - self._worked > REST:
            self.close()
        if self._crew is not None and self._crew.crashes >= MOST_CRASHES:
            self.close()

    def drain(self) -> None:
        """Read until nothing is left to read."""
        if self._unread():
            self._open().drain()

    def close(self) -> None:
        """Let the readers go; batches under way are finished first."""
        if self._crew is not None:
            self._crew.close()
            self._before = self.read
        self._crew, self.busy, self._done, self._worked = None, False, 0, None

    def _unread(self) -> int:
        with self._database.read() as session:
            return unread(session)

    def _open(self) -> ReadingCrew:
        if self._crew is None:
            self._crew = ReadingCrew(self._order, self._count, self._database)
        return self._crew
