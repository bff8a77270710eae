"""Logging in: passwords, sessions, forms, tokens, and the audit of them."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from desk.access import SESSION_COOKIE
from desk.app import create_app
from desk.desk import LOGINS_PER_MINUTE, Desk
from desk.passwords import hash_password, verify_password
from desk.rate import Limiter
from storage.accounts import change_account
from storage.errors import BadEdit
from storage.people import audit_lines
from tests.desk.api.conftest import LATER, PASSWORD


def log_in(browser: TestClient, name: str, password: str = PASSWORD, next: str = "/") -> int:
    """The status of an attempt by the form of the page."""
    token = form_token(browser.get("/login").text)
    fields = {"name": name, "password": password, "token": token, "next": next}
    return browser.post("/login", data=fields).status_code


def form_token(page: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found
    return found[1]


def test_who_logs_in_sees_the_page_that_was_asked_for(visitor: TestClient) -> None:
    sent = visitor.get("/?country=KH")
    assert sent.status_code == 303
    page = visitor.get(sent.headers["location"])
    fields = {"name": "reader", "password": PASSWORD, "token": form_token(page.text), "next": "/?country=KH"}
    answer = visitor.post("/login", data=fields)
    assert (answer.status_code, answer.headers["location"]) == (303, "/?country=KH")
    assert "캄보디아" in visitor.get("/?country=KH").text


def test_the_cookie_of_a_session_is_for_no_script_and_no_other_site(visitor: TestClient) -> None:
    token = form_token(visitor.get("/login").text)
    answer = visitor.post("/login", data={"name": "reader", "password": PASSWORD, "token": token})
    cookie = next(line for line in answer.headers.get_list("set-cookie") if line.startswith(SESSION_COOKIE))
    assert "HttpOnly" in cookie and "samesite=lax" in cookie.lower()


def test_cookies_go_over_tls_only_where_the_desk_is_reached_by_tls(locked: Desk) -> None:
    desk = Desk.of(locked.db, replace(locked.settings, https=True))
    with TestClient(create_app(desk), base_url="https://desk") as browser:
        answer = browser.get("/login")
    assert all("Secure" in line for line in answer.headers.get_list("set-cookie"))
    assert answer.headers["strict-transport-security"].startswith("max-age=")


@pytest.mark.parametrize(("name", "password"), [("reader", "wrong horse battery"), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_name_and_a_wrong_password_are_answered_alike(visitor: TestClient, name: str, password: str) -> None:
    assert log_in(visitor, name, password) == 401
    assert SESSION_COOKIE not in visitor.cookies


def test_a_password_cannot_be_tried_without_end(locked: Desk) -> None:
    minute = Desk(locked.db, locked.settings, locked.counts, locked.api, Limiter(LOGINS_PER_MINUTE, clock=lambda: 0.0))
    with TestClient(create_app(minute), base_url="http://desk", follow_redirects=False) as visitor:
        tried = [log_in(visitor, "admin", f"guess number {number}") for number in range(LOGINS_PER_MINUTE // 2)]
        assert tried[0] == 401 and tried[-1] == 429
        assert log_in(visitor, "admin") == 429, "the right password does not come through either"


def test_a_form_without_its_token_or_with_that_of_another_browser_does_nothing(
    visitor: TestClient, locked: Desk
) -> None:
    with TestClient(create_app(locked), base_url="http://desk") as other:
        foreign = form_token(other.get("/login").text)
    for token in ("", "x", foreign, "é." + "0" * 64):
        answer = visitor.post("/login", data={"name": "reader", "password": PASSWORD, "token": token})
        assert answer.status_code == 403, token
    assert SESSION_COOKIE not in visitor.cookies


def test_a_form_of_before_the_login_is_of_no_use_after_it(visitor: TestClient) -> None:
    before = form_token(visitor.get("/login").text)
    assert log_in(visitor, "reader") == 303
    assert visitor.post("/logout", data={"token": before}).status_code == 403


def test_no_two_pages_carry_the_same_form_token(visitor: TestClient) -> None:
    assert form_token(visitor.get("/login").text) != form_token(visitor.get("/login").text)


def test_who_logs_out_is_a_stranger_again(visitor: TestClient) -> None:
    log_in(visitor, "reader")
    cookie = visitor.cookies[SESSION_COOKIE]
    assert visitor.post("/logout", data={"token": form_token(visitor.get("/login").text)}).status_code == 303
    assert visitor.get("/").status_code == 303
    assert visitor.get("/", headers={"cookie": f"{SESSION_COOKIE}={cookie}"}).status_code == 303, "the session is over"


def test_a_session_ends_with_its_time_and_with_a_change_of_the_account(visitor: TestClient, locked: Desk) -> None:
    log_in(visitor, "reader")
    hours = timedelta(hours=locked.settings.session_hours)
    later = Desk.of(locked.db, replace(locked.settings, now=lambda: LATER + hours))
    with TestClient(create_app(later), base_url="http://desk", follow_redirects=False) as browser:
        browser.cookies = visitor.cookies
        assert browser.get("/").status_code == 303
    assert visitor.get("/").status_code == 200
    with locked.db.write() as session:
        change_account(session, "reader", role="analyst")
    assert visitor.get("/").status_code == 303


def test_a_disabled_account_cannot_log_in(visitor: TestClient, locked: Desk) -> None:
    with locked.db.write() as session:
        change_account(session, "reader", active=False)
    assert log_in(visitor, "reader") == 401


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "x", ""]
)
def test_a_login_leads_to_no_other_site(visitor: TestClient, target: str) -> None:
    token = form_token(visitor.get("/login").text)
    answer = visitor.post("/login", data={"name": "reader", "password": PASSWORD, "token": token, "next": target})
    assert answer.headers["location"] == "/"


def test_a_token_serves_as_the_password_of_basic(visitor: TestClient, bearer: Callable[[str], dict[str, str]]) -> None:
    token = bearer("reader")["Authorization"].removeprefix("Bearer ")
    basic = base64.b64encode(f"excel:{token}".encode()).decode()
    assert visitor.get("/incidents.csv", headers={"Authorization": f"Basic {basic}"}).status_code == 200
    for wrong in ("Basic !!", "Basic " + base64.b64encode(b"a:b").decode(), "Bearer ", "Bearer x", "Basic"):
        assert visitor.get("/incidents.csv", headers={"Authorization": wrong}).status_code == 401, wrong


def test_a_revoked_token_is_no_key(visitor: TestClient, bearer: Callable[[str], dict[str, str]]) -> None:
    admin = bearer("admin")
    made = visitor.post("/api/v1/tokens", json={"name": "script", "role": "reader"}, headers=admin).json()
    held = {"Authorization": f"Bearer {made['token']}"}
    assert visitor.get("/api/v1/me", headers=held).json() == {"name": "token script", "role": "reader", "way": "token"}
    assert visitor.delete(f"/api/v1/tokens/{made['id']}", headers=admin).status_code == 204
    assert visitor.get("/api/v1/me", headers=held).status_code == 401


def test_no_secret_is_kept_as_it_is(visitor: TestClient, locked: Desk, bearer: Callable[[str], dict[str, str]]) -> None:
    token = bearer("reader")["Authorization"].removeprefix("Bearer ")
    log_in(visitor, "reader")
    with locked.db.read() as session:
        held = "".join(
            str(row) for table in ("account", "desk_session", "api_token", "audit")
            for row in session.execute(sa.text(f"SELECT * FROM {table}"))
        )  # fmt: skip
    assert "$argon2id$" in held
    assert not any(secret in held for secret in (PASSWORD, token, visitor.cookies[SESSION_COOKIE]))


def test_logins_and_changes_of_accounts_are_in_the_audit(
    visitor: TestClient, locked: Desk, bearer: Callable[[str], dict[str, str]]
) -> None:
    log_in(visitor, "reader", "wrong horse battery")
    log_in(visitor, "reader")
    visitor.patch("/api/v1/accounts/reader", json={"password": "another long one"}, headers=bearer("admin"))
    with locked.db.read() as session:
        lines = [(who, action) for _, who, action, _ in audit_lines(session)]
    assert lines == [("token admin's program", "account changed"), ("reader", "login"), ("reader", "login refused")]


def test_the_last_admin_stays(visitor: TestClient, bearer: Callable[[str], dict[str, str]]) -> None:
    for change in ({"role": "reader"}, {"active": False}):
        answer = visitor.patch("/api/v1/accounts/admin", json=change, headers=bearer("admin"))
        assert answer.status_code == 422 and "last admin" in answer.json()["detail"]


def test_a_password_is_judged_by_its_length() -> None:
    for password in ("short", "x" * 201):
        with pytest.raises(BadEdit, match="10 to 200"):
            hash_password(password)


def test_a_password_fits_its_own_hash_only(password_hash: str) -> None:
    assert verify_password(PASSWORD, password_hash)
    assert not verify_password(PASSWORD + " ", password_hash)
    assert not verify_password(PASSWORD, None)
    assert not verify_password(PASSWORD, "no hash")
