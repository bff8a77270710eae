"""A desk over a small invented table, asked without a socket."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

from desk.app import create_app
from desk.desk import Desk
from desk.settings import DeskSettings
from storage.database import Database
from tests.desk.browsing import chromium
from tests.storage.press import incoming, publish, report

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as run:
        yield run


@pytest.fixture(scope="session")
def table_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two incidents: a homicide in Cambodia told in Korean, a fraud in Thailand told in English."""
    file = tmp_path_factory.mktemp("desk") / "table.db"
    database = Database.open(f"sqlite:///{file}")
    database.upgrade()
    publish(database, incoming(1), report())
    text = "Police in Bangkok are looking for a man who took savings from nine Korean retirees, an officer said."
    publish(
        database,
        incoming(2, text, source="wire", language="en", title="Nine Korean retirees lose savings in Bangkok"),
        report(type="fraud", country="TH", place=None, victims=(), killed=None, evidence=()),
    )
    database.close()
    return file


@pytest.fixture
def base(table_file: Path, tmp_path: Path) -> Iterator[Database]:
    """A copy of the table, of the test's own."""
    file = tmp_path / "desk.db"
    shutil.copy(table_file, file)
    database = Database.open(f"sqlite:///{file}")
    yield database
    database.close()


@pytest.fixture
def desk(base: Database) -> Desk:
    return Desk.of(base, DeskSettings(hosts=frozenset({"desk"})))


@pytest.fixture
def client(desk: Desk) -> Iterator[TestClient]:
    """A browser on loopback, where nobody logs in."""
    with TestClient(create_app(desk), base_url="http://desk", follow_redirects=False) as client:
        yield client
