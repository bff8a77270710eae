from __future__ import annotations

from datetime import timedelta

import pytest

from extract import records
from storage import curation
from storage.curation import Analyst
from storage.database import Database
from storage.errors import BadEdit, NotFound, NothingToUndo
from storage.filters import Filter
from storage.query import find_incidents
from storage.view import get_incident
from tests.storage.press import NOON, STORY, incoming, publish, report

MINA = Analyst("mina", NOON + timedelta(days=1))
OTHER = (
    "베트남 호찌민의 상가에서 30대 관광객이 흉기를 든 괴한에게 돈을 빼앗겼다고 현지 언론이 보도했다. "
    "경찰은 달아난 괴한을 쫓고 있다."
)


def two_incidents(db: Database) -> tuple[int, int]:
    (first,) = publish(db, incoming(1), report())
    (second,) = publish(
        db,
        incoming(2, title="호찌민서 관광객 강도", text=OTHER),
        report(type="robbery", country="VN", place=None, date=None, killed=None, victims=(), evidence=()),
    )
    assert first.incident_id != second.incident_id
    return first.incident_id, second.incident_id


def test_an_edit_wins_over_every_later_coding(db: Database) -> None:
    (opened,) = publish(db, incoming(1), report())
    with db.write() as session:
        curation.edit(session, opened.incident_id, "killed_max", 2, MINA)
        curation.edit(session, opened.incident_id, "place", "Otres Beach, Sihanoukville", MINA)
    publish(db, incoming(1, text=STORY.replace("3명", "4명")), report(killed=records.Count(7, 7)))
    with db.read() as session:
        view = get_incident(session, opened.incident_id)
    assert view.row["killed_max"] == 2
    assert view.row["killed_min"] == 7
    assert view.row["place"] == "Otres Beach, Sihanoukville"
    assert view.edited["killed_max"] == ("mina", MINA.now)
    (line,) = [line for line in view.history if line.cell == "killed_max"]
    assert (line.old, line.new, line.cause, line.analyst) == (1, 2, "edit", "mina")


def test_undoing_an_edit_brings_back_what_the_reports_say(db: Database) -> None:
    (opened,) = publish(db, incoming(1), report())
    with db.write() as session:
        curation.edit(session, opened.incident_id, "country", "TH", MINA)
        curation.edit(session, opened.incident_id, "country", "VN", MINA)
    for expected in ("TH", "KH"):
        with db.write() as session:
            curation.undo(session, opened.incident_id, MINA)
        with db.read() as session:
            assert get_incident(session, opened.incident_id).row["country"] == expected
    with pytest.raises(NothingToUndo), db.write() as session:
        curation.undo(session, opened.incident_id, MINA)


def test_edited_victims_are_found_by_their_nationality(db: Database) -> None:
    (opened,) = publish(db, incoming(1), report())
    with db.write() as session:
        curation.edit(session, opened.incident_id, "victims", [{"nationality": "JP", "count": 1}], MINA)
    with db.read() as session:
        assert find_incidents(session, Filter(nationalities=("KR",))).rows == ()
        assert len(find_incidents(session, Filter(nationalities=("JP",))).rows) == 1


@pytest.mark.parametrize(
    ("cell", "value", "message"),
    [
        ("colour", "red", "no cell"),
        ("country", "Cambodia", "ISO 3166"),
        ("killed_min", -1, "whole number"),
        ("killed_min", "two", "whole number"),
        ("date", "8 October", "2025-10-08"),
        ("type", "murder", "homicide"),
        ("type", None, "empty"),
        ("latitude", 200, "between"),
        ("victims", [{"shoe": 43}], "nationality"),
        ("other_types", ["murder"], "types"),
    ],
)
def test_an_edit_that_cannot_be_is_refused_with_what_would_be_right(
    db: Database, cell: str, value: object, message: str
) -> None:
    (opened,) = publish(db, incoming(1), report())
    with pytest.raises(BadEdit, match=message), db.write() as session:
        curation.edit(session, opened.incident_id, cell, value, MINA)


