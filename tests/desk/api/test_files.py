"""Any filtered view as a file and as a feed."""

from __future__ import annotations

import csv
import io
import json
from xml.etree import ElementTree as ET

import openpyxl
import pyarrow.parquet as pq
import pytest
from fastapi.testclient import TestClient

from desk.routes import files
from storage.database import Database
from storage.export import FORMATS
from storage.people import audit_lines

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def headlines(form: str, body: bytes) -> list[str]:
    """The headlines of a file of that format."""
    if form == "csv":
        return [row["headline"] for row in csv.DictReader(io.StringIO(body.decode()))]
    if form == "xlsx":
        rows = list(openpyxl.load_workbook(io.BytesIO(body))["incidents"].values)
        return [str(row[rows[0].index("headline")]) for row in rows[1:]]
    if form == "parquet":
        return [str(value) for value in pq.read_table(io.BytesIO(body))["headline"].to_pylist()]
    if form == "jsonl":
        return [json.loads(line)["headline"] for line in body.decode().splitlines()]
    if form == "geojson":
        return [feature["properties"]["headline"] for feature in json.loads(body)["features"]]
    return [row["headline"] for row in json.loads(body)]


@pytest.mark.parametrize("form", FORMATS)
def test_the_filtered_table_is_a_file_of_every_format(client: TestClient, form: str) -> None:
    answer = client.get(f"/incidents.{form}?country=TH")
    assert answer.status_code == 200
    assert headlines(form, answer.content) == ["Nine Korean retirees lose savings in Bangkok"]
    assert f'.{form}"' in answer.headers["content-disposition"]
    assert "no-store" in answer.headers["cache-control"]


@pytest.mark.parametrize("form", FORMATS)
def test_the_form_without_names_names_nobody(client: TestClient, form: str) -> None:
    whole, without = client.get(f"/incidents.{form}"), client.get(f"/incidents.{form}?names=false")
    assert any("김가람" in line for line in headlines(form, whole.content))
    assert not any("김가람" in line for line in headlines(form, without.content))


def test_an_export_is_in_the_audit(client: TestClient, base: Database) -> None:
    client.get("/incidents.csv?country=TH&names=false")
    with base.read() as session:
        _, who, action, detail = audit_lines(session)[0]
    assert (who, action) == ("operator", "export")
    assert detail == {"format": "csv", "filter": "country=TH", "incidents": 1, "names": False}


def test_a_csv_may_begin_with_the_mark_of_excel(client: TestClient) -> None:
    assert client.get("/incidents.csv?bom=true").content.startswith(b"\xef\xbb\xbfid,")


def test_a_format_that_is_none_is_refused_with_those_that_are(client: TestClient) -> None:
    answer = client.get("/incidents.pdf")
    assert answer.status_code == 400 and "xlsx" in answer.json()["detail"]


def test_only_so_many_files_are_written_at_once_and_none_is_lost_to_a_failure(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> int:
        raise RuntimeError("disk full")

    with monkeypatch.context() as failing:
        failing.setattr(files, "write", broken)
        assert [client.get("/incidents.csv").status_code for _ in range(6)] == [500] * 6
    held = [files.AT_ONCE.acquire(blocking=False) for _ in range(4)]
    assert held == [True] * 4, "a failed export gives its place back"
    assert client.get("/incidents.csv").status_code == 429
    for _ in held:
        files.AT_ONCE.release()
    assert client.get("/incidents.csv").status_code == 200


def test_the_filter_is_an_atom_feed(client: TestClient) -> None:
    answer = client.get("/incidents.atom?country=KH")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = ET.fromstring(answer.content)
    assert feed.findtext("a:link[@rel='self']", namespaces=ATOM) == ""
    [entry] = feed.findall("a:entry", ATOM)
    link = entry.find("a:link", ATOM)
    assert link is not None and link.get("href") == "http://desk/incidents/1" == entry.findtext("a:id", None, ATOM)
    assert "homicide" in (entry.findtext("a:summary", "", ATOM))


def test_the_filter_is_a_json_feed(client: TestClient) -> None:
    feed = client.get("/incidents.feed.json?country=KH").json()
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    [item] = feed["items"]
    assert item["_sageon"]["killed"] == [1, 1] and item["_sageon"]["nationalities"] == ["KR"]


def test_feeds_name_nobody(client: TestClient) -> None:
    for form in ("atom", "feed.json"):
        assert "김가람" not in client.get(f"/incidents.{form}").text


def test_a_feed_is_not_sent_again_to_who_has_it(client: TestClient) -> None:
    tag = client.get("/incidents.atom").headers["etag"]
    assert client.get("/incidents.atom", headers={"if-none-match": tag}).status_code == 304
