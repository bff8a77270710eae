"""When an alert goes out: now, or held back (wait, repeat, digest, quiet hours), with the reason in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from alerts.rules import Digest, Quiet, Rule


@dataclass(frozen=True, slots=True)
class Plan:
    """The earliest moment, and why it is not now (None: it is)."""

    not_before: datetime
    why: str | None


def plan(rule: Rule, now: datetime, *, last: datetime | None = None, types: tuple[str, ...] = ()) -> Plan:
    """When an alert of the rule that came up `now` goes out.

    `last`: when the rule's last alert about the same subject went or goes out; `types`: the incident's.
    """
    moment, why = now, None
    if rule.wait:
        moment, why = now + rule.wait, f"waits {words(rule.wait)} for more"
    if rule.repeat and last is not None and moment < last + rule.repeat:
        moment, why = last + rule.repeat, f"the last alert about it is less than {words(rule.repeat)} old"
    if rule.digest:
        moment = next_digest(rule.digest, moment)
        why = "goes out with the " + ("hourly" if rule.digest.every == "hour" else "daily") + " digest"
    if rule.quiet and not set(types) & set(rule.quiet.unless):
        end = quiet_until(rule.quiet, moment)
        if end is not None:
            moment, why = end, f"quiet hours until {rule.quiet.end:%H:%M} ({rule.quiet.zone})"
    return Plan(moment, why)


def quiet_until(quiet: Quiet, moment: datetime) -> datetime | None:
    """The end of the quiet hours that hold at that moment (UTC), None where none do."""
    local = moment.astimezone(ZoneInfo(quiet.zone))
    clock = local.time()
    over_midnight = quiet.begin > quiet.end
    inside = (clock >= quiet.begin or clock < quiet.end) if over_midnight else quiet.begin <= clock < quiet.end
    if not inside:
        return None
    day = local.date() + timedelta(days=1 if over_midnight and clock >= quiet.begin else 0)
    return _at(day.isoformat(), quiet.end, quiet.zone)


def next_digest(digest: Digest, moment: datetime) -> datetime:
    """The first digest that is not before the moment (UTC)."""
    if digest.every == "hour":
        whole = moment.replace(minute=0, second=0, microsecond=0)
        return whole if whole == moment else whole + timedelta(hours=1)
    local = moment.astimezone(ZoneInfo(digest.zone))
    today = _at(local.date().isoformat(), digest.at, digest.zone)
    if today >= moment:
        return today
    return _at((local.date() + timedelta(days=1)).isoformat(), digest.at, digest.zone)


def words(span: timedelta) -> str:
    """A time as people write it: 90 s, 10 min, 2 h, 3 d."""
    seconds = int(span.total_seconds())
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= size and seconds % size == 0:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def _at(day: str, clock: time, zone: str) -> datetime:
    return datetime.combine(datetime.fromisoformat(day).date(), clock, ZoneInfo(zone)).astimezone(UTC)
