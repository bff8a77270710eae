"""The outbox: one row for each match and target, claimed by senders with a lease, until it is sent or given up.

Rows that go out together get one message key when they are first put together, and keep it: a retry after a kill sends
the same rows under the same key, so that a receiver can tell a repetition (at least once, never silently twice).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from storage.alerts import Match, match_of
from storage.errors import LeaseLost, NotFound
from storage.locks import lock
from storage.models import AlertMatch, AlertRule, Outbox

#: After so many claims without a result a message is given up: after 44 hours, with the back-off of `alerts.send`.
MAX_ATTEMPTS = 16
#: At most so many matches in one message; the rest follow in the next.
MAX_BUNDLE = 50
#: The note of a row that waits for an earlier one about the same subject.
BEHIND = "waits for an earlier message about the same"
#: Held while messages are put together and claimed: two senders must not each take half of one.
SENDING = 7_339_460_003


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one target, claimed: the matches it tells of, oldest first. `key` is its id for the receiver."""

    key: str
    token: int
    rule: str
    rule_body: Mapping[str, Any]
    rule_active: bool
    target: str
    attempts: int
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A row as a person asks for it."""

    id: int
    key: str
    message: str | None
    rule: str
    target: str
    subject: str
    revision: int
    trigger: str
    state: str
    created: datetime
    not_before: datetime
    attempts: int
    sent: datetime | None
    note: str | None


def put(
    session: Session, match_id: int, rule_id: int, rule: str, subject: str, revision: int, target: str, *,
    bundle: str, not_before: datetime, now: datetime, note: str | None = None,
) -> str:  # fmt: skip
    """Write a row; returns its key. The key is unique for rule, subject, revision and target: a second row fails."""
    key = idempotency_key(rule, subject, revision, target)
    session.add(
        Outbox(
            key=key, match_id=match_id, rule_id=rule_id, target=target, bundle=bundle, state="pending", created=now,
            not_before=not_before, note=note,
        )
    )  # fmt: skip
    session.flush()
    return key


def idempotency_key(rule: str, subject: str, revision: int, target: str) -> str:
    """The key of a row, the same whenever it is computed."""
    text = "\x1f".join((rule, subject, str(revision), target))
    return "msg_" + hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def claim_letters(session: Session, worker: str, limit: int, lease: timedelta, now: datetime) -> list[Letter]:
    """Put together what is due and claim up to `limit` messages, the longest due first.

    All rows of one rule, target and bundle that wait go out with the first of them that is due. What a target has not
    taken yet goes before what the rule has to tell it later of the same subject: a toll of three is not told after four.
    """
    lock(session, SENDING)
    letters: list[Letter] = []
    while len(letters) < limit:
        first = session.scalar(
            select(Outbox)
            .where(
                Outbox.not_before <= now,
                or_(Outbox.state == "pending", and_(Outbox.state == "claimed", Outbox.lease_until < now)),
            )
            .order_by(Outbox.not_before, Outbox.id)
            .limit(1)
        )
        if first is None:
            break
        rows = _in_order(session, first, now)
        if not rows:
            continue
        first = rows[0]
        if first.attempts >= MAX_ATTEMPTS:
            for row in rows:
                row.state, row.note = "dead", row.note or f"given up after {row.attempts} attempts"
            session.flush()
            continue
        message, token, attempts = first.message or first.key, first.token + 1, first.attempts + 1
        for row in rows:
            row.state, row.worker, row.lease_until = "claimed", worker, now + lease
            row.message, row.token, row.attempts = message, token, attempts
        session.flush()
        letters.append(_letter(session, first, [row.match_id for row in rows]))
    return letters


def sent(session: Session, letter: Letter, now: datetime) -> None:
    """Mark a message as delivered. Raises LeaseLost where another sender has taken it over."""
    for row in _held(session, letter):
        row.state, row.sent, row.lease_until, row.worker, row.note = "sent", now, None, None, None
    session.flush()


def failed(session: Session, letter: Letter, error: str, *, again: datetime | None) -> None:
    """Give a message back to be tried again then; None gives it up (a dead letter). Raises LeaseLost."""
    for row in _held(session, letter):
        row.lease_until = row.worker = None
        row.note = error[:2000]
        row.state = "dead" if again is None or row.attempts >= MAX_ATTEMPTS else "pending"
        if again is not None:
            row.not_before = again
    session.flush()


def postpone(session: Session, letter: Letter, until: datetime, why: str) -> None:
    """Give a claimed message back to be looked at then; that was no attempt. Raises LeaseLost."""
    for row in _held(session, letter):
        row.state, row.lease_until, row.worker, row.not_before, row.note = "pending", None, None, until, why
        row.attempts -= 1
    session.flush()


def drop(session: Session, letter: Letter, why: str) -> None:
    """Mark a claimed message as not to be sent any more, with the reason. Raises LeaseLost."""
    for row in _held(session, letter):
        row.state, row.lease_until, row.worker, row.note = "dropped", None, None, why
    session.flush()
    _untell(session, {row.match_id for row in _rows(session, letter)}, why)


def drop_untried(session: Session, rule_id: int, subject: str, why: str) -> int:
    """Drop what waits about a subject under a rule and was never tried; returns how many rows.

    A match of which nothing goes out then counts as not told, for that reason.
    """
    rows = list(
        session.scalars(
            select(Outbox)
            .join(AlertMatch, AlertMatch.id == Outbox.match_id)
            .where(
                Outbox.rule_id == rule_id,
                AlertMatch.subject == subject,
                Outbox.state == "pending",
                Outbox.message.is_(None),
            )
        )
    )
    for row in rows:
        row.state, row.note = "dropped", why
    session.flush()
    _untell(session, {row.match_id for row in rows}, why)
    return len(rows)


def _untell(session: Session, match_ids: Collection[int], why: str) -> None:
    """Matches of which no row is sent or still to be sent count as not told."""
    alive = select(Outbox.match_id).where(Outbox.match_id.in_(match_ids), Outbox.state != "dropped")
    session.execute(
        update(AlertMatch)
        .where(AlertMatch.id.in_(match_ids), AlertMatch.id.not_in(alive))
        .values(told=False, reason=why)
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row that waits and was never tried, with what decides when it goes out."""

    id: int
    rule_id: int
    rule: str
    subject: str
    facts: Mapping[str, Any]
    created: datetime


