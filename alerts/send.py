"""The sender: claims messages with a lease, hands them over, repeats with growing pauses, gives up visibly.

Delivery is at least once: a sender that is killed between handing over and writing that down leaves a message that
another sends again, under the same key. That window is one delivery long.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.channels import deliver
from alerts.errors import BadRule, DeliveryFailed
from alerts.message import Message, compose
from alerts.rules import rule_of
from alerts.rules_file import AlertSettings
from alerts.targets import Target
from alerts.timing import quiet_until
from storage import outbox
from storage.alert_rules import silences
from storage.database import Database
from storage.errors import LeaseLost
from storage.outbox import MAX_ATTEMPTS, Letter

log = logging.getLogger(__name__)

#: A claim lasts this long: well over the longest delivery (`channels.TIMEOUT`).
LEASE = timedelta(minutes=3)
#: The pause after the first failure; it doubles. With MAX_ATTEMPTS 16 a message is given up after 44 hours:
#: a target may be away for a day and a night.
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)

Deliver = Callable[[Target, Message, datetime], None]


@dataclass(frozen=True, slots=True)
class Sent:
    """What a pass of the sender came to: messages by end (sent, failed, dead, dropped, postponed, lease_lost)."""

    ends: Mapping[str, int]

    @property
    def total(self) -> int:
        """How many messages were claimed."""
        return sum(self.ends.values())


def send_due(
    database: Database,
    settings: AlertSettings,
    worker: str,
    *,
    now: Callable[[], datetime],
    hand_over: Deliver = deliver,
    most: int = 1000,
    stop: Callable[[], bool] = lambda: False,
) -> Sent:
    """Send what is due, one message at a time, at most `most`; ends early where `stop` says so."""
    ends: Counter[str] = Counter()
    while ends.total() < most and not stop():
        with database.write() as session:
            letters = outbox.claim_letters(session, worker, 1, LEASE, now())
        if not letters:
            break
        ends[_send(database, settings, letters[0], now, hand_over)] += 1
    return Sent(dict(ends))


def pause(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts (1 or more)."""
    return min(FIRST_PAUSE * (1 << min(attempts - 1, 20)), LONGEST_PAUSE)


def _send(
    database: Database, settings: AlertSettings, letter: Letter, now: Callable[[], datetime], hand_over: Deliver
) -> str:
    why, until = _held_back(database, settings, letter, now())
    try:
        if why is not None:
            with database.write() as session:
                if until is None:
                    outbox.drop(session, letter, why)
                    return "dropped"
                outbox.postpone(session, letter, until, why)
                return "postponed"
        target = settings.targets[letter.target]
        language = target.language or str(letter.rule_body.get("language", "en"))
        try:
            hand_over(target, compose(letter, language, settings.incident_link), now())
        except DeliveryFailed as error:
            return _failed(database, letter, str(error), error.final, now())
        except Exception as error:  # noqa: BLE001 - one target's failure stops no other; its words may hold a secret
            return _failed(database, letter, f"{letter.target}: {type(error).__name__}", False, now())
        with database.write() as session:
            outbox.sent(session, letter, now())
    except LeaseLost:
        return "lease_lost"
    return "sent"


def _failed(database: Database, letter: Letter, error: str, final: bool, now: datetime) -> str:
    dead = final or letter.attempts >= MAX_ATTEMPTS
    with suppress(LeaseLost), database.write() as session:
        outbox.failed(session, letter, error, again=None if dead else now + pause(letter.attempts))
    log.warning("alert %s was not taken (attempt %d): %s", letter.key, letter.attempts, error)
    return "dead" if dead else "failed"


def _held_back(
    database: Database, settings: AlertSettings, letter: Letter, now: datetime
) -> tuple[str | None, datetime | None]:
    """Why a claimed message is not to be sent now, and until when (None: never)."""
    if not letter.rule_active:
        return f"the rule {letter.rule} was taken away", None
    if letter.target not in settings.targets:
        return f"there is no target {letter.target} any more", None
    try:
        rule = rule_of(letter.rule, letter.rule_body)
    except BadRule as error:
        return f"the rule {letter.rule} cannot be read: {error}", None
    with database.read() as session:
        silent = silences(session, now)
    for one in silent:
        if all(one.covers(letter.rule, match.facts.get("incident")) for match in letter.matches):
            return f"silenced until {one.until:%Y-%m-%d %H:%M} UTC by {one.who}: {one.why}", None
    types = {kind for match in letter.matches for kind in match.facts.get("types", ())}
    if rule.quiet and not types & set(rule.quiet.unless):
        # planned for outside these hours, but tried again (or the hours changed) within them
        end = quiet_until(rule.quiet, now)
        if end is not None:
            return f"quiet hours until {rule.quiet.end:%H:%M} ({rule.quiet.zone})", end
    return None, None
