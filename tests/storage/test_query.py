from __future__ import annotations

import base64
import json
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from extract import records
from storage import conditions
from storage.cells import CERTAINTIES, GRAVITY
from storage.changes import Cause, note
from storage.curation import Analyst, reject
from storage.database import Database
from storage.errors import BadFilter
from storage.filters import STATUSES, Box, Filter
from storage.query import count_incidents, find_incidents, passes
from storage.search import parse_query, tokens
from storage.stems import stem
from storage.view import changes_since
from tests.storage.press import NOON, STORY, incoming, publish, report


@pytest.fixture
def table(db: Database) -> Database:
    """Three incidents: a death in Cambodia, a robbery in Vietnam (English), a fire in Busan without victims."""
    publish(db, incoming(1), report())
    publish(
        db,
        incoming(
            2, title="Tourist robbed in Ho Chi Minh City", source="herald", language="en", published=NOON,
            text="A British tourist was robbed at knifepoint outside a bar. Police are hunting two men.",
            fetched_at=NOON + timedelta(minutes=1),
        ),
        report(type="robbery", country="VN", certainty="alleged", killed=None, evidence=(),
               place=records.Place("Ho Chi Minh City", "Ho Chi Minh City", "VN", None, 10.8, 106.7),
               date=records.EventDate("2025-09", "month"), victims=(records.Victim("tourist", 1, "GB"),)),
    )  # fmt: skip
    publish(
        db,
        incoming(3, title="부산 창고 화재", text="부산의 한 창고에서 불이 났으나 다친 사람은 없다고 한다.",
                 fetched_at=NOON + timedelta(minutes=2)),
        report(type="accident", country="KR", place=None, date=None, killed=None, victims=(), evidence=()),
    )  # fmt: skip
    return db


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "AVK"), ("type=homicide", "K"), ("type=homicide,robbery", "VK"), ("country=KR&country=KH", "AK"),
        ("nationality=KR", "K"), ("nationality=kr,gb", "VK"), ("place=ho chi", "V"), ("since=2025-10-01", "K"),
        ("until=2025-09-15", "V"), ("since=2025-09-10&until=2025-09-20", "V"), ("killed=1", "K"), ("killed=2", ""),
        ("certainty=alleged", "V"), ("source=herald", "V"), ("language=ko", "AK"), ("box=100,5,110,12", "VK"),
        ("box=100,10.7,110,12", "V"), ("text=감금", "K"), ("text=rob", "V"), ("text=robbing tourists", "V"),
        ("text=화재 부산", "A"), ("text=금된", "K"), ("text=감된", ""), ("status=rejected", ""),
        ("changed_since=2025-10-12", "AVK"), ("changed_since=2025-10-13", ""), ("voices=2", ""),
    ],
)  # fmt: skip
def test_the_filter_finds(table: Database, query: str, expected: str) -> None:
    letters = {"homicide": "K", "robbery": "V", "accident": "A"}
    with table.read() as session:
        filter = Filter.from_query_string(query)
        assert "".join(letters[row["type"]] for row in find_incidents(session, filter).rows) == expected
        assert count_incidents(session, filter) == len(expected)


