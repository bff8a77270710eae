"""The schedule of the sources, the rules of alerts, and the outbox between an incident's change and a message."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy import Text as Words
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Key
from storage.models.base import Base


class SourceDue(Base):
    """When a source is to be crawled next, who is at it, and how its last runs went.

    `hours` holds, for each hour of the outlet's day, how many new articles it brought, fading with time.
    """

    __tablename__ = "source_due"

    source: Mapped[str] = mapped_column(primary_key=True)
    active: Mapped[bool] = mapped_column(default=True)
    period_seconds: Mapped[int]
    next_due: Mapped[datetime] = mapped_column(index=True)
    worker: Mapped[str | None]
    token: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    fail_count: Mapped[int] = mapped_column(default=0)
    backoff_until: Mapped[datetime | None]
    last_start: Mapped[datetime | None]
    last_ok: Mapped[datetime | None]
    last_new: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Words)
    runs: Mapped[int] = mapped_column(default=0)
    hours: Mapped[list[Any]]


class SourceAlarm(Base):
    """A source that is not well: of one kind (failing, silent, gap), since when, and when that was told last."""

    __tablename__ = "source_alarm"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    source: Mapped[str]
    kind: Mapped[str]
    since: Mapped[datetime]
    told: Mapped[datetime]
    reminders: Mapped[int] = mapped_column(default=0)
    ended: Mapped[datetime | None]

    __table_args__ = (Index("ix_source_alarm_source", "source", "kind", "ended"),)


class AlertRule(Base):
    """A rule as its author wrote it. `origin` is file or desk; a rule taken away stays, inactive, for its matches."""

    __tablename__ = "alert_rule"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    origin: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    body: Mapped[dict[str, Any]]
    created: Mapped[datetime]
    updated: Mapped[datetime]


class AlertSilence(Base):
    """Nothing is sent for these rules (None: all), or for this incident, until then."""

    __tablename__ = "alert_silence"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    rule: Mapped[str | None]
    incident_id: Mapped[int | None] = mapped_column(Key)
    begins: Mapped[datetime]
    until: Mapped[datetime] = mapped_column(index=True)
    who: Mapped[str]
    why: Mapped[str] = mapped_column(Words)


class AlertMatch(Base):
    """A rule met a change: what it was, and what was decided. `told` false: `reason` says why nothing was sent.

    `subject` is "incident:12" or "source:yonhap_ko"; `revision` numbers the changes of the subject. `level` is how
    bad the incident was, `facts` what an alert about it says.
    """

    __tablename__ = "alert_match"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    rule_id: Mapped[int] = mapped_column(Key, ForeignKey("alert_rule.id"))
    subject: Mapped[str]
    revision: Mapped[int] = mapped_column(Key)
    at: Mapped[datetime] = mapped_column(index=True)
    trigger: Mapped[str]
    told: Mapped[bool]
    reason: Mapped[str | None] = mapped_column(Words)
    level: Mapped[dict[str, Any]]
    facts: Mapped[dict[str, Any]]

    __table_args__ = (
        UniqueConstraint("rule_id", "subject", "revision"),
        Index("ix_alert_match_subject", "subject", "rule_id", "id"),
    )


class Outbox(Base):
    """One match for one target. `message` is shared by the rows that go out together, once they were put together.

    `state`: pending, claimed, sent, dead (given up), dropped (not to be sent any more; `note` says why).
    """

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    match_id: Mapped[int] = mapped_column(Key, ForeignKey("alert_match.id"), index=True)
    rule_id: Mapped[int] = mapped_column(Key, ForeignKey("alert_rule.id"))
    target: Mapped[str]
    bundle: Mapped[str]
    message: Mapped[str | None] = mapped_column(index=True)
    state: Mapped[str]
    created: Mapped[datetime]
    not_before: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str | None]
    token: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    sent: Mapped[datetime | None]
    note: Mapped[str | None] = mapped_column(Words)

    __table_args__ = (Index("ix_outbox_due", "state", "not_before", "id"),)
