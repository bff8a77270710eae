"""Who may do what: every address of the desk, and the least role it asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from desk.app import create_app
from desk.desk import Desk
from storage.accounts import ROLES

#: (method, address, body, least role, status where it is allowed), in an order in which each finds what it needs.
ACTIONS: list[tuple[str, str, Any, str, int]] = [
    ("GET", "/", None, "reader", 200),
    ("GET", "/incidents.csv", None, "reader", 200),
    ("GET", "/incidents.atom", None, "reader", 200),
    ("GET", "/incidents.feed.json", None, "reader", 200),
    ("GET", "/metrics", None, "reader", 200),
    ("GET", "/alerts/none.atom", None, "reader", 404),
    ("GET", "/api/v1/me", None, "reader", 200),
    ("GET", "/api/v1/incidents", None, "reader", 200),
    ("GET", "/api/v1/incidents/1", None, "reader", 200),
    ("GET", "/api/v1/incidents/1/history", None, "reader", 200),
    ("GET", "/api/v1/changes", None, "reader", 200),
    ("GET", "/api/v1/facets", None, "reader", 200),
    ("GET", "/api/v1/reports", None, "reader", 200),
    ("GET", "/api/v1/reports/1", None, "reader", 200),
    ("GET", "/api/v1/articles", None, "reader", 200),
    ("GET", "/api/v1/articles/1", None, "reader", 200),
    ("GET", "/api/v1/sources", None, "reader", 200),
    ("GET", "/api/v1/questions", None, "reader", 200),
    ("GET", "/api/v1/searches", None, "reader", 200),
    ("POST", "/api/v1/searches", {"name": "mine", "query": "country=KH"}, "reader", 201),
    ("DELETE", "/api/v1/searches/1", None, "reader", 204),
    ("PATCH", "/api/v1/incidents/1", {"cells": {"country": "VN"}}, "analyst", 200),
    ("POST", "/api/v1/incidents/1/undo", None, "analyst", 200),
    ("POST", "/api/v1/incidents/1/confirm", None, "analyst", 200),
    ("POST", "/api/v1/incidents/1/reject", None, "analyst", 200),
    ("POST", "/api/v1/incidents/1/split", {"reports": [3]}, "analyst", 200),
    ("POST", "/api/v1/incidents/1/merge", {"other": 2}, "analyst", 200),
    ("POST", "/api/v1/incidents/1/notes", {"text": "asked the consulate"}, "analyst", 201),
    ("POST", "/api/v1/questions/1/answer", {"same": False}, "analyst", 404),
    ("GET", "/api/v1/accounts", None, "admin", 200),
    ("POST", "/api/v1/accounts", {"name": "new", "password": "long enough 1", "role": "reader"}, "admin", 201),
    ("PATCH", "/api/v1/accounts/new", {"role": "analyst"}, "admin", 200),
    ("GET", "/api/v1/tokens", None, "admin", 200),
    ("POST", "/api/v1/tokens", {"name": "export", "role": "reader"}, "admin", 201),
    ("DELETE", "/api/v1/tokens/2", None, "admin", 204),
    ("GET", "/api/v1/audit", None, "admin", 200),
]
#: Addresses that ask nobody who they are.
OPEN = {"/login", "/logout", "/static/{name}", "/api/v1/openapi.json", "/healthz", "/readyz"}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_do_its_own_and_what_lesser_roles_may(
    visitor: TestClient, bearer: Callable[[str], dict[str, str]], role: str
) -> None:
    held = bearer(role)
    for method, address, body, least, status in ACTIONS:
        answer = visitor.request(method, address, json=body, headers=held)
        allowed = ROLES.index(role) >= ROLES.index(least)
        assert answer.status_code == (status if allowed else 403), f"{role} {method} {address}: {answer.text[:300]}"


def test_a_stranger_may_do_nothing(visitor: TestClient) -> None:
    for method, address, body, _, _ in ACTIONS:
        answer = visitor.request(method, address, json=body)
        if address == "/":
            assert answer.status_code == 303 and answer.headers["location"].startswith("/login")
        else:
            assert answer.status_code == 401, f"{method} {address}"
            assert answer.json()["type"] == "urn:sageon:problem:login-needed"


def test_every_address_of_the_api_stands_in_the_table(locked: Desk) -> None:
    app = create_app(locked)
    listed = {(method, address) for method, address, _, _, _ in ACTIONS}
    described = app.openapi()["paths"]
    assert described
    for path, methods in described.items():
        for method in methods:
            concrete = [address for verb, address in listed if verb == method.upper() and _fits(path, address)]
            assert concrete, f"{method.upper()} {path} stands in no row of ACTIONS"


def test_no_page_is_open_but_those_named(locked: Desk, visitor: TestClient) -> None:
    for route in create_app(locked).routes:
        if isinstance(route, APIRoute) and route.path not in OPEN and "GET" in (route.methods or ()):
            address = route.path.replace(".{form}", ".csv").replace("{name}", "x")
            while "{" in address:
                address = address[: address.index("{")] + "1" + address[address.index("}") + 1 :]
            assert visitor.get(address).status_code in (401, 303), f"{route.path} is open to strangers"


def _fits(path: str, address: str) -> bool:
    told, asked = path.split("/"), address.split("/")
    return len(told) == len(asked) and all(
        one == two or one.startswith("{") or (one == "incidents.{form}" and two == "incidents.csv")
        for one, two in zip(told, asked, strict=True)
    )