def waiting(session: Session, rules: Collection[str]) -> list[Waiting]:
    """The rows of these rules that wait and were never tried."""
    rows = session.execute(
        select(Outbox.id, Outbox.rule_id, AlertRule.name, AlertMatch.subject, AlertMatch.facts, Outbox.created)
        .join(AlertRule, AlertRule.id == Outbox.rule_id)
        .join(AlertMatch, AlertMatch.id == Outbox.match_id)
        .where(AlertRule.name.in_(rules), Outbox.state == "pending", Outbox.message.is_(None))
        .order_by(Outbox.id)
    )
    return [Waiting(*row) for row in rows]


def reschedule(session: Session, row_id: int, not_before: datetime, bundle: str, note: str | None) -> None:
    """Change when a row that waits goes out, and what with."""
    session.execute(update(Outbox).where(Outbox.id == row_id).values(not_before=not_before, bundle=bundle, note=note))


def last_due(session: Session, rule_id: int, subject: str, *, sent: bool = False) -> datetime | None:
    """When the rule's last alert about the subject went out or (unless `sent`) is to go out; None: there was none."""
    when = Outbox.sent if sent else func.coalesce(Outbox.sent, Outbox.not_before)
    return session.scalar(
        select(func.max(when))
        .join(AlertMatch, AlertMatch.id == Outbox.match_id)
        .where(Outbox.rule_id == rule_id, AlertMatch.subject == subject, Outbox.state != "dropped")
    )


def outbox_rows(
    session: Session, *, states: Collection[str] = (), subject: str | None = None, limit: int = 100
) -> list[OutboxRow]:
    """Rows of the outbox, newest first."""
    statement = (
        select(Outbox, AlertRule.name, AlertMatch.subject, AlertMatch.revision, AlertMatch.trigger)
        .join(AlertRule, AlertRule.id == Outbox.rule_id)
        .join(AlertMatch, AlertMatch.id == Outbox.match_id)
        .order_by(Outbox.id.desc())
        .limit(limit)
    )
    if states:
        statement = statement.where(Outbox.state.in_(states))
    if subject is not None:
        statement = statement.where(AlertMatch.subject == subject)
    return [
        OutboxRow(
            row.id, row.key, row.message, rule, row.target, about, revision, trigger, row.state, row.created, row.not_before,
            row.attempts, row.sent, row.note,
        )
        for row, rule, about, revision, trigger in session.execute(statement)
    ]  # fmt: skip


