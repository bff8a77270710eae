"""A trial or an extradition months later is of the crime that is already in the table."""

from __future__ import annotations

from datetime import timedelta

from extract import records
from storage.database import Database
from tests.storage.press import NOON, incoming, publish, report

VERDICT = (
    "A court in Sihanoukville on Monday sentenced a Chinese man to 20 years in prison for the murder of the South Korean "
    "student Oh Da-som, whose body was found in the city in October last year. Two others got 15 years."
)


def test_a_verdict_months_later_joins_the_crime(db: Database) -> None:
    named = records.Victim("오다솜", 1, "KR", "오다솜", "24", "female", "killed")
    (opened,) = publish(db, incoming(1, title="캄보디아서 유학생 오다솜씨 숨져"), report(victims=(named,)))
    later = incoming(
        *(2, VERDICT),
        title="20 years for killer of Korean student",
        language="en",
        published=NOON + timedelta(days=160),
        fetched_at=NOON + timedelta(days=160),
    )
    victim = records.Victim("Oh Da-som", 1, "KR", "Oh Da-som", None, "female", "killed")
    told = report(status="follow-up", date=records.EventDate("2025-10", "month"), victims=(victim,), evidence=())
    (change,) = publish(db, later, told)
    assert change.incident_id == opened.incident_id


def test_a_verdict_over_another_death_opens_its_own(db: Database) -> None:
    named = records.Victim("오다솜", 1, "KR", "오다솜", "24", "female", "killed")
    (opened,) = publish(db, incoming(1, title="캄보디아서 유학생 오다솜씨 숨져"), report(victims=(named,)))
    later = incoming(
        *(2, VERDICT.replace("Oh Da-som", "Ryu Ji-an")),
        title="20 years for killer of Korean trader",
        language="en",
        published=NOON + timedelta(days=160),
        fetched_at=NOON + timedelta(days=160),
    )
    victim = records.Victim("Ryu Ji-an", 1, "KR", "Ryu Ji-an", "51", "male", "killed")
    told = report(status="follow-up", date=records.EventDate("2025-10", "month"), victims=(victim,), evidence=())
    (change,) = publish(db, later, told)
    assert change.incident_id != opened.incident_id
