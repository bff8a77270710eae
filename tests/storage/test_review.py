"""What waits for an analyst, and who did what when."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from storage import curation
from storage.acts import acts
from storage.curation import Analyst
from storage.database import Database
from storage.errors import BadEdit
from storage.filters import Filter
from storage.models import Question
from storage.people import forget_url
from storage.review import doubtful_cells
from storage.view import get_incident, open_questions
from tests.storage.press import NOON, incoming, publish, report
from tests.storage.test_curation import two_incidents

MINA = Analyst("mina", NOON + timedelta(days=1))
JUN = Analyst("jun", NOON + timedelta(days=2))


@pytest.fixture
def unsure(db: Database) -> Database:
    """Incident 1 is unsure of its country and its date, incident 2 (Vietnam) of its type."""
    publish(db, incoming(1), report(confidence={"type": 0.9, "country": 0.3, "date": 0.2}))
    publish(
        db,
        incoming(2, title="호찌민서 강도", text="베트남 호찌민에서 관광객이 돈을 빼앗겼다.", fetched_at=NOON + timedelta(hours=1)),
        report(type="robbery", country="VN", place=None, date=None, killed=None, victims=(), evidence=(),
               confidence={"type": 0.4, "country": 0.8}),
    )  # fmt: skip
    return db


def doubted(db: Database, filter: Filter | None = None, **options: float) -> list[tuple[int, str]]:
    with db.read() as session:
        return [(cell.incident_id, cell.cell) for cell in doubtful_cells(session, filter, **options)]  # type: ignore[arg-type]


def test_unsure_cells_come_newest_incident_first_and_least_sure_first(unsure: Database) -> None:
    assert doubted(unsure) == [(2, "type"), (1, "date"), (1, "country")]
    assert doubted(unsure, below=0.25) == [(1, "date")]
    assert doubted(unsure, Filter(countries=("KH",))) == [(1, "date"), (1, "country")]
    assert doubted(unsure, limit=1) == [(2, "type")]
    with unsure.read() as session:
        (cell,) = doubtful_cells(session, below=0.25)
    assert (cell.value, cell.confidence) == ("2025-10-08", 0.2)


def test_a_cell_leaves_the_queue_when_it_is_edited_and_an_incident_when_it_is_decided(unsure: Database) -> None:
    with unsure.write() as session:
        curation.edit(session, 1, "date", "2025-10-07", MINA)
        curation.confirm(session, 2, MINA)
    assert doubted(unsure) == [(1, "country")]
    with unsure.write() as session:
        curation.undo(session, 1, MINA)
        curation.reject(session, 2, MINA)
    assert doubted(unsure) == [(1, "date"), (1, "country")]


def ask(db: Database) -> tuple[int, int]:
    """Two incidents and a question between them."""
    keep, other = two_incidents(db)
    with db.write() as session:
        session.add(Question(report_id=2, incident_id=keep, probability=0.6, reasons=["place"], at=NOON))
    return keep, other


def test_an_answer_closes_the_question_and_same_merges(db: Database) -> None:
    keep, other = ask(db)
    with db.read() as session:
        (question,) = open_questions(session)
    with db.write() as session:
        changes = curation.answer(session, question.question_id, True, MINA)
    assert [(change.incident_id, change.kind) for change in changes][1] == (other, "merged")
    with db.read() as session:
        assert open_questions(session) == ()
        assert {act.what for act in acts(session, incident_id=keep)} == {"same", "merge"}


def test_different_keeps_both_and_is_remembered(db: Database) -> None:
    keep, _ = ask(db)
    with db.write() as session:
        assert curation.answer(session, 1, False, MINA) == []
    with db.read() as session:
        assert open_questions(session) == ()
        (act,) = acts(session)
    assert (act.what, act.who, act.incident_id, act.detail) == ("different", "mina", keep, "report 2")


def test_a_question_of_a_merged_incident_is_one_of_the_incident_it_went_into(db: Database) -> None:
    keep, other = ask(db)
    (third,) = publish(
        db,
        incoming(3, title="도쿄서 사기", text="일본 도쿄에서 사기 사건이 있었다고 현지 언론이 전했다."),
        report(type="fraud", country="JP", place=None, date=None, killed=None, victims=(), evidence=()),
    )
    with db.write() as session:
        curation.merge(session, third.incident_id, keep, MINA)
    for number in (None, third.incident_id, other):
        with db.read() as session:
            (question,) = open_questions(session, incident_id=number)
            assert (question.incident_id, question.report_incident_id) == (third.incident_id, other)
            assert question.headline == get_incident(session, third.incident_id).row["headline"]
    with db.write() as session:
        changes = curation.answer(session, question.question_id, True, MINA)
    assert {change.incident_id for change in changes} == {third.incident_id, other}


def test_a_pair_that_is_one_by_now_is_no_question(db: Database) -> None:
    keep, other = ask(db)
    with db.write() as session:
        curation.merge(session, other, keep, MINA)
    with db.read() as session:
        assert open_questions(session) == ()
    with db.write() as session:
        assert curation.answer(session, 1, True, MINA) == []


@pytest.mark.parametrize("which", [0, 1])
def test_a_rejected_incident_takes_nothing_out_of_sight(db: Database, which: int) -> None:
    pair = ask(db)
    with db.write() as session:
        curation.reject(session, pair[which], MINA)
    with db.read() as session:
        assert open_questions(session) == ()
    with pytest.raises(BadEdit, match=f"incident {pair[which]} was rejected"), db.write() as session:
        curation.answer(session, 1, True, MINA)
    with db.write() as session:
        curation.undo(session, pair[which], MINA)
    with db.read() as session:
        assert len(open_questions(session)) == 1


def test_a_question_is_answered_once(db: Database) -> None:
    ask(db)
    with db.write() as session:
        curation.answer(session, 1, True, MINA)
    with pytest.raises(BadEdit, match="question 1 is answered: same, by mina"), db.write() as session:
        curation.answer(session, 1, False, JUN)


def test_every_act_is_listed_with_who_and_when_the_latest_first(db: Database) -> None:
    keep, other = two_incidents(db)
    with db.write() as session:
        curation.edit(session, keep, "killed_max", 2, MINA, note_text="the embassy says so")
        curation.edit(session, keep, "admin", "Preah Sihanouk", MINA)
        curation.confirm(session, other, MINA)
    with db.write() as session:
        curation.undo(session, keep, JUN)
        curation.merge(session, keep, other, Analyst("jun", JUN.now + timedelta(minutes=1)))
    with db.read() as session:
        told = [(act.who, act.what, act.incident_id, act.other_id, act.detail) for act in acts(session)]
        assert told[:2] == [
            ("jun", "merge", keep, other, "reports 2"),
            ("jun", "undo", keep, None, "takes back: edit"),
        ]
        assert set(told[2:]) == {
            ("mina", "edit", keep, None, "killed_max = 2 (the embassy says so)"),
            ("mina", "edit", keep, None, "admin = Preah Sihanouk"),
            ("mina", "confirm", other, None, ""),
        }
        taken_back = [act.undone for act in acts(session) if act.detail == "admin = Preah Sihanouk"]
        assert taken_back == [JUN.now]


def test_acts_are_chosen_by_person_day_and_incident(db: Database) -> None:
    keep, other = two_incidents(db)
    with db.write() as session:
        curation.confirm(session, keep, MINA)
        curation.reject(session, other, JUN)
        forget_url(session, "https://daily.example/news/1", "jun", JUN.now)
    with db.read() as session:
        assert [act.what for act in acts(session, who="mina")] == ["confirm"]
        assert {act.what for act in acts(session, since=date(2025, 10, 14))} >= {"reject"}
        assert "confirm" not in {act.what for act in acts(session, since=date(2025, 10, 14))}
        assert [act.what for act in acts(session, incident_id=other)] == ["reject"]
        assert len(acts(session, who="jun")) == 2
        assert len(acts(session, limit=1)) == 1


def test_the_robot_is_no_analyst(db: Database) -> None:
    two_incidents(db)
    with db.read() as session:
        assert session.scalar(sa.text("SELECT count(*) FROM merge_log")) == 2
        assert acts(session) == ()
