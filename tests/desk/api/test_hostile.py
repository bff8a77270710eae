"""Article texts and questions that mean harm: they change nothing and break nothing."""

from __future__ import annotations

import json
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
from fastapi.testclient import TestClient

from storage.database import Database
from storage.filters import PARAMETERS
from tests.storage.press import incoming, publish, report

HOSTILE = {
    "script": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "end of a tag": "\"><svg onload=alert(1)> ' onmouseover='x",
    "template": "{{ 70707 * 3 }}{% include 'x' %}",
    "formula": '=HYPERLINK("http://elsewhere.example","open")',
    "direction": "\u202egnp.exe\u202c \u2066hidden\u2069",
    "control": "a\x08\x0b\x1b[31mred",
    "end of data": "]]></title><x>&amp;",
    "astral": "\U0001f600 \U000e0001 é" * 5,
}


@pytest.fixture(params=sorted(HOSTILE))
def hostile(request: pytest.FixtureRequest, base: Database) -> str:
    """A headline that means harm, on an incident in Laos (4)."""
    text = HOSTILE[request.param]
    publish(base, incoming(9, f"{text}\n{text * 3}", title=text, source="wire"), report(country="LA", evidence=()))
    return text


def test_a_headline_is_never_markup_on_a_page(client: TestClient, hostile: str) -> None:
    page = client.get("/?country=LA").text
    assert client.get("/?country=LA").status_code == 200
    for harm in ("<script>alert", "<img src=x", "<svg onload", "212121", "\u202e", "\u2066", "\x1b", "\x08"):
        assert harm not in page
    assert "onmouseover='x" not in page


def test_a_headline_breaks_no_feed_and_no_file(client: TestClient, hostile: str) -> None:
    feed = ET.fromstring(client.get("/incidents.atom?country=LA").content)
    assert len(feed.findall("{http://www.w3.org/2005/Atom}entry")) == 1
    assert len(client.get("/incidents.feed.json?country=LA").json()["items"]) == 1
    for form in ("csv", "json", "jsonl", "geojson", "parquet", "xlsx"):
        assert client.get(f"/incidents.{form}?country=LA").status_code == 200, form
    line = client.get("/incidents.csv?country=LA").text.splitlines()[1]
    assert not any(cell.startswith(("=", '"=')) for cell in line.split(","))


def test_the_api_tells_a_headline_as_it_is(client: TestClient, hostile: str) -> None:
    answer = client.get("/api/v1/incidents?country=LA")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert [item["headline"] for item in answer.json()["items"]] == [hostile]


WORDS = ["'", "' OR 1=1 --", "%", "\\", "\x00", "\ufffe", "((((", '"', "\"\"", "*", "a" * 5000, "NEAR(", "-", ":",
         "감" * 300, "\ud800", "1e999", "NaN", "٣", "-0", "0x10", "9" * 400, "2025-02-30", "0000-00-00"]  # fmt: skip


@pytest.mark.parametrize("parameter", sorted([*PARAMETERS, "after", "limit", "lang", "degrees"]))
def test_no_value_of_a_filter_breaks_the_desk(client: TestClient, parameter: str) -> None:
    before = client.get("/api/v1/incidents").json()
    for word in WORDS:
        query = f"{parameter}={quote(word.encode('utf-8', 'surrogatepass'))}"
        for address in ("/", "/api/v1/incidents", "/incidents.atom"):
            assert client.get(f"{address}?{query}").status_code in (200, 400, 422), f"{address} {parameter}={word!r}"
    assert client.get("/api/v1/incidents").json() == before


@pytest.mark.parametrize(
    "body",
    ['{"cells": {"headline": "\\ud800"}}', '{"cells": {"headline": "\\u0000"}}', '{"cells": {"headline": 7}}',
     '{"cells": {"victims": [{"name": {}}]}}', '{"cells": {"victims": "x"}}', '{"cells": {"killed_max": 1e400}}',
     '{"cells": {"killed_max": 99999999999999999999}}', '{"cells": {"latitude": NaN}}', '{"cells": {"date": "9999-99"}}',
     '{"cells": {"other_types": [[]]}}', '{"cells": {"country": "K\\u0000"}}', '{"cells": {"date": "0-0-0"}}',
     '{"cells": {"victims": [{"count": "many"}]}}', '{"cells": {"perpetrators": [{"status": 5}]}}',
     '{"cells": {"geonameid": 3000000000}}', '{"cells": {"victims": [{"text": "\\ud800"}]}}',
     '{"cells": {"place": "' + "a" * 5000 + '"}}', '{"cells": {"victims": [null]}}',
     '{"cells": {"date": "99999-01-01"}}', "[" * 5000, "{", "null", ""],
)  # fmt: skip
def test_no_edit_stores_what_the_table_cannot_hold(client: TestClient, body: str) -> None:
    before = client.get("/api/v1/incidents/1").json()
    kind = {"content-type": "application/json"}
    assert client.patch("/api/v1/incidents/1", content=body.encode(), headers=kind).status_code in (400, 422)
    assert client.get("/api/v1/incidents/1").json() == before


def test_a_huge_article_is_told_whole_by_the_api(client: TestClient, base: Database) -> None:
    text = "감금 신고가 이어졌다. " * 60_000
    publish(base, incoming(8, text, source="wire"), report(country="LA", evidence=()))
    found = client.get("/api/v1/incidents?country=LA").json()["items"]
    incident = client.get(f"/api/v1/incidents/{found[0]['id']}").json()
    answer = client.get(f"/api/v1/articles/{incident['reports'][0]['article_id']}")
    assert json.loads(answer.content)["text"] == text
