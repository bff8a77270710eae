"""The map and the timeline follow the filter, and filter back."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from desk.picture import marks, stacked, zoom
from desk.timeline import Bar, Timeline, timeline
from desk.worldmap import View, dots, project, unproject, view_of
from storage.facets import DateCount, FacetCount, MapCell
from storage.filters import Box, Filter


def test_an_incident_alone_on_the_map_is_one_click_away(client: TestClient) -> None:
    html = client.get("/map?country=KH").text
    assert re.search(r'<a href="/incidents/1"><circle [^>]*class="fatal"', html)


def test_where_only_the_country_is_known_the_mark_says_so_and_filters_by_the_country(client: TestClient) -> None:
    html = client.get("/map?country=TH").text
    assert 'class="vague"' in html
    assert "place not known" in html


def test_the_map_shows_the_part_of_the_world_that_the_filter_names(client: TestClient) -> None:
    html = client.get("/map?box=102,8,108,15").text
    left, top, width, height = map(float, re.search(r'class="world" viewBox="([^"]+)"', html)[1].split())  # type: ignore[index]
    x, y = project(103.5, 10.6)
    assert left < x < left + width and top < y < top + height
    assert width < 30
    assert re.search(r'href="/map">All places', html)


def test_the_page_needs_no_script_to_come_closer(client: TestClient) -> None:
    html = client.get("/map").text
    closer = unescape(re.search(r'class="button" href="(/map\?box=[^"]+)">＋', html)[1])  # type: ignore[index]
    assert client.get(closer).status_code == 200


def test_a_cluster_leads_to_its_surroundings() -> None:
    view = View(90, -40, 40, 20)
    (mark,) = marks([MapCell(10.6, 103.5, None, 9, 2, 7)], view, Filter(types=("homicide",)), "/map")
    query = parse_qs(urlsplit(mark.href).query)
    west, south, east, north = map(float, query["box"][0].split(","))
    assert west < 103.5 < east and south < 10.6 < north
    assert query["type"] == ["homicide"]


def test_a_country_mark_steps_aside_for_the_spots_of_the_country() -> None:
    view = View(90, -40, 40, 20)
    spot, vague = dots([MapCell(12.7, 104.9, None, 30, 0, 1), MapCell(None, None, "KH", 2, 0, 2)], view)
    assert vague.country_only
    assert ((spot.x - vague.x) ** 2 + (spot.y - vague.y) ** 2) ** 0.5 >= spot.radius + vague.radius


@given(st.floats(-180, 180), st.floats(-84, 84))
def test_the_projection_is_undone_exactly(longitude: float, latitude: float) -> None:
    assert unproject(*project(longitude, latitude)) == pytest.approx((longitude, latitude), abs=1e-6)


@given(st.floats(-175, 170), st.floats(-80, 70), st.floats(0.1, 60), st.floats(0.1, 40))
def test_zooming_always_gives_a_box_that_the_filter_takes(west: float, south: float, wide: float, high: float) -> None:
    box = Box(west, south, min(180.0, west + wide), min(85.0, south + high))
    found = zoom(view_of(box, ()), Filter(box=box), "/map")
    for link in (found.closer, found.farther):
        Filter.from_query_string(urlsplit(link).query)


def drawn(counts: list[DateCount]) -> Timeline:
    """The timeline of dates as stated."""

    def typed(letters: int) -> list[DateCount]:
        return [replace(count, date=count.date[:letters]) for count in counts if len(count.date) >= letters]

    return timeline([FacetCount(count.date, count.count) for count in sorted(counts, key=lambda one: one.date)], typed)


def test_bars_of_the_timeline_set_their_days(client: TestClient) -> None:
    days = [DateCount(f"2025-10-{day:02}", "homicide", day) for day in range(1, 20)]
    found = drawn(days)
    assert found.step == "day"
    assert found.bars[-1].since == found.bars[-1].until == date(2025, 10, 19)


def test_old_cases_do_not_stretch_the_timeline_and_are_counted_beside_it() -> None:
    days = [
        DateCount("1998-05-02", "homicide", 2),
        *(DateCount(f"2025-10-{day:02}", "fraud", 5) for day in range(1, 20)),
    ]
    found = drawn([*days, DateCount("2025-11", "fraud", 3)])
    assert found.bars[0].since.year == 2025
    assert found.coarse == 3
    assert found.outside >= 2
    assert sum(bar.total for bar in found.bars) + found.coarse + found.outside == sum(c.count for c in days) + 3


def test_the_parts_of_a_bar_fill_it_from_the_ground() -> None:
    parts = stacked(Bar("2025-10", date(2025, 10, 1), date(2025, 10, 31), {"property": 1, "life": 3}), 4)
    assert [part.family for part in parts] == ["life", "property"]
    assert parts[0].top + parts[0].height == 100
    assert parts[1].top == 0