def test_the_way_rows_are_found_changes_no_answer(table: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    queries = [
        "type=homicide", "type=homicide,robbery&language=ko", "nationality=kr,gb&order=date", "place=ho chi,sihanouk",
        "since=2025-09-10&until=2025-09-20", "since=2025-10-01&until=2025-10-31", "killed=1", "box=100,5,110,12",
        "text=감금", "text=rob&source=herald", "country=KR,KH&certainty=confirmed", "text=감금&nationality=KR&type=homicide",
    ]  # fmt: skip
    answers = []
    for rare in (0, 8_000):
        monkeypatch.setattr(conditions, "RARE", rare)
        with table.read() as session:
            filters = [Filter.from_query_string(query) for query in queries]
            answers.append([[row.id for row in find_incidents(session, filter).rows] for filter in filters])
            assert [[row for row in (1, 2, 3) if passes(session, filter, row)] for filter in filters] == [
                sorted(found) for found in answers[-1]
            ]
    assert answers[0] == answers[1]
    assert any(answers[0])


@pytest.mark.parametrize("order", ["updated", "seen", "date"])
def test_pages_continue_where_the_last_one_ended(table: Database, order: str) -> None:
    with table.read() as session:
        whole = [row.id for row in find_incidents(session, Filter(order=order)).rows]
        seen, after = [], None
        while True:
            page = find_incidents(session, Filter(order=order), 1, after)
            seen += [row.id for row in page.rows]
            after = page.after
            if after is None:
                break
        assert seen == whole
        with pytest.raises(BadFilter, match="after"):
            find_incidents(session, Filter(), 1, "nonsense")


def test_changes_are_read_on_from_the_last_one_seen(table: Database) -> None:
    with table.read() as session:
        everything = changes_since(session)
        assert [line.cell for line in everything] == ["incident"] * 3
        assert changes_since(session, after_id=everything[1].id) == everything[2:]
        assert changes_since(session, day=date(2025, 10, 13)) == ()


def test_a_change_waits_for_those_before_it_that_are_still_being_written(table: Database) -> None:
    if table.is_sqlite:
        pytest.skip("SQLite has one writer at a time")

    def writes(session: Session, incident_id: int) -> None:
        note(session, incident_id, Cause("report", NOON), "killed_max", None, incident_id)
        session.flush()

    def seen_after(number: int) -> list[int]:
        with table.read() as session:
            return [line.incident_id for line in changes_since(session, after_id=number)]

    with table.read() as session:
        last = changes_since(session)[-1].id
    with Session(table.write_engine) as slow, Session(table.write_engine) as quick, Session(table.write_engine) as late:
        attempt = slow.begin_nested()
        writes(slow, 3)
        attempt.rollback()
        writes(slow, 1)
        writes(quick, 2)
        quick.commit()
        assert seen_after(last) == []
        writes(late, 3)
        slow.commit()
        assert seen_after(last) == [1, 2]
        late.rollback()
        writes(late, 1)
        writes(quick, 2)
        quick.commit()
        assert seen_after(last) == [1, 2]
        late.commit()
    assert seen_after(last) == [1, 2, 1, 2]


def test_the_views_for_other_tools_can_be_read(table: Database) -> None:
    with table.read() as session:
        assert session.execute(
            sa.text("SELECT type, victim_nationality FROM v_incident WHERE country = 'KH'")
        ).one() == ("homicide", "KR")
        assert session.scalar(sa.text("SELECT count(*) FROM v_article WHERE incident_id IS NOT NULL")) == 3


def test_the_views_hold_people_reports_and_changes_and_no_name(db: Database) -> None:
    named = records.Victim("직장인 한보람씨", 1, "KR", "한보람", "22", outcome="killed")
    (opened,) = publish(db, incoming(1), report(victims=(named,), other_types=("kidnapping",)))
    (gone,) = publish(
        db,
        incoming(2, title="부산 창고 화재", text="부산의 한 창고에서 불이 났다고 한다."),
        report(type="accident", country="KR", place=None, date=None, killed=None, evidence=()),
    )
    with db.write() as session:
        reject(session, gone.incident_id, Analyst("mina", NOON))
    with db.read() as session:
        for name, rows in (
            ("v_incident", 1), ("v_incident_type", 2), ("v_victim", 1), ("v_perpetrator", 0), ("v_report", 1),
            ("v_response", 0), ("v_article", 2),
        ):  # fmt: skip
            found = session.execute(sa.text(f"SELECT * FROM {name}")).all()
            assert len(found) == rows, name
            assert "한보람" not in str(found), name
        victim = session.execute(sa.text("SELECT incident_id, nationality, age, country FROM v_victim")).one()
        assert victim == (opened.incident_id, "KR", "22", "KH")
        assert session.scalar(sa.text("SELECT count(*) FROM v_change WHERE cause = 'reject' AND analyst = 'mina'")) == 1


@pytest.mark.parametrize(
    ("query", "message"),
    [("colour=red", "no filter 'colour'"), ("type=murder", "homicide"), ("country=Korea", "ISO"),
     ("since=yesterday", "2025-10-08"), ("killed=-1", "whole number"), ("box=1,2,3", "west,south,east,north"),
     ("since=2025-10-02&until=2025-10-01", "after until"), ("order=size", "updated"),
     ("killed=2147483648", "whole number"), ("text=%00", "no text has"), ("place=" + "a" * 201, "200 characters"),
     ("place=a&" * 101, "100 values")],
)  # fmt: skip
def test_a_filter_that_cannot_be_meant_says_what_is_wrong(query: str, message: str) -> None:
    with pytest.raises(BadFilter, match=message):
        Filter.from_query_string(query)


@pytest.mark.parametrize(
    "place",
    [["updated", value, 1] for value in ("0001-01-01T00:00:00+14:00", "2025-10-12T00:00:00", "2025", 7, None)]
    + [["updated", NOON.isoformat(), number] for number in (0, -1, 2**63, 1.5, True, "1", None)]
    + [["date", NOON.isoformat(), 1], [], {}, "updated"],
)  # fmt: skip
def test_a_place_in_the_list_that_nobody_gave_out_is_refused(table: Database, place: object) -> None:
    after = base64.urlsafe_b64encode(json.dumps(place).encode()).decode()
    with table.read() as session, pytest.raises(BadFilter, match="no place in this list"):
        find_incidents(session, Filter(), after=after)


FILTERS = st.builds(
    Filter,
    types=st.lists(st.sampled_from(GRAVITY), unique=True, max_size=3).map(tuple),
    countries=st.lists(st.sampled_from(["KR", "KH", "VN"]), unique=True).map(tuple),
    places=st.lists(st.text("abc, 시군&=", min_size=1).map(str.strip).filter(bool), max_size=2).map(tuple),
    box=st.none() | st.just(Box(100.0, -5.5, 110.25, 12.0)),
    since=st.none() | st.dates(date(2000, 1, 1), date(2020, 1, 1)),
    until=st.none() | st.dates(date(2020, 1, 2), date(2030, 1, 1)),
    seen_since=st.none() | st.dates(date(2000, 1, 1), date(2030, 1, 1)),
    changed_since=st.none() | st.dates(date(2000, 1, 1), date(2030, 1, 1)),
    killed=st.none() | st.integers(0, 500),
    injured=st.none() | st.integers(0, 500),
    held=st.none() | st.integers(0, 500),
    missing=st.none() | st.integers(0, 500),
    voices=st.none() | st.integers(0, 9),
    nationalities=st.lists(st.sampled_from(["KR", "GB"]), unique=True).map(tuple),
    certainties=st.lists(st.sampled_from(CERTAINTIES), unique=True).map(tuple),
    statuses=st.lists(st.sampled_from(STATUSES), unique=True, min_size=1).map(tuple),
    sources=st.lists(st.sampled_from(["yonhap_ko", "herald"]), unique=True).map(tuple),
    languages=st.lists(st.sampled_from(["ko", "en"]), unique=True).map(tuple),
    text=st.none() | st.text("감금 kidnap+%&", min_size=1).map(str.strip).filter(tokens),
    order=st.sampled_from(["updated", "seen", "date"]),
)


@given(FILTERS)
def test_a_filter_survives_its_query_string(filter: Filter) -> None:
    assert Filter.from_query_string(filter.to_query_string()) == filter


@given(st.text("감금한국인 abcABC123'\"*()-:^&|!\\", max_size=60))
def test_every_word_of_a_text_finds_the_text(text: str) -> None:
    held = tokens(text)
    for word in text.split():
        for term in parse_query(word).terms:
            if len(term[0]) > 1 or term[0].isascii():
                assert any(tuple(held[i : i + len(term)]) == term for i in range(len(held)))


def test_pairs_never_cross_a_word() -> None:
    assert parse_query("금금").terms[0][0] not in tokens("감금 금지")
    held, (phrase,) = tokens("감금 금지"), parse_query("감금지").terms
    assert not any(tuple(held[i : i + len(phrase)]) == phrase for i in range(len(held)))


@pytest.mark.parametrize(
    "words", ["kidnap kidnaps kidnapped kidnapping", "rob robbed robbing robs", "body bodies", "seize seized seizing",
              "die dies died", "abuse abused abuses"]
)  # fmt: skip
def test_inflections_share_a_stem(words: str) -> None:
    assert len({stem(word) for word in words.split()}) == 1


@pytest.mark.parametrize("words", ["speed sped", "detain detail", "assault assume", "police policeman"])
def test_different_words_keep_apart(words: str) -> None:
    first, second = words.split()
    assert stem(first) != stem(second)


@pytest.mark.parametrize("words", ["'", '"', "***", "!!", "()", "& |"])
def test_a_search_for_no_word_is_refused(words: str) -> None:
    with pytest.raises(BadFilter, match="no word"):
        Filter(text=words)


@pytest.mark.parametrize(
    "words", ["o'neil", "a'b'c", 'say "gun fire"', "감금*", "x:y", "NEAR(a b)", "--", "\\'", "100%"]
)
def test_odd_characters_in_a_search_do_no_harm(table: Database, words: str) -> None:
    with table.read() as session:
        try:
            find_incidents(session, Filter(text=words))
        except BadFilter:
            assert not parse_query(words).terms


def test_a_text_that_changed_is_found_by_its_new_words_only(db: Database) -> None:
    publish(db, incoming(1), report())
    publish(db, incoming(1, text=STORY.replace("시아누크빌", "바벳")), report())
    with db.read() as session:
        assert find_incidents(session, Filter(text="시아누크빌")).rows == ()
        assert len(find_incidents(session, Filter(text="바벳")).rows) == 1