def test_a_rejected_incident_stays_out_though_it_is_reported_again(db: Database) -> None:
    (opened,) = publish(db, incoming(1), report())
    with db.write() as session:
        curation.reject(session, opened.incident_id, MINA)
    changes = publish(db, incoming(2, text=STORY.replace("3명", "5명")), report(killed=records.Count(2, 2)))
    assert [change.incident_id for change in changes] == [opened.incident_id]
    with db.read() as session:
        assert find_incidents(session, Filter()).rows == ()
        assert len(find_incidents(session, Filter(statuses=("rejected",))).rows) == 1
    with db.write() as session:
        curation.undo(session, opened.incident_id, MINA)
    with db.read() as session:
        assert len(find_incidents(session, Filter()).rows) == 1


def test_a_confirmed_incident_stays_confirmed_when_it_grows(db: Database) -> None:
    (opened,) = publish(db, incoming(1), report())
    with db.write() as session:
        curation.confirm(session, opened.incident_id, MINA)
    publish(db, incoming(2, text=STORY.replace("3명", "5명")), report(killed=records.Count(2, 2)))
    with db.read() as session:
        row = get_incident(session, opened.incident_id).row
    assert (row.status, row["killed_max"], row.report_count) == ("confirmed", 2, 2)


def test_a_merge_moves_reports_and_is_undone(db: Database) -> None:
    keep, other = two_incidents(db)
    with db.write() as session:
        curation.merge(session, keep, other, MINA)
    with db.read() as session:
        view = get_incident(session, keep)
        assert view.row.report_count == 2
        assert set(view.row["other_types"]) == {"robbery"}
        assert get_incident(session, other).merged_into == keep
        assert [row.id for row in find_incidents(session, Filter()).rows] == [keep]
    with pytest.raises(BadEdit, match=f"merged into {keep}"), db.write() as session:
        curation.edit(session, other, "country", "KH", MINA)
    with db.write() as session:
        curation.undo(session, keep, MINA)
    with db.read() as session:
        assert {row.id for row in find_incidents(session, Filter()).rows} == {keep, other}
        assert get_incident(session, keep).row["other_types"] == []
        assert get_incident(session, other).row["country"] == "VN"


def test_a_split_takes_reports_out_and_is_undone(db: Database) -> None:
    keep, other = two_incidents(db)
    with db.write() as session:
        curation.merge(session, keep, other, MINA)
        robbery = get_incident(session, keep).reports[1]
        _, fresh = curation.split(session, keep, [robbery.report_id], MINA)
    with db.read() as session:
        assert get_incident(session, fresh.incident_id).row["type"] == "robbery"
        assert get_incident(session, keep).row.report_count == 1
    with db.write() as session:
        curation.undo(session, keep, MINA)
    with db.read() as session:
        assert get_incident(session, keep).row.report_count == 2
        assert get_incident(session, fresh.incident_id).row.status == "merged"


def test_a_split_of_all_or_of_strange_reports_is_refused(db: Database) -> None:
    keep, other = two_incidents(db)
    with db.write() as session:
        (own,) = get_incident(session, keep).reports
        (strange,) = get_incident(session, other).reports
        with pytest.raises(BadEdit):
            curation.split(session, keep, [own.report_id], MINA)
        with pytest.raises(NotFound):
            curation.split(session, keep, [strange.report_id], MINA)


def test_a_report_read_again_stays_where_an_analyst_put_it(db: Database) -> None:
    keep, other = two_incidents(db)
    with db.write() as session:
        curation.merge(session, keep, other, MINA)
    robbery = report(type="robbery", country="VN", place=None, date=None, killed=None, victims=(), evidence=())
    publish(db, incoming(2, title="호찌민서 관광객 강도", text=OTHER + " 다친 사람은 없다."), robbery)
    with db.read() as session:
        assert [row.id for row in find_incidents(session, Filter()).rows] == [keep]
