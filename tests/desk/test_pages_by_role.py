"""Who may do what in the pages: a reader sees everything and changes nothing, an analyst curates."""

from __future__ import annotations

import re
from collections.abc import Iterator

import argon2
import pytest
from fastapi.testclient import TestClient

from desk.app import create_app
from desk.desk import Desk
from desk.settings import DeskSettings
from storage.accounts import add_account
from storage.database import Database
from tests.desk.forms import send
from tests.storage.press import NOON

PASSWORD = "correct horse battery"
PAGES = ("/", "/map", "/incidents/1", "/articles/1", "/queue", "/sources", "/incidents/1/people/victims")
#: (address, fields): everything that the pages' forms send.
FORMS: tuple[tuple[str, dict[str, str]], ...] = (
    ("/incidents/1/edit", {"country": "VN"}),
    ("/incidents/1/undo", {}),
    ("/incidents/1/people/victims", {f"victims.{n}": "" for n in ("text", "count", "nationality", "name", "age", "gender", "outcome")}),
    ("/incidents/1/confirm", {}),
    ("/incidents/1/reject", {}),
    ("/incidents/1/merge", {"other": "2"}),
    ("/incidents/1/split", {"report": "2"}),
    ("/incidents/1/note", {"text": "asked the consulate"}),
    ("/questions/1/answer", {"same": "no"}),
)  # fmt: skip


@pytest.fixture
def visitor(base: Database) -> Iterator[TestClient]:
    cheap = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with base.write() as session:
        for role in ("reader", "analyst", "admin"):
            add_account(session, role, cheap, role, NOON)
    desk = Desk.of(base, DeskSettings(login=True, hosts=frozenset()))
    with TestClient(create_app(desk), base_url="http://desk", follow_redirects=False) as client:
        yield client


def log_in(client: TestClient, role: str) -> None:
    answer = send(client, "/login", "/login", {"name": role, "password": PASSWORD, "next": "/queue"})
    assert answer.headers["location"] == "/queue"


def token(client: TestClient) -> str:
    found = re.search(r'name="token" value="([^"]+)"', client.get("/").text)
    assert found is not None
    return found[1]


def test_a_stranger_is_led_to_the_login_and_then_on(visitor: TestClient) -> None:
    for page in PAGES:
        answer = visitor.get(page)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/login?next=")
    for address, fields in FORMS:
        assert visitor.post(address, data=fields).status_code in (401, 403), address


def test_a_reader_reads_every_page_and_is_offered_no_act(visitor: TestClient) -> None:
    log_in(visitor, "reader")
    for page in PAGES[:-1]:
        html = visitor.get(page).text
        offered = set(re.findall(r'<form method="post" action="([^"]+)"', html)) - {"/logout", "/searches"}
        assert offered == set(), page
    assert visitor.get(PAGES[-1]).status_code == 403
    for address, fields in FORMS:
        answer = visitor.post(address, data={"token": token(visitor), **fields})
        assert answer.status_code == 403, address
        assert "analyst" in answer.text
    assert send(visitor, "/", "/searches", {"name": "mine", "query": "country=KH", "back": "/"}).status_code == 303


@pytest.mark.parametrize("role", ["analyst", "admin"])
def test_an_analyst_may_send_every_form(visitor: TestClient, role: str) -> None:
    log_in(visitor, role)
    for address, fields in FORMS:
        answer = visitor.post(address, data={"token": token(visitor), **fields})
        assert answer.status_code == (404 if address.startswith("/questions") else 303), (
            f"{address}: {answer.text[-600:]}"
        )
    assert f", {role}" in visitor.get("/incidents/1").text, "the history says who"


def test_who_logged_out_is_a_stranger_again(visitor: TestClient) -> None:
    log_in(visitor, "analyst")
    send(visitor, "/", "/logout")
    assert visitor.get("/").headers["location"].startswith("/login")


def test_a_search_is_its_owner_s_alone(visitor: TestClient) -> None:
    log_in(visitor, "reader")
    send(visitor, "/", "/searches", {"name": "secret plan", "query": "country=KH", "back": "/"})
    send(visitor, "/", "/logout")
    log_in(visitor, "analyst")
    assert "secret plan" not in visitor.get("/").text
    assert visitor.post("/searches/1/drop", data={"token": token(visitor)}).status_code == 404
