"""The JSON API: lists read on page by page, one incident with its evidence, acts, and answers that spare the line."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from desk.app import create_app
from desk.desk import Desk
from storage.database import Database
from storage.people import retention
from tests.desk.api.conftest import ENGLISH, LATER

API = "/api/v1"


def test_the_list_shows_what_passes_the_filter(client: TestClient) -> None:
    found = client.get(f"{API}/incidents?country=TH").json()["items"]
    assert [(item["type"], item["country"], item["sources"]) for item in found] == [("fraud", "TH", ["wire"])]


def test_pages_are_read_on_by_next_or_by_the_link_and_miss_nothing(client: TestClient) -> None:
    first = client.get(f"{API}/incidents?limit=1&status=new,updated")
    rest = client.get(f"{API}/incidents?limit=1&status=new,updated&after={first.json()['next']}")
    ids = [item["id"] for page in (first, rest) for item in page.json()["items"]]
    assert sorted(ids) == [1, 2] and rest.json()["next"] is None
    target = first.headers["link"].removeprefix("<").partition(">")[0]
    assert client.get(target).json() == rest.json()


def test_an_incident_comes_with_its_reports_and_their_quotes(client: TestClient) -> None:
    incident = client.get(f"{API}/incidents/1").json()
    assert [report["source"] for report in incident["reports"]] == ["daily", "evening"]
    assert incident["reports"][0]["says"]["killed"] == {"low": 1, "high": 1}
    [quote] = incident["reports"][0]["evidence"]
    article = client.get(f"{API}/articles/{incident['reports'][0]['article_id']}").json()
    assert article["text"][quote["start"] : quote["end"]] == quote["quote"] == "캄보디아"
    assert incident["confidence"]["type"] > 0.5


def test_the_text_of_an_article_is_told_only_as_long_as_it_may_be_kept(client: TestClient, base: Database) -> None:
    assert client.get(f"{API}/articles/2").json()["text"] == ENGLISH
    with base.write() as session:
        retention(session, "wire", 0, "test", LATER)
    article = client.get(f"{API}/articles/2").json()
    assert article["text"] is None and article["title"]


def test_changes_are_read_on_from_the_last_one_seen(client: TestClient) -> None:
    seen = client.get(f"{API}/changes").json()
    assert [change["cell"] for change in seen["items"]][:1] == ["incident"]
    client.post(f"{API}/incidents/2/confirm")
    fresh = client.get(f"{API}/changes?after={seen['next']}").json()
    assert [(c["incident_id"], c["cell"], c["new"], c["analyst"]) for c in fresh["items"]] == [
        (2, "status", "confirmed", "operator")
    ]
    again = client.get(f"{API}/changes?after={fresh['next']}").json()
    assert again == {"items": [], "next": fresh["next"]}


def test_facets_count_what_passes_and_show_an_act_at_once(client: TestClient) -> None:
    before = client.get(f"{API}/facets?country=TH").json()
    assert before["total"] == 1
    assert before["facets"]["type"] == [{"value": "fraud", "count": 1}]
    assert {item["value"] for item in before["facets"]["country"]} == {"KH", "TH"}, "a facet is blind to itself"
    client.patch(f"{API}/incidents/2", json={"cells": {"type": "theft"}})
    assert client.get(f"{API}/facets?country=TH").json()["facets"]["type"] == [{"value": "theft", "count": 1}]


def test_an_edit_shows_at_once_with_who_and_when_and_can_be_undone(client: TestClient) -> None:
    done = client.patch(f"{API}/incidents/1", json={"cells": {"killed_max": 2, "place": "Poipet"}, "note": "consulate"})
    point = {"latitude", "longitude", "geonameid", "place_precision"}
    assert [set(change["cells"]) for change in done.json()["changes"]] == [{"killed_max", "place", *point}]
    shown = client.get(f"{API}/incidents/1").json()
    assert (shown["killed_max"], shown["place"], shown["latitude"]) == (2, "Poipet", None)
    assert {(cell["cell"], cell["analyst"]) for cell in shown["edited"]} == {
        (cell, "operator") for cell in ("killed_max", "place", *point)
    }
    client.post(f"{API}/incidents/1/undo")
    shown = client.get(f"{API}/incidents/1").json()
    assert (shown["killed_max"], shown["place"], shown["edited"]) == (1, "Sihanoukville", [])


def test_of_several_cells_all_are_set_or_none(client: TestClient) -> None:
    answer = client.patch(f"{API}/incidents/1", json={"cells": {"killed_max": 7, "country": "Cambodia"}})
    assert answer.status_code == 422 and "ISO 3166" in answer.json()["detail"]
    assert client.get(f"{API}/incidents/1").json()["killed_max"] == 1


def test_an_edit_of_what_has_changed_since_it_was_read_is_refused(client: TestClient) -> None:
    read = client.get(f"{API}/incidents/1").headers["etag"]
    fresh = {"if-match": read}
    assert client.patch(f"{API}/incidents/1", json={"cells": {"killed_max": 2}}, headers=fresh).status_code == 200
    answer = client.patch(f"{API}/incidents/1", json={"cells": {"killed_max": 3}}, headers=fresh)
    assert answer.status_code == 412
    assert client.get(f"{API}/incidents/1").json()["killed_max"] == 2


def test_a_merge_and_a_split_move_reports_and_are_undone(client: TestClient) -> None:
    client.post(f"{API}/incidents/1/merge", json={"other": 2})
    assert client.get(f"{API}/incidents/2").json()["merged_into"] == 1
    assert len(client.get(f"{API}/incidents/1").json()["reports"]) == 3
    client.post(f"{API}/incidents/1/undo")
    fresh = client.post(f"{API}/incidents/1/split", json={"reports": [3]}).json()["changes"][-1]["incident_id"]
    assert [report["report_id"] for report in client.get(f"{API}/incidents/{fresh}").json()["reports"]] == [3]


def test_a_note_stands_beside_the_incident(client: TestClient) -> None:
    assert client.post(f"{API}/incidents/1/notes", json={"text": "family told"}).status_code == 201
    assert [note["text"] for note in client.get(f"{API}/incidents/1").json()["notes"]] == ["family told"]


def test_a_search_is_kept_for_its_owner_as_a_query_string(client: TestClient) -> None:
    made = client.post(f"{API}/searches", json={"name": "Koreans in Cambodia", "query": "?country=kh&nationality=KR"})
    assert made.json()["query"] == "country=KH&nationality=KR"
    assert [item["name"] for item in client.get(f"{API}/searches").json()] == ["Koreans in Cambodia"]
    assert client.delete(f"{API}/searches/{made.json()['id']}").status_code == 204
    assert client.get(f"{API}/searches").json() == []


def test_nothing_is_sent_again_to_who_has_it(client: TestClient) -> None:
    for address in ("incidents", "incidents/1", "facets", "changes"):
        first = client.get(f"{API}/{address}")
        again = client.get(f"{API}/{address}", headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    tag = client.get(f"{API}/incidents/1").headers["etag"]
    client.post(f"{API}/incidents/1/confirm")
    assert client.get(f"{API}/incidents/1", headers={"if-none-match": tag}).status_code == 200


def test_who_asks_too_often_is_told_when_to_come_again(desk: Desk) -> None:
    slow = Desk.of(desk.db, replace(desk.settings, api_per_minute=8))
    with TestClient(create_app(slow), base_url="http://desk") as client:
        answers = [client.get(f"{API}/me") for _ in range(4)]
    assert [answer.status_code for answer in answers[:2]] == [200, 200]
    assert answers[-1].status_code == 429 and int(answers[-1].headers["retry-after"]) >= 1


@pytest.mark.parametrize(
    ("address", "status", "kind"),
    [("incidents?colour=red", 400, "bad-filter"), ("incidents?after=x", 400, "bad-filter"),
     ("incidents?limit=0", 422, "invalid"), ("incidents/99", 404, "not-found"), ("incidents/x", 422, "invalid"),
     ("incidents/9999999999999999999", 422, "invalid"), ("nothing", 404, "http-404"), ("reports/99", 404, "not-found"),
     ("articles/99", 404, "not-found"), ("incidents?killed=99999999999", 400, "bad-filter"),
     ("incidents?text=%00", 400, "bad-filter"), ("incidents?" + "type=fraud&" * 300, 400, "bad-filter")],
)  # fmt: skip
def test_a_failure_is_a_problem_that_names_its_kind(client: TestClient, address: str, status: int, kind: str) -> None:
    answer = client.get(f"{API}/{address}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert (body["type"], body["status"]) == (f"urn:sageon:problem:{kind}", status)
    assert body["detail"] and "Traceback" not in answer.text


def test_a_failure_that_nobody_foresaw_is_answered_without_its_inside(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret of the inside")

    monkeypatch.setattr("desk.api.incidents.get_incident", broken)
    answer = client.get(f"{API}/incidents/1")
    assert answer.status_code == 500 and "secret" not in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert client.get(f"{API}/incidents").status_code == 200


def test_a_desk_without_names_tells_none_anywhere(desk: Desk) -> None:
    closed = Desk.of(desk.db, replace(desk.settings, names=False))
    with TestClient(create_app(closed), base_url="http://desk") as client:
        for address in ("incidents", "incidents/1", "incidents/1?names=true", "incidents/1/history", "changes",
                        "reports", "reports/1"):  # fmt: skip
            answer = client.get(f"{API}/{address}")
            assert answer.status_code == 200
            assert "김가람" not in answer.text, address
    with TestClient(create_app(desk), base_url="http://desk") as client:
        assert "김가람" in client.get(f"{API}/incidents/1").text
        assert "김가람" not in client.get(f"{API}/incidents/1?names=false").text


def test_the_description_names_every_filter_and_needs_no_login(visitor: TestClient) -> None:
    described = visitor.get(f"{API}/openapi.json").json()
    told = {item["name"] for item in described["paths"][f"{API}/incidents"]["get"]["parameters"]}
    assert {"nationality", "country", "type", "since", "text", "after", "limit"} <= told
    assert described["components"]["schemas"]["Problem"]["required"]
