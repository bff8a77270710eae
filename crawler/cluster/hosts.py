"""One crawl a host at a time, on whatever machine: politeness is owed by all machines together."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

from storage.database import Database
from storage.errors import LeaseLost
from storage.leases import Lease, give_back, prolong

log = logging.getLogger(__name__)


def host_names(hosts: Collection[str]) -> list[str]:
    """The names under which hosts are leased. "www." is the same server to an outlet's administrator."""
    return sorted({f"host:{host.lower().removeprefix('www.')}" for host in hosts})


@contextmanager
def held(
    database: Database, lease: Lease, now: Callable[[], datetime], lasting: timedelta
) -> Iterator[Callable[[], bool]]:
    """Prolong the lease while the block runs, then give it back.

    Yields a function that says whether it was lost: another may be at the host then, and the block must end. A lease
    that could not be prolonged in time counts as lost.
    """
    done, lost = threading.Event(), threading.Event()

    def beat() -> None:
        good = now()
        while not done.wait(lasting.total_seconds() / 4):
            try:
                with database.write() as session:
                    prolong(session, lease, lasting, now())
                good = now()
            except LeaseLost:
                lost.set()
            except Exception as error:  # noqa: BLE001 - a database that cannot be reached; tried again while time is left
                log.warning("cannot prolong %s: %s", ", ".join(lease.names), type(error).__name__)
            if now() - good >= lasting:
                lost.set()

    thread = threading.Thread(target=beat, name="hosts " + ", ".join(lease.names), daemon=True)
    thread.start()
    try:
        yield lost.is_set
    finally:
        done.set()
        thread.join()
        with suppress(LeaseLost), database.write() as session:
            give_back(session, lease)
