"""The dispatcher: looks at the database, invites workers to what is to be done, and slows crawls when reading lags.

Several may run; one at a time leads, under a lease. It keeps nothing that matters: a new leader looks and goes on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from crawler.config import Config
from crawler.schedule.alerting import Alerting
from crawler.schedule.chores import Chores
from crawler.schedule.watch import SPREAD, spread
from spiders.source import Source
from storage.database import Database
from storage.due import sync_due
from storage.leases import take
from storage.waiting import DueNow, Unread, due_now, files_waiting, letters_waiting, unread

log = logging.getLogger(__name__)

#: The name of the leader's lease, and how long it lasts.
LEADER = "dispatcher"
LEADS = timedelta(seconds=20)
#: An invitation that led to nothing is repeated after this; workers throw away older ones.
AGAIN = timedelta(seconds=120)
#: ... or after this, where no worker has a message left to take: the source's host was busy, or its worker died.
SOON = timedelta(seconds=15)
#: Invitations to read that may lie in the queue: enough for a second of a hundred readers.
READS_AHEAD = 64
#: Sources invited in one step, and files.
SOURCES_AT_ONCE = 500
FILES_AHEAD = 16
#: Reading lags by so many times the backlog: crawls are this much rarer at most. Not rarer: an item that leaves its
#: feed before the next poll is lost, while an article that waits is only late.
MOST_STRETCH = 4.0


class BrokerDown(Exception):  # noqa: N818 - named for what happened
    """The broker cannot be reached; what was to be sent is sent by a later step."""


class Mailbox(Protocol):
    """Where invitations are put."""

    def send(self, queue: str, *arguments: str, expires: timedelta | None = None) -> None:
        """Put one invitation into a queue. Raises BrokerDown."""

    def waiting(self, queue: str) -> int:
        """How many lie there that no worker has taken. Raises BrokerDown."""


@dataclass(slots=True)
class Sent:
    """Invitations of one step by queue; `leads` is False for a dispatcher that stands by."""

    leads: bool = True
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, queue: str, number: int = 1) -> None:
        """Count invitations."""
        if number:
            self.counts[queue] = self.counts.get(queue, 0) + number


class Dispatcher:
    """One dispatcher; `step` is called every second or so. The clock and the mailbox are passed in."""

    def __init__(
        self,
        database: Database,
        config: Config,
        sources: Mapping[str, Source],
        mailbox: Mailbox,
        alerting: Alerting,
        *,
        holder: str,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._config = config
        self._sources = sources
        self._mailbox = mailbox
        self._alerting = alerting
        self._holder = holder
        self._now = now
        self._chores = Chores(database, now)
        self._invited: dict[str, datetime] = {}
        self._letters_invited: datetime | None = None
        self._leading = False

    def step(self) -> Sent:
        """Look, and invite. Raises BrokerDown where invitations could not be sent."""
        now = self._now()
        if not self._lead(now):
            return Sent(leads=False)
        with self._database.read() as session:
            articles = unread(session, now)
            due = due_now(session, now, SOURCES_AT_ONCE)
            files = files_waiting(session, now)
            letters = letters_waiting(session, now)
        sent = Sent()
        self._invite_reading(articles, sent)
        self._invite_crawls(due, stretch(articles, self._config.backlog), now, sent)
        if articles.live < self._config.backlog:  # an archive waits while news does
            self._top_up("backfill", files, FILES_AHEAD, sent)
        if letters and (self._letters_invited is None or now - self._letters_invited >= AGAIN / 8):
            self._letters_invited = now
            self._mailbox.send("alert", expires=AGAIN)
            sent.add("alert")
        self._alerting.refresh()
        self._chores.work()
        return sent

    def _lead(self, now: datetime) -> bool:
        with self._database.write() as session:
            leads = take(session, [LEADER], self._holder, LEADS, now) is not None
            if leads and not self._leading:
                sync_due(session, spread(self._sources, SPREAD), now)
        if leads and not self._leading:
            log.info("%s leads: %d sources", self._holder, len(self._sources))
            self._invited.clear()
        self._leading = leads
        return leads

    def _invite_reading(self, articles: Unread, sent: Sent) -> None:
        batches = -(-(articles.live + articles.others) // self._config.read_batch)
        self._top_up("read", batches, READS_AHEAD, sent)

    def _invite_crawls(self, due: list[DueNow], factor: float, now: datetime, sent: Sent) -> None:
        if not due:
            return
        again = AGAIN if self._mailbox.waiting("crawl") else SOON
        for one in due:
            if one.source not in self._sources or not _waited_enough(one, factor, now):
                continue
            last = self._invited.get(one.source)
            if last is not None and now - last < again and one.due <= last:
                continue
            self._mailbox.send("crawl", one.source, expires=AGAIN)
            self._invited[one.source] = now
            sent.add("crawl")

    def _top_up(self, queue: str, wanted: int, ahead: int, sent: Sent) -> None:
        if wanted:
            missing = min(wanted, ahead) - self._mailbox.waiting(queue)
            for _ in range(missing):
                self._mailbox.send(queue, expires=AGAIN)
            sent.add(queue, max(missing, 0))


def stretch(articles: Unread, backlog: int) -> float:
    """How many times their period crawls are apart: 1 up to the backlog, then in step with what waits."""
    return min(max(articles.live / backlog, 1.0), MOST_STRETCH)


def _waited_enough(one: DueNow, factor: float, now: datetime) -> bool:
    return now >= one.due + one.period * (factor - 1)
