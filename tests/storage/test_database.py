from __future__ import annotations

import subprocess
import sys
import threading
from datetime import datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from storage.database import Database
from storage.errors import BadDatabaseUrl, SchemaTooNew
from storage.feeds import FeedState, feed_state, save_feed_state
from storage.migrations import HEAD
from storage.migrations.upgrade import alembic_config, script_head
from storage.models import CrawlRun
from tests.storage.press import NOON


def test_upgrade_creates_the_schema_once(database_url: str) -> None:
    db = Database.open(database_url)
    assert db.revision() is None
    assert db.upgrade() is None
    assert db.revision() == HEAD
    assert db.upgrade() == HEAD


def test_the_head_kept_by_hand_is_the_newest_script() -> None:
    assert script_head() == HEAD


def test_models_and_migrations_agree(db: Database) -> None:
    from alembic import command

    config = alembic_config()
    with db.write_engine.begin() as connection:
        config.attributes["connection"] = connection
        command.check(config)


def test_a_start_on_an_up_to_date_database_does_not_import_alembic(db: Database, database_url: str) -> None:
    code = f"import sys; from storage.database import Database; Database.open({database_url!r}).upgrade(); " \
           "sys.exit('alembic' in sys.modules)"  # fmt: skip
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_database_of_a_newer_sageon_is_refused(db: Database) -> None:
    with db.write() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaTooNew, match="9999"):
        db.upgrade()


@pytest.mark.parametrize("url", ["mysql://host/name", "nonsense", "sqlite://", "sqlite:///:memory:"])
def test_an_address_we_cannot_use_is_named_with_what_would_be_right(url: str) -> None:
    with pytest.raises(BadDatabaseUrl, match="sqlite"):
        Database.open(url)


def test_times_come_back_aware_and_in_utc(db: Database) -> None:
    with db.write() as session:
        session.add(CrawlRun(kind="crawl", started=datetime.fromisoformat("2025-10-12T12:00:00+09:00")))
    with db.read() as session:
        assert session.scalars(sa.select(CrawlRun.started)).one() == NOON


def test_a_time_without_zone_is_refused(db: Database) -> None:
    with pytest.raises(sa.exc.StatementError, match="no time zone"), db.write() as session:
        session.add(CrawlRun(kind="crawl", started=datetime(2025, 10, 12)))  # noqa: DTZ001


def test_a_block_that_raises_leaves_nothing_behind(db: Database) -> None:
    with pytest.raises(RuntimeError), db.write() as session:
        save_feed_state(session, FeedState("https://daily.example/rss", "daily"))
        raise RuntimeError
    with db.read() as session:
        assert feed_state(session, "https://daily.example/rss") is None


def test_writers_that_read_first_wait_for_each_other(db: Database) -> None:
    """With SQLite's plain BEGIN, one of two such writers fails with "database is locked"."""
    with db.write() as session:
        save_feed_state(session, FeedState("u", "daily", unchanged_in_row=0))
    errors: list[BaseException] = []

    def add_ten() -> None:
        try:
            for _ in range(10):
                with db.write() as session:
                    _raise_by_one(session)
        except sa.exc.SQLAlchemyError as error:
            errors.append(error)

    threads = [threading.Thread(target=add_ten) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with db.read() as session:
        state = feed_state(session, "u")
        assert state is not None
        assert state.unchanged_in_row == 40


def _raise_by_one(session: Session) -> None:
    count = session.execute(
        sa.text(
            "SELECT unchanged_in_row FROM feed_state WHERE url = 'u' FOR UPDATE"
            if session.get_bind().dialect.name == "postgresql"
            else "SELECT unchanged_in_row FROM feed_state WHERE url = 'u'"
        )
    ).scalar_one()
    session.execute(sa.text("UPDATE feed_state SET unchanged_in_row = :n WHERE url = 'u'"), {"n": count + 1})


def test_feed_state_is_kept_whole(db: Database) -> None:
    state = FeedState("https://daily.example/rss", "daily", etag='"x"', last_modified="Sun, 12 Oct 2025 03:00:00 GMT",
                      body_hash="abc", last_fetch=NOON, last_full_fetch=NOON, items=("1", "2"), overlap=0.5,
                      poll_seconds=300)  # fmt: skip
    with db.write() as session:
        save_feed_state(session, state)
    with db.write() as session:
        assert feed_state(session, state.url) == state
        save_feed_state(session, FeedState(state.url, "daily"))
    with db.read() as session:
        assert feed_state(session, state.url) == FeedState(state.url, "daily")
