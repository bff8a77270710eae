"""The page of one incident: every fact with the words that say so, and the way to them."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from fastapi.testclient import TestClient

from desk.app import create_app
from desk.desk import Desk
from desk.settings import DeskSettings, Outlet
from desk.toll import lines, told
from extract import records
from storage.database import Database
from storage.view import get_incident
from tests.storage.press import NOON, incoming, publish, report

#: Invented.
TALE = (
    "필리핀 앙헬레스에서 30대 한국인 남성이 괴한들에게 납치돼 폭행을 당했다고 영사관이 밝혔다. "
    "현지 경찰은 용의자 3명을 붙잡아 조사하고 있으며 함께 끌려간 두 사람은 아직 풀려나지 못했다."
)


def evidence(quote: str, field: str) -> records.Evidence:
    start = TALE.index(quote)
    return records.Evidence(field, quote, start, start + len(quote), "text", "test")


@pytest.fixture
def told_twice(base: Database) -> Database:
    """Incident 3: a kidnapping whose toll rises between two articles, the first of them reposted."""
    first = report(
        type="kidnapping", other_types=("assault",), country="PH", place=None,
        killed=records.Count(1, 1), held=records.Count(2, 2),
        victims=(records.Victim("30대 한국인 남성", 1, "KR", name="홍길동", age="30s", gender="male", outcome="kidnapped"),),
        perpetrators=(records.Perpetrator("용의자 3명", 3, status="arrested"),),
        evidence=(evidence("납치돼", "type"), evidence("폭행", "other_types.assault"), evidence("용의자 3명", "perpetrator")),
        confidence={"type": 0.87, "killed": 0.6},
    )  # fmt: skip
    response = records.Response(
        "arrest", "용의자 3명을 붙잡아", *_span("용의자 3명을 붙잡아"), actor="경찰", country="PH"
    )
    publish(base, incoming(30, TALE, title="필리핀서 한국인 피랍"), first, responses=(response,))
    later = records.IncidentReport(
        type="kidnapping", country="PH", date=records.EventDate("2025-10-08", "day"), killed=records.Count(2, 3),
        victims=first.victims, confidence={"type": 0.9},
        evidence=(records.Evidence("killed", "two", 0, 3, "text", "test"),),
    )  # fmt: skip
    text = (
        "two of the men who were seized near Angeles are now known to be dead, a consul said on Monday evening there."
    )
    publish(
        base, incoming(31, text, source="wire", language="en", title="Two seized men are dead", published=NOON + timedelta(hours=30)),
        later,
    )  # fmt: skip
    return base


def _span(quote: str) -> tuple[int, int]:
    return TALE.index(quote), TALE.index(quote) + len(quote)


def page_of(client: TestClient, base: Database, headline: str) -> tuple[int, str]:
    html = client.get("/").text
    number = int(re.search(rf'href="/incidents/(\d+)">{headline}', html)[1])  # type: ignore[index]
    return number, client.get(f"/incidents/{number}").text


def test_a_fact_stands_with_its_confidence_and_its_quote(client: TestClient) -> None:
    html = client.get("/incidents/1").text
    row = html[html.index('id="fact-country"') :]
    row = row[: row.index("</tr>")]
    assert "Cambodia" in row and "95%" in row
    assert '<q lang="ko">캄보디아</q>' in row
    assert 'href="https://daily.example/news/1"' in row


def test_the_quote_is_marked_in_the_text_where_the_link_leads(client: TestClient) -> None:
    html = client.get("/incidents/1").text
    anchor = re.search(r'class="intext" href="#([^"]+)"', html)
    assert anchor is not None
    assert re.search(rf'<mark class="country"[^>]*><span id="{re.escape(anchor[1])}"></span>캄보디아</mark>', html)


def test_another_article_s_quote_is_marked_on_that_article_s_page(client: TestClient, told_twice: Database) -> None:
    number, html = page_of(client, told_twice, "필리핀서 한국인 피랍")
    address = re.search(r'class="intext" href="(/articles/\d+\?incident=\d+)#([^"]+)"', html)
    assert address is not None
    article = client.get(unescape(address[1])).text
    assert re.search(rf'<mark class="killed"[^>]*><span id="{re.escape(address[2])}"></span>', article)
    assert f'href="/incidents/{number}"' in article


def test_people_states_and_reports_are_told(client: TestClient, told_twice: Database) -> None:
    _, html = page_of(client, told_twice, "필리핀서 한국인 피랍")
    for words in (
        "30대 한국인 남성",
        "홍길동",
        "kidnapped",
        "용의자 3명",
        "arrested",
        "Arrest",
        "Two seized men are dead",
    ):
        assert words in html, words


def test_the_toll_as_it_was_told_has_every_figure_and_a_line_where_it_changed(
    client: TestClient, told_twice: Database
) -> None:
    number, html = page_of(client, told_twice, "필리핀서 한국인 피랍")
    assert 'class="chart"' in html
    assert "2–3" in html
    with told_twice.read() as session:
        said = told(get_incident(session, number).reports)
    assert [item.counts["killed"] for item in said] == [(1, 1), (2, 3)]
    (line,) = lines(said)
    assert [figure for _, _, figure in line.points] == [1, 3]
    assert line.points[0][1] > line.points[1][1]


def test_a_toll_that_never_changed_is_not_drawn(client: TestClient) -> None:
    assert 'class="chart"' not in client.get("/incidents/1").text


def test_a_repost_is_folded_under_the_report_it_copies(client: TestClient, base: Database) -> None:
    publish(base, incoming(40, source="other", url="https://other.example/copy"))
    html = client.get("/incidents/1").text
    folded = html[html.index('class="copies"') :]
    assert "1 repost of this text" in folded
    assert "https://other.example/copy" in folded[: folded.index("</details>")]


def test_where_the_body_may_not_be_kept_the_quotes_stay(base: Database) -> None:
    publish(base, incoming(50, f"캄보디아로 간 사람들. {TALE}", source="strict", keep_body=False, title="본문 없는 기사", published=NOON + timedelta(days=40)),
            report(country="VN", place=None, date=records.EventDate("2025-11-20", "day")))  # fmt: skip
    with TestClient(
        create_app(Desk.of(base, DeskSettings(hosts=frozenset({"desk"})))), base_url="http://desk"
    ) as client:
        _, html = page_of(client, base, "본문 없는 기사")
        assert '<div class="text"' not in html
        article = re.search(r'href="(/articles/\d+\?incident=\d+)"', html)
        assert article is not None
        page = client.get(unescape(article[1])).text
    assert "The text is not kept here" in page
    assert "감금" not in page
    assert '<q lang="ko">캄보디아</q>' in page


def test_names_are_shown_nowhere_where_they_are_kept_out(base: Database, told_twice: Database) -> None:
    settings = DeskSettings(
        hosts=frozenset({"desk"}), names=False, outlets={"daily": Outlet("daily", "데일리", "ko", "KR", "")}
    )
    text = (
        "홍길동 씨가 납치됐다고 가족이 밝혔다. 경찰은 홍길동 씨를 찾고 있다. 영사관은 사건을 확인하고 있다고 설명했다."
    )
    start = text.index("홍길동")
    publish(
        base, incoming(60, text, title="홍길동 씨 피랍", published=NOON + timedelta(days=60)),
        report(type="kidnapping", country="VN", place=None, date=records.EventDate("2025-12-10", "day"),
               victims=(records.Victim("홍길동", 1, "KR", name="홍길동"),),
               evidence=(records.Evidence("victim", "홍길동", start, start + 3, "text", "test"),)),
    )  # fmt: skip
    with TestClient(create_app(Desk.of(base, settings)), base_url="http://desk") as client:
        for row in client.get("/").text.split("/incidents/")[1:]:
            number = int(re.match(r"\d+", row)[0])  # type: ignore[index]
            for address in (f"/incidents/{number}", "/", "/queue", f"/incidents/{number}/people/victims"):
                assert "홍길동" not in client.get(address).text, address
        with base.read() as session:
            reports = get_incident(session, number).reports
        for one in reports:
            assert "홍길동" not in client.get(f"/articles/{one.article_id}").text


def test_what_is_not_there_is_a_page_that_says_so(client: TestClient) -> None:
    for address in ("/incidents/999", "/articles/999", "/incidents/1/people/witnesses"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert 'role="alert"' in answer.text
    for address in ("/incidents/100000000000000000000", "/articles/100000000000000000000", "/incidents/0"):
        assert client.get(address).status_code == 422
