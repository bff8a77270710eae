"""Stored articles are read again by a newer coder: shown first, then changed, and never over an analyst's edit."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from alerts.rules_file import parse_alerts
from crawler.cli import main
from crawler.config import Config
from crawler.jobs.read_stored import read_claims, read_order
from crawler.jobs.reading_changes import compare
from crawler.jobs.recode import apply, preview
from extract import records
from extract.records import Count
from storage.alert_rules import sync_rules
from storage.articles import IncomingArticle, store_article
from storage.curation import Analyst, edit
from storage.database import Database
from storage.filters import Filter
from storage.ledger import claim, counts, finish
from storage.models import IncidentReport, Ledger, Outbox
from storage.people import forget_url
from storage.query import find_incidents
from storage.recode import Choice, chosen_versions, put_back
from storage.view import history_of
from tests.crawler.recoders import Newer
from tests.crawler.stub_reader import StubReader

NOW = datetime(2026, 3, 8, 6, 0, tzinfo=UTC)
OLD = "tests.crawler.stub_reader:StubReader"
NEW = "tests.crawler.recoders:Newer"
TOWNS = ("KH", "TH", "VN", "PH", "LA", "MM")


@pytest.fixture(scope="module")
def read_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six articles of six events, read by the older coder."""
    file = tmp_path_factory.mktemp("recode") / "news.db"
    database = Database.open(f"sqlite:///{file}")
    database.upgrade()
    fill(database, [case(number) for number in range(6)])
    database.close()  # the last connection empties the log into the file
    return file


@pytest.fixture
def base(read_once: Path, tmp_path: Path) -> Iterator[Database]:
    """A copy of it for each test."""
    file = shutil.copy(read_once, tmp_path / "news.db")
    database = Database.open(f"sqlite:///{file}")
    yield database
    database.close()


def case(number: int) -> str:
    names = ("Minsu", "Jiho", "Seojun", "Hana", "Yuna", "Dohyun")
    return f"CASE homicide in {TOWNS[number % 6]} on 2026-03-0{number % 6 + 1}: {number % 6 + 1} killed, victim {names[number % 6]} of KR."


def fill(database: Database, texts: list[str]) -> None:
    with database.write() as session:
        for number, text in enumerate(texts):
            url = f"https://daily.example/{number}"
            store_article(
                session,
                IncomingArticle("daily", url, text[:20], text, NOW, f"{number:064x}", 7919 * number, published=NOW),
            )
    with database.write() as session:
        for one in claim(session, "test", 100, timedelta(minutes=5), NOW):
            finish(session, one, StubReader().read(one.article), NOW)


def settings(base: Database, reader: str = NEW) -> Config:
    return replace(Config(), database_url=str(base.url), reader=reader, readers=1)


def killed(base: Database) -> list[int]:
    with base.read() as session:
        return sorted(row["killed_max"] for row in find_incidents(session, Filter()).rows)


def test_a_preview_tells_each_cell_and_writes_nothing(base: Database) -> None:
    changes = list(preview(base, settings(base), Choice("stub-2")))
    assert [[(c.cell, c.old, c.new) for c in one.change.changes] for one in changes] == [
        [("killed", (n, n), (2 * n, 2 * n))] for n in range(1, 7)
    ]
    assert all(one.change.same["country"] == 1 for one in changes)
    assert killed(base) == [1, 2, 3, 4, 5, 6]
    with base.read() as session:
        assert counts(session).done == 6


def test_applying_changes_the_cells_and_names_the_cause(base: Database) -> None:
    done = apply(base, settings(base), Choice("stub-2"))
    assert killed(base) == [2, 4, 6, 8, 10, 12]
    assert done.cells == {"killed_max": 6, "killed_min": 6}
    with base.read() as session:
        assert {line.cause for line in history_of(session, 1) if line.cell == "killed_max"} == {"recode"}
        assert session.scalar(select(func.count()).select_from(IncidentReport).where(IncidentReport.active)) == 6


def test_an_edit_survives_a_recode(base: Database) -> None:
    with base.write() as session:
        edit(session, 3, "killed_max", 99, Analyst("mina", NOW))
    apply(base, settings(base), Choice("stub-2"))
    with base.read() as session:
        row = find_incidents(session, Filter(killed=90)).rows[0]
    assert (row.id, row["killed_max"], row["killed_min"]) == (3, 99, 6)


def test_what_the_present_coder_has_read_is_left_alone_unless_all_is_asked_for(base: Database) -> None:
    apply(base, settings(base), Choice("stub-2"))
    assert list(preview(base, settings(base), Choice("stub-2"))) == []
    assert len(list(preview(base, settings(base), Choice(None)))) == 6


def test_source_day_and_limit_choose(base: Database) -> None:
    config = settings(base)
    assert list(preview(base, config, Choice("stub-2", ("herald",)))) == []
    assert list(preview(base, config, Choice("stub-2", since=date(2026, 3, 9)))) == []
    assert len(list(preview(base, config, Choice("stub-2", ("daily",), date(2026, 3, 8)), limit=2))) == 2


