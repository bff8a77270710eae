"""What every request passes before anything is answered."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from desk.guard import MOST_BODY
from desk.routes.account import inside


def test_a_page_allows_no_script_of_others_and_no_frame(client: TestClient) -> None:
    policy = client.get("/").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy and "http" not in policy and "*" not in policy


def test_a_refusal_and_a_missing_page_carry_the_same_headers(client: TestClient) -> None:
    for answer in (client.get("/nothing"), client.get("/", headers={"host": "elsewhere.example"})):
        assert answer.status_code in (404, 421)
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_name_that_points_at_this_machine_is_not_answered(client: TestClient) -> None:
    assert client.get("/", headers={"host": "rebound.example"}).status_code == 421


def test_nobody_comes_through_a_proxy_where_nobody_logs_in(client: TestClient) -> None:
    assert client.get("/", headers={"x-forwarded-for": "203.0.113.9"}).status_code == 403


def test_a_page_of_another_site_may_not_send_a_form(client: TestClient) -> None:
    for headers in ({"origin": "https://elsewhere.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}):
        assert client.post("/logout", headers=headers).status_code == 403


def test_a_body_beyond_the_bound_is_refused_with_or_without_a_length(client: TestClient) -> None:
    big = b"x" * (MOST_BODY + 1)
    assert client.post("/login", content=big).status_code == 413
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post("/login", content=iter([big]), headers=form).status_code == 413


def test_the_table_shows_the_incidents_of_the_filter(client: TestClient) -> None:
    page = client.get("/?country=TH").text
    assert "Nine Korean retirees" in page
    assert "캄보디아" not in page


def test_a_static_file_is_packed_and_kept_for_ever_under_its_digest(client: TestClient) -> None:
    answer = client.get("/static/world.svg?v=1", headers={"accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]
    again = client.get("/static/world.svg", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304


def test_no_path_leads_out_of_the_static_files(client: TestClient) -> None:
    for name in ("..%2Fapp.py", "%2e%2e%2fapp.py", "%2e%2e", "nothing.css"):
        assert client.get(f"/static/{name}").status_code == 404


@pytest.mark.parametrize(
    "target", ["//[", "http://[x", "https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example"]
)
def test_an_address_that_is_none_or_elsewhere_leads_to_the_first_page(target: str) -> None:
    assert inside(target) == "/"
    assert inside("/incidents/1?tab=reports") == "/incidents/1?tab=reports"
