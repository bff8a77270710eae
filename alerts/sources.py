"""The health of sources, told like incidents: once when a source is not well, reminders, once when it is well again.

A source is `failing` after so many failed crawls in a row, `silent` where it answers but has brought nothing for as
long as its own rate makes unlikely, and has a `gap` where articles may have gone unseen between two polls.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from alerts.match import enqueue, readable_rules
from alerts.rules import Rule
from storage import alert_rules
from storage import alerts as store
from storage.due import DueSource

#: So many articles would have been expected since the last one. Were they independent, none of them would come by
#: chance once in exp(12) = 160,000 times; articles come in bursts, so there is room.
SILENT_AFTER = 12.0
#: A quiet night or a holiday is no failure, whatever the rate.
SILENT_AT_LEAST = timedelta(hours=24)
#: A source that was well so lately is not failing, however often it was asked in vain since: outlets restart.
FAILING_AT_LEAST = timedelta(hours=1)
KINDS = ("failing", "silent", "gap")


@dataclass(frozen=True, slots=True)
class Health:
    """A source after a crawl: failures in a row, articles a day lately, whether this run had a gap or a block."""

    source: str
    failures: int
    last_ok: datetime | None
    last_new: datetime | None
    per_day: float
    error: str | None = None
    gap: bool = False
    blocked: bool = False


def health_of(due: DueSource, *, per_day: float, gap: bool = False, blocked: bool = False) -> Health:
    """The health that the schedule's row of a source says."""
    return Health(due.source, due.fail_count, due.last_ok, due.last_new, per_day, due.last_error, gap, blocked)


def expected_since(health: Health, now: datetime) -> float:
    """How many articles the source would have brought since its last one, at its own rate."""
    if health.last_new is None:
        return 0.0
    return health.per_day * ((now - health.last_new) / timedelta(days=1))


def is_silent(health: Health, now: datetime) -> bool:
    """Whether the source answers but has long brought nothing."""
    return (
        health.failures == 0
        and health.last_new is not None
        and now - health.last_new >= SILENT_AT_LEAST
        and expected_since(health, now) >= SILENT_AFTER
    )


def is_failing(health: Health, after: int, now: datetime) -> bool:
    """Whether the source has failed `after` times in a row, and for some while."""
    lately = health.last_ok is not None and now - health.last_ok < FAILING_AT_LEAST
    return health.failures >= after and not lately


def on_health(session: Session, health: Health, now: datetime) -> int:
    """Hold the rules about sources against a source's health, in the transaction that ends its crawl.

    Returns how many rows were put into the outbox.
    """
    rules = [(stored, rule) for stored, rule in readable_rules(session) if _about(rule, health.source)]
    if not rules:
        return 0
    put = 0
    after = min(rule.after for _, rule in rules)
    remind = min(rule.remind for _, rule in rules)
    states = {"failing": is_failing(health, after, now), "silent": is_silent(health, now), "gap": health.gap}
    for kind in KINDS:
        alarm = store.open_alarm(session, health.source, kind)
        if states[kind] and alarm is None:
            since = {"failing": health.last_ok, "silent": health.last_new}.get(kind) or now
            alarm = store.raise_alarm(session, health.source, kind, since, now)
            put += _tell(session, rules, health, alarm, "unwell", now)
        elif states[kind] and alarm is not None and kind != "gap" and now - alarm.told >= remind:
            alarm = store.remind_alarm(session, alarm, now)
            put += _tell(session, rules, health, alarm, "still unwell", now)
        elif alarm is not None and not states[kind] and (kind == "gap" or health.failures == 0):
            store.end_alarm(session, alarm, now)
            if kind != "gap":  # the next poll without a gap is no news: what was missed stays missed
                put += _tell(session, rules, health, alarm, "well again", now)
    return put


def _tell(
    session: Session,
    rules: list[tuple[alert_rules.StoredRule, Rule]],
    health: Health,
    alarm: store.Alarm,
    state: str,
    now: datetime,
) -> int:
    subject = store.source_subject(health.source)
    facts = _facts(health, alarm, state, now)
    silent = alert_rules.silences(session, now)
    put = 0
    for stored, rule in rules:
        before = store.last_match(session, stored.id, subject)
        revision = before.revision + 1 if before is not None else 1
        quiet = next((one for one in silent if one.incident_id is None and one.covers(rule.name, None)), None)
        reason = f"silenced until {quiet.until:%Y-%m-%d %H:%M} UTC by {quiet.who}: {quiet.why}" if quiet else None
        match_id = store.add_match(
            session, stored.id, subject, revision, now, "source", reason=reason, level={}, facts=facts
        )
        if match_id is not None and reason is None:
            put += enqueue(session, stored, rule, match_id, subject, revision, facts, now)
    return put


def _about(rule: Rule, source: str) -> bool:
    return rule.about_sources and (not rule.sources or source in rule.sources)


def _facts(health: Health, alarm: store.Alarm, state: str, now: datetime) -> dict[str, Any]:
    return {
        "kind": "source",
        "source": health.source,
        "state": state,
        "trouble": alarm.kind,
        "since": alarm.since.isoformat(),
        "hours": round((now - alarm.since) / timedelta(hours=1), 1),
        "reminders": alarm.reminders,
        "failures": health.failures,
        "error": health.error,
        "blocked": health.blocked,
        "last_ok": health.last_ok.isoformat() if health.last_ok else None,
        "last_new": health.last_new.isoformat() if health.last_new else None,
        "per_day": round(health.per_day, 1),
        "expected": round(expected_since(health, now), 1),
    }
