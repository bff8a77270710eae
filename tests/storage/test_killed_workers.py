"""Workers killed at any moment lose and double nothing."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from typing import Any

import pytest
import sqlalchemy as sa

from storage.articles import store_article
from storage.database import Database
from storage.models import Evidence, History, Incident, IncidentReport, Ledger, Victim
from tests.storage.press import NOON, incoming

ARTICLES = 60
WORKERS = 3
KILLS = 12


@pytest.mark.slow
def test_killed_workers_leave_the_same_table_as_undisturbed_ones(db: Database, database_url: str) -> None:
    _fill(db)
    _run_killed(database_url)
    _assert_nothing_left(db)
    disturbed = _table(db)
    assert disturbed == expected(ARTICLES)


def expected(articles: int) -> dict[str, Any]:
    """By the worker's rule: articles 2n and 2n+1 tell of one event in the n-th invented town."""
    return {
        "reports": articles,
        "evidence": articles,
        "open": 0,
        "incidents": [(f"Town {n}", 2) for n in sorted(range(articles // 2), key=str)],
        "victims": articles // 2,
        "openings": articles // 2,
    }


def _fill(db: Database) -> None:
    with db.write() as session:
        for number in range(ARTICLES):
            words = " ".join(f"낱말{number}가{i}" for i in range(30))
            town = f"마을{number // 2}"
            store_article(
                session, incoming(number, title=f"{town} {words[:24]}", text=f"{words} {town}", published=NOON)
            )


def _run_killed(url: str) -> None:
    chance = random.Random(20251012)
    command = [sys.executable, "-m", "tests.storage.worker", url]
    workers = [subprocess.Popen(command) for _ in range(WORKERS)]
    kills = 0
    deadline = time.monotonic() + 120
    while any(worker.poll() is None for worker in workers) and time.monotonic() < deadline:
        try:
            workers[chance.randrange(WORKERS)].wait(chance.uniform(0.05, 0.5))
        except subprocess.TimeoutExpired:
            if kills < KILLS:
                victim = chance.randrange(WORKERS)
                workers[victim].send_signal(signal.SIGKILL)
                workers[victim].wait()
                workers[victim] = subprocess.Popen(command)
                kills += 1
    for worker in workers:
        assert worker.wait(60) == 0
    assert subprocess.run(command, timeout=120, check=False).returncode == 0


def _assert_nothing_left(db: Database) -> None:
    with db.read() as session:
        states = dict(session.execute(sa.select(Ledger.state, sa.func.count()).group_by(Ledger.state)).all())
    assert states == {"done": ARTICLES}


def _table(db: Database) -> dict[str, Any]:
    with db.read() as session:

        def count(table: Any) -> int:
            return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0

        return {
            "reports": count(IncidentReport),
            "evidence": count(Evidence),
            "open": session.scalar(sa.select(sa.func.count()).where(Ledger.state != "done")),
            "incidents": sorted(map(tuple, session.execute(sa.select(Incident.place, Incident.report_count))),
                                key=lambda row: row[0]),
            "victims": count(Victim),
            "openings": session.scalar(sa.select(sa.func.count()).where(History.cell == "incident")),
        }  # fmt: skip
