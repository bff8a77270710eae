"""Readings as rows: the names of the annotation guide, lower bounds as counts, only current events unless asked."""

from __future__ import annotations

import json
from datetime import date

import pytest

from extract.records import Count, EventDate, Evidence, IncidentReport, Place, Reading, Response, Victim
from extract.serialise import article_from_row, reading_to_row

REPORT = IncidentReport(
    type="homicide",
    other_types=("torture",),
    country="KH",
    place=Place("Poipet", "포이펫", country="KH", precision="city"),
    date=EventDate("2026-03", "month"),
    victims=(Victim(text="20대 한국인", count=1, nationality="KR", age="20s"),),
    killed=Count(1, 1),
    injured=Count(2, 4),
    confidence={"country": 0.91234},
    evidence=(Evidence("country", "포이펫", 3, 6),),
)


def row(*reports: IncidentReport, background: bool = False) -> dict[str, object]:
    response = Response("arrest", "붙잡혔다", 10, 14, actor="경찰", country="KH", date="2026-03-02")
    return reading_to_row(Reading("7", "ko", "coder-1", reports, (response,)), background=background)


def test_a_report_has_the_names_of_the_annotation_guide() -> None:
    made = json.loads(json.dumps(row(REPORT)))
    (incident,) = made["incidents"]
    assert made["id"] == "7"
    assert (incident["type"], incident["other_types"], incident["place_text"]) == ("homicide", ["torture"], "포이펫")
    assert (incident["date"], incident["date_precision"], incident["date_basis"]) == ("2026-03", "month", "stated")
    assert incident["victims"][0]["nationality"] == "KR"
    assert incident["evidence"][0]["quote"] == "포이펫"
    assert incident["confidence"] == {"country": 0.912}
    assert made["responses"][0]["actor"] == "경찰"


def test_a_range_keeps_both_ends_and_an_unknown_toll_stays_unknown() -> None:
    (incident,) = json.loads(json.dumps(row(REPORT)))["incidents"]
    assert (incident["killed"], incident["injured"], incident["injured_max"]) == (1, 2, 4)
    assert "killed_max" not in incident
    assert incident["held"] is None


def test_only_current_events_are_given_unless_asked() -> None:
    told = IncidentReport(type="fraud", status="historic")
    context = IncidentReport(type="fraud", role="background")
    assert len(row(REPORT, told, context)["incidents"]) == 1  # type: ignore[arg-type]
    assert len(row(REPORT, told, context, background=True)["incidents"]) == 3  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "day"),
    [
        ({"url": "https://daily.example/news/2022/07/21/a-fire"}, date(2022, 7, 21)),
        ({"text": "https://daily.example/2019-02-27/city/a-fire\n\nA fire broke out."}, date(2019, 2, 27)),
        ({"text": "https://daily.example/2022/13/40/a-fire\n\nA fire broke out."}, None),
        ({"text": "A fire, see https://daily.example/2022/07/21/a-fire\n\nIt broke out."}, None),
        ({"url": "https://daily.example/news/20220721", "published": "2022-07-22"}, date(2022, 7, 22)),
    ],
)
def test_an_article_without_a_day_of_publication_takes_that_of_its_address(
    changes: dict[str, str], day: date | None
) -> None:
    article = article_from_row({"text": "A fire broke out.", "lang": "en", **changes}, default_id="1")
    assert article.published_day() == day
