"""What analysts do in the pages: shown at once, with who did it, and to be taken back."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from storage.curation import Analyst, answer
from storage.database import Database
from storage.models import Question
from storage.view import IncidentView, get_incident
from tests.desk.forms import send
from tests.storage.press import NOON


def view(base: Database, number: int) -> IncidentView:
    with base.read() as session:
        return get_incident(session, number)


@pytest.mark.parametrize(("act", "status"), [("confirm", "confirmed"), ("reject", "rejected")])
def test_a_judgement_shows_at_once_and_is_taken_back(client: TestClient, base: Database, act: str, status: str) -> None:
    answered = send(client, "/incidents/1", f"/incidents/1/{act}", {"back": "/incidents/1"})
    assert answered.status_code == 303
    html = client.get(answered.headers["location"]).text
    assert f'class="badge {status}"' in html
    assert 'role="status"' in html
    assert view(base, 1).history[-1].analyst == "operator"
    send(client, "/incidents/1", "/incidents/1/undo")
    assert view(base, 1).row.status == "new"


def test_an_edited_cell_says_who_set_it_and_the_reports_do_not_win_it_back(client: TestClient, base: Database) -> None:
    send(client, "/incidents/1", "/incidents/1/edit", {"killed_min": "2", "killed_max": "3", "why": "two bodies"})
    html = client.get("/incidents/1").text
    row = html[html.index('id="fact-killed"') :]
    row = row[: row.index("</tr>")]
    assert "2–3" in row and "set by operator" in row
    send(client, "/incidents/1", "/incidents/1/undo")
    assert view(base, 1).row["killed_max"] == 1
    assert view(base, 1).row["killed_min"] == 1, "one form is one act"
    assert view(base, 1).edited == {}


def test_a_form_sets_only_what_was_changed(client: TestClient, base: Database) -> None:
    answered = send(client, "/incidents/1", "/incidents/1/edit", {"country": "KH"})
    assert answered.headers["location"].endswith("done=same")
    assert view(base, 1).edited == {}


def test_a_new_place_loses_the_old_point_and_a_new_date_gets_its_precision(client: TestClient, base: Database) -> None:
    send(client, "/incidents/1", "/incidents/1/edit", {"place": "Bavet"})
    row = view(base, 1).row
    assert (row["place"], row["latitude"], row["geonameid"]) == ("Bavet", None, None)
    send(client, "/incidents/1", "/incidents/1/edit", {"date": "2025-10"})
    assert (view(base, 1).row["date"], view(base, 1).row["date_precision"]) == ("2025-10", "month")


@pytest.mark.parametrize(
    "fields", [{"killed_max": "many"}, {"date": "soon"}, {"country": "Cambodia"}, {"latitude": "north"}, {"type": "x"}]
)
def test_a_value_that_no_cell_can_hold_is_refused_and_nothing_is_lost(
    client: TestClient, base: Database, fields: dict[str, str]
) -> None:
    before = view(base, 1)
    answered = send(client, "/incidents/1", "/incidents/1/edit", fields)
    assert answered.status_code == 422
    assert 'role="alert"' in answered.text
    assert view(base, 1) == before


def test_victims_are_edited_as_lines(client: TestClient, base: Database) -> None:
    html = client.get("/incidents/1/people/victims").text
    lines = html.count('name="victims.text"')
    fields = {
        f"victims.{name}": [""] * lines for name in ("text", "count", "nationality", "name", "age", "gender", "outcome")
    }
    fields["victims.text"][1], fields["victims.count"][1], fields["victims.nationality"][1] = "two workers", "2", "vn"
    send(client, "/incidents/1/people/victims", "/incidents/1/people/victims", fields)
    (victim,) = view(base, 1).victims
    assert (victim["text"], victim["count"], victim["nationality"]) == ("two workers", 2, "VN")


def test_a_people_form_with_a_column_missing_is_refused(client: TestClient, base: Database) -> None:
    answered = send(client, "/incidents/1/people/victims", "/incidents/1/people/victims", {"victims.text": ["a", "b"]})
    assert answered.status_code == 422
    assert len(view(base, 1).victims) == 1


def test_two_rows_become_one_and_two_again(client: TestClient, base: Database) -> None:
    send(client, "/incidents/1", "/incidents/1/merge", {"other": "2"})
    assert "This row was merged into another" in client.get("/incidents/2").text
    html = client.get("/incidents/1").text
    assert "Nine Korean retirees" in html
    reports = re.findall(r'name="report" value="(\d+)"', html)
    assert len(reports) == 2
    send(client, "/incidents/1", "/incidents/1/undo")
    assert view(base, 2).row.status == "new"
    assert view(base, 1).row.report_count == 1


def test_marked_reports_get_a_row_of_their_own(client: TestClient, base: Database) -> None:
    send(client, "/incidents/1", "/incidents/1/merge", {"other": "2"})
    reports = re.findall(r'name="report" value="(\d+)"', client.get("/incidents/1").text)
    answered = send(client, "/incidents/1", "/incidents/1/split", {"report": reports[-1:]})
    number = int(re.match(r"/incidents/(\d+)", answered.headers["location"])[1])  # type: ignore[index]
    assert number not in (1, 2)
    assert view(base, number).row.report_count == 1


def test_a_note_stands_beside_the_row_and_changes_no_cell(client: TestClient, base: Database) -> None:
    before = view(base, 1)
    send(client, "/incidents/1", "/incidents/1/note", {"text": "Called the consulate; <b>they</b> know."})
    assert "&lt;b&gt;they&lt;/b&gt; know." in client.get("/incidents/1").text
    assert view(base, 1) == before


def test_the_queue_holds_what_nobody_checked_and_goes_on_after_a_judgement(client: TestClient) -> None:
    html = client.get("/queue").text
    assert 'id="row-1"' in html and 'id="row-2"' in html
    answered = send(client, "/queue", "/incidents/1/confirm", {"back": "/queue#at-0"})
    assert answered.headers["location"] == "/queue?done=confirm&last=1#at-0"
    html = client.get("/queue?done=confirm&last=1").text
    assert 'id="row-1"' not in html and 'id="row-2"' in html
    send(client, "/queue?done=confirm&last=1", "/incidents/1/undo", {"back": "/queue"})
    assert 'id="row-1"' in client.get("/queue").text


def test_a_question_of_resolution_is_answered_in_the_queue(client: TestClient, base: Database) -> None:
    with base.write() as session:
        report_id = get_incident(session, 2).reports[0].report_id
        session.add(Question(report_id=report_id, incident_id=1, probability=0.5, reasons=["date_equal"], at=NOON))
    html = client.get("/queue").text
    assert "the same day" in html
    number = int(re.search(r"/questions/(\d+)/answer", html)[1])  # type: ignore[index]
    assert send(client, "/queue", f"/questions/{number}/answer", {"same": "perhaps"}).status_code == 422
    send(client, "/queue", f"/questions/{number}/answer", {"same": "yes", "back": "/queue"})
    assert view(base, 2).merged_into == 1
    assert "/questions/" not in client.get("/queue").text
    with base.write() as session:
        session.add(Question(report_id=report_id, incident_id=1, probability=0.5, reasons=[], at=NOON))
        session.flush()
        assert answer(session, number + 1, False, Analyst("x", NOON)) == []


def test_a_form_of_another_page_changes_nothing(client: TestClient, base: Database) -> None:
    client.get("/incidents/1")
    assert client.post("/incidents/1/confirm", data={"token": "0" * 64}).status_code == 403
    assert client.post("/incidents/1/confirm").status_code == 403
    assert view(base, 1).row.status == "new"


@pytest.mark.parametrize(
    "back", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:x"]
)
def test_an_act_leads_nowhere_but_to_the_desk(client: TestClient, back: str) -> None:
    answered = send(client, "/incidents/1", "/incidents/1/confirm", {"back": back})
    assert answered.headers["location"].startswith("/?done=confirm")
