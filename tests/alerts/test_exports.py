"""What a rule told, as feeds and as CAP: right for their readers, the same id for ever."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from alerts.cap import CAP, cap
from alerts.feeds import ATOM, feed
from alerts.wording import wording
from storage.alerts import Match, told_by_rule, told_of_incident
from storage.database import Database
from tests.alerts.newsroom import Newsroom, toll

RULE = '[rules.koreans]\nfilter = "nationality=KR"\nto = ["duty"]\n'
NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def told(db: Database) -> list[Match]:
    """An incident that was new and grew worse: newest first."""
    room = Newsroom(db, RULE)
    room.tell()
    room.later(hours=1)
    room.tell(**toll(4))
    with db.read() as session:
        return told_by_rule(session, "koreans")


def link(number: int) -> str:
    return f"https://desk.example/incidents/{number}"


def test_the_atom_feed_has_an_entry_for_each_alert_with_link_and_lasting_id(told: list[Match]) -> None:
    text = feed("atom", "koreans", told, "en", link, NOW)
    root = ElementTree.fromstring(text)
    entries = root.findall(f"{{{ATOM}}}entry")
    titles = [entry.findtext(f"{{{ATOM}}}title") or "" for entry in entries]
    assert [title.split("]")[0] for title in titles] == ["[Worse", "[New"]
    assert entries[0].find(f"{{{ATOM}}}link").get("href") == link(1)  # type: ignore[union-attr]
    ids = [entry.findtext(f"{{{ATOM}}}id") for entry in entries]
    assert len(set(ids)) == 2
    items = json.loads(feed("json", "koreans", told, "en", link, NOW))["items"]
    assert [item["id"] for item in items] == ids
    assert root.findtext(f"{{{ATOM}}}updated") == told[0].at.isoformat()


def test_a_quote_with_characters_that_xml_cannot_hold_breaks_no_feed(told: list[Match]) -> None:
    odd = told[0]
    facts = {**odd.facts, "quote": "a\x00b \x1b[31m <b>&"}
    match = Match(odd.id, odd.rule_id, odd.rule, odd.subject, odd.revision, odd.at, odd.trigger, True, None, {}, facts)
    assert ElementTree.fromstring(feed("atom", "koreans", [match], "ko", link, NOW)) is not None


def test_growth_is_a_cap_update_that_refers_to_the_first_alert(db: Database, told: list[Match]) -> None:
    with db.read() as session:
        matches = told_of_incident(session, "koreans", 1)
    first = ElementTree.fromstring(cap(matches[:1], "en", "duty@ministry.example", link(1)))
    second = ElementTree.fromstring(cap(matches, "en", "duty@ministry.example", link(1)))
    assert first.findtext(f"{{{CAP}}}msgType") == "Alert"
    assert second.findtext(f"{{{CAP}}}msgType") == "Update"
    sender, identifier, sent = (second.findtext(f"{{{CAP}}}references") or "").split(",")
    assert sender == "duty@ministry.example"
    assert identifier == first.findtext(f"{{{CAP}}}identifier")
    assert sent == first.findtext(f"{{{CAP}}}sent") == "2025-10-12T03:00:00-00:00"
    info = second.find(f"{{{CAP}}}info")
    assert info is not None
    assert [child.tag.rpartition("}")[2] for child in info][:7] == [
        "language", "category", "event", "urgency", "severity", "certainty", "eventCode",
    ]  # fmt: skip
    assert info.findtext(f"{{{CAP}}}area/{{{CAP}}}circle") == "10.6300,103.5000 10"


@pytest.mark.parametrize("sender", ["two words", "a,b", "<x>", ""])
def test_a_sender_that_cap_forbids_is_refused(told: list[Match], sender: str) -> None:
    with pytest.raises(ValueError, match="CAP sender"):
        cap(told, "en", sender, None)


def test_both_languages_have_the_same_words() -> None:
    korean, english = wording("ko").tables, wording("en").tables
    assert korean.keys() == english.keys()
    for name, table in korean.items():
        assert isinstance(table, str) or table.keys() == english[name].keys()
