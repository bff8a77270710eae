"""Why an alert was sent or not: every decision about an incident, and what a rule that never met it says of it now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from alerts.match import decide, incident_rules
from storage.alert_rules import silences
from storage.alerts import Match, incident_subject, matches_of
from storage.facts import same_event
from storage.outbox import OutboxRow, outbox_rows
from storage.query import incident_row


@dataclass(frozen=True, slots=True)
class Answer:
    """One rule's part of the answer.

    `decisions` are kept ones, oldest first, `rows` their messages. `now` is what the rule says at present where it
    has not decided on the incident yet, None where it has.
    """

    rule: str
    decisions: Sequence[Match]
    rows: Sequence[OutboxRow]
    now: str | None


def why(session: Session, incident_id: int, now: datetime) -> list[Answer]:
    """The answer of each rule, by name; rules that are out of force count where they once decided. Raises NotFound."""
    row = incident_row(session, incident_id)
    subjects = [incident_subject(number) for number in same_event(session, incident_id)]
    decisions: dict[str, list[Match]] = {}
    messages: dict[str, list[OutboxRow]] = {}
    for subject in subjects:
        for match in matches_of(session, subject):
            decisions.setdefault(match.rule, []).append(match)
        for one in outbox_rows(session, subject=subject, limit=1000):
            messages.setdefault(one.rule, []).insert(0, one)
    silent = silences(session, now)
    present: dict[str, str] = {}
    for stored, rule in incident_rules(session):
        if rule.name not in decisions:
            decision = decide(session, stored, rule, row, silent, now)
            present[rule.name] = decision.reason or f"nothing: its next change is told as {decision.trigger}"
    return [
        Answer(name, decisions.get(name, ()), messages.get(name, ()), present.get(name))
        for name in sorted(decisions.keys() | present.keys())
    ]
