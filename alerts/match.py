"""From a change of the table to rows of the outbox, in the transaction of the change.

`on_change` is called by whoever changed incidents (the reading of articles, an analyst's act), with the same session:
the change and its alerts are committed together or not at all. Every decision is written with its reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from alerts.errors import BadRule
from alerts.rules import Rule, rule_of
from alerts.timing import plan, words
from alerts.worse import differences, growth, highest
from storage import alert_rules, outbox
from storage import alerts as store
from storage.changes import IncidentChange
from storage.errors import NotFound
from storage.facts import incident_facts, level, surest
from storage.locks import FIRSTS, lock
from storage.query import IncidentRow, incident_row, passes

#: Reasons that leave a level behind: what came before them is known, and only growth beyond it is news.
NOT_ASKED = "not asked for"
GONE = {"rejected": "the incident was rejected", "merged": "the incident was merged into another"}


@dataclass(frozen=True, slots=True)
class Decision:
    """What a rule says to a change. `reason` None: it is told. `trigger` None: the rule has nothing to do with it."""

    trigger: str | None
    reason: str | None = None
    level: Mapping[str, Any] | None = None
    grown: tuple[str, ...] = ()
    told: store.Match | None = None


def on_change(session: Session, changes: Sequence[IncidentChange], now: datetime) -> int:
    """Hold every rule against the changed incidents; returns how many rows were put into the outbox.

    A rule that cannot be read any more (written by another version) is passed over, never the end of the change.
    """
    if not changes:
        return 0
    rules = incident_rules(session)
    if not rules:
        return 0
    if any("first" in rule.on for _, rule in rules):
        lock(session, FIRSTS)  # whoever made the change holds its incidents; this alone looks at others
    session.flush()
    silent = alert_rules.silences(session, now)
    put = 0
    for incident_id in dict.fromkeys(change.incident_id for change in changes):
        try:
            row = incident_row(session, incident_id)
        except NotFound:
            continue
        for stored, rule in rules:
            put += _hold(session, stored, rule, row, silent, now)
    return put


def incident_rules(session: Session) -> list[tuple[alert_rules.StoredRule, Rule]]:
    """The rules about incidents that are in force and can be read."""
    return [(stored, rule) for stored, rule in readable_rules(session) if not rule.about_sources]


def readable_rules(session: Session) -> list[tuple[alert_rules.StoredRule, Rule]]:
    """The rules in force that can be read."""
    found = []
    for stored in alert_rules.active_rules(session):
        try:
            found.append((stored, rule_of(stored.name, stored.body)))
        except BadRule:
            continue
    return found


def decide(
    session: Session,
    stored: alert_rules.StoredRule,
    rule: Rule,
    row: IncidentRow,
    silent: Sequence[alert_rules.Silence],
    now: datetime,
) -> Decision:
    """What the rule says to the incident as it now stands."""
    told = store.last_told(session, stored.id, row.id)
    if row.status in GONE:
        # What was merged into another stands in that one: nothing is taken back.
        gone = row.status == "rejected" and "withdrawn" in rule.on
        if gone and told is not None and told.trigger != "withdrawn" and _was_sent(session, told):
            return Decision("withdrawn", level=told.level, told=told)
        return Decision(None, GONE[row.status])
    if not passes(session, rule.filter, row.id):
        return Decision(None, "it does not pass the rule's filter")
    here = level(row)
    baseline = told or _known(store.last_match(session, stored.id, store.incident_subject(row.id)))
    if baseline is None or baseline.trigger == "withdrawn":
        decision = _first_time(session, stored, rule, row, now)
        decision = Decision(decision.trigger, decision.reason, here)
    else:
        grown = growth(here, baseline.level)
        reached = highest(here, baseline.level)
        if not grown:
            return Decision(None, "it is not worse than what is known", reached)
        why = None if "worse" in rule.on else f"{NOT_ASKED}: it grew worse ({', '.join(grown)})"
        decision = Decision("worse", why, reached, grown, told)
    if decision.reason is None:
        decision = Decision(decision.trigger, unsure(rule, row), decision.level, decision.grown, told)
    if decision.reason is None:
        quiet = next((one for one in silent if one.covers(rule.name, row.id)), None)
        if quiet is not None:
            why = f"silenced until {quiet.until:%Y-%m-%d %H:%M} UTC by {quiet.who}: {quiet.why}"
            decision = Decision(decision.trigger, why, decision.level, decision.grown, told)
    return decision


def replan(session: Session, names: Sequence[str], now: datetime) -> None:
    """Plan anew what waits under these rules: a changed setting holds at once. Rows of rules that are gone stay; the
    sender drops them with the reason.
    """
    rules = {stored.name: rule for stored, rule in readable_rules(session)}
    for row in outbox.waiting(session, names):
        rule = rules.get(row.rule)
        if rule is not None:
            last = outbox.last_due(session, row.rule_id, row.subject, sent=True)
            planned = plan(rule, row.created, last=last, types=tuple(row.facts.get("types", ())))
            outbox.reschedule(
                session, row.id, max(planned.not_before, now), bundle_of(rule, row.subject, row.facts), planned.why
            )


def bundle_of(rule: Rule, subject: str, facts: Mapping[str, Any]) -> str:
    """What goes out together: all of a digest, of a group, or of one subject."""
    if rule.digest:
        return "digest"
    if rule.group_by:
        keys = {
            "country": facts.get("country"),
            "type": facts.get("type"),
            "nationality": ",".join(sorted(facts.get("nationalities", ()))),
            "rule": rule.name,
        }
        return "group:" + "|".join(str(keys[name]) for name in rule.group_by)
    return subject


def enqueue(
    session: Session, stored: alert_rules.StoredRule, rule: Rule, match_id: int, subject: str, revision: int,
    facts: Mapping[str, Any], now: datetime,
) -> int:  # fmt: skip
    """A row for each target of the rule; returns how many."""
    last = outbox.last_due(session, stored.id, subject) if rule.repeat else None
    planned = plan(rule, now, last=last, types=tuple(facts.get("types", ())))
    for target in rule.to:
        outbox.put(
            session, match_id, stored.id, rule.name, subject, revision, target,
            bundle=bundle_of(rule, subject, facts), not_before=planned.not_before, now=now, note=planned.why,
        )  # fmt: skip
    return len(rule.to)


def _hold(
    session: Session, stored: alert_rules.StoredRule, rule: Rule, row: IncidentRow, silent: Sequence[alert_rules.Silence],
    now: datetime,
) -> int:  # fmt: skip
    subject = store.incident_subject(row.id)
    decision = decide(session, stored, rule, row, silent, now)
    if decision.trigger is None or decision.trigger == "withdrawn":
        if decision.trigger == "withdrawn" or decision.level is None:  # gone, or outside the filter: nothing waits on
            outbox.drop_untried(session, stored.id, subject, decision.reason or GONE[row.status])
        if decision.trigger is None:
            return 0
    before = store.last_match(session, stored.id, subject)
    if decision.reason is not None and before is not None and before.reason == decision.reason:
        return 0  # said already: one line for each reason, not one for each article
    facts = incident_facts(session, row.id)
    if decision.told is not None:
        facts["changed"] = differences(facts, decision.told.facts)
    facts["grown"] = list(decision.grown)
    revision = before.revision + 1 if before is not None else 1
    match_id = store.add_match(
        session, stored.id, subject, revision, now, decision.trigger, reason=decision.reason,
        level=decision.level or level(row), facts=facts,
    )  # fmt: skip
    if match_id is None or decision.reason is not None:
        return 0
    return enqueue(session, stored, rule, match_id, subject, revision, facts, now)


def _first_time(
    session: Session, stored: alert_rules.StoredRule, rule: Rule, row: IncidentRow, now: datetime
) -> Decision:
    if row.first_seen < stored.created:
        return Decision("new", f"{NOT_ASKED}: the incident was known before the rule was made")
    happened = happened_by(row)
    if happened is not None and happened < now - rule.max_age:
        return Decision("new", f"{NOT_ASKED}: it happened more than {words(rule.max_age)} ago ({happened:%Y-%m-%d})")
    if "new" in rule.on:
        return Decision("new")
    if "first" in rule.on and row["country"] and row.nationalities:
        since = now - rule.first_within
        first = store.first_of_nationality(session, row.id, row["country"], row.nationalities, since)
        if first:
            return Decision("first")
        known = ", ".join(row.nationalities)
        return Decision("first", f"{NOT_ASKED}: not the first of {known} in {row['country']} since {since:%Y-%m-%d}")
    if "first" in rule.on:
        return Decision("first", "country or nationality is not known yet")
    return Decision("new", f"{NOT_ASKED}: the rule does not tell what is new")


def happened_by(row: IncidentRow) -> datetime | None:
    """The end of the day, month or year of the event; else when it was first published."""
    if row["date"]:
        year, *rest = (int(part) for part in row["date"].split("-"))
        month = rest[0] if rest else 12
        if len(rest) == 2:
            return datetime(year, month, rest[1], tzinfo=UTC) + timedelta(days=1)
        return datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    return row.first_published


def unsure(rule: Rule, row: IncidentRow) -> str | None:
    """Why the rule's least confidence is not reached, None where it is."""
    sure = surest(row)
    return f"confidence {sure:.2f} is below the rule's {rule.min_confidence:g}" if sure < rule.min_confidence else None


def _known(match: store.Match | None) -> store.Match | None:
    return match if match is not None and (match.reason or "").startswith(NOT_ASKED) else None


def _was_sent(session: Session, match: store.Match) -> bool:
    return outbox.last_due(session, match.rule_id, match.subject, sent=True) is not None
