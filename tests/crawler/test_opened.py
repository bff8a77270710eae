"""A database that does not answer: one line at once, or tries for as long as a service may wait; never its password."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pytest
from sqlalchemy.exc import OperationalError

from crawler.cli import stored
from crawler.cli.stored import opened
from crawler.config import Config
from storage.database import Database


def unwilling(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """The database refuses so many times."""
    upgrade, left = Database.upgrade, [times]

    def refuse(self: Database) -> Any:
        if left[0]:
            left[0] -= 1
            raise OperationalError("connect", None, Exception("connection refused"))
        return upgrade(self)

    monkeypatch.setattr(Database, "upgrade", refuse)
    monkeypatch.setattr(stored, "TRY_AGAIN", 0.0)


def test_a_service_waits_and_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unwilling(monkeypatch, 2)
    with opened(Config(database_url=f"sqlite:///{tmp_path / 'late.db'}"), patience=60.0) as base:
        assert base.revision()
    assert capsys.readouterr().err.count("trying again") == 2


def test_what_is_no_database_is_not_waited_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "page.html").write_text("<p>no database</p>" * 100, encoding="utf-8")
    config = Config(database_url=f"sqlite:///{tmp_path / 'page.html'}")
    with pytest.raises(click.UsageError, match="not a database"), opened(config, patience=60.0):
        pass
    assert capsys.readouterr().err == ""


def test_a_command_does_not_wait(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    unwilling(monkeypatch, 1)
    with (
        pytest.raises(click.UsageError, match="refused"),
        opened(Config(database_url=f"sqlite:///{tmp_path / 'a.db'}")),
    ):
        pass


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://sageon:hunter2@127.0.0.1:1/none?connect_timeout=2",
        "postgresql://sageon:hunter2@127.0.0.1:port/none",
        "postgresql://sageon:/@hunter2@127.0.0.1:port/none",
    ],
)
def test_a_password_is_not_shown(url: str) -> None:
    with pytest.raises(click.UsageError) as refused, opened(Config(database_url=url)):
        pass
    assert "127.0.0.1" in str(refused.value)
    assert "hunter2" not in str(refused.value)
