"""Workers that are killed while they read and resolve, and the table that should be there in the end."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from typing import Any

import sqlalchemy as sa

from storage.articles import store_article
from storage.database import Database
from storage.models import Evidence, History, Incident, IncidentReport, Ledger, Victim
from tests.storage.press import NOON, incoming

#: Seconds after which a run that makes no progress is given up.
PATIENCE = 300


def fill(db: Database, articles: int) -> None:
    """Store so many articles; 2n and 2n+1 tell of one event in the n-th invented town."""
    with db.write() as session:
        for number in range(articles):
            words = " ".join(f"낱말{number}가{i}" for i in range(30))
            town = f"마을{number // 2}"
            store_article(
                session, incoming(number, title=f"{town} {words[:24]}", text=f"{words} {town}", published=NOON)
            )


def run_killed(db: Database, url: str, *, workers: int, kills: int, seed: int) -> int:
    """Run so many workers to the end of the ledger, killing one at random and starting another so many times; returns
    how many kills met work to do. Each kill waits until something more was read, so that none of them is idle.
    """
    chance = random.Random(seed)
    command = [sys.executable, "-m", "tests.storage.worker", url]
    running = [subprocess.Popen(command) for _ in range(workers)]
    met = 0
    try:
        while met < kills and _read_more(db):
            time.sleep(chance.uniform(0, 0.2))  # the moment of the kill: anywhere in the reading of an article
            number = chance.randrange(workers)
            if running[number].poll() is None:
                running[number].send_signal(signal.SIGKILL)
                running[number].wait()
                met += 1
            running[number] = subprocess.Popen(command)
        for worker in running:
            assert worker.wait(PATIENCE) == 0
    finally:
        for worker in running:
            worker.kill()
            worker.wait()
    assert subprocess.run(command, timeout=PATIENCE, check=False).returncode == 0
    return met


def _read_more(db: Database) -> bool:
    """Wait until something more is read; False where nothing is left to read."""
    before, deadline = _done(db), time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with db.read() as session:
            left = session.scalar(sa.select(sa.func.count()).where(Ledger.state.in_(("pending", "claimed")))) or 0
        if not left:
            return False
        if _done(db) > before:
            return True
        time.sleep(0.02)
    raise TimeoutError(f"nothing was read in {PATIENCE} s")


def _done(db: Database) -> int:
    with db.read() as session:
        return session.scalar(sa.select(sa.func.count()).where(Ledger.state == "done")) or 0


def expected(articles: int) -> dict[str, Any]:
    """The table of an undisturbed run, by the worker's rule."""
    return {
        "states": {"done": articles},
        "reports": articles,
        "evidence": articles,
        "incidents": [(f"Town {n}", 2) for n in sorted(range(articles // 2), key=str)],
        "victims": articles // 2,
        "openings": articles // 2,
    }


def table(db: Database) -> dict[str, Any]:
    """What is there."""
    with db.read() as session:

        def count(counted: Any) -> int:
            return session.scalar(sa.select(sa.func.count()).select_from(counted)) or 0

        return {
            "states": dict(session.execute(sa.select(Ledger.state, sa.func.count()).group_by(Ledger.state)).all()),
            "reports": count(IncidentReport),
            "evidence": count(Evidence),
            "incidents": sorted(map(tuple, session.execute(sa.select(Incident.place, Incident.report_count))),
                                key=lambda row: row[0]),
            "victims": count(Victim),
            "openings": session.scalar(sa.select(sa.func.count()).where(History.cell == "incident")),
        }  # fmt: skip
