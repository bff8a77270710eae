"""The outbox between a match and its message: once for each target, tried again, given up visibly, never lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from alerts.rules import BadRule, rule_of
from alerts.send import LEASE, send_due
from storage import outbox
from storage.database import Database
from storage.errors import LeaseLost
from storage.outbox import claim_letters, outbox_rows, revive
from tests.alerts.newsroom import Newsroom, toll

RULE = '[rules.all]\nto = ["duty"]\n'
BOTH = '[rules.all]\nto = ["duty", "mail"]\n'


def states(db: Database) -> list[str]:
    with db.read() as session:
        return [row.state for row in outbox_rows(session)]


def test_a_target_that_fails_is_tried_again_later_under_the_same_id(db: Database) -> None:
    room = Newsroom(db, BOTH)
    room.failing = {"duty"}
    room.tell()
    assert room.send().ends == {"failed": 1, "sent": 1}
    with db.read() as session:
        (waiting,) = outbox_rows(session, states=("pending",))
    assert (waiting.attempts, waiting.note) == (1, "duty: answered 503")
    assert room.send().total == 0  # not before its pause has passed
    room.later(minutes=2)
    room.failing = set()
    room.send()
    assert [target for target, _ in room.sent] == ["mail", "duty"]
    assert room.sent[1][1].key == waiting.message


def test_a_target_that_is_away_for_a_day_gets_its_alerts(db: Database) -> None:
    room = Newsroom(db, RULE)
    room.failing = {"duty"}
    room.tell()
    back = room.now + timedelta(hours=24)
    while room.now < back:
        room.send()
        room.later(minutes=10)
    room.failing = set()
    room.later(hours=6)
    room.send()
    assert len(room.sent) == 1


def test_what_is_never_taken_becomes_a_dead_letter_that_can_be_revived(db: Database) -> None:
    room = Newsroom(db, RULE)
    room.failing = {"duty"}
    room.tell()
    for _ in range(outbox.MAX_ATTEMPTS):
        room.send()
        room.later(hours=7)
    assert states(db) == ["dead"]
    room.failing = set()
    with db.write() as session:
        revive(session, outbox_rows(session)[0].id, room.now)
    room.send()
    assert len(room.sent) == 1


def test_a_sender_that_was_killed_loses_its_claim_to_the_next_one(db: Database) -> None:
    room = Newsroom(db, RULE)
    room.tell()
    with db.write() as session:
        (claimed,) = claim_letters(session, "killed", 1, LEASE, room.now)
    assert room.send().total == 0
    room.later(minutes=4)
    room.send()
    assert room.sent[0][1].key == claimed.key
    with pytest.raises(LeaseLost), db.write() as session:
        outbox.sent(session, claimed, room.now)


def test_a_bug_of_a_channel_costs_one_attempt_and_tells_nothing_of_its_words(db: Database) -> None:
    room = Newsroom(db, RULE)
    room.tell()

    def broken(*_: object) -> None:
        raise ZeroDivisionError("token tok-4711")

    ends = send_due(db, room.settings, "test", now=lambda: room.now, hand_over=broken).ends
    assert ends == {"failed": 1}
    with db.read() as session:
        assert outbox_rows(session)[0].note == "duty: ZeroDivisionError"


def test_what_waits_for_a_target_that_is_gone_is_dropped_with_the_reason(db: Database) -> None:
    room = Newsroom(db, RULE)
    room.tell()
    kept = dict(room.settings.targets)
    kept.pop("duty")
    gone = type(room.settings)(room.settings.rules, room.settings.bodies, kept, room.settings.link)
    assert send_due(db, gone, "test", now=lambda: room.now, hand_over=lambda *_: None).ends == {"dropped": 1}
    assert room.reasons() == [("new", False, "there is no target duty any more")]


def test_an_hourly_digest_is_one_message_at_the_full_hour(db: Database) -> None:
    room = Newsroom(db, RULE + 'digest = "hourly"\n')
    room.later(minutes=10)
    room.tell()
    room.later(minutes=20)
    room.tell(**toll(4))
    room.send()
    assert room.sent == []
    room.later(minutes=30)
    room.send()
    (digest,) = [message for _, message in room.sent]
    assert [alert["tolls"]["killed"] for alert in digest.payload["alerts"]] == [[1, 4]]


def test_quiet_hours_hold_back_and_let_the_named_types_through(db: Database) -> None:
    quiet = 'quiet = { from = "11:00", to = "14:00", zone = "Asia/Seoul", unless = ["homicide"] }\n'
    room = Newsroom(db, RULE + quiet)  # it is 12:00 in Seoul
    room.tell(type="robbery", killed=None)
    room.send()
    assert room.sent == []
    assert states(db) == ["pending"]
    room.later(hours=2)
    room.send()
    assert len(room.sent) == 1
    loud = Newsroom(db, RULE + quiet)
    loud.number = iter(range(50, 60))
    loud.tell(victims=())
    loud.send()
    assert len(loud.sent) == 1


def test_two_senders_never_take_one_message(db: Database) -> None:
    room = Newsroom(db, BOTH)
    room.tell()
    with db.write() as session:
        first = claim_letters(session, "one", 10, LEASE, room.now)
    with db.write() as session:
        second = claim_letters(session, "two", 10, LEASE, room.now)
    assert (len(first), len(second)) == (2, 0)


def killed(room: Newsroom) -> list[int]:
    return [alert["tolls"]["killed"][1] for _, message in room.sent for alert in message.payload["alerts"]]


def test_what_was_refused_is_told_before_what_grew_worse_since(db: Database) -> None:
    room = Newsroom(db, RULE)
    room.failing = {"duty"}
    room.tell(**toll(1))
    for _ in range(4):  # the pause has grown to eight minutes
        room.send()
        room.later(minutes=9)
    room.send()
    room.later(minutes=1)
    room.failing = set()
    room.tell(**toll(4))
    room.send()
    assert killed(room) == [1, 4]  # the news of the second was the reason to try the first at once
    assert states(db) == ["sent", "sent"]


def test_an_earlier_message_that_is_refused_again_holds_the_later_one_until_its_pause_ends(db: Database) -> None:
    room = Newsroom(db, RULE)
    room.failing = {"duty"}
    room.tell(**toll(1))
    room.send()
    room.tell(**toll(4))
    assert room.send().ends == {"failed": 1}  # the first alone was tried
    with db.read() as session:
        later, earlier = outbox_rows(session)
    assert (earlier.attempts, later.attempts, later.not_before) == (2, 0, earlier.not_before)
    room.failing = set()
    assert room.send().total == 0
    room.later(minutes=2)
    room.send()
    assert killed(room) == [1, 4]


def test_what_is_given_up_holds_nothing_back(db: Database) -> None:
    room = Newsroom(db, RULE)
    room.failing = {"duty"}
    room.tell(**toll(1))
    for _ in range(outbox.MAX_ATTEMPTS):
        room.send()
        room.later(hours=7)
    room.failing = set()
    room.tell(**toll(4))
    room.send()
    assert killed(room) == [4]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"quiet": {"from": "22:00+09:00", "to": "07:00", "zone": "Asia/Seoul"}}, "names a zone"),
        ({"quiet": {"from": "22:00", "to": "07:00", "zone": "Asia/Seoul", "unless": ["homicde"]}}, "homicde"),
        ({"digest": {"at": "09:00Z", "zone": "Asia/Seoul"}}, "names a zone"),
        ({"filter": "country=KH&text=!!"}, "no word"),
    ],
)
def test_a_rule_that_could_not_be_held_against_a_change_is_refused(given: dict[str, Any], says: str) -> None:
    with pytest.raises(BadRule, match=says):
        rule_of("night", {"to": ["duty"], **given})
