"""The health of a source, from its runs and its articles."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage.articles import store_article
from storage.database import Database
from storage.errors import NotFound
from storage.runs import clear_runs, finish_run, get_run, record_outcomes, source_health, start_run
from tests.storage.press import NOON, incoming


def test_what_a_day_brought_stands_beside_what_a_day_mostly_brings(db: Database) -> None:
    hours = [30 * 24, *(day * 24 for day in range(2, 12) for _ in range(3)), 5, 2]  # 3 a day, 2 lately, 1 long ago
    for number, ago in enumerate(hours):
        with db.write() as session:
            text = f"Invented story {number}. " * 8
            store_article(session, incoming(number, text, fetched_at=NOON - timedelta(hours=ago), simhash=number << 40))
    with db.read() as session:
        (health,) = source_health(session, now=NOON)
    assert (health.articles, health.recent_articles, health.seen_day) == (33, 32, 2)
    assert health.expected_day == 3.0  # 30 articles in the ten days from the first of the fortnight to yesterday


def test_nothing_is_expected_of_a_source_that_is_new(db: Database) -> None:
    with db.write() as session:
        store_article(session, incoming(fetched_at=NOON - timedelta(hours=30)))
    with db.read() as session:
        (health,) = source_health(session, now=NOON)
    assert (health.seen_day, health.expected_day, health.unchanged_share) == (0, None, None)


def test_the_share_of_polls_that_were_answered_by_not_modified(db: Database) -> None:
    for days, outcomes in (
        (20, {"http_304": 50}),
        (3, {"http_304": 2, "known": 9}),
        (1, {"feed_ok": 1, "feed_same": 1}),
    ):
        moment = NOON - timedelta(days=days)
        with db.write() as session:
            run = start_run(session, "crawl", moment)
            record_outcomes(session, run, "daily", outcomes, now=moment)
            finish_run(session, run, moment, ok=True)
    with db.read() as session:
        (health,) = source_health(session, now=NOON)
    assert health.unchanged_share == 0.5


def test_old_runs_go_and_what_is_known_of_their_source_stays(db: Database) -> None:
    kept = []
    for days, ended in ((200, True), (150, False), (10, True)):
        moment = NOON - timedelta(days=days)
        with db.write() as session:
            run = start_run(session, "crawl", moment)
            record_outcomes(session, run, "daily", {"new": 1}, now=moment)
            if ended:
                finish_run(session, run, moment, ok=True)
        kept.append(run)
    with db.write() as session:
        assert clear_runs(session, NOON - timedelta(days=90)) == 1
    with db.read() as session:
        with pytest.raises(NotFound):
            get_run(session, kept[0])
        assert [get_run(session, run).outcomes for run in kept[1:]] == [{"daily": {"new": 1}}] * 2
        (health,) = source_health(session, now=NOON)
    assert health.last_success == NOON - timedelta(days=10)
