from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from storage import conditions, curation, listing
from storage.cells import interval
from storage.curation import Analyst
from storage.database import Database, planned_for_a_page
from storage.filters import STATUSES, Box, Filter
from storage.models import Article, ArticleVersion, Incident, IncidentReport, IncidentType, Victim
from storage.query import find_incidents, matching, passes
from storage.search import index_article
from tests.storage.press import NOON, STORY, incoming, publish, report

TYPES = ("homicide", "fraud", "robbery", "accident", "torture")
COUNTRIES = ("KR", "KH", "VN", "BG")
SOURCES = ("daily", "herald", "wire")
WORDS = ("감금", "납치", "robbery", "harbour")
PLACES = ("Otres Beach", "Busan", "Ho Chi Minh City")
PLANNERS = ("jit", "max_parallel_workers_per_gather")
BEGIN = datetime(2024, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Told:
    """One report: its source, its language, the word its article holds, whether it still counts."""

    source: str
    language: str
    word: str
    active: bool


@dataclass(frozen=True)
class Event:
    """One incident of the table with all that a filter can ask of it."""

    cells: dict[str, Any]
    types: tuple[str, ...]
    nations: tuple[str, ...]
    told: tuple[Told, ...]

    def __getattr__(self, name: str) -> Any:
        return self.cells[name]


def invented(number: int, chance: random.Random) -> Event:
    day = (BEGIN + timedelta(days=chance.randrange(500))).date()
    value = chance.choice((None, *[day.isoformat()] * 5, day.isoformat()[:7], day.isoformat()[:4]))
    span = interval(value) if value else None
    # few moments, so that many rows share theirs
    seen = BEGIN + timedelta(days=chance.randrange(200))
    placed = chance.random() < 0.7
    types = tuple(chance.sample(TYPES, chance.choice((1, 1, 2, 3))))
    cells = {
        "id": number, "type": types[0], "other_types": list(types[1:]), "status": chance.choice((*STATUSES, "new", "new")),
        "certainty": chance.choice(("alleged", "confirmed")), "date": value,
        "date_from": span.first if span else None, "date_to": span.last if span else None,
        "country": chance.choice((None, *COUNTRIES, "KR", "KR")), "place": chance.choice(PLACES) if placed else None,
        "latitude": round(chance.uniform(0, 20), 2) if placed else None,
        "longitude": round(chance.uniform(100, 120), 2) if placed else None,
        "killed_max": chance.choice((None, 0, 1, 5)), "missing_max": chance.choice((None, None, 2)),
        "voice_count": chance.choice((1, 1, 2, 3)), "first_seen": seen,
        "last_updated": seen + timedelta(days=chance.randrange(100)),
        "headline": "", "confidence": {}, "coder": "test 1",
    }  # fmt: skip
    told = tuple(
        Told(chance.choice(SOURCES), chance.choice(("ko", "en")), chance.choice(WORDS), chance.random() < 0.8)
        for _ in range(chance.choice((1, 1, 2, 4)))
    )
    # several victims of one nationality are one incident
    nations = tuple(chance.choices(("KR", "KR", "GB", "BG"), k=chance.randrange(4)))
    return Event(cells, types, nations, told)


def keep(db: Database, events: list[Event]) -> None:
    number = 0
    with db.write() as session:
        session.add_all([Incident(**event.cells) for event in events])
        session.flush()
        for event in events:
            changed = event.last_updated
            for kind in event.types:
                session.add(
                    IncidentType(type=kind, incident_id=event.id, leading=kind == event.type, last_updated=changed)
                )
            for position, nation in enumerate(event.nations):
                session.add(
                    Victim(incident_id=event.id, position=position, text="-", nationality=nation, last_updated=changed)
                )
            for told in event.told:
                number += 1
                session.add(article(number, told))
                session.flush()
                session.add(version(number, told))
                session.add(told_row(number, event, told))
                index_article(session, number, "", told.word)


def article(number: int, told: Told) -> Article:
    url = f"https://{told.source}.example/{number}"
    return Article(id=number, source=told.source, url=url, canonical_url=url, title="", language=told.language,
                   first_seen=BEGIN, last_fetched=BEGIN, last_changed=BEGIN, text_hash=str(number))  # fmt: skip


def version(number: int, told: Told) -> ArticleVersion:
    return ArticleVersion(id=number, article_id=number, number=1, title="", text=told.word, fetched_at=BEGIN,
                          lead_places=[], text_hash=str(number), simhash=number)  # fmt: skip


def told_row(number: int, event: Event, told: Told) -> IncidentReport:
    return IncidentReport(id=number, incident_id=event.id, article_id=number, version_id=number, voice_id=number,
                          source=told.source, language=told.language, ordinal=0, active=told.active, type=event.type,
                          role="main", status="new", certainty="alleged", created=BEGIN, coder="test 1", body={},
                          signature={})  # fmt: skip


def drawn(chance: random.Random) -> Filter:
    """A filter of about three conditions."""

    def some(values: tuple[str, ...], most: int = 2) -> tuple[str, ...]:
        return tuple(chance.sample(values, chance.randint(1, most))) if chance.random() < 0.3 else ()

    def one(values: tuple[Any, ...], often: float = 0.15) -> Any:
        return chance.choice(values) if chance.random() < often else None

    since = one(tuple(BEGIN.date() + timedelta(days=day) for day in range(0, 500, 7)), 0.4)
    return Filter(
        types=some(TYPES, 5), countries=some(COUNTRIES, 3), nationalities=some(("KR", "GB", "BG"), 3), since=since,
        until=since + timedelta(days=chance.randrange(60)) if since and chance.random() < 0.5 else None,
        places=some(("beach", "BUS", "minh"), 2), box=one((Box(100, 0, 110, 20), Box(119, 5, 101, 15))),
        killed=one((0, 1, 5)), missing=one((1,)), certainties=some(("confirmed",), 1), sources=some(SOURCES),
        languages=some(("ko",), 1), text=one((*WORDS, "감금 납치")), voices=one((2,)),
        seen_since=one((BEGIN.date() + timedelta(days=100),)), changed_since=one((BEGIN.date() + timedelta(days=150),)),
        statuses=one((STATUSES,)) or Filter().statuses, order=chance.choice(("updated", "updated", "seen", "date")),
    )  # fmt: skip


def fulfils(event: Event, filter: Filter) -> bool:
    """The filter as its documentation tells it, asked of one incident in Python."""
    dated = event.date_from is not None
    told = [each for each in event.told if each.active]
    box, place = filter.box, (event.place or "").lower()
    asked: tuple[tuple[Any, Callable[[], bool]], ...] = (
        (filter.types, lambda: bool({*filter.types} & {*event.types})),
        (filter.nationalities, lambda: bool({*filter.nationalities} & {*event.nations})),
        (filter.countries, lambda: event.country in filter.countries),
        (filter.places, lambda: any(part.lower() in place for part in filter.places)),
        (filter.since, lambda: dated and event.date_to >= filter.since),
        (filter.until, lambda: dated and event.date_from <= filter.until),
        (filter.seen_since, lambda: event.first_seen.date() >= filter.seen_since),
        (filter.changed_since, lambda: event.last_updated.date() >= filter.changed_since),
        (filter.killed is not None, lambda: event.killed_max is not None and event.killed_max >= filter.killed),
        (filter.missing is not None, lambda: event.missing_max is not None and event.missing_max >= filter.missing),
        (filter.certainties, lambda: event.certainty in filter.certainties),
        (filter.voices, lambda: event.voice_count >= filter.voices),
        (filter.sources, lambda: any(each.source in filter.sources for each in told)),
        (filter.languages, lambda: any(each.language in filter.languages for each in told)),
        (filter.text, lambda: any({*str(filter.text).split()} == {each.word} for each in told)),
        (box, lambda: box is not None and event.latitude is not None and inside(box, event)),
    )
    return event.status in filter.statuses and all(holds() for given, holds in asked if given)


def inside(box: Box, event: Event) -> bool:
    east = (box.west <= event.longitude, event.longitude <= box.east)
    return box.south <= event.latitude <= box.north and (all(east) if box.west <= box.east else any(east))


def listed(events: list[Event], filter: Filter) -> list[int]:
    name = {"updated": "last_updated", "seen": "first_seen", "date": "date_from"}[filter.order]
    found = [event for event in events if fulfils(event, filter)]
    held = sorted(found, key=lambda event: (event.cells[name] or date.min, event.id), reverse=True)
    return [event.id for event in held]


def pages(session: Any, filter: Filter, limit: int) -> Iterator[int]:
    after = None
    while True:
        page = find_incidents(session, filter, limit, after)
        yield from (row.id for row in page.rows)
        if page.after is None:
            return
        after = page.after


#: What is rare, values that are read at most, the top of the list: the way that each brings about.
WAYS = {
    "looked up": (10_000, 0, 10),
    "the list's own order": (-1, 0, 10),
    "the list's own order, words gathered": (-1, 0, 10),
    "the thinnest": (-1, 4, 50),
    "what is rare": (25, 4, 50),
}


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    rare, read, top = WAYS[request.param]
    monkeypatch.setattr(listing, "FREQUENT", 10_000 if request.param.endswith("gathered") else 0)
    for name in ("RARE", "RARE_IN_WINDOW", "RARE_SINCE"):
        monkeypatch.setattr(conditions, name, rare)
    monkeypatch.setattr(listing, "MOST_READ", read)
    monkeypatch.setattr(listing, "TOP", top)
    return str(request.param)


def test_every_way_gives_every_row_once_and_in_order(db: Database, way: str) -> None:
    chance = random.Random(9)
    events = [invented(number, chance) for number in range(1, 161)]
    keep(db, events)
    filled = 0
    with db.read() as session:
        for _ in range(30):
            filter = drawn(chance)
            expected = listed(events, filter)
            assert list(pages(session, filter, 12)) == expected, filter
            filled += len(expected) > 12
            everyone = replace(filter, order="updated")
            whole = session.scalars(matching(session, everyone).with_only_columns(Incident.id))
            assert sorted(whole) == sorted(listed(events, everyone)), filter
            one = chance.choice(events)
            assert passes(session, filter, one.id) == fulfils(one, everyone), filter
    assert filled > 5


@pytest.mark.parametrize(
    "query",
    ["", "order=date", "order=seen", "order=date&country=KH,KR", "order=date&type=fraud,robbery", "order=date&killed=1", "type=fraud", "country=KH", "country=KH&order=date", "nationality=KR&voices=2",
     "nationality=KR,GB&type=fraud", "country=KH&since=2024-03-01&nationality=KR&killed=5", "text=감금&country=KR",
     "type=fraud,robbery&certainty=confirmed&source=wire"],
)  # fmt: skip
def test_what_is_read_in_order_is_not_sorted(db: Database, query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if not db.is_sqlite:
        pytest.skip("PostgreSQL's plan for a few rows is not the one for many")
    for name in ("RARE", "RARE_IN_WINDOW", "RARE_SINCE"):
        monkeypatch.setattr(conditions, name, -1)
    plan = explained(db, Filter.from_query_string(query))
    assert "ORDER BY" not in plan, plan
    assert "SCAN incident\n" not in plan, plan


@pytest.mark.parametrize(
    ("query", "bound"),
    [("changed_since=2024-03-01&voices=2", "last_updated>?"), ("seen_since=2024-03-01&order=seen", "first_seen>?"),
     ("type=fraud&changed_since=2024-03-01", "last_updated>?"), ("until=2024-03-01&order=date", "date_from<?")],
)  # fmt: skip
def test_reading_ends_where_the_filter_says(
    db: Database, query: str, bound: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not db.is_sqlite:
        pytest.skip("PostgreSQL's plan for a few rows is not the one for many")
    monkeypatch.setattr(conditions, "RARE", -1)
    assert bound in explained(db, Filter.from_query_string(query))


def test_a_month_is_looked_up_in_indexes_alone(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    if not db.is_sqlite:
        pytest.skip("PostgreSQL's plan for a few rows is not the one for many")
    monkeypatch.setattr(conditions, "RARE", -1)  # as of a source that tells much
    month = Filter(since=date(2024, 3, 1), until=date(2024, 3, 31), certainties=("confirmed",), sources=("wire",))
    plan = explained(db, month)
    assert "COVERING INDEX ix_incident_date" in plan, plan
    assert "COVERING INDEX ix_incident_span" in plan, plan
    assert plan.count("SEARCH") == plan.count("COVERING INDEX"), plan


@pytest.mark.parametrize(("frequent", "gathered"), [(2, False), (4, True)])
def test_a_word_is_gathered_where_few_of_the_newest_articles_hold_it(
    db: Database, frequent: int, gathered: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(3)
    told = (Told("daily", "ko", "감금", True),)
    keep(db, [replace(invented(number, chance), told=told if number <= 3 else ()) for number in range(1, 9)])
    monkeypatch.setattr(conditions, "RARE", -1)
    monkeypatch.setattr(listing, "FREQUENT", frequent)
    with db.read() as session:
        filter = Filter(text="감금")
        (word,) = conditions.linked_conditions(session, filter)
        assert listing.planned(session, [word], filter).gathered == ((word,) if gathered and not db.is_sqlite else ())


def test_a_list_leaves_the_planners_settings_as_they_were(db: Database) -> None:
    if db.is_sqlite:
        pytest.skip("SQLite has no such settings")
    during: set[str] = set()
    with db.read() as session:
        session.execute(sa.text("SET max_parallel_workers_per_gather = 3"))
        session.execute(sa.text("SET jit = on"))
        with planned_for_a_page(session):
            during.update(session.scalar(sa.text(f"SHOW {name}")) for name in PLANNERS)
        assert during == {"off", "0"}
        assert [session.scalar(sa.text(f"SHOW {name}")) for name in PLANNERS] == ["on", "3"]


def explained(db: Database, filter: Filter) -> str:
    """How SQLite goes about the statements that find the ids of the first page."""
    asked: list[tuple[str, Any]] = []
    with db.read() as session:
        connection = session.connection()
        sa.event.listen(connection, "before_cursor_execute", lambda *told: asked.append((told[2], told[3])))
        listing.found_ids(session, filter, 51)
        stretches = asked[-2:] if conditions.ends_undated(filter) else asked[-1:]
        steps = [
            row[3]
            for statement, values in stretches
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        ]
        return "\n".join(steps) + "\n"


def test_the_tables_read_in_order_tell_the_time_of_the_incidents_last_change(db: Database) -> None:
    """What is read from a type's or a nationality's list is in the order of the incidents only as long as this holds."""
    mina = Analyst("mina", NOON + timedelta(days=1))
    (opened,) = publish(db, incoming(1), report(other_types=("kidnapping",)))
    (other,) = publish(db, incoming(2, title="부산 창고 화재", text="부산의 창고에서 불이 났다."),
                       report(type="accident", country="KR", place=None, date=None, killed=None, evidence=()))  # fmt: skip
    publish(db, incoming(1, text=STORY.replace("3명", "4명"), fetched_at=NOON + timedelta(hours=1)), report())
    acts: list[Callable[[Any], Any]] = [
        lambda session: curation.edit(session, opened.incident_id, "killed_max", 2, mina),
        lambda session: curation.edit(session, opened.incident_id, "type", "torture", mina),
        lambda session: curation.merge(session, opened.incident_id, other.incident_id, replace(mina, now=NOON)),
        lambda session: curation.undo(session, opened.incident_id, mina),
        lambda session: curation.reject(session, other.incident_id, mina),
    ]
    for act in acts:
        with db.write() as session:
            act(session)
        with db.read() as session:
            for table in (IncidentType, Victim):
                moments = session.execute(
                    sa.select(Incident.last_updated, table.last_updated).join(table, table.incident_id == Incident.id)
                ).all()
                assert moments
                assert all(ours == theirs for ours, theirs in moments)
