from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from extract import records
from storage import curation
from storage.cells import ROW_CELLS, with_what_follows
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


def test_a_type_named_twice_is_there_once(db: Database) -> None:
    (opened,) = publish(db, incoming(1), report())
    with db.write() as session:
        curation.edit(session, opened.incident_id, "other_types", ["fraud", "theft", "fraud"], MINA)
    with db.read() as session:
        assert get_incident(session, opened.incident_id).row["other_types"] == ["fraud", "theft"]


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


KIDNAPPED = "필리핀 앙헬레스에서 40대 한국인이 납치됐다고 현지 경찰이 밝혔다."
ARREST = records.Response("arrest", "용의자 3명을 붙잡아", 0, 5, "text", "police", "KH")


def kidnapping() -> records.IncidentReport:
    return report(
        type="kidnapping",
        country="PH",
        place=records.Place("Angeles City", "앙헬레스", "PH", None, 15.1, 120.6, 1730737, "city"),
        date=records.EventDate("2025-10-02", "day"),
        victims=(records.Victim("남성", 1, "KR", age="43", gender="male"),),
        killed=None,
        role="also",
        evidence=(),
    )


def one_article_two_incidents(db: Database) -> list[int]:
    """The incidents of an article that tells two events, with the arrest of the first."""
    article = incoming(1, text=f"{STORY} {KIDNAPPED}")
    return [change.incident_id for change in publish(db, article, report(), kidnapping(), responses=(ARREST,))]


def fraud(db: Database, number: int) -> int:
    """An incident of one report, like none of the others."""
    told = report(
        type="fraud",
        country=("JP", "FR", "BR", "KE", "AU")[number % 5],
        place=None,
        date=records.EventDate(f"2025-0{number}-02", "day"),
        victims=(),
        killed=None,
        evidence=(),
    )
    article = incoming(number, title=f"사기 {number}", text=f"{number}월 {number}일에 있은 다른 사기 사건의 기사. " * 3)
    (change,) = publish(db, article, told)
    return change.incident_id


def homes(db: Database) -> dict[int, list[int]]:
    """The incidents that are listed, with the articles whose reports they hold."""
    with db.read() as session:
        rows = find_incidents(session, Filter()).rows
        views = [get_incident(session, row.id) for row in rows]
    assert [view.row.report_count for view in views] == [len({r.article_id for r in view.reports}) for view in views]
    return {view.row.id: sorted(report.article_id for report in view.reports) for view in views}


def act(db: Database, work: Callable[..., Any], *arguments: Any) -> Any:
    with db.write() as session:
        return work(session, *arguments, MINA)


def test_an_undone_merge_leaves_the_article_s_other_event_where_it_is(db: Database) -> None:
    first, second = one_article_two_incidents(db)
    third = fraud(db, 3)
    act(db, curation.merge, third, second)
    newer = incoming(1, text=f"{STORY} {KIDNAPPED} 수정된 기사.", fetched_at=NOON + timedelta(hours=2))
    publish(db, newer, report(), kidnapping(), responses=(ARREST,))
    act(db, curation.undo, third)
    assert homes(db) == {first: [1], second: [1], third: [2]}
    with db.read() as session:
        assert get_incident(session, first).row["type"] == "homicide"
        assert get_incident(session, second).row["type"] == "kidnapping"
        assert len(get_incident(session, first).responses) == 1


def test_a_split_leaves_another_incident_s_responses_alone(db: Database) -> None:
    first, second = one_article_two_incidents(db)
    robbery = report(type="robbery", country="VN", place=None, date=None, killed=None, victims=(), evidence=())
    (other,) = publish(db, incoming(2, title="호찌민서 관광객 강도", text=OTHER), robbery)
    act(db, curation.merge, other.incident_id, second)
    with db.read() as session:
        (moved,) = (r.report_id for r in get_incident(session, other.incident_id).reports if r.article_id == 1)
    act(db, curation.split, other.incident_id, [moved])
    with db.read() as session:
        assert len(get_incident(session, first).responses) == 1


def test_a_response_goes_with_the_first_report_of_its_article(db: Database) -> None:
    first, second = one_article_two_incidents(db)
    act(db, curation.merge, second, first)
    with db.read() as session:
        reports = [report.report_id for report in get_incident(session, second).reports]
    _, fresh = act(db, curation.split, second, reports[1:])
    with db.read() as session:
        assert len(get_incident(session, second).responses) == 1
    act(db, curation.undo, second)
    _, fresh = act(db, curation.split, second, reports[:1])
    with db.read() as session:
        assert len(get_incident(session, fresh.incident_id).responses) == 1


def test_a_merge_on_which_another_stands_is_undone_after_it(db: Database) -> None:
    one, two, three = (fraud(db, number) for number in (1, 2, 3))
    act(db, curation.merge, one, two)
    act(db, curation.merge, three, one)
    with pytest.raises(NothingToUndo, match=f"undo incident {three} first"):
        act(db, curation.undo, two)
    assert homes(db) == {three: [1, 2, 3]}
    act(db, curation.undo, three)
    act(db, curation.undo, two)
    assert homes(db) == {one: [1], two: [2], three: [3]}


