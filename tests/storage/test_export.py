from __future__ import annotations

import csv
import io
import json
import re
import tempfile
import tracemalloc
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook

from extract import records
from storage import export
from storage.database import Database
from storage.export import COLUMNS, FORMATS, MissingFormat, flat, harmless, write
from storage.filters import Filter
from tests.storage.press import incoming, publish, report

NAMED = (records.Victim("직장인 한보람(22)씨", 1, "KR", "한보람", "22", "female", "killed"),)


@pytest.fixture
def table(db: Database) -> Database:
    publish(db, incoming(1, title='=HYPERLINK("x") 한보람씨 사망'), report(victims=NAMED))
    publish(
        db,
        incoming(2, title="대구 공장 \uffff화재", text="대구의 한 공장에서 불이 났다."),
        records.IncidentReport("accident", country="KR"),
    )
    return db


def exported(db: Database, format: str, **options: bool) -> bytes:
    stream = io.BytesIO()
    with db.read() as session:
        assert write(session, Filter(), format, stream, **options) == 2  # type: ignore[arg-type]
    return stream.getvalue()


def homicide(rows: list[dict[str, object]]) -> dict[str, object]:
    return next(row for row in rows if row["type"] == "homicide")


def test_csv_has_every_column_and_no_formula(table: Database) -> None:
    rows = list(csv.DictReader(io.StringIO(exported(table, "csv").decode())))
    assert tuple(rows[0]) == COLUMNS
    row = next(row for row in rows if row["type"] == "homicide")
    assert row["headline"].startswith("'=HYPERLINK")
    assert row["killed_max"] == "1"
    assert row["victims"] == "KR 22 female killed x1 (한보람)"
    assert row["urls"] == "https://daily.example/news/1"
    assert next(row for row in rows if row["type"] == "accident")["killed_max"] == ""


def test_csv_can_begin_with_the_mark_excel_wants(table: Database) -> None:
    assert exported(table, "csv", bom=True).startswith(b"\xef\xbb\xbfid,")
    assert exported(table, "csv").startswith(b"id,")


def test_json_and_json_lines_hold_the_same_rows(table: Database) -> None:
    rows = json.loads(exported(table, "json"))
    assert rows == [json.loads(line) for line in exported(table, "jsonl").splitlines()]
    assert homicide(rows)["victims"][0]["nationality"] == "KR"  # type: ignore[index]


def test_geojson_has_points_and_null_geometries(table: Database) -> None:
    features = json.loads(exported(table, "geojson"))["features"]
    points = {feature["properties"]["type"]: feature["geometry"] for feature in features}
    assert points == {"homicide": {"type": "Point", "coordinates": [103.5, 10.63]}, "accident": None}


def test_parquet_keeps_types(table: Database) -> None:
    rows = pq.read_table(io.BytesIO(exported(table, "parquet"))).to_pylist()
    row = homicide(rows)
    assert row["killed_max"] == 1
    assert row["first_seen"].tzinfo is not None  # type: ignore[attr-defined]
    assert row["victim_nationalities"] == ["KR"]


def test_xlsx_holds_text_as_text(table: Database) -> None:
    sheet = load_workbook(io.BytesIO(exported(table, "xlsx")))["incidents"]
    header, *rows = list(sheet.iter_rows())
    at = [cell.value for cell in header].index("headline")
    assert {row[at].data_type for row in rows} == {"s"}
    assert any(str(row[at].value).startswith("=HYPERLINK") for row in rows)


@pytest.mark.parametrize("format", FORMATS)
def test_names_can_be_left_out_of_every_format(table: Database, format: str) -> None:
    def plain(content: bytes) -> str:
        if format == "parquet":
            return str(pq.read_table(io.BytesIO(content)).to_pylist())
        if format == "xlsx":
            sheet = load_workbook(io.BytesIO(content))["incidents"]
            return str([[cell.value for cell in row] for row in sheet.iter_rows()])
        return content.decode()

    assert "한보람" in plain(exported(table, format))
    assert "한보람" not in plain(exported(table, format, names=False))


def test_an_empty_table_is_a_valid_file(db: Database) -> None:
    for format in FORMATS:
        stream = io.BytesIO()
        with db.read() as session:
            assert write(session, Filter(), format, stream) == 0  # type: ignore[arg-type]
        assert format != "json" or json.loads(stream.getvalue()) == []


@pytest.mark.parametrize("format", FORMATS)
def test_memory_does_not_grow_with_the_number_of_rows(format: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "BATCH", 10)

    def peak(rows: int) -> int:
        filler = "가" * 500
        made: dict[str, object] = dict.fromkeys(COLUMNS)
        made |= {
            "other_types": [],
            "victim_nationalities": [],
            "victims": [],
            "perpetrators": [],
            "sources": [],
            "urls": [],
        }
        with tempfile.TemporaryFile() as stream:
            tracemalloc.start()
            export.write_rows(({**made, "id": n, "headline": f"{n}{filler}"} for n in range(rows)), format, stream)
            _, most = tracemalloc.get_traced_memory()
            tracemalloc.stop()
        return most

    peak(100)
    few, many = peak(200), peak(1200)
    assert many < few + 500 * 1000  # the thousand rows more hold over 1.5 MB of text


def test_the_codebook_explains_every_column_in_the_order_of_the_file() -> None:
    page = (Path(__file__).parents[2] / "docs" / "codebook.md").read_text(encoding="utf-8")
    table = page.split("## Columns of a file")[1]
    told = [
        name
        for line in table.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`(\w+)`", line.split("|")[1])
    ]
    assert tuple(told) == COLUMNS


def test_a_limit_ends_the_file(table: Database) -> None:
    stream = io.BytesIO()
    with table.read() as session:
        assert write(session, Filter(), "jsonl", stream, limit=1) == 1
    assert len(stream.getvalue().splitlines()) == 1


def test_a_format_we_do_not_write_is_named(db: Database) -> None:
    with db.read() as session, pytest.raises(MissingFormat, match="csv"):
        write(session, Filter(), "dbf", io.BytesIO())  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ["=1+1", "+82 10", "-2+3", "@SUM(A1)", "\tx", "\rx"])
def test_formulas_are_made_harmless(value: str) -> None:
    assert harmless(value) == f"'{value}"
    assert harmless(-2) == -2


def test_flat_rows_hold_no_lists() -> None:
    assert flat({"victims": [{"nationality": "KR", "count": 2}], "urls": ["a", "b"]}) == {
        "victims": "KR x2",
        "urls": "a; b",
    }
