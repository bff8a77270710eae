"""What a rule would have sent: it is held against the table's history, and nothing is written.

The filter and the least confidence are held against each incident as it now stands (the table keeps the history of
cells, not of every search); when it was new and when it grew worse is taken from its history.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from alerts.match import bundle_of, happened_by, unsure
from alerts.rules import Rule
from alerts.timing import plan
from alerts.worse import growth, highest
from storage.alerts import Match, first_of_nationality, incident_subject
from storage.facts import incident_facts, levels_over_time
from storage.query import IncidentRow, each_incident


@dataclass(frozen=True, slots=True)
class Preview:
    """The alerts that a rule would have raised since `since`, oldest first, and in how many messages a target."""

    since: datetime
    alerts: tuple[Match, ...]
    messages: int


def preview(session: Session, rule: Rule, since: datetime, now: datetime) -> Preview:
    """Hold the rule against the incidents that changed since then, as if it had been in force."""
    changed = replace(rule.filter, changed_since=_later(rule.filter.changed_since, since))
    alerts: list[Match] = []
    for row in each_incident(session, changed):
        if unsure(rule, row) is None:
            alerts += _of_incident(session, rule, row, since)
    alerts.sort(key=lambda alert: (alert.at, alert.subject))
    return Preview(since, tuple(alerts), messages(rule, alerts))


def messages(rule: Rule, alerts: list[Match]) -> int:
    """In how many messages (to each target) these alerts go out: what waits together goes together."""
    leaves: dict[str, datetime] = {}
    last: dict[str, datetime] = {}
    count = 0
    for alert in alerts:
        bundle = bundle_of(rule, alert.subject, alert.facts)
        planned = plan(rule, alert.at, last=last.get(alert.subject), types=tuple(alert.facts.get("types", ())))
        if bundle not in leaves or leaves[bundle] <= alert.at:
            count += 1
            leaves[bundle] = planned.not_before
        last[alert.subject] = leaves[bundle]
    return count


def _of_incident(session: Session, rule: Rule, row: IncidentRow, since: datetime) -> list[Match]:
    levels = levels_over_time(session, row.id) or [(row.first_seen, {})]
    found: list[Match] = []
    born, reached = levels[0][0], levels[0][1]
    facts: Mapping[str, Any] | None = None

    def told(at: datetime, trigger: str, level: Mapping[str, Any], grown: tuple[str, ...] = ()) -> None:
        nonlocal facts
        if facts is None:
            facts = incident_facts(session, row.id)
        shown = {**facts, "grown": list(grown), "changed": []}
        found.append(
            Match(0, 0, rule.name, incident_subject(row.id), len(found) + 1, at, trigger, True, None, level, shown)
        )

    trigger = _first_trigger(session, rule, row, born)
    if trigger is not None and born >= since:
        told(born, trigger, reached)
    for at, level in levels[1:]:
        grown = growth(level, reached)
        reached = highest(level, reached)
        if grown and "worse" in rule.on and at >= since:
            told(at, "worse", reached, grown)
    return found


def _first_trigger(session: Session, rule: Rule, row: IncidentRow, born: datetime) -> str | None:
    happened = happened_by(row)
    if happened is not None and happened < born - rule.max_age:
        return None
    if "new" in rule.on:
        return "new"
    if "first" in rule.on and row["country"] and row.nationalities:
        since = born - rule.first_within
        if first_of_nationality(session, row.id, row["country"], row.nationalities, since, born):
            return "first"
    return None


def _later(day: Any, since: datetime) -> Any:
    start = since.date()
    return max(day, start) if day is not None else start


def days_back(days: int, now: datetime) -> datetime:
    """The start of the day (UTC) so many days before now."""
    return datetime.combine((now - timedelta(days=days)).date(), time.min, UTC)
