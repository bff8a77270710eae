"""Two incidents that a report shows to be one are put together; what an analyst said stands above it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from extract import records
from storage import curation
from storage.changes import IncidentChange
from storage.curation import Analyst
from storage.database import Database
from storage.models import Incident, IncidentReport
from storage.rebuild import rebuild
from tests.storage.press import NOON, incoming, publish, report

MINA = Analyst("mina", NOON + timedelta(days=1))
VAGUE = "A South Korean was found dead in Cambodia, an official in Seoul said. He gave no details of the death."
FULL = (
    "The South Korean student Oh Da-som, 24, was found dead in Sihanoukville in Cambodia on Oct. 8, police said. "
    "Three suspects were arrested over her death. The consulate told her family."
)
DA_SOM = records.Victim("Oh Da-som", 1, "KR", "Oh Da-som", "24", "female", "killed")


def early(db: Database) -> list[IncidentChange]:
    """An early report in English that says hardly anything."""
    vague = report(place=None, date=None, victims=(records.Victim("A South Korean", 1, "KR"),), evidence=())
    return publish(db, incoming(1, VAGUE, title="South Korean dead in Cambodia", language="en"), vague)


def korean(db: Database) -> list[IncidentChange]:
    named = report(victims=(records.Victim("오다솜", 1, "KR", "오다솜", "24", "female", "killed"),))
    return publish(db, incoming(2, title="캄보디아서 유학생 오다솜씨 숨진 채 발견"), named)


def corrected(db: Database) -> list[IncidentChange]:
    """The early report again, with a name, an age, a place and a day."""
    again = incoming(
        1,
        FULL,
        title="Student Oh Da-som found dead in Sihanoukville",
        language="en",
        fetched_at=NOON + timedelta(hours=3),
    )
    return publish(db, again, report(victims=(DA_SOM,), evidence=()))


def incidents(db: Database) -> dict[int, str]:
    with db.read() as session:
        return dict(session.execute(select(Incident.id, Incident.status)).all())


def homes(db: Database) -> set[int | None]:
    with db.read() as session:
        return set(session.scalars(select(IncidentReport.incident_id).where(IncidentReport.active)))


def test_a_corrected_version_ties_two_incidents_together(db: Database) -> None:
    (first,), (second,) = early(db), korean(db)
    assert first.incident_id != second.incident_id
    changes = corrected(db)
    assert IncidentChange(second.incident_id, "merged", ("status",)) in changes
    assert homes(db) == {first.incident_id}
    assert incidents(db)[second.incident_id] == "merged"


def test_the_order_of_arrival_does_not_matter(db: Database) -> None:
    korean(db), early(db), corrected(db)
    assert len(homes(db)) == 1


def test_a_merge_that_the_table_made_is_taken_back_for_good(db: Database) -> None:
    early(db), korean(db), corrected(db)
    (home,) = homes(db)
    assert home is not None
    with db.write() as session:
        curation.undo(session, home, MINA)
    assert len(homes(db)) == 2
    korean_again = incoming(2, FULL, title="Oh Da-som", language="en", fetched_at=NOON + timedelta(hours=5))
    publish(db, korean_again, report(victims=(DA_SOM,), evidence=()))
    assert len(homes(db)) == 2


def test_a_rejected_incident_takes_no_other_out_of_sight(db: Database) -> None:
    (first,), (second,) = early(db), korean(db)
    with db.write() as session:
        curation.reject(session, first.incident_id, MINA)
    corrected(db)
    assert incidents(db)[second.incident_id] != "merged"


def test_a_rebuild_gives_what_the_stream_gave(db: Database) -> None:
    early(db), korean(db), corrected(db)
    with db.write() as session:
        found = rebuild(session, NOON + timedelta(days=2))
    assert (found.f1, found.before, found.after, found.unchanged) == (1.0, 1, 1, 1)
    assert len(homes(db)) == 1


def test_a_rebuild_puts_together_what_a_wrong_order_left_apart(db: Database) -> None:
    early(db), korean(db), corrected(db)
    (home,) = homes(db)
    assert home is not None
    with db.write() as session:
        fresh = Incident(**{c.name: getattr(session.get_one(Incident, home), c.name) for c in Incident.__table__.columns
                            if c.name != "id"})  # fmt: skip
        session.add(fresh)
        session.flush()
        (one, *_) = session.scalars(select(IncidentReport).where(IncidentReport.active).order_by(IncidentReport.id))
        one.incident_id = fresh.id
    assert len(homes(db)) == 2
    with db.write() as session:
        found = rebuild(session, NOON + timedelta(days=2))
    assert (found.before, found.after) == (2, 1)
    assert found.precision < 1.0
    assert len(homes(db)) == 1


def test_a_rebuild_keeps_what_analysts_decided(db: Database) -> None:
    early(db), korean(db), corrected(db)
    (home,) = homes(db)
    assert home is not None
    with db.write() as session:
        curation.edit(session, home, "killed_max", 2, MINA)
        reports = list(session.scalars(select(IncidentReport.id).where(IncidentReport.active)))
        curation.split(session, home, reports[:1], MINA)
    apart = homes(db)
    with db.write() as session:
        found = rebuild(session, NOON + timedelta(days=2))
    assert homes(db) == apart
    assert (found.f1, found.kept) == (1.0, 2)
    with db.read() as session:
        assert session.get_one(Incident, home).killed_max == 2


def test_an_old_report_under_the_same_name_is_found_behind_many_that_share_the_usual_things(db: Database) -> None:
    """A hundred newer killings of Koreans in Cambodia have more in common with a report than the one under its name."""

    def told(number: int, name: str) -> list[IncidentChange]:
        day = (NOON.date() - timedelta(days=2 * number % 300)).isoformat()
        words = " ".join(f"낱말{number}가{i}" for i in range(30))
        return publish(
            db,
            incoming(number, title=f"사건 {number}", text=f"{words} {name}"),
            report(
                date=records.EventDate(day, "day"),
                place=records.Place(f"Town {day}", day, "KH"),
                victims=(records.Victim("주민", 1, "KR", name=name),),
                evidence=(records.Evidence("place", words[:2], 0, 2),),
            ),
        )

    (first,) = told(1, "오다솜")
    for number in range(2, 102):
        told(number, f"김{chr(0xAC00 + 28 * 21 * (number % 19))}{chr(0xB098 + 28 * number)}")
    (again,) = told(151, "오다솜")  # the same day as the first
    assert again.incident_id == first.incident_id


def test_a_rebuild_leaves_apart_what_an_analyst_took_apart(db: Database) -> None:
    """The merge was the score's own, and undone: the same score must not make it again."""
    early(db), korean(db), corrected(db)
    (home,) = homes(db)
    assert home is not None
    with db.write() as session:
        curation.undo(session, home, MINA)
    apart = homes(db)
    assert len(apart) == 2
    with db.write() as session:
        rebuild(session, NOON + timedelta(days=2))
    assert homes(db) == apart
