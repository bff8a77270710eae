"""The first page: what passes the filter, what else could be asked for, and where a view leads."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from fastapi.testclient import TestClient

from extract import records
from storage.database import Database
from tests.desk.forms import send
from tests.storage.press import NOON, incoming, publish, report


def links(html: str) -> list[str]:
    return [unescape(link) for link in re.findall(r'href="([^"]+)"', html)]


def rows(html: str) -> list[str]:
    return re.findall(r'class="headline"><a href="/incidents/(\d+)">', html)


def test_every_facet_value_is_a_link_with_its_count(client: TestClient) -> None:
    html = client.get("/").text
    assert "/?country=KH" in links(html)
    assert "/?nationality=KR" in links(html)
    assert "/?killed=1" in links(html)
    assert re.search(r"<span>Cambodia</span> <i>1</i>", html)


def test_a_value_in_force_is_marked_and_leads_out_again(client: TestClient) -> None:
    html = client.get("/?country=KH&type=homicide").text
    assert len(rows(html)) == 1
    on = re.findall(r'<a href="([^"]*)" class="on" aria-current="true"><span>(.*?)</span>', html)
    assert ("/?country=KH", "Homicide") in on
    assert ("/?type=homicide", "Cambodia") in on


def test_a_chosen_value_does_not_hide_those_beside_it(client: TestClient) -> None:
    assert re.search(r"<span>Thailand</span> <i>1</i>", client.get("/?country=KH").text)


def test_the_form_keeps_what_it_does_not_ask_for(client: TestClient) -> None:
    html = client.get("/?type=homicide&killed=1&country=KH").text
    form = html[html.index('class="question"') :]
    form = form[: form.index("</form>")]
    assert '<input type="hidden" name="type" value="homicide">' in form
    assert '<input type="hidden" name="killed" value="1">' in form
    assert '<option value="KH" selected>' in form
    assert 'type="hidden" name="country"' not in form


def test_the_rarer_questions_of_the_form_are_asked_and_stay_in_view(client: TestClient) -> None:
    whole = client.get("/").text
    assert len(rows(whole)) > 1
    assert '<details class="wide more">' in whole
    asked = client.get("/?text=&nationality=&country=&since=&until=&seen_since=2999-01-01&changed_since=&voices=")
    assert rows(asked.text) == []
    assert '<details class="wide more" open>' in asked.text
    assert 'name="seen_since" value="2999-01-01"' in asked.text
    assert 'type="hidden" name="seen_since"' not in asked.text
    assert rows(client.get("/?voices=2").text) == []


def test_the_view_leads_to_the_map_and_to_every_file_with_its_filter(client: TestClient) -> None:
    found = links(client.get("/?country=KH").text)
    assert "/map?country=KH" in found
    for ending in ("xlsx", "csv", "geojson", "json", "parquet"):
        assert any(link.startswith("/") and f".{ending}" in link and "country=KH" in link for link in found), ending


def test_a_long_table_goes_on_where_the_page_ends(client: TestClient, base: Database) -> None:
    days = [(NOON + timedelta(days=-3 * number)).date().isoformat() for number in range(60)]
    raids = [
        report(
            type="fraud",
            country="TH",
            place=None,
            victims=(),
            killed=None,
            evidence=(),
            date=records.EventDate(day, "day"),
        )
        for day in days
    ]
    publish(base, incoming(3, "Sixty raids of one autumn are listed here, each on its own day.", language="en"), *raids)
    first = client.get("/?country=TH").text
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following is not None
    second = client.get(unescape(following[1])).text
    assert rows(second) and not set(rows(first)) & set(rows(second))
    assert len(rows(first)) + len(rows(second)) == int(re.search(r"<b>(\d+)</b> incidents", first)[1])  # type: ignore[index]


def test_words_are_searched_in_the_reports(client: TestClient) -> None:
    assert len(rows(client.get("/?text=감금").text)) == 1
    assert rows(client.get("/?text=nowhere").text) == []
    assert "Nothing passes this filter." in client.get("/?text=nowhere").text


@pytest.mark.parametrize("query", ["country=Cambodia", "since=yesterday", "box=1,2,3", "colour=red", "text=%21%21"])
def test_a_filter_that_means_nothing_is_answered_by_what_would(client: TestClient, query: str) -> None:
    answer = client.get(f"/?{query}")
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text


def test_more_conditions_than_anybody_means_are_refused(client: TestClient) -> None:
    assert client.get("/?" + "&".join(["country=KH"] * 300)).status_code == 400


def test_a_saved_search_comes_back_by_name_until_it_is_deleted(client: TestClient) -> None:
    answer = send(
        client, "/?country=KH", "/searches", {"name": "Cambodia", "query": "country=KH", "back": "/?country=KH"}
    )
    assert answer.headers["location"] == "/?country=KH&done=saved"
    html = client.get("/").text
    assert '<a href="/?country=KH"><span>Cambodia</span></a>' in html
    number = re.search(r'action="/searches/(\d+)/drop"', html)
    assert number is not None
    send(client, "/", f"/searches/{number[1]}/drop", {"back": "/"})
    assert "<span>Cambodia</span></a>\n<form" not in client.get("/").text


def test_an_empty_table_says_how_to_fill_it(client: TestClient, base: Database) -> None:
    send(client, "/incidents/1", "/incidents/1/reject")
    send(client, "/incidents/2", "/incidents/2/reject")
    assert "sageon crawl" in client.get("/").text
