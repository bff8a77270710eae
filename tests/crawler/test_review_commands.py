"""`sageon queue`, `answer`, `acts` and `db copy` over a small table."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from crawler.cli import main
from storage.database import Database
from storage.models import Question
from storage.view import get_incident
from tests.storage.press import NOON, incoming, publish, report


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Two incidents, one unsure of its country, and a question whether they are one."""
    db = Database.open(f"sqlite:///{tmp_path / 'news.db'}")
    db.upgrade()
    publish(db, incoming(1), report(confidence={"country": 0.3}))
    publish(
        db,
        incoming(2, title="호찌민서 강도", text="베트남 호찌민에서 관광객이 돈을 빼앗겼다."),
        report(type="robbery", country="VN", place=None, date=None, killed=None, victims=(), evidence=()),
    )
    with db.write() as session:
        session.add(Question(report_id=2, incident_id=1, probability=0.6, reasons=[], at=NOON))
    db.close()
    return tmp_path / "news.db"


def lines(capsys: pytest.CaptureFixture[str]) -> list[list[str]]:
    return [line.split("\t") for line in capsys.readouterr().out.splitlines()]


def test_the_queue_shows_questions_and_unsure_cells(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["queue", "--database", str(file)]) == 0
    told = lines(capsys)
    assert told[1][:5] == ["1", "60%", "2", "호찌민서 강도", "1"]
    assert ["1", "country", "KH", "30%", "캄보디아서 한국인 숨진 채 발견"] in told
    assert main(["queue", "--database", str(file), "--only", "cells", "--country", "VN"]) == 0
    assert "nothing waits" in capsys.readouterr().err


def test_an_answer_settles_a_question_and_stands_in_the_acts(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--database", str(file)]
    assert main(["answer", "1", "same", "--by", "mina", *where]) == 0
    assert "incident 2 merged" in capsys.readouterr().out
    assert main(["acts", "--by", "mina", *where]) == 0
    assert sorted(row[1:5] for row in lines(capsys)[1:]) == [["mina", "merge", "1", "2"], ["mina", "same", "1", ""]]
    assert main(["answer", "7", "same", *where]) == 2
    assert "there is no question 7" in capsys.readouterr().err


def test_a_database_is_copied_and_the_copy_is_complete(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copy.db"
    assert main(["db", "copy", str(file), str(copy)]) == 0
    assert "2 texts indexed" in capsys.readouterr().out
    assert main(["incidents", "--text", "관광객", "--database", str(copy)]) == 0
    assert len(lines(capsys)) == 2
    assert main(["db", "copy", str(file), str(copy)]) == 1
    assert "is not empty" in capsys.readouterr().err
    assert main(["db", "copy", str(tmp_path / "none.db"), str(tmp_path / "x.db")]) == 2
    assert "there is no database" in capsys.readouterr().err


def test_cells_of_one_command_agree_and_come_back_together(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--database", str(file)]
    assert main(["edit", "1", "killed_min=9", *where]) == 2
    assert "killed_min 9 is more than killed_max 1: set both" in capsys.readouterr().err
    assert main(["edit", "1", "date=2025-10", "country=VN", "killed_min=5", "killed_max=5", *where]) == 0
    with closing(Database.open(f"sqlite:///{file}")) as db, db.read() as session:
        row = get_incident(session, 1).row
    assert [row[cell] for cell in ("date_precision", "place", "latitude", "killed_max")] == ["month", None, None, 5]
    assert main(["undo", "1", *where]) == 0
    with closing(Database.open(f"sqlite:///{file}")) as db, db.read() as session:
        assert get_incident(session, 1).edited == {}
