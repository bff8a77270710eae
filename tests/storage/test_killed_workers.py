"""Workers killed at any moment lose and double nothing. `python -m benchmarks killed_workers` does it more often."""

from __future__ import annotations

import pytest

from storage.database import Database
from tests.storage.killing import expected, fill, run_killed, table

ARTICLES = 40


@pytest.mark.slow
def test_killed_workers_leave_the_same_table_as_undisturbed_ones(db: Database, database_url: str) -> None:
    fill(db, ARTICLES)
    assert run_killed(db, database_url, workers=3, kills=6, seed=20251012) > 0
    assert table(db) == expected(ARTICLES)
