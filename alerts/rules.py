"""An alert rule: the one filter, what of a change counts, how sure it must be, to whom, when and in which language.

A rule is kept as the table its author wrote (a TOML table or the desk's JSON); `rule_of` reads and checks it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from alerts.errors import BadRule
from storage.cells import GRAVITY
from storage.errors import BadFilter
from storage.filters import Filter

Trigger = Literal["new", "first", "worse", "withdrawn", "source"]
TRIGGERS = ("new", "first", "worse", "withdrawn", "source")
LANGUAGES = ("ko", "en")
GROUPS = ("country", "type", "nationality", "rule")
#: An incident whose event lies further back than this is not new, whenever it was read (a backfill, an anniversary).
MAX_AGE = timedelta(days=30)
#: "First in a country for a nationality" means: none in this time before.
FIRST_WITHIN = timedelta(days=365)

#: What a rule or a target may be called.
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_DURATION = re.compile(r"(\d{1,5})\s*([smhdw])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of a zone in which nothing is sent; `begin` may lie after `end` (over midnight).

    `unless` names types (homicide ...) that are sent all the same.
    """

    begin: time
    end: time
    zone: str
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Digest:
    """All of an hour, or of a day up to `at` in `zone`, in one message."""

    every: Literal["hour", "day"]
    at: time = time(9, 0)
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Rule:
    """See docs/alerts.md for every key. `after` and `remind` are of rules about sources (`on = ["source"]`)."""

    name: str
    filter: Filter = field(default_factory=Filter)
    on: tuple[str, ...] = ("new", "worse")
    to: tuple[str, ...] = ()
    min_confidence: float = 0.0
    group_by: tuple[str, ...] = ()
    wait: timedelta = timedelta(0)
    repeat: timedelta = timedelta(0)
    quiet: Quiet | None = None
    digest: Digest | None = None
    language: str = "en"
    max_age: timedelta = MAX_AGE
    first_within: timedelta = FIRST_WITHIN
    after: int = 3
    remind: timedelta = timedelta(hours=24)
    sources: tuple[str, ...] = ()

    @property
    def about_sources(self) -> bool:
        """Whether it is a rule about the health of sources."""
        return "source" in self.on


def rule_of(name: str, body: Mapping[str, Any]) -> Rule:
    """The rule that a table says. Raises BadRule with the key that is wrong."""
    for key in body:
        if key not in _READERS:
            raise BadRule(key, f"no such key; the keys are {', '.join(_READERS)}")
    values = {key: _READERS[key](key, value) for key, value in body.items()}
    rule = Rule(name=name, **values)
    if not rule.to:
        raise BadRule("to", "expected the names of one or more targets")
    if rule.about_sources and rule.on != ("source",):
        raise BadRule("on", 'a rule about sources has on = ["source"] alone')
    if not rule.about_sources and ("after" in body or "remind" in body or "sources" in body):
        raise BadRule("on", 'after, remind and sources are of rules with on = ["source"]')
    if rule.digest and rule.group_by:
        raise BadRule("group_by", "a digest already puts all in one message")
    return rule


def duration(key: str, value: Any) -> timedelta:
    """The time that "90s", "10m", "2h", "1d" or "1w" means. Raises BadRule."""
    found = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise BadRule(key, f"expected a time such as 10m, 2h or 1d, not {value!r}")
    return timedelta(seconds=int(found[1]) * _SECONDS[found[2]])


def zone_of(key: str, name: Any) -> str:
    """An IANA zone's name. Raises BadRule."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError, TypeError, AttributeError) as error:
        raise BadRule(key, f"{name!r} is no zone such as Asia/Seoul") from error
    return str(name)


def clock(key: str, value: Any) -> time:
    """The time of day of "22:00". Raises BadRule."""
    try:
        told = time.fromisoformat(value) if isinstance(value, str) else _not_a_time(value)
    except ValueError as error:
        raise BadRule(key, f"expected a time of day such as 22:00, not {value!r}") from error
    if told.tzinfo is not None:
        raise BadRule(key, f"{value!r} names a zone: write 22:00, and the zone beside it")
    return told


def _not_a_time(value: Any) -> time:
    if isinstance(value, time):
        return value
    raise ValueError(value)


def _filter(key: str, value: Any) -> Filter:
    try:
        if isinstance(value, str):
            return Filter.from_query_string(value)
        if isinstance(value, Mapping):
            pairs = []
            for name, given in value.items():
                pairs += [(name, str(one)) for one in (given if isinstance(given, list) else [given])]
            return Filter.from_pairs(pairs)
    except BadFilter as error:
        raise BadRule(key, str(error)) from error
    raise BadRule(key, f'expected "nationality=KR&country=KH" or a table, not {value!r}')


def _words(allowed: tuple[str, ...] | None = None) -> Callable[[str, Any], tuple[str, ...]]:
    def read(key: str, value: Any) -> tuple[str, ...]:
        given = [value] if isinstance(value, str) else value
        if not isinstance(given, list) or not all(isinstance(one, str) and one.strip() for one in given):
            raise BadRule(key, f"expected a list of words, not {value!r}")
        for one in given:
            if allowed is not None and one not in allowed:
                raise BadRule(key, f"{one!r} is not one of {', '.join(allowed)}")
        return tuple(dict.fromkeys(given))

    return read


def _share(key: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
        raise BadRule(key, f"expected a number from 0 to 1, not {value!r}")
    return float(value)


def _count(key: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise BadRule(key, f"expected a whole number of at least 1, not {value!r}")
    return value


def _language(key: str, value: Any) -> str:
    if value not in LANGUAGES:
        raise BadRule(key, f"expected {' or '.join(LANGUAGES)}, not {value!r}")
    return str(value)


def _quiet(key: str, value: Any) -> Quiet:
    if not isinstance(value, Mapping) or not {"from", "to", "zone"} <= value.keys() <= {"from", "to", "zone", "unless"}:
        raise BadRule(key, 'expected { from = "22:00", to = "07:00", zone = "Asia/Seoul" }, and unless = [types]')
    quiet = Quiet(
        clock(key, value["from"]),
        clock(key, value["to"]),
        zone_of(key, value["zone"]),
        _words(GRAVITY)(key, value.get("unless", [])),
    )
    if quiet.begin == quiet.end:
        raise BadRule(key, "from and to are the same time: the rule would never be quiet, or always")
    return quiet


def _digest(key: str, value: Any) -> Digest:
    if value == "hourly":
        return Digest("hour")
    if isinstance(value, Mapping) and {"at", "zone"} == value.keys():
        return Digest("day", clock(key, value["at"]), zone_of(key, value["zone"]))
    raise BadRule(key, 'expected "hourly" or { at = "08:30", zone = "Asia/Seoul" }')


_READERS: Mapping[str, Callable[[str, Any], Any]] = {
    "filter": _filter,
    "on": _words(TRIGGERS),
    "to": _words(),
    "min_confidence": _share,
    "group_by": _words(GROUPS),
    "wait": duration,
    "repeat": duration,
    "quiet": _quiet,
    "digest": _digest,
    "language": _language,
    "max_age": duration,
    "first_within": duration,
    "after": _count,
    "remind": duration,
    "sources": _words(),
}
