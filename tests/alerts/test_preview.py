"""What a rule would have sent, from the table's history; and why something was sent or not."""

from __future__ import annotations

from datetime import timedelta

from alerts.desk_rules import remove_rule, save_rule
from alerts.preview import preview
from alerts.rules import rule_of
from alerts.why import why
from extract import records
from storage.database import Database
from tests.alerts.newsroom import Newsroom, toll

PLACE = records.Place("Bavet", "바벳", "KH", None, 11.07, 106.18, 1831797, "city")


def told(db: Database, room: Newsroom, **body: object) -> tuple[list[tuple[str, str]], int]:
    with db.read() as session:
        found = preview(session, rule_of("try", {"to": ["duty"], **body}), room.now - timedelta(days=30), room.now)
    return [(alert.trigger, alert.subject) for alert in found.alerts], found.messages


def month(db: Database) -> Newsroom:
    """An incident that grows worse twice, and another one of another place the day after."""
    room = Newsroom(db)
    room.tell()
    room.later(hours=3)
    room.tell(**toll(2))
    room.later(hours=3)
    room.tell(**toll(5))
    room.later(days=1)
    room.tell(place=PLACE, type="robbery", killed=None, date=records.EventDate("2025-10-13", "day"))
    return room


def test_a_preview_tells_what_was_new_and_what_grew_worse(db: Database) -> None:
    alerts, messages = told(db, month(db))
    assert alerts == [("new", "incident:1"), ("worse", "incident:1"), ("worse", "incident:1"), ("new", "incident:2")]
    assert messages == 4


def test_a_preview_says_what_the_rule_in_force_then_sends(db: Database) -> None:
    room = Newsroom(db, '[rules.all]\nto = ["duty"]\n')
    for killed in (1, 1, 2, 5):
        room.tell(**toll(killed))
        room.later(hours=3)
        room.send()
    alerts, messages = told(db, room)
    assert [subject.split("]")[0][1:].lower() for subject in room.subjects()] == [trigger for trigger, _ in alerts]
    assert messages == len(room.sent) == 3


def test_what_waits_together_is_one_message_of_the_preview(db: Database) -> None:
    alerts, messages = told(db, month(db), wait="12h")
    assert (len(alerts), messages) == (4, 2)


def test_a_preview_keeps_to_the_filter_and_to_what_the_rule_asks_for(db: Database) -> None:
    room = month(db)
    assert told(db, room, filter="type=robbery")[0] == [("new", "incident:2")]
    assert told(db, room, on=["first"])[0] == [("first", "incident:1")]


def test_why_names_the_decision_of_each_rule(db: Database) -> None:
    rules = '[rules.all]\nto = ["duty"]\n[rules.thai]\nfilter = "country=TH"\nto = ["duty"]\n'
    room = Newsroom(db, rules)
    room.tell()
    room.send()
    with db.read() as session:
        answers = {answer.rule: answer for answer in why(session, 1, room.now)}
    assert [(m.trigger, m.told) for m in answers["all"].decisions] == [("new", True)]
    assert [(row.target, row.state) for row in answers["all"].rows] == [("duty", "sent")]
    assert answers["thai"].now == "it does not pass the rule's filter"


def test_a_rule_of_the_desk_is_in_force_at_once_and_until_it_is_removed(db: Database) -> None:
    room = Newsroom(db, '[rules.file]\non = ["new"]\nto = ["mail"]\n')
    with db.write() as session:
        save_rule(session, "desk", {"to": ["duty"]}, room.settings.targets, room.now)
    room.tell()
    room.send()
    assert sorted(target for target, _ in room.sent) == ["duty", "mail"]
    with db.write() as session:
        remove_rule(session, "desk", room.now)
    room.tell(**toll(9))
    room.send()
    assert len(room.sent) == 2
