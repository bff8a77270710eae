"""Holds what the receivers took against what happened."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from benchmarks.month.servers import Taken
from benchmarks.month.truth import Event, Month

_ARTICLE = re.compile(r"/a/(\d+)$")


@dataclass(frozen=True, slots=True)
class RuleTruth:
    """A rule of the month: its targets, and which events it must tell of."""

    name: str
    targets: tuple[str, ...]
    wants: Callable[[Event], bool]
    worse: bool = True


@dataclass(slots=True)
class Verdict:
    """What was found. `due` and `told` count pairs of rule, target and event; the lists name what is wrong."""

    due: int = 0
    told: int = 0
    alerts: int = 0
    lost: list[str] = field(default_factory=list)
    not_asked: list[str] = field(default_factory=list)
    twice_new: list[str] = field(default_factory=list)
    not_worse: list[str] = field(default_factory=list)
    last_level_missed: list[str] = field(default_factory=list)
    repeated: int = 0
    delays: list[float] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Whether nothing is wrong; repetitions under the same id are within what is documented."""
        return not (self.lost or self.not_asked or self.twice_new or self.not_worse or self.last_level_missed)


@dataclass(frozen=True, slots=True)
class Told:
    """One alert of a message: the event behind it, its trigger and the killed it states."""

    event: int
    trigger: str
    killed: int


def alerts_of(month: Month, taken: Sequence[Taken]) -> Iterator[tuple[str, str, Taken, Told]]:
    """(rule, target, message, alert) for each alert about an incident, each message id once, in order."""
    events = {story.number: story.event for story in month.stories}
    seen: set[tuple[str, str]] = set()
    for message in taken:
        if (message.target, message.key) in seen:
            continue
        seen.add((message.target, message.key))
        for alert in message.payload["alerts"]:
            if alert["kind"] != "incident":
                continue
            found = _ARTICLE.search(alert["url"])
            event = events[int(found[1])] if found else None
            assert event is not None, alert["url"]
            killed = alert["tolls"].get("killed", [0, 0])[1]
            yield message.payload["rule"], message.target, message, Told(event, alert["trigger"], killed)


def judge(month: Month, rules: Sequence[RuleTruth], taken: Sequence[Taken]) -> Verdict:
    """Hold the messages against the month."""
    verdict = Verdict()
    told: dict[tuple[str, str, int], list[Told]] = defaultdict(list)
    for rule, target, _, one in alerts_of(month, taken):
        told[rule, target, one.event].append(one)
        verdict.alerts += 1
    ids = Counter((message.target, message.key) for message in taken)
    verdict.repeated = sum(count - 1 for count in ids.values())
    for rule in rules:
        for target in rule.targets:
            for event in month.events:
                where = f"{rule.name} to {target} about event {event.number}"
                alerts = told.pop((rule.name, target, event.number), [])
                if not rule.wants(event):
                    if alerts:
                        verdict.not_asked.append(where)
                    continue
                verdict.due += 1
                if not alerts:
                    verdict.lost.append(where)
                    continue
                verdict.told += 1
                news = [one for one in alerts if one.trigger == "new"]
                if len(news) != 1:
                    verdict.twice_new.append(f"{where}: {len(news)} times new")
                levels = [one.killed for one in alerts]
                if any(b <= a for a, b in pairwise(levels)):
                    verdict.not_worse.append(f"{where}: {levels}")
                if rule.worse and levels[-1] != event.killed:
                    verdict.last_level_missed.append(f"{where}: told {levels[-1]}, was {event.killed}")
    verdict.not_asked += [f"{rule} to {target} about event {event}" for rule, target, event in told]
    return verdict


def delays(
    month: Month, rules: Mapping[str, str], taken: Sequence[Taken], periods: Mapping[str, list[tuple[float, float]]]
) -> list[float]:
    """Time from an event's first publication to its first alert, in periods that the source had then.

    `rules` maps the rules that neither wait nor gather to a target that takes everything; `periods` holds (moment,
    seconds) by source as the schedule had them.
    """
    first = {}
    for story in month.stories:
        if story.event is not None:
            first.setdefault(story.event, story)
    found = []
    done: set[tuple[str, int]] = set()
    for rule, target, message, one in alerts_of(month, taken):
        if rules.get(rule) != target or (rule, one.event) in done or one.trigger != "new":
            continue
        done.add((rule, one.event))
        story = first[one.event]
        wait = (message.at - story.published).total_seconds()
        before = [seconds for at, seconds in periods[story.source] if at <= message.at.timestamp()]
        found.append(wait / (before[-2] if len(before) > 1 else before[-1] if before else 1800.0))
    return found


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share lies."""
    ranked = sorted(values)
    return ranked[min(int(share * len(ranked)), len(ranked) - 1)] if ranked else float("nan")


def source_alerts(month: Month, taken: Sequence[Taken]) -> dict[str, list[str]]:
    """What was told of each source, in order: "failing unwell", "failing still unwell", "failing well again" ..."""
    told: dict[str, list[str]] = {}
    seen: set[str] = set()
    for message in taken:
        for alert in message.payload["alerts"]:
            if alert["kind"] == "source" and message.key not in seen:
                seen.add(message.key)
                told.setdefault(alert["source"], []).append(f"{alert['trouble']} {alert['state']}")
    return told
