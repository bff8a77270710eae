from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from extract import records
from storage.articles import store_article
from storage.database import Database
from storage.errors import LeaseLost
from storage.filters import Filter
from storage.ledger import MAX_ATTEMPTS, claim, counts, fail, finish, renew
from storage.locks import RESOLUTION, lock
from storage.models import ArticleVersion, Evidence, IncidentReport, Ledger, Response
from storage.query import find_incidents
from storage.view import get_incident, history_of
from tests.storage.press import LEASE, NOON, STORY, incoming, publish, reading, report


def test_a_claimed_version_is_not_given_to_a_second_worker(db: Database) -> None:
    with db.write() as session:
        store_article(session, incoming())
    with db.write() as session:
        first = claim(session, "a", 10, LEASE, NOON)
    with db.write() as session:
        assert claim(session, "b", 10, LEASE, NOON) == []
    assert first[0].article.text == STORY
    assert first[0].article.title
    assert first[0].article.country == "KR"


def store_for_many_writers(db: Database, count: int) -> None:
    """So many articles in a database that several write to at once; skips on SQLite."""
    if db.is_sqlite:
        pytest.skip("SQLite has one writer at a time")
    with db.write() as session:
        for number in range(count):
            store_article(session, incoming(number, text=f"{number + 2}명이 다친 {number}번째 사고"))


def test_postgresql_workers_claim_different_versions_at_once(db: Database) -> None:
    store_for_many_writers(db, 4)
    with db.write() as one, db.write() as two:
        first = claim(one, "a", 2, LEASE, NOON)
        second = claim(two, "b", 2, LEASE, NOON)
        assert len({c.version_id for c in (*first, *second)}) == 4


def test_of_a_dead_worker_s_versions_one_that_another_is_claiming_is_not_waited_for(db: Database) -> None:
    store_for_many_writers(db, 3)
    with db.write() as session:
        left = [claimed.version_id for claimed in claim(session, "dead", 3, LEASE, NOON)]
    later = NOON + LEASE + timedelta(seconds=1)
    with db.write() as one, db.write() as two:
        one.execute(sa.select(Ledger).where(Ledger.version_id == left[1]).with_for_update())
        two.execute(sa.text("SET LOCAL lock_timeout = '2s'"))
        assert [claimed.version_id for claimed in claim(two, "b", 1, LEASE, later)] == [left[0]]
    with db.read() as session:
        states = dict(session.execute(sa.select(Ledger.version_id, Ledger.state)).all())
    assert states == {left[0]: "claimed", left[1]: "claimed", left[2]: "pending"}


def test_a_lease_that_ran_out_passes_on_and_the_slow_worker_writes_nothing(db: Database) -> None:
    with db.write() as session:
        store_article(session, incoming())
        (slow,) = claim(session, "slow", 1, LEASE, NOON)
    later = NOON + LEASE + timedelta(seconds=1)
    with db.write() as session:
        (quick,) = claim(session, "quick", 1, LEASE, later)
        assert quick.token > slow.token
    with pytest.raises(LeaseLost), db.write() as session:
        finish(session, slow, reading(slow.article, report()), later)
    with db.write() as session:
        finish(session, quick, reading(quick.article, report()), later)
    with pytest.raises(LeaseLost), db.write() as session:
        finish(session, quick, reading(quick.article, report()), later)
    with db.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(IncidentReport)) == 1


def test_a_renewed_lease_holds(db: Database) -> None:
    with db.write() as session:
        store_article(session, incoming())
        (claimed,) = claim(session, "a", 1, LEASE, NOON)
        renew(session, claimed, LEASE, NOON + LEASE)
    with db.write() as session:
        assert claim(session, "b", 1, LEASE, NOON + LEASE + timedelta(minutes=1)) == []


def test_a_failing_version_is_tried_again_and_then_given_up(db: Database) -> None:
    with db.write() as session:
        store_article(session, incoming())
    for _ in range(MAX_ATTEMPTS):
        with db.write() as session:
            (claimed,) = claim(session, "a", 1, LEASE, NOON)
            fail(session, claimed, "ValueError: odd", NOON)
    with db.write() as session:
        assert claim(session, "a", 1, LEASE, NOON) == []
        assert counts(session).failed == 1


def test_a_version_that_kills_every_worker_is_given_up(db: Database) -> None:
    with db.write() as session:
        store_article(session, incoming())
    now = NOON
    for _ in range(MAX_ATTEMPTS):
        with db.write() as session:
            assert len(claim(session, "a", 1, LEASE, now)) == 1
        now += 2 * LEASE
    with db.write() as session:
        assert claim(session, "a", 1, LEASE, now) == []
        assert counts(session).failed == 1


def test_only_what_a_dead_worker_was_reading_is_given_up_with_it(db: Database) -> None:
    with db.write() as session:
        stored = [store_article(session, incoming(number, text=f"{number}번째 이야기")) for number in range(3)]
    now = NOON
    for death in range(MAX_ATTEMPTS):
        with db.write() as session:
            claims = claim(session, f"worker {death}", 3, LEASE, now)
        assert [one.version_id for one in claims] == [one.version_id for one in stored]
        now += 2 * LEASE
    with db.write() as session:
        claims = claim(session, "the last", 3, LEASE, now)
        assert [one.version_id for one in claims] == [one.version_id for one in stored[1:]]
        assert counts(session).failed == 1


