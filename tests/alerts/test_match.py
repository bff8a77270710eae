"""Once for a new incident that matches, again only when it grows worse, never twice; and always with a reason."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from alerts.match import on_change
from extract import records
from storage import alert_rules
from storage.articles import store_article
from storage.curation import Analyst, edit, merge, reject, undo
from storage.database import Database
from storage.ledger import Claim, claim, finish
from tests.alerts.newsroom import Newsroom, toll
from tests.storage.press import incoming, reading, report

KOREANS = """
[rules.koreans]
filter = "nationality=KR&country=KH"
to = ["duty"]
"""


def test_a_new_incident_that_matches_is_told_once(db: Database) -> None:
    room = Newsroom(db, KOREANS)
    room.tell()
    room.tell()
    room.send()
    room.send()
    assert room.subjects() == ["[New] Homicide · Sihanoukville, Cambodia · 1 killed · South Korea"]


def test_an_incident_outside_the_filter_is_not_told(db: Database) -> None:
    room = Newsroom(db, '[rules.thai]\nfilter = "country=TH"\nto = ["duty"]\n')
    room.tell()
    assert room.send().total == 0


def test_a_follow_up_that_makes_nothing_worse_is_not_told(db: Database) -> None:
    room = Newsroom(db, KOREANS)
    room.tell()
    room.send()
    room.later(hours=2)
    room.tell(status="follow-up")
    room.send()
    assert len(room.sent) == 1


def test_a_higher_toll_is_told_with_what_it_was_before(db: Database) -> None:
    room = Newsroom(db, KOREANS)
    room.tell()
    room.send()
    room.later(hours=2)
    room.tell(**toll(3))
    room.send()
    assert room.subjects()[1].startswith("[Worse] Homicide")
    assert "killed 1-3 (1 before)" in room.sent[1][1].text


def test_a_toll_that_goes_down_and_up_again_is_not_told_again(db: Database) -> None:
    room = Newsroom(db, KOREANS)
    room.tell(**toll(3))
    room.send()
    with db.write() as session:
        analyst = Analyst("kim", room.now)
        for cell in ("killed_min", "killed_max"):
            on_change(session, [edit(session, 1, cell, 1, analyst)], room.now)
        for cell in ("killed_max", "killed_min"):
            on_change(session, [edit(session, 1, cell, 3, analyst)], room.now)
    room.send()
    assert len(room.sent) == 1


def test_growth_that_waits_goes_out_in_one_alert(db: Database) -> None:
    room = Newsroom(db, KOREANS + 'wait = "10m"\n')
    room.tell()
    room.later(minutes=3)
    room.tell(**toll(2))
    room.later(minutes=3)
    room.tell(**toll(4))
    room.later(minutes=5)
    room.send()
    assert room.subjects() == ["[New] Homicide · Sihanoukville, Cambodia · 1-4 killed · South Korea"]


def test_an_unsure_incident_is_told_once_it_is_sure_enough(db: Database) -> None:
    room = Newsroom(db, KOREANS + "min_confidence = 0.8\n")
    unsure = {"type": 0.6, "country": 0.95, "victim.nationality": 0.9}
    room.tell(confidence=unsure)
    assert room.send().total == 0
    assert room.reasons() == [("new", False, "confidence 0.60 is below the rule's 0.8")]
    room.tell(confidence={**unsure, "type": 0.9})
    room.send()
    assert len(room.sent) == 1


def test_an_incident_whose_nationality_is_learnt_later_is_new_to_the_rule_then(db: Database) -> None:
    room = Newsroom(db, KOREANS)
    nobody = replace(report().victims[0], nationality=None)
    room.tell(victims=(nobody,))
    assert room.send().total == 0
    room.tell()
    room.send()
    assert len(room.sent) == 1


def test_the_first_of_a_nationality_in_a_country_is_told_and_the_second_is_not(db: Database) -> None:
    room = Newsroom(db, '[rules.first]\non = ["first"]\nto = ["duty"]\n')
    room.tell()
    place = records.Place("Bavet", "바벳", "KH", None, 11.07, 106.18, 1831797, "city")
    room.later(days=1)
    room.tell(place=place, date=records.EventDate("2025-10-12", "day"), type="robbery", killed=None)
    room.send()
    assert [message.subject.split("]")[0] for _, message in room.sent] == ["[First of its kind"]
    assert "not the first of KR in KH" in str(room.reasons(2)[0][2])


def test_of_two_that_come_in_at_once_only_one_is_the_first(db: Database) -> None:
    if db.is_sqlite:
        pytest.skip("SQLite has one writer at a time")
    room = Newsroom(db, '[rules.first]\non = ["first"]\nto = ["duty"]\n')
    bavet = records.Place("Bavet", "바벳", "KH", None, 11.07, 106.18, 1831797, "city")
    stolen = {"place": bavet, "date": records.EventDate("2025-10-02", "day"), "type": "theft", "killed": None}
    other_words = "바벳의 숙소에 든 도둑이 금품을 훔쳐 달아났다. 여행객은 다치지 않았고 목격자를 찾는다고 한다. "
    both_stand = threading.Barrier(2, timeout=20)

    with db.write() as session:
        store_article(session, incoming(1))
        store_article(session, incoming(2, other_words * 3, title="바벳 숙소에 도둑 들어"))
        claims = claim(session, "reader", 2, timedelta(minutes=5), room.now)

    def told(claimed: Claim, one: records.IncidentReport) -> None:
        with db.write() as session:
            made = finish(session, claimed, reading(claimed.article, one), room.now)
            both_stand.wait()  # neither is committed: each sees its own incident alone
            on_change(session, made, room.now)

    with ThreadPoolExecutor(2) as workers:
        for end in [workers.submit(told, *pair) for pair in zip(claims, (report(), report(**stolen)), strict=True)]:
            end.result(60)
    assert sorted(asked[0][1] for asked in (room.reasons(1), room.reasons(2))) == [False, True]
    assert room.send().total == 1


def test_an_old_event_is_not_new_whenever_it_is_read(db: Database) -> None:
    room = Newsroom(db, KOREANS)
    room.tell(date=records.EventDate("2025-01-02", "day"))
    assert room.send().total == 0
    assert "it happened more than 30 d ago" in str(room.reasons()[0][2])


def test_an_incident_known_before_the_rule_is_told_only_when_it_grows_worse(db: Database) -> None:
    room = Newsroom(db)
    room.tell()
    room.later(hours=1)
    room.rules(KOREANS)
    room.tell()
    assert room.send().total == 0
    room.tell(**toll(2))
    room.send()
    assert room.subjects()[0].startswith("[Worse]")


def test_what_waits_about_a_rejected_incident_is_dropped_with_the_reason(db: Database) -> None:
    room = Newsroom(db, KOREANS + 'wait = "10m"\n')
    room.tell()
    with db.write() as session:
        on_change(session, [reject(session, 1, Analyst("kim", room.now))], room.now)
    room.later(hours=1)
    assert room.send().total == 0
    assert room.reasons() == [("new", False, "the incident was rejected")]


def test_a_told_incident_that_is_rejected_is_withdrawn_where_the_rule_asks_for_it(db: Database) -> None:
    room = Newsroom(db, KOREANS + 'on = ["new", "withdrawn"]\n')
    room.tell()
    room.send()
    with db.write() as session:
        on_change(session, [reject(session, 1, Analyst("kim", room.now))], room.now)
    room.send()
    assert room.subjects()[1].startswith("[Withdrawn]")


@pytest.mark.parametrize("more", ["", 'on = ["new", "worse", "withdrawn"]\n'])
def test_a_merge_of_two_told_incidents_and_its_undo_tell_nothing(db: Database, more: str) -> None:
    room = Newsroom(db, KOREANS + more)
    room.tell()
    place = records.Place("Phnom Penh", "프놈펜", "KH", None, 11.56, 104.9, 1821306, "city")
    room.tell(place=place, date=records.EventDate("2025-10-11", "day"), victims=(records.Victim("두 명", 2, "KR"),))
    room.send()
    told = len(room.sent)
    assert told == 2
    with db.write() as session:
        on_change(session, merge(session, 2, 1, Analyst("kim", room.now)), room.now)
    room.send()
    assert len(room.sent) == told
    room.later(hours=1)
    with db.write() as session:
        on_change(session, undo(session, 2, Analyst("kim", room.now)), room.now)
    room.send()
    assert len(room.sent) == told


def test_a_silence_holds_back_and_says_so_and_ends(db: Database) -> None:
    room = Newsroom(db, KOREANS)
    with db.write() as session:
        alert_rules.add_silence(
            session, rule="koreans", incident_id=None, until=room.now + timedelta(hours=1), who="lee", why="drill",
            now=room.now,
        )  # fmt: skip
    room.tell()
    assert room.send().total == 0
    assert "silenced until 2025-10-12 04:00 UTC by lee: drill" in str(room.reasons()[0][2])
    room.later(hours=2)
    room.tell()
    room.send()
    assert len(room.sent) == 1


def test_the_alert_is_undone_with_the_change_that_caused_it(db: Database) -> None:
    room = Newsroom(db, KOREANS)
    with pytest.raises(RuntimeError), db.write() as session:
        from storage.articles import store_article
        from storage.ledger import claim, finish
        from tests.storage.press import incoming

        store_article(session, incoming(1))
        (one,) = claim(session, "w", 1, timedelta(minutes=1), room.now)
        made = finish(session, one, records.Reading(one.article.id, "ko", "t", (report(),)), room.now)
        assert on_change(session, made, room.now) == 1
        raise RuntimeError("killed here")
    assert room.send().total == 0


def test_two_rules_and_two_targets_are_four_messages_with_keys_of_their_own(db: Database) -> None:
    room = Newsroom(db, KOREANS.replace('["duty"]', '["duty", "mail"]') + '[rules.all]\nto = ["duty", "mail"]\n')
    room.tell()
    room.send()
    assert len({message.key for _, message in room.sent}) == 4
