"""A record is moved whole between SQLite and PostgreSQL, or not at all."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from extract import records
from storage import bulk, copying
from storage.copying import CopyIncomplete, CopyRefused, copy_record
from storage.curation import Analyst, edit, merge
from storage.database import Database
from storage.filters import Filter
from storage.models import Base
from storage.people import forget_url
from storage.query import find_incidents
from storage.view import get_incident
from tests.storage.press import NOON, STORY, incoming, publish, report

MINA = Analyst("mina", NOON + timedelta(days=1))


def fill(db: Database) -> int:
    """A record with a merge that points backwards, an edit to unknown, a forgotten text and a corrected article."""
    (first,) = publish(db, incoming(1), report())
    fire = report(type="accident", country="KR", place=None, date=None, victims=(), killed=None, evidence=())
    (second,) = publish(db, incoming(2, title="부산 창고 화재", text="부산의 한 창고에서 불이 났다고 한다."), fire)
    publish(db, incoming(1, text=STORY.replace("3명", "4명")), report(killed=records.Count(2, 2)))
    publish(db, incoming(3, title="Warehouse fire", text="A warehouse burned in Busan, the fire service said."), fire)
    with db.write() as session:
        merge(session, second.incident_id, first.incident_id, MINA)
        edit(session, second.incident_id, "place", None, MINA)
        forget_url(session, "https://daily.example/news/2", "mina", MINA.now)
    return second.incident_id


def rows(db: Database) -> dict[str, list[tuple[Any, ...]]]:
    with db.read() as session:
        return {
            table.name: [tuple(row) for row in session.execute(sa.select(table).order_by(*table.primary_key.columns))]
            for table in Base.metadata.sorted_tables
        }


@pytest.fixture
def other(tmp_path: Path, postgresql_url: str, db: Database) -> Any:
    """An empty database of the other kind."""
    if not db.is_sqlite:
        made = Database.open(f"sqlite:///{tmp_path / 'other.db'}")
        yield made
        made.close()
        return
    server = sa.make_url(postgresql_url)
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    name = f"copy{abs(hash(str(tmp_path)))}"
    with admin.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    made = Database.open(server.set(database=name).render_as_string(hide_password=False))
    yield made
    made.close()
    with admin.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def test_every_row_arrives_as_it_was(db: Database, other: Database) -> None:
    fill(db)
    copied = copy_record(db, other)
    assert rows(other) == rows(db)
    assert copied.tables["article"] == 3
    assert copied.indexed == 2


def test_the_copy_works_on_search_edits_and_new_articles(db: Database, other: Database) -> None:
    kept = fill(db)
    copy_record(db, other)
    with other.read() as session:
        assert [row.id for row in find_incidents(session, Filter(text="감금")).rows] == [kept]
        assert [row.id for row in find_incidents(session, Filter(text="burn")).rows] != []
        assert get_incident(session, kept).edited["place"] == ("mina", MINA.now)
    (opened,) = publish(
        other,
        incoming(9, title="호찌민 강도", text="베트남 호찌민에서 관광객이 강도를 당했다고 현지 언론이 전했다."),
        report(type="robbery", country="VN", place=None, date=None, victims=(), killed=None, evidence=()),
    )
    assert opened.kind == "opened"
    assert opened.incident_id > kept


def test_a_target_that_holds_something_is_refused_and_left_alone(db: Database, other: Database) -> None:
    fill(db)
    other.upgrade()
    publish(other, incoming(7), report())
    before = rows(other)
    with pytest.raises(CopyRefused, match="not empty"):
        copy_record(db, other)
    assert rows(other) == before


def test_a_copy_that_breaks_off_leaves_the_target_empty(
    db: Database, other: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(db)
    real = bulk.load

    def broken(connection: sa.Connection, table: sa.Table, found: Any) -> int:
        if table.name == "evidence":
            raise KeyboardInterrupt
        return real(connection, table, found)

    monkeypatch.setattr(copying, "load", broken)
    with pytest.raises(KeyboardInterrupt):
        copy_record(db, other)
    monkeypatch.undo()
    assert not any(rows(other).values())
    copy_record(db, other)
    assert rows(other) == rows(db)


def test_a_row_that_gets_lost_is_noticed(db: Database, other: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(db)
    real = bulk.load

    def lossy(connection: sa.Connection, table: sa.Table, found: Any) -> int:
        kept = list(found)
        real(connection, table, kept[:-1] if table.name == "history" else kept)
        return len(kept)

    monkeypatch.setattr(copying, "load", lossy)
    with pytest.raises(CopyIncomplete, match="history"):
        copy_record(db, other)
    assert not any(rows(other).values())


def test_what_is_no_record_is_refused(tmp_path: Path) -> None:
    empty, other = (Database.open(f"sqlite:///{tmp_path / name}") for name in ("empty.db", "other.db"))
    with pytest.raises(CopyRefused, match="holds no record"):
        copy_record(empty, other)
    assert not (tmp_path / "other.db").exists()
    other.upgrade()
    with pytest.raises(CopyRefused, match="itself"):
        copy_record(other, other)


def test_a_character_that_postgresql_cannot_hold_is_replaced_and_no_offset_moves(
    tmp_path: Path, postgresql_url: str
) -> None:
    table = sa.Table(
        "odd", sa.MetaData(), sa.Column("words", sa.Text), sa.Column("body", Base.metadata.tables["history"].c.old.type)
    )
    engine = sa.create_engine(postgresql_url)
    with engine.begin() as connection:
        table.create(connection)
        bulk.load(connection, table, [("a\x00b", {"quote": "c\x00d", "path": "\\u0000"}), (None, None)])
        first, second = connection.execute(sa.select(table)).all()
        table.drop(connection)
    engine.dispose()
    assert tuple(first) == ("a\ufffdb", {"quote": "c\ufffdd", "path": "\\u0000"})
    assert tuple(second) == (None, None)