def test_a_reading_becomes_an_incident_with_its_evidence_and_responses(db: Database) -> None:
    response = records.Response("arrest", "붙잡아", 10, 13, actor="현지 경찰", country="KH")
    (change,) = publish(db, incoming(), report(), responses=(response,))
    assert change.kind == "opened"
    with db.read() as session:
        view = get_incident(session, change.incident_id)
    assert view.row["type"] == "homicide"
    assert view.row["country"] == "KH"
    assert view.row["date"] == "2025-10-08"
    assert (view.row["killed_min"], view.row["killed_max"]) == (1, 1)
    assert view.row.nationalities == ("KR",)
    assert view.reports[0].report == report()
    assert view.responses[0].quote == "붙잡아"
    assert [line.cell for line in view.history] == ["incident"]
    assert view.row.confidence["country"] == 0.95


def test_unknown_cells_stay_unknown(db: Database) -> None:
    publish(db, incoming(), records.IncidentReport("robbery"))
    with db.read() as session:
        (row,) = find_incidents(session, Filter()).rows
    assert row.cells["country"] is row.cells["date"] is row.cells["place"] is row.cells["killed_max"] is None
    assert row.nationalities == ()


@pytest.mark.parametrize(
    "changes", [{"role": "background"}, {"status": "hypothetical"}, {"status": "fiction"}, {"status": "historic"}]
)
def test_what_is_not_current_opens_no_incident(db: Database, changes: dict[str, str]) -> None:
    assert publish(db, incoming(), report(**changes)) == []
    with db.read() as session:
        assert find_incidents(session, Filter()).rows == ()


def test_a_new_version_replaces_the_older_ones_report_and_history_says_so(db: Database) -> None:
    (opened,) = publish(db, incoming(), report())
    newer = incoming(text=STORY.replace("3명", "5명"), fetched_at=NOON + timedelta(hours=1))
    (changed,) = publish(db, newer, report(killed=records.Count(2, 2)))
    assert changed.incident_id == opened.incident_id
    assert changed.worse
    assert {"killed_min", "killed_max"} <= set(changed.cells)
    with db.read() as session:
        view = get_incident(session, opened.incident_id)
        assert view.row.report_count == 1
        assert view.row["killed_max"] == 2
        line = next(line for line in history_of(session, opened.incident_id) if line.cell == "killed_max")
        assert (line.old, line.new, line.cause) == (1, 2, "report")
        assert line.version_id == view.reports[0].version_id
        assert session.scalar(sa.select(sa.func.count()).where(Response.active)) == 0


def test_an_incident_whose_only_report_was_withdrawn_leaves_the_table(db: Database) -> None:
    (opened,) = publish(db, incoming(), report())
    (gone,) = publish(db, incoming(text=STORY.replace("3명", "5명")))
    assert (gone.incident_id, gone.kind) == (opened.incident_id, "withdrawn")
    with db.read() as session:
        assert find_incidents(session, Filter()).rows == ()
        assert get_incident(session, opened.incident_id).row.status == "rejected"
    (back,) = publish(db, incoming(2, text=STORY.replace("3명", "7명")), report())
    with db.read() as session:
        assert len(find_incidents(session, Filter()).rows) == 1
        assert back.kind == "opened"


def test_two_events_of_one_article_are_two_incidents(db: Database) -> None:
    publish(db, incoming(), report(), report(type="kidnapping", killed=None))
    with db.read() as session:
        assert len(find_incidents(session, Filter()).rows) == 2


def test_a_body_that_may_not_be_kept_is_emptied_once_it_is_read(db: Database) -> None:
    (opened,) = publish(db, incoming(keep_body=False), report())
    with db.read() as session:
        assert session.scalars(sa.select(ArticleVersion.text)).all() == [""]
        assert session.scalars(sa.select(Evidence.quote)).all() == ["캄보디아"]
        assert find_incidents(session, Filter(text="시아누크빌")).rows == ()
        assert not get_incident(session, opened.incident_id).reports[0].text_kept
    with db.write() as session:
        assert store_article(session, incoming(keep_body=False)).outcome == "unchanged"
        changed = store_article(session, incoming(keep_body=False, text=STORY + " 또 있다."))
        assert changed.outcome == "changed"


def test_an_article_of_no_event_does_not_wait_for_the_resolution_of_others(db: Database) -> None:
    if db.is_sqlite:
        pytest.skip("SQLite has one writer at a time")
    with db.write() as session:
        store_article(session, incoming())
        (one,) = claim(session, "a", 1, LEASE, NOON)
    with db.write() as resolving, db.write() as reading_on:
        lock(resolving, RESOLUTION)
        reading_on.execute(sa.text("SET LOCAL lock_timeout = '2s'"))
        finish(reading_on, one, reading(one.article), NOON)
    with db.read() as session:
        assert counts(session).done == 1
