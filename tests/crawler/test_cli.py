"""The command line: a mistake is one line and exit code 2, listing loads no model, a pipe gets plain lines."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.cli import COMMANDS, main
from crawler.cli.options import parse_since
from crawler.cli.sources import state_of
from storage.runs import SourceHealth

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run the command in an empty folder: exit code, stdout, stderr."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, str, str]:
        code = main(list(arguments))
        out, err = capfd.readouterr()
        return code, out, err

    return call


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("incident",), "no command 'incident'; did you mean 'incidents'?"),
        (("crawl", "yonhap_kr"), "no source 'yonhap_kr'; did you mean 'yonhap_ko'?"),
        (("crawl", "--limit", "0"), "--limit"),
        (("crawl", "--since", "soon"), "'soon' is no day; write 2025-10-01 or 7d"),
        (("incidents", "--database", "none.db"), "there is no database none.db; run 'sageon crawl'"),
        (("incidents", "--type", "murder"), "--type: 'murder' is not one of homicide"),
        (("incidents", "--nationality", "Korean"), "is no ISO 3166 code; write KR"),
        (("incidents", "--killed", "many"), "--killed: 'many' cannot be read; write a whole number"),
        (("incidents", "--format", "pdf"), "'pdf' is not one of 'table'"),
        (("show", "first"), "'first' is not a valid integer"),
        (("edit", "1", "country"), "'country' sets no cell; write CELL=VALUE"),
        (("extract", "absent.jsonl"), "absent.jsonl: No such file or directory; give a .jsonl"),
        (("extract", "--published", "noon"), "'noon' is no time; write 2025-10-12"),
        (("eval", "absent.jsonl"), "absent.jsonl: No such file or directory"),
        (("backfill", "absent.warc.gz"), "absent.warc.gz: no such file or folder"),
        (("db", "upgrade", "--database", "oracle://x"), "write sqlite:///FILE or postgresql://"),
        (("sources", "list", "--database", "postgresql://sageon@127.0.0.1:1/none"), "cannot open the database"),
        (("incidents", "--database", "page.html"), "cannot open the database sqlite:///page.html"),
        (("sources", "list", "--database", "page.html"), "cannot open the database sqlite:///page.html"),
        (("db", "upgrade", "--config", "absent.toml"), "absent.toml: No such file or directory"),
    ],
)
def test_a_bad_argument_is_one_line_that_says_what_would_be_right(
    run: Run, arguments: tuple[str, ...], expected: str
) -> None:
    Path("page.html").write_text("<p>no database</p>" * 100, encoding="utf-8")
    code, out, err = run(*arguments)
    assert code == 2
    assert out == ""
    assert err.startswith("sageon")
    assert err.count("\n") == 1
    assert expected in err


def test_a_mistake_in_the_settings_is_one_line_too(run: Run, tmp_path: Path) -> None:
    (tmp_path / "sageon.toml").write_text('readers = "all"\n', encoding="utf-8")
    code, _, err = run("db", "upgrade")
    assert (code, err) == (
        2,
        "sageon db upgrade: sageon.toml: readers: expected a whole number of at least 0, not 'all'\n",
    )


@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_every_command_explains_itself(run: Run, command: str) -> None:
    code, out, err = run(command, "--help")
    assert (code, err) == (0, "")
    assert out.startswith(f"Usage: sageon {command}")


@pytest.mark.parametrize("arguments", [["--help"], ["sources"], ["incidents", "--help"], ["incidents"]])
def test_listing_loads_neither_model_nor_crawler(arguments: list[str], tmp_path: Path) -> None:
    heavy = ("scrapy", "transformers", "onnxruntime", "kiwipiepy", "trafilatura", "twisted", "numpy")
    program = (
        "import sys; from crawler.cli import main; main(sys.argv[1:]);"
        f"print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=tmp_path,
        env={"PYTHONPATH": str(root), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr.splitlines()[-1] == "[]"


def test_sources_in_a_pipe_are_tab_separated_lines(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("sources", "list")
    rows = [line.split("\t") for line in out.splitlines()]
    assert code == 0
    assert rows[0][0] == "source"
    assert {len(row) for row in rows} == {len(rows[0])}
    assert "yonhap_ko" in {row[0] for row in rows}
    assert list(tmp_path.iterdir()) == []  # looking creates no database


def test_sources_are_listed_as_json(run: Run) -> None:
    _, out, _ = run("sources", "list", "yonhap_en", "--format", "json")
    (row,) = json.loads(out)
    assert (row["id"], row["language"], row["state"]) == ("yonhap_en", "en", "never crawled")


def test_a_database_is_created_once(run: Run, tmp_path: Path) -> None:
    assert run("db", "upgrade")[0] == 0
    assert (tmp_path / "sageon.db").is_file()
    assert run("db", "upgrade")[0] == 0
    code, out, err = run("incidents")
    assert (code, err) == (0, "no incident passes this filter\n")
    assert out.startswith("id\tdate\ttype\t")


def test_a_backfill_of_nothing_but_a_page_fails(run: Run, tmp_path: Path) -> None:
    (tmp_path / "page.warc").write_text("<p>no archive</p>" * 100, encoding="utf-8")
    code, out, _ = run("backfill", "page.warc", "--no-read")
    assert code == 1
    assert "no record can be read" in out


def test_a_page_is_not_copied_as_a_database(run: Run, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<p>no database</p>" * 100, encoding="utf-8")
    code, _, err = run("db", "copy", "page.html", "new.db")
    assert (code, err) == (1, "sageon: cannot open one of the databases: file is not a database\n")


def test_annotations_may_hold_any_line_break_of_unicode(run: Run, tmp_path: Path) -> None:
    row = '{"id": "a\\ud83d", "lang": "en", "text": "Nothing\u2028at all.", "incidents": []}\n'
    (tmp_path / "gold.jsonl").write_text(row, encoding="utf-8")
    code, out, _ = run("eval", "gold.jsonl", "--json")
    assert (code, json.loads(out)["articles"]) == (0, 1)


@pytest.mark.parametrize("line", ["{", "[" * 100_000, "[]"])
def test_an_annotation_that_is_none_is_told_by_its_line(run: Run, tmp_path: Path, line: str) -> None:
    (tmp_path / "gold.jsonl").write_text(f"\n{line}\n", encoding="utf-8")
    code, _, err = run("eval", "gold.jsonl")
    assert (code, err.count("\n")) == (2, 1)
    assert "gold.jsonl:2: " in err


def test_an_unknown_incident_is_a_bad_argument(run: Run) -> None:
    run("db", "upgrade")
    for arguments in (("show", "7"), ("history", "7"), ("confirm", "7"), ("edit", "7", "country=KH")):
        code, _, err = run(*arguments)
        assert code == 2
        assert "there is no incident 7" in err


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-02", date(2026, 3, 2)),
        ("2026-03", date(2026, 3, 1)),
        ("7d", date(2026, 3, 8)),
        ("2w", date(2026, 3, 1)),
    ],
)
def test_since_is_a_day_or_so_far_back(text: str, day: date) -> None:
    assert parse_since(text, date(2026, 3, 15)) == day


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "ok"),
        ({"last_run": None}, "never crawled"),
        ({"failures_in_row": 3}, "failed, 3 runs in a row"),
        ({"failures_in_row": 3, "last_blocked": NOON}, "blocked, 3 runs in a row"),
        ({"gap": NOON}, "gap: articles were missed between two polls; crawl it more often"),
        ({"last_new": NOON - timedelta(days=3)}, "silent: nothing new for 3 days, 60 articles were expected"),
        ({"last_new": NOON - timedelta(days=3), "expected_day": 1.0}, "ok"),  # three in three days: a quiet outlet
        ({"last_new": NOON - timedelta(hours=20), "expected_day": 90.0}, "ok"),  # a night or a holiday
        ({"published_share": 0.2}, "publication time found in 20% of articles"),
    ],
)
def test_the_worst_that_is_known_of_a_source_is_said(changes: dict[str, Any], state: str) -> None:
    well = SourceHealth("daily", NOON, NOON, NOON, None, 0, None, 100, 20, 1.0, 0.8, 30, {}, 20, 20.0, 0.5)
    assert state_of(replace(well, **changes), NOON) == state
