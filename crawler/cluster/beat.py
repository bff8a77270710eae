"""Celery's beat with the schedule table in place of a list of periods: each tick is one step of the dispatcher."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from celery.beat import Scheduler
from sqlalchemy.exc import DBAPIError

from crawler.cluster.app import CeleryMailbox
from crawler.cluster.dispatch import BrokerDown, Dispatcher
from crawler.cluster.tasks import config, database, sources
from crawler.jobs.read_stored import worker_name
from crawler.schedule.alerting import Alerting

log = logging.getLogger(__name__)

#: Seconds between two steps; and after one that could not reach its servers.
TICK = 1.0
TROUBLE = 3.0


class ScheduleTable(Scheduler):  # type: ignore[misc]
    """The scheduler that `sageon worker --beat` runs; also `celery -A crawler.cluster.app beat -S crawler.cluster.beat:ScheduleTable`."""

    def __init__(self, app: Any, *arguments: Any, **options: Any) -> None:
        now = lambda: datetime.now(UTC)  # noqa: E731
        worker = worker_name()
        alerting = Alerting(database(), Path(config().alerts), worker, now)
        only = app.conf.get("sageon_sources") or ()
        handed_out = {name: one for name, one in sources().items() if not only or name in only}
        self.dispatcher = Dispatcher(
            database(), config(), handed_out, CeleryMailbox(app), alerting, holder=worker, now=now
        )
        super().__init__(app, *arguments, **options)

    def setup_schedule(self) -> None:
        """There is no list of periods: what is due stands in the database."""

    def tick(self, *_arguments: Any, **_options: Any) -> float:
        """One step; returns the seconds until the next."""
        try:
            sent = self.dispatcher.step()
        except BrokerDown as error:
            log.warning("the broker did not answer: %s", error)
            return TROUBLE
        except DBAPIError as error:
            log.warning("the database did not answer: %s", str(error.orig or error).strip().splitlines()[0])
            return TROUBLE
        if sent.counts:
            log.debug("invited: %s", sent.counts)
        return TICK
