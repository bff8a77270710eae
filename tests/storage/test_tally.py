"""Counting over arrays gives what counting with SQL gives, for any filter, and follows the table as it changes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import facets
from storage.cells import CERTAINTIES, COUNTS, GRAVITY, interval
from storage.curation import Analyst, confirm, edit, merge
from storage.database import Database
from storage.filters import ORDERS, STATUSES, Box, Filter
from storage.models import Article, ArticleVersion, Incident, IncidentReport, IncidentType, Victim
from storage.query import Page
from storage.tally import Tally
from tests.storage.press import NOON, incoming, publish, report

COUNTRIES, NATIONS = ("KH", "TH", "KR", None), ("KR", "CN", "GB", None)
PLACES = ("Bavet", "Poipet, Banteay Meanchey", "Seoul", None)
DATES = ("2025", "2025-10", "2025-10-08", "2024-02-29", None)


def invented(number: int, chance: random.Random) -> list[Any]:
    """An incident with its types, victims and reports, every cell drawn."""
    kinds = chance.sample(GRAVITY, chance.randint(1, 3))
    day = chance.choice(DATES)
    span = interval(day) if day else None
    spot = chance.random() < 0.6
    incident = Incident(
        id=number, type=kinds[0], other_types=kinds[1:], status=chance.choice(STATUSES), headline="x", confidence={},
        certainty=chance.choice(CERTAINTIES), date=day, date_from=span and span.first, date_to=span and span.last,
        country=chance.choice(COUNTRIES), place=chance.choice(PLACES), admin=chance.choice(PLACES), coder="test",
        latitude=chance.uniform(-60, 60) if spot else None, longitude=chance.uniform(-179, 179) if spot else None,
        place_precision=chance.choice(("city", "country")) if spot else None, voice_count=chance.randint(0, 4),
        first_seen=NOON + timedelta(days=chance.randint(-9, 9)), last_updated=NOON + timedelta(days=chance.randint(-9, 9)),
        **{f"{toll}_max": chance.choice((None, 0, 1, 12)) for toll in COUNTS},
    )  # fmt: skip
    rows: list[Any] = [incident]
    changed = incident.last_updated  # lists are read in the order of these rows' own: it must be the incident's
    rows += [
        IncidentType(type=kind, incident_id=number, leading=kind == kinds[0], last_updated=changed) for kind in kinds
    ]
    rows += [
        Victim(incident_id=number, position=place, text="", nationality=chance.choice(NATIONS), last_updated=changed)
        for place in range(chance.randint(0, 3))
    ]
    rows += [
        IncidentReport(
            incident_id=number, article_id=1, version_id=1, voice_id=1, source=chance.choice(("daily", "wire")),
            language=chance.choice(("ko", "en", None)), ordinal=0, active=chance.random() < 0.8, type=kinds[0],
            role="main", status="new", certainty="alleged", created=NOON, coder="test", body={}, signature={},
        )
        for _ in range(chance.randint(0, 3))
    ]  # fmt: skip
    return rows


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = Database.open(f"sqlite:///{tmp_path_factory.mktemp('tally') / 'table.db'}")
    database.upgrade()
    publish(database, incoming(1), report())
    chance = random.Random(7)
    with database.write() as session:
        assert session.get(Article, 1) and session.get(ArticleVersion, 1)
        for number in range(2, 250):
            head, *rows = invented(number, chance)
            session.add(head)
            session.flush()
            session.add_all(rows)
    yield database
    database.close()


def some(values: tuple[Any, ...]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from([value for value in values if value]), max_size=2, unique=True).map(tuple)


FILTERS = st.builds(
    Filter,
    types=some(GRAVITY), countries=some(COUNTRIES), nationalities=some(NATIONS), places=some(("bavet", "MEAN", "서울")),
    box=st.none() | st.just(Box(-20.0, -30.0, 90.0, 40.0)) | st.just(Box(100.0, -60.0, -100.0, 60.0)),
    since=st.none() | st.just(date(2025, 10, 8)), until=st.none() | st.just(date(2025, 10, 9)),
    seen_since=st.none() | st.just(NOON.date()), changed_since=st.none() | st.just(NOON.date()),
    killed=st.none() | st.integers(0, 2), held=st.none() | st.just(1), certainties=some(CERTAINTIES),
    statuses=st.just(Filter().statuses) | some(STATUSES), sources=some(("daily", "nobody")), languages=some(("ko", "en")),
    voices=st.none() | st.just(2), text=st.none() | st.sampled_from(["시아누크빌", "nothing"]),
)  # fmt: skip


@settings(max_examples=120, deadline=None, derandomize=True)
@given(filter=FILTERS)
def test_both_ways_of_counting_agree(table: Database, filter: Filter) -> None:
    agree(table, Tally(), filter)


def agree(database: Database, tally: Tally, filter: Filter) -> None:
    """Hold every count of the filter against the one by SQL."""
    with database.read() as session:
        ours, reference = tally.sight(session), facets.InDatabase(session)
        assert ours.count_all(filter) == reference.count_all(filter)
        for name in facets.FACETS:
            for limit in (2, 12):
                assert ours.count_facet(filter, name, limit) == reference.count_facet(filter, name, limit), name
        assert ours.count_days(filter) == reference.count_days(filter)
        for letters in (4, 7, 10):
            assert ours.count_dates(filter, letters) == reference.count_dates(filter, letters)
        for degrees in (0.05, 4.0):
            cells = (sorted(map(rounded, way.map_cells(filter, degrees))) for way in (ours, reference))
            assert next(cells) == next(cells)
        for order in ORDERS:
            assert list(pages(ours, replace(filter, order=order))) == list(
                pages(reference, replace(filter, order=order))
            )


def pages(counting: facets.Counting, filter: Filter) -> Iterator[Page]:
    """The whole list, seven rows at a time."""
    page = counting.find_incidents(filter, 7)
    yield page
    while page.after:
        page = counting.find_incidents(filter, 7, page.after)
        yield page


def rounded(cell: facets.MapCell) -> tuple[str, ...]:
    return tuple(f"{value:.9g}" if isinstance(value, float) else str(value) for value in asdict(cell).values())


def test_the_arrays_follow_every_change_of_the_table(db: Database) -> None:
    tally = Tally()
    agree(db, tally, Filter())
    for number in range(1, 4):
        publish(db, incoming(number, f"Report number {number} of its own event in the town."), report(
            type=GRAVITY[number], country=("KH", "TH", "VN")[number - 1], evidence=()
        ))  # fmt: skip
        agree(db, tally, Filter())
    by = Analyst("kim", NOON)
    with db.write() as session:
        edit(session, 1, "country", "LA", by)
    agree(db, tally, Filter(countries=("LA",)))
    with db.write() as session:
        confirm(session, 2, by)
        merge(session, 1, 3, by)
    agree(db, tally, Filter())
    with db.read() as session:
        assert tally.sight(session).count_all(Filter(countries=("LA",))) == 1


def test_a_few_changed_rows_are_read_and_not_the_whole_table(
    table: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from storage import tally as module

    asked: list[object] = []
    whole = module.read_columns

    def watched(*arguments: Any) -> Any:
        asked.append(arguments[2] if len(arguments) > 2 else None)
        return whole(*arguments)

    monkeypatch.setattr(module, "read_columns", watched)
    tally = Tally()
    with table.write() as session:
        tally.read(session)
        edit(session, 1, "country", "VN", Analyst("kim", NOON))
        assert tally.sight(session).count_facet(Filter(countries=("VN",)), "type")
        session.rollback()
    assert asked == [None, [1]]


def test_a_large_table_is_counted_by_the_database_until_it_has_been_read(
    table: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.tally.AT_ONCE", 10)
    tally = Tally()
    agree(table, tally, Filter())
    with table.read() as session:
        assert not tally.ready(session)
        tally.read(session)
        assert tally.ready(session)
    agree(table, tally, Filter())