def test_a_merge_is_undone_though_another_incident_joined_or_a_cell_was_set_since(db: Database) -> None:
    one, two, three = (fraud(db, number) for number in (1, 2, 3))
    act(db, curation.merge, one, two)
    act(db, curation.merge, one, three)
    act(db, curation.edit, one, "headline", "Three frauds")
    act(db, curation.undo, two)
    assert homes(db) == {one: [1, 3], two: [2]}


def test_a_merge_is_undone_after_the_split_of_what_it_put_together(db: Database) -> None:
    one, two = (fraud(db, number) for number in (1, 2))
    act(db, curation.merge, one, two)
    with db.read() as session:
        (moved,) = (r.report_id for r in get_incident(session, one).reports if r.article_id == 2)
    _, fresh = act(db, curation.split, one, [moved])
    with pytest.raises(NothingToUndo, match=f"undo incident {one} first"):
        act(db, curation.undo, two)
    assert homes(db) == {one: [1], fresh.incident_id: [2]}


@pytest.mark.parametrize("later", ["merge", "confirm"])
def test_a_split_is_undone_after_what_was_done_with_its_parts(db: Database, later: str) -> None:
    one, two, three = (fraud(db, number) for number in (1, 2, 3))
    act(db, curation.merge, one, two)
    with db.read() as session:
        (moved,) = (r.report_id for r in get_incident(session, one).reports if r.article_id == 2)
    _, split = act(db, curation.split, one, [moved])
    fresh = split.incident_id
    if later == "merge":
        act(db, curation.merge, three, one)
        asked, first = fresh, three
    else:
        act(db, curation.confirm, fresh)
        asked, first = one, fresh
    with pytest.raises(NothingToUndo, match=f"undo incident {first} first"):
        act(db, curation.undo, asked)
    act(db, curation.undo, first)
    act(db, curation.undo, asked)
    assert homes(db) == {one: [1, 2], three: [3]}
    with db.read() as session:
        signpost = get_incident(session, fresh)
    assert (signpost.row.status, signpost.row.report_count, signpost.merged_into) == ("merged", 0, one)


def cells_of(**cells: Any) -> dict[str, Any]:
    return {**dict.fromkeys(ROW_CELLS), "other_types": [], **cells}


BAVET = cells_of(country="KH", place="Bavet", latitude=11.07, longitude=106.1, geonameid=1, place_precision="city")


def test_a_new_country_takes_the_old_place_along() -> None:
    emptied = dict.fromkeys(("place", "latitude", "longitude", "geonameid", "place_precision"))
    assert with_what_follows({"country": "VN"}, BAVET) == {"country": "VN", **emptied}
    there = {"latitude": 10.5, "longitude": 107.0}
    assert with_what_follows({**there, "country": "VN"}, BAVET) == {
        "country": "VN", "place": None, "geonameid": None, **there
    }  # fmt: skip
    assert with_what_follows({"country": "KH"}, BAVET) == {"country": "KH"}, "what is said again contradicts nothing"


def test_a_point_given_with_the_place_stays() -> None:
    wanted = {"place": "Poipet", "latitude": 13.66, "longitude": 102.56}
    assert with_what_follows(wanted, BAVET) == {**wanted, "geonameid": None}
    assert with_what_follows({**wanted, "geonameid": 7}, BAVET)["geonameid"] == 7


def test_a_new_date_brings_its_precision() -> None:
    row = cells_of(date="2025-10-08", date_precision="day", date_basis="stated")
    assert with_what_follows({"date": "2025-10"}, row) == {"date": "2025-10", "date_precision": "month"}
    assert with_what_follows({"date": None}, row) == {"date": None, "date_precision": None}
    assert with_what_follows({"date": "2025"}, cells_of())["date_basis"] == "stated"


@pytest.mark.parametrize("cells", [{"killed_min": 9}, {"killed_min": 5, "killed_max": 4}])
def test_at_least_is_never_more_than_at_most(db: Database, cells: dict[str, int]) -> None:
    (opened,) = publish(db, incoming(1), report())
    with pytest.raises(BadEdit, match="set both"), db.write() as session:
        curation.edit_cells(session, opened.incident_id, cells, MINA)


def test_cells_set_together_come_back_together_and_others_stay(db: Database) -> None:
    (opened,) = publish(db, incoming(1), report())
    number = opened.incident_id
    with db.write() as session:
        curation.edit(session, number, "headline", "A death in Sihanoukville", MINA)
        curation.edit_cells(session, number, {"killed_min": 5, "killed_max": 5, "country": "TH"}, MINA)
        assert get_incident(session, number).row["place"] is None
    act(db, curation.undo, number)
    with db.read() as session:
        view = get_incident(session, number)
    row = view.row
    assert (row["killed_min"], row["killed_max"], row["country"], row["place"]) == (1, 1, "KH", "Sihanoukville")
    assert set(view.edited) == {"headline"}


@pytest.mark.parametrize("value", ["9999", "9999-12-31", "0001-01-01"])
def test_a_year_in_which_nothing_can_have_happened_is_refused(db: Database, value: str) -> None:
    keep, _ = two_incidents(db)
    with pytest.raises(BadEdit, match="is no date"), db.write() as session:
        curation.edit(session, keep, "date", value, MINA)
