"""A richer table for the API: a named victim, an incident told twice; and a desk where everybody must log in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import argon2
import pytest
from fastapi.testclient import TestClient

from desk.app import create_app
from desk.desk import Desk
from desk.passwords import new_token, token_hash
from desk.settings import DeskSettings
from extract import records
from storage.accounts import add_account, add_token
from storage.database import Database
from tests.storage.press import NOON, incoming, publish, report

PASSWORD = "correct horse battery"
ENGLISH = "Police in Bangkok are looking for a man who took savings from nine Korean retirees, an officer said."
LATER = NOON + timedelta(days=1)


@pytest.fixture(scope="session")
def password_hash() -> str:
    """Hashed once, and cheaply: argon2 is slow on purpose, and tells in the hash how slow."""
    return argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@pytest.fixture(scope="session")
def table_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two incidents: 1, a homicide in Cambodia told twice in Korean; 2, a fraud in Thailand told in English."""
    file = tmp_path_factory.mktemp("desk") / "table.db"
    database = Database.open(f"sqlite:///{file}")
    database.upgrade()
    victim = records.Victim("김가람(24) 씨", 1, "KR", name="김가람", age="24", gender="male", outcome="killed")
    publish(database, incoming(1, title="김가람 씨 캄보디아서 숨진 채 발견"), report(victims=(victim,)))
    publish(
        database,
        incoming(2, ENGLISH, source="wire", language="en", title="Nine Korean retirees lose savings in Bangkok"),
        report(type="fraud", country="TH", place=None, victims=(), killed=None, evidence=()),
    )
    found_again = "시아누크빌에서 숨진 한국인 남성의 사인을 현지 경찰이 조사하고 있다."
    publish(
        database,
        incoming(3, found_again, source="evening", fetched_at=LATER),
        report(victims=(victim,), evidence=()),
    )
    database.close()
    return file


@pytest.fixture
def desk(base: Database) -> Desk:
    return Desk.of(base, DeskSettings(hosts=frozenset({"desk"}), now=lambda: LATER))


@pytest.fixture
def locked(base: Database, password_hash: str) -> Desk:
    """A desk where everybody must log in; the accounts reader, analyst and admin have PASSWORD."""
    with base.write() as session:
        for role in ("reader", "analyst", "admin"):
            add_account(session, role, password_hash, role, NOON)
    return Desk.of(base, DeskSettings(login=True, hosts=frozenset(), now=lambda: LATER))


@pytest.fixture
def visitor(locked: Desk) -> Iterator[TestClient]:
    """Somebody who has not logged in."""
    with TestClient(create_app(locked), base_url="http://desk", follow_redirects=False) as client:
        yield client


@pytest.fixture
def bearer(locked: Desk) -> Callable[[str], dict[str, str]]:
    """The headers of a program that holds a token of a role."""

    def headers(role: str) -> dict[str, str]:
        token = new_token()
        with locked.db.write() as session:
            add_token(session, f"{role}'s program", token_hash(token), role, "admin", NOON)
        return {"Authorization": f"Bearer {token}"}

    return headers
