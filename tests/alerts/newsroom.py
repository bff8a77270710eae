"""Invented news for the tests of alerts: an article in, its incident in the table, the rules held against it."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from alerts.channels import Message
from alerts.errors import DeliveryFailed
from alerts.match import on_change
from alerts.rules_file import AlertSettings, parse_alerts
from alerts.send import Sent, send_due
from alerts.targets import Target
from extract import records
from storage import alert_rules
from storage import alerts as store
from storage.articles import store_article
from storage.changes import IncidentChange
from storage.database import Database
from storage.ledger import claim, finish
from tests.storage.press import incoming, report

NOON = datetime(2025, 10, 12, 3, 0, tzinfo=UTC)
TARGETS = """
link = "https://desk.example"
[targets.duty]
webhook = "https://hooks.example/duty"
secret = "env:DUTY_KEY"
[targets.mail]
mail = "duty@ministry.example"
server = "smtp://mail.example"
from = "sageon@ministry.example"
"""


class Newsroom:
    """Articles are told one after another; `now` is the clock of everything."""

    def __init__(self, db: Database, rules: str = "") -> None:
        self.db = db
        self.now = NOON
        self.number = itertools.count(1)
        self.settings = AlertSettings()
        self.sent: list[tuple[str, Message]] = []
        self.failing: set[str] = set()
        if rules:
            self.rules(rules)

    def rules(self, text: str) -> None:
        """Put these rules (TOML, without targets) in force."""
        self.settings = parse_alerts(TARGETS + text)
        with self.db.write() as session:
            alert_rules.sync_rules(session, self.settings.bodies, "file", self.now)

    def later(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)

    def tell(self, text: str | None = None, **changes: Any) -> list[IncidentChange]:
        """An article with one report comes in; what changed was held against the rules in the same transaction."""
        number = next(self.number)
        body = (
            text or f"기사 {number}. 현지 경찰이 밝힌 바에 따르면 사건은 강가의 한 건물에서 일어났다. {'가' * number}"
        )
        article = incoming(
            number, body, published=self.now, fetched_at=self.now, text_hash=f"hash-{number}", simhash=_far(number)
        )
        with self.db.write() as session:
            store_article(session, article)
        with self.db.write() as session:
            (one,) = claim(session, "test", 1, timedelta(minutes=5), self.now)
            told = records.Reading(one.article.id, "ko", "test-1", (report(**changes),))
            made = finish(session, one, told, self.now)
            on_change(session, made, self.now)
        return made

    def send(self) -> Sent:
        """A pass of the sender; what it hands over is in `sent`."""
        return send_due(self.db, self.settings, "test", now=lambda: self.now, hand_over=self._take)

    def subjects(self) -> list[str]:
        """The subjects of what was sent."""
        return [message.subject for _, message in self.sent]

    def reasons(self, incident_id: int = 1) -> list[tuple[str, bool, str | None]]:
        """(trigger, told, reason) of every decision about an incident."""
        with self.db.read() as session:
            return [(m.trigger, m.told, m.reason) for m in store.matches_of(session, f"incident:{incident_id}")]

    def _take(self, target: Target, message: Message, _now: datetime) -> None:
        if target.name in self.failing:
            raise DeliveryFailed(f"{target.name}: answered 503")
        self.sent.append((target.name, message))


def toll(killed: int) -> Mapping[str, Any]:
    """The changes of a report with so many killed."""
    return {"killed": records.Count(killed, killed)}


def _far(number: int) -> int:
    """Fingerprints that are near to no other."""
    return (0x9E3779B97F4A7C15 * (number * number + 7)) & ((1 << 64) - 1)