def revive(session: Session, row_id: int, now: datetime) -> None:
    """Let a dead letter (or a dropped one) be tried again from now. Raises NotFound."""
    row = session.get(Outbox, row_id)
    if row is None or row.state not in ("dead", "dropped"):
        raise NotFound(f"there is no dead letter {row_id}")
    together = [row] if row.message is None else session.scalars(select(Outbox).where(Outbox.message == row.message))
    for one in together:
        one.state, one.attempts, one.not_before = "pending", 0, now
    session.flush()


def next_letter(session: Session) -> datetime | None:
    """When the next message is due or the next claim runs out; None where nothing waits."""
    due = session.scalar(select(func.min(Outbox.not_before)).where(Outbox.state == "pending"))
    held = session.scalar(select(func.min(Outbox.lease_until)).where(Outbox.state == "claimed"))
    return min((moment for moment in (due, held) if moment is not None), default=None)


def _in_order(session: Session, first: Outbox, now: datetime) -> list[Outbox]:
    """The rows to send now: those of `first`, or of an earlier message that its target has not taken; none where that
    one is under way or has just been refused again: then `first` waits for it."""
    rows = _together(session, first)
    while (earlier := _refused(session, rows)) is not None:
        due = earlier.lease_until if earlier.state == "claimed" else earlier.not_before
        tried = earlier.state == "claimed" or rows[0].note == BEHIND
        wait_until = due if tried and due is not None and due > now else None
        for row in rows:
            row.note, row.not_before = BEHIND, wait_until or row.not_before
        session.flush()
        if wait_until:
            return []
        rows = _together(session, earlier)
    return rows


def _refused(session: Session, rows: list[Outbox]) -> Outbox | None:
    """The oldest row that was tried and not taken, of an earlier match with a subject that these rows tell of."""
    mine, theirs = aliased(AlertMatch), aliased(AlertMatch)
    return session.scalar(
        select(Outbox)
        .join(theirs, theirs.id == Outbox.match_id)
        .join(mine, and_(mine.rule_id == theirs.rule_id, mine.subject == theirs.subject, mine.id > theirs.id))
        .where(
            mine.id.in_([row.match_id for row in rows]),
            Outbox.target == rows[0].target,
            Outbox.state.in_(("pending", "claimed")),
            Outbox.attempts > 0,
            Outbox.id.not_in([row.id for row in rows]),
        )
        .order_by(Outbox.id)
        .limit(1)
    )


def _together(session: Session, first: Outbox) -> list[Outbox]:
    if first.message is not None:
        same = Outbox.message == first.message
    else:
        same = and_(
            Outbox.rule_id == first.rule_id,
            Outbox.target == first.target,
            Outbox.bundle == first.bundle,
            Outbox.message.is_(None),
            Outbox.state == "pending",
        )
    others = select(Outbox).where(same, Outbox.id != first.id).order_by(Outbox.id).limit(MAX_BUNDLE - 1)
    return [first, *session.scalars(others)]


def _letter(session: Session, first: Outbox, match_ids: list[int]) -> Letter:
    found = session.execute(
        select(AlertMatch, AlertRule)
        .join(AlertRule, AlertRule.id == AlertMatch.rule_id)
        .where(AlertMatch.id.in_(match_ids))
        .order_by(AlertMatch.id)
    ).all()
    rule = found[0][1]
    assert first.message is not None
    return Letter(
        key=first.message, token=first.token, rule=rule.name, rule_body=rule.body, rule_active=rule.active,
        target=first.target, attempts=first.attempts,
        matches=tuple(
            match_of(match, rule.name)
            for match, _ in found
        ),
    )  # fmt: skip


def _held(session: Session, letter: Letter) -> list[Outbox]:
    rows = _rows(session, letter)
    if not rows or any(row.state != "claimed" or row.token != letter.token for row in rows):
        raise LeaseLost(f"message {letter.key} is no longer claimed under token {letter.token}")
    return rows


def _rows(session: Session, letter: Letter) -> list[Outbox]:
    same = select(Outbox).where(Outbox.message == letter.key).order_by(Outbox.id).with_for_update()
    return list(session.scalars(same))