def test_an_incident_that_the_newer_coder_does_not_see_is_withdrawn(base: Database) -> None:
    with base.write() as session:
        text = case(0).replace("KH", "MY") + " FICTION"
        store_article(session, IncomingArticle("daily", "https://daily.example/9", "x", text, NOW, "f" * 64, 5))
    with base.write() as session:
        for one in claim(session, "test", 100, timedelta(minutes=5), NOW):
            finish(session, one, StubReader().read(one.article), NOW)
    (gone,) = [one for one in preview(base, settings(base), Choice("stub-2")) if one.change.changes[0].cell == "report"]
    assert (gone.change.changes[0].old, gone.change.changes[0].new) == ("homicide MY 2026-03-01", None)
    apply(base, settings(base), Choice("stub-2"))
    with base.read() as session:
        (row,) = find_incidents(session, Filter(statuses=("rejected",))).rows
        assert row["country"] == "MY"


def test_a_recode_rings_no_alarm_and_a_fresh_article_does(base: Database) -> None:
    rules = '[targets.duty]\nwebhook = "https://hooks.example/duty"\nsecret = "env:DUTY_KEY"\n[rules.all]\nfilter = ""\nto = ["duty"]\n'
    with base.write() as session:
        sync_rules(session, parse_alerts(rules).bodies, "file", NOW)
        assert put_back(session, chosen_versions(session, Choice("stub-2"))) == 6
    order = read_order(settings(base))
    assert read_claims(base, Newer(), order, now=lambda: NOW).changes == {"updated": 6}
    assert _letters(base) == 0
    with base.write() as session:
        text = case(1).replace("TH", "MY")
        store_article(
            session, IncomingArticle("daily", "https://daily.example/9", "x", text, NOW, "f" * 64, 5, published=NOW)
        )
    read_claims(base, Newer(), order, now=lambda: NOW)
    assert _letters(base) == 1


def _letters(base: Database) -> int:
    with base.read() as session:
        return session.scalar(select(func.count()).select_from(Outbox)) or 0


def test_an_article_whose_text_is_not_kept_stays_as_it_was_read(base: Database) -> None:
    with base.write() as session:
        forget_url(session, "https://daily.example/2", "mina", NOW)
    assert len(list(preview(base, settings(base), Choice("stub-2")))) == 5
    apply(base, settings(base), Choice("stub-2"))
    assert killed(base) == [2, 3, 4, 8, 10, 12]


def test_articles_that_cannot_be_read_again_keep_what_was_read(base: Database) -> None:
    done = apply(base, settings(base, "tests.crawler.recoders:Breaking"), Choice("stub-2"))
    assert done.read["failed"] > 0
    assert killed(base) == [2, 3, 4, 6, 8, 10]
    apply(base, settings(base), Choice("stub-2"))
    assert killed(base) == [2, 4, 6, 8, 10, 12]


@pytest.mark.slow
def test_a_recode_that_is_killed_goes_on_where_it_stopped(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path / 'news.db'}")
    database.upgrade()
    fill(database, [f"{case(number)} number {number}" for number in range(24)])
    command = [sys.executable, "-c", "import sys; from crawler.cli import main; sys.exit(main())", "recode", "--apply"]
    env = os.environ | {
        "SAGEON_DATABASE_URL": str(database.url), "SAGEON_READER": NEW, "SAGEON_READERS": "1",
        "SAGEON_LEASE_SECONDS": "1", "SAGEON_READ_BATCH": "2",
    }  # fmt: skip
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not _read_by(database, "stub-2"):
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    begun = _read_by(database, "stub-2")
    assert 0 < begun < 24
    assert subprocess.run(command, env=env, capture_output=True, timeout=120, check=False).returncode == 0
    assert _read_by(database, "stub-2") == 24
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(IncidentReport).where(IncidentReport.active)) == 24
    assert killed(database) == [2, 4, 6, 8, 10, 12]
    database.close()


def _read_by(database: Database, coder: str) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).where(Ledger.coder == coder, Ledger.state == "done")) or 0


def test_the_command_shows_a_summary_and_the_changed_cells(
    base: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SAGEON_READER", NEW)
    monkeypatch.setenv("SAGEON_READERS", "1")
    where = ["--database", str(base.url)]
    assert main(["recode", *where, "--show", "2"]) == 0
    out, err = capsys.readouterr()
    lines = [line.split("\t") for line in out.splitlines()]
    assert ["killed", "", "6", "", ""] in lines
    assert ["https://daily.example/0", "1", "killed", "1", "2"] in lines
    assert "6 of 6 articles would be read otherwise" in err
    assert main(["recode", *where, "--apply"]) == 0
    assert "killed_max\t6" in capsys.readouterr().out
    assert main(["recode", *where, "--apply"]) == 0
    assert "nothing to read again" in capsys.readouterr().err


def test_reports_are_paired_by_what_they_share() -> None:
    first = records.IncidentReport("homicide", country="KH", killed=Count(1, 1))
    second = records.IncidentReport("robbery", country="VN")
    change = compare([first, second], [4, 5], [replace(second, country="TH"), replace(first, killed=None)])
    assert {(c.cell, c.old, c.new, c.incident_id, c.kind) for c in change.changes} == {
        ("country", "VN", "TH", 5, "changed"),
        ("killed", (1, 1), None, 4, "emptied"),
    }


def test_a_report_of_another_kind_is_told_as_gone_and_come() -> None:
    old = records.IncidentReport("homicide", country="KH", date=records.EventDate("2026-03-01", "day"))
    new = records.IncidentReport("fraud", country="US", date=records.EventDate("2025-03-01", "day"))
    change = compare([old], [1], [new])
    assert [(c.cell, c.old, c.new) for c in change.changes] == [
        ("report", "homicide KH 2026-03-01", None),
        ("report", None, "fraud US 2025-03-01"),
    ]
