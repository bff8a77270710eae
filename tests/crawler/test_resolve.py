"""`sageon resolve` and the incidents that a copy of the table must drop, over a table of two incidents."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from crawler.cli import main
from storage.curation import Analyst, merge
from storage.database import Database
from storage.models import IncidentReport
from tests.storage.press import NOON, incoming, publish, report

SAME = report()
OTHER = "호찌민의 상가에서 30대 관광객이 흉기를 든 괴한에게 돈을 빼앗겼다고 현지 언론이 보도했다. 공안이 쫓고 있다."


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A table of a killing and a robbery."""
    file = tmp_path / "table.db"
    base = Database.open(f"sqlite:///{file}")
    base.upgrade()
    publish(base, incoming(1), SAME)
    robbery = report(type="robbery", country="VN", place=None, date=None, killed=None, victims=(), evidence=())
    publish(base, incoming(2, OTHER, title="호찌민서 관광객 강도"), robbery)
    base.close()
    return file


def homes(file: Path) -> dict[int, int | None]:
    base = Database.open(f"sqlite:///{file}")
    with base.read() as session:
        found = {row.id: row.incident_id for row in session.scalars(select(IncidentReport))}
    base.close()
    return found


def move_all_to_the_first(file: Path) -> None:
    """What a wrong score might have done."""
    base = Database.open(f"sqlite:///{file}")
    with base.write() as session:
        for row in session.scalars(select(IncidentReport)):
            row.incident_id = 1
    base.close()


def test_resolving_anew_says_what_would_change_and_writes_nothing(
    file: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    move_all_to_the_first(file)
    assert main(["resolve", "--database", str(file)]) == 0
    said = capfd.readouterr().out
    assert "2 reports: 1 incidents as they stood, 2 anew" in said
    assert "nothing was written" in said
    assert set(homes(file).values()) == {1}


def test_rebuilding_keeps_the_result(file: Path, capfd: pytest.CaptureFixture[str]) -> None:
    move_all_to_the_first(file)
    assert main(["resolve", "--rebuild", "--database", str(file)]) == 0
    assert "B-cubed precision 1.000, recall 0.500" in capfd.readouterr().out
    assert len(set(homes(file).values())) == 2


def test_a_copy_of_the_table_learns_what_was_merged_away(file: Path, capfd: pytest.CaptureFixture[str]) -> None:
    base = Database.open(f"sqlite:///{file}")
    with base.write() as session:
        merge(session, 1, 2, Analyst("mina", NOON + timedelta(days=1)))
    base.close()
    asked = ["incidents", "--database", str(file), "--changed-since", "2025-10-13"]
    assert main(asked) == 0
    assert "merged into 1" in capfd.readouterr().out
    assert main([*asked, "--format", "jsonl"]) == 0
    rows = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert {(row["id"], row["status"], row["merged_into"]) for row in rows} >= {(2, "merged", 1)}
    assert main(["incidents", "--database", str(file)]) == 0
    assert "merged" not in capfd.readouterr().out
