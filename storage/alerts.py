"""Matches of alert rules and alarms of sources as tables hold them; what a rule means is known in `alerts`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, or_, select, true
from sqlalchemy.orm import Session

from storage.alert_rules import rule_named
from storage.facts import same_event
from storage.models import AlertMatch, AlertRule, AlertSilence, Incident, Outbox, SourceAlarm, Victim

_VISIBLE = ("new", "updated", "confirmed")


@dataclass(frozen=True, slots=True)
class Match:
    """A rule met a change of a subject. Where it was not told, `reason` says why."""

    id: int
    rule_id: int
    rule: str
    subject: str
    revision: int
    at: datetime
    trigger: str
    told: bool
    reason: str | None
    level: Mapping[str, Any]
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Alarm:
    """A source that is not well (or was, where `ended`)."""

    id: int
    source: str
    kind: str
    since: datetime
    told: datetime
    reminders: int
    ended: datetime | None


def told_counts(session: Session, since: datetime) -> dict[str, tuple[int, datetime | None]]:
    """By rule: how many alerts since then, and when the last one of all was."""
    recent = func.count(AlertMatch.id).filter(AlertMatch.at >= since)
    rows = session.execute(
        select(AlertRule.name, recent, func.max(AlertMatch.at))
        .join(AlertMatch, AlertMatch.rule_id == AlertRule.id)
        .where(AlertMatch.told)
        .group_by(AlertRule.name)
    )
    return {name: (count, last) for name, count, last in rows}


def last_told(session: Session, rule_id: int, incident_id: int) -> Match | None:
    """The last match of the rule that was told of this incident or of one merged into it."""
    subjects = [incident_subject(number) for number in same_event(session, incident_id)]
    return _first(
        session,
        select(AlertMatch, AlertRule.name)
        .join(AlertRule)
        .where(AlertMatch.rule_id == rule_id, AlertMatch.subject.in_(subjects), AlertMatch.told)
        .order_by(AlertMatch.id.desc()),
    )


def last_match(session: Session, rule_id: int, subject: str) -> Match | None:
    """The last match of the rule with this subject, told or not."""
    return _first(
        session,
        select(AlertMatch, AlertRule.name)
        .join(AlertRule)
        .where(AlertMatch.rule_id == rule_id, AlertMatch.subject == subject)
        .order_by(AlertMatch.id.desc()),
    )


def matches_of(session: Session, subject: str) -> list[Match]:
    """Every decision about the subject, oldest first."""
    rows = session.execute(
        select(AlertMatch, AlertRule.name)
        .join(AlertRule)
        .where(AlertMatch.subject == subject)
        .order_by(AlertMatch.at, AlertMatch.id)
    )
    return [match_of(row, name) for row, name in rows]


def told_by_rule(session: Session, rule: str, limit: int = 50) -> list[Match]:
    """What the rule told last, newest first: the entries of its feed. Raises NotFound."""
    row_id = rule_named(session, rule).id
    rows = session.execute(
        select(AlertMatch, AlertRule.name)
        .join(AlertRule)
        .where(AlertMatch.rule_id == row_id, AlertMatch.told)
        .order_by(AlertMatch.id.desc())
        .limit(limit)
    )
    return [match_of(row, name) for row, name in rows]


def told_of_incident(session: Session, rule: str, incident_id: int) -> list[Match]:
    """What the rule told of one incident, oldest first."""
    return [match for match in matches_of(session, incident_subject(incident_id)) if match.rule == rule and match.told]


def add_match(
    session: Session,
    rule_id: int,
    subject: str,
    revision: int,
    at: datetime,
    trigger: str,
    *,
    reason: str | None,
    level: Mapping[str, Any],
    facts: Mapping[str, Any],
) -> int | None:
    """Write a decision; returns its id, None where this rule has already decided on this revision of the subject."""
    known = select(AlertMatch.id).where(
        AlertMatch.rule_id == rule_id, AlertMatch.subject == subject, AlertMatch.revision == revision
    )
    if session.scalar(known) is not None:
        return None
    row = AlertMatch(
        rule_id=rule_id, subject=subject, revision=revision, at=at, trigger=trigger, told=reason is None, reason=reason,
        level=dict(level), facts=dict(facts),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def first_of_nationality(
    session: Session,
    incident_id: int,
    country: str,
    nationalities: Collection[str],
    since: datetime,
    before: datetime | None = None,
) -> list[str]:
    """Those of the nationalities that no other visible incident of the country since then has a victim of.

    `before`: only incidents that were known by then count.
    """
    others = same_event(session, incident_id)
    known = set(
        session.scalars(
            select(Victim.nationality)
            .join(Incident, Incident.id == Victim.incident_id)
            .where(
                Victim.nationality.in_(nationalities),
                Incident.country == country,
                Incident.status.in_(_VISIBLE),
                Incident.id.not_in(others),
                or_(Incident.date_from >= since.date(), Incident.first_seen >= since),
                Incident.first_seen < before if before is not None else true(),
            )
            .distinct()
        )
    )
    return [code for code in nationalities if code not in known]


def open_alarm(session: Session, source: str, kind: str) -> Alarm | None:
    """The alarm of this kind that the source is under, if it is."""
    row = session.scalar(
        select(SourceAlarm).where(SourceAlarm.source == source, SourceAlarm.kind == kind, SourceAlarm.ended.is_(None))
    )
    return _alarm(row) if row is not None else None


def open_alarms(session: Session) -> list[Alarm]:
    """Every source that is not well, the longest so first."""
    rows = session.scalars(select(SourceAlarm).where(SourceAlarm.ended.is_(None)).order_by(SourceAlarm.since))
    return [_alarm(row) for row in rows]


def raise_alarm(session: Session, source: str, kind: str, since: datetime, now: datetime) -> Alarm:
    """Note that a source is not well, and that this is told now."""
    row = SourceAlarm(source=source, kind=kind, since=since, told=now, reminders=0)
    session.add(row)
    session.flush()
    return _alarm(row)


def remind_alarm(session: Session, alarm: Alarm, now: datetime) -> Alarm:
    """Note that an alarm is told again."""
    row = session.get_one(SourceAlarm, alarm.id)
    row.told, row.reminders = now, row.reminders + 1
    session.flush()
    return _alarm(row)


def end_alarm(session: Session, alarm: Alarm, now: datetime) -> None:
    """Note that the source is well again."""
    session.get_one(SourceAlarm, alarm.id).ended = now
    session.flush()


def clear_before(session: Session, moment: datetime) -> int:
    """Delete matches decided before then that were not told, and ended silences; returns how many matches went.

    What was told stays: it is what keeps an incident from being told twice.
    """
    queued = select(Outbox.match_id)
    gone: Any = session.execute(
        delete(AlertMatch).where(AlertMatch.at < moment, ~AlertMatch.told, AlertMatch.id.not_in(queued))
    )
    session.execute(delete(AlertSilence).where(AlertSilence.until < moment))
    return int(gone.rowcount)


def incident_subject(incident_id: int) -> str:
    """The subject of a match with an incident."""
    return f"incident:{incident_id}"


def source_subject(source: str) -> str:
    """The subject of a match with a source's health."""
    return f"source:{source}"


def _first(session: Session, statement: Any) -> Match | None:
    row = session.execute(statement.limit(1)).first()
    return match_of(row[0], row[1]) if row is not None else None


def match_of(row: AlertMatch, rule: str) -> Match:
    """The match that a row of the rule `rule` holds."""
    return Match(
        row.id,
        row.rule_id,
        rule,
        row.subject,
        row.revision,
        row.at,
        row.trigger,
        row.told,
        row.reason,
        row.level,
        row.facts,
    )


def _alarm(row: SourceAlarm) -> Alarm:
    return Alarm(row.id, row.source, row.kind, row.since, row.told, row.reminders, row.ended)
