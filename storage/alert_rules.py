"""Alert rules and silences as tables hold them; what a rule means is known in `alerts`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.errors import BadEdit, NotFound
from storage.models import AlertRule, AlertSilence


@dataclass(frozen=True, slots=True)
class StoredRule:
    """A rule's row: its name, where it was written (file or desk), and its body."""

    id: int
    name: str
    origin: str
    active: bool
    body: Mapping[str, Any]
    created: datetime
    updated: datetime


@dataclass(frozen=True, slots=True)
class Silence:
    """No alert of `rule` (None: of any), about `incident_id` (None: about any), from `begins` until `until`."""

    id: int
    rule: str | None
    incident_id: int | None
    begins: datetime
    until: datetime
    who: str
    why: str

    def covers(self, rule: str, incident_id: int | None) -> bool:
        """Whether it holds back this rule's alert about this incident."""
        return self.rule in (None, rule) and (self.incident_id is None or self.incident_id == incident_id)


def sync_rules(session: Session, bodies: Mapping[str, Mapping[str, Any]], origin: str, now: datetime) -> list[str]:
    """Make the rules of that origin be these; returns the names of those that are new, changed or gone.

    A name that another origin holds stays as it is there and is not returned.
    """
    rows = {row.name: row for row in session.scalars(select(AlertRule))}
    touched = []
    for name, body in bodies.items():
        row = rows.get(name)
        if row is None:
            session.add(AlertRule(name=name, origin=origin, active=True, body=dict(body), created=now, updated=now))
        elif row.origin != origin and row.active:
            continue
        elif not row.active or row.body != body or row.origin != origin:
            if not row.active:
                row.created = now
            row.body, row.active, row.updated, row.origin = dict(body), True, now, origin
        else:
            continue
        touched.append(name)
    for name, row in rows.items():
        if row.origin == origin and row.active and name not in bodies:
            row.active, row.updated = False, now
            touched.append(name)
    session.flush()
    return touched


def put_rule(session: Session, name: str, body: Mapping[str, Any], origin: str, now: datetime) -> None:
    """Write one rule of that origin, new or in place of its earlier form. Raises BadEdit where another origin has it."""
    row = session.scalar(select(AlertRule).where(AlertRule.name == name))
    if row is None:
        session.add(AlertRule(name=name, origin=origin, active=True, body=dict(body), created=now, updated=now))
    elif row.active and row.origin != origin:
        raise BadEdit(f"the rule {name} is kept in the {row.origin}; change it there")
    else:
        if not row.active:
            row.created = now
        row.body, row.active, row.updated, row.origin = dict(body), True, now, origin
    session.flush()


def take_rule(session: Session, name: str, origin: str, now: datetime) -> None:
    """Take a rule of that origin out of force; what it told stays. Raises NotFound."""
    row = session.scalar(select(AlertRule).where(AlertRule.name == name, AlertRule.origin == origin, AlertRule.active))
    if row is None:
        raise NotFound(f"there is no alert rule {name!r} of the {origin}")
    row.active, row.updated = False, now
    session.flush()


def active_rules(session: Session) -> list[StoredRule]:
    """The rules that are in force, by name."""
    return [_stored(row) for row in session.scalars(select(AlertRule).where(AlertRule.active).order_by(AlertRule.name))]


def rule_named(session: Session, name: str) -> StoredRule:
    """One rule in force or set aside. Raises NotFound."""
    row = session.scalar(select(AlertRule).where(AlertRule.name == name))
    if row is None:
        raise NotFound(f"there is no alert rule {name!r}")
    return _stored(row)


def add_silence(
    session: Session, *, rule: str | None, incident_id: int | None, until: datetime, who: str, why: str, now: datetime
) -> int:
    """Hold back alerts until then; returns the silence's id. Raises NotFound for a rule that there is not."""
    if rule is not None:
        rule_named(session, rule)
    row = AlertSilence(rule=rule, incident_id=incident_id, begins=now, until=until, who=who, why=why)
    session.add(row)
    session.flush()
    return row.id


def end_silence(session: Session, silence_id: int, now: datetime) -> None:
    """End a silence now. Raises NotFound."""
    row = session.get(AlertSilence, silence_id)
    if row is None:
        raise NotFound(f"there is no silence {silence_id}")
    row.until = min(row.until, now)


def silences(session: Session, now: datetime) -> list[Silence]:
    """The silences in force, the first to end first."""
    rows = session.scalars(
        select(AlertSilence)
        .where(AlertSilence.begins <= now, AlertSilence.until > now)
        .order_by(AlertSilence.until, AlertSilence.id)
    )
    return [Silence(r.id, r.rule, r.incident_id, r.begins, r.until, r.who, r.why) for r in rows]


def _stored(row: AlertRule) -> StoredRule:
    return StoredRule(row.id, row.name, row.origin, row.active, row.body, row.created, row.updated)
