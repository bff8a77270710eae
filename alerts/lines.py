"""One match in words: its headline, its labelled lines, its short form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from alerts.wording import Wording
from storage.alerts import Match

#: Characters of a short alert: one SMS of 140 bytes holds 70 in UCS-2 (Hangul); two parts of 160 in the GSM alphabet
#: would cost double, so English stays within one.
SHORT = {"ko": 70, "en": 160}


@dataclass(frozen=True, slots=True)
class Lines:
    """`headline` says it in one line, `pairs` are label and text, `links` label and address."""

    headline: str
    pairs: tuple[tuple[str, str], ...]
    links: tuple[tuple[str, str], ...] = ()


def lines_of(match: Match, words: Wording, link: str | None) -> Lines:
    """The match in the language of `words`; `link` is the incident's page."""
    if match.facts["kind"] == "source":
        return Lines(f"[{words.of('trigger', 'source')}] {source_line(match.facts, words)}", ())
    facts = match.facts
    label: dict[str, str] = words.tables["label"]
    pairs = [
        (label["what"], ", ".join(words.of("type", kind) for kind in facts["types"])),
        (label["who"], victims_line(facts, words)),
        (label["where"], where(facts, words)),
        (label["when"], facts["date"] or label["unknown"]),
    ]
    if facts["tolls"]:
        pairs.append((label["toll"], tolls(facts, words)))
    told = label["voices"].format(reports=facts["reports"], voices=facts["voices"])
    pairs.append((label["certainty"], words.of("certainty", facts["certainty"])))
    pairs.append((label["confidence"], sureness(facts)))
    pairs.append((label["told_by"], f"{facts['source'] or label['unknown']} ({told})"))
    changed = changes(facts, words)
    if changed:
        pairs.append((label["changed"], changed))
    if facts["quote"]:
        pairs.append((label["quote"], f"“{facts['quote']}”"))
    links = [(label["article"], facts["url"])] if facts["url"] else []
    if link:
        links.append((label["link"], link))
    return Lines(headline(match, words), tuple(pairs), tuple(links))


def headline(match: Match, words: Wording) -> str:
    """What happened where to whom, behind the kind of alert: "[New] Homicide · Sihanoukville, Cambodia · 1 killed"."""
    facts = match.facts
    parts = [words.of("type", facts["type"]), where(facts, words)]
    if facts["tolls"]:
        parts.append(tolls(facts, words))
    if facts["nationalities"]:
        parts.append(", ".join(words.country(code) for code in facts["nationalities"]))
    return f"[{words.of('trigger', match.trigger)}] {str(words.tables['separator']).join(parts)}"


def short(match: Match, words: Wording, link: str | None) -> str:
    """The headline and the link within one SMS; the headline is cut where both do not fit."""
    lines = lines_of(match, words, None)
    room = SHORT[words.language] - (len(link) + 1 if link else 0)
    line = lines.headline
    if len(line) > room:
        line = line[: max(room - 1, 1)] + "…"
    return f"{line} {link}" if link else line


def where(facts: Mapping[str, Any], words: Wording) -> str:
    """ "Sihanoukville, Cambodia", as far as it is known."""
    country = words.country(facts["country"])
    if not facts["place"]:
        return country
    return f"{country} {facts['place']}" if words.language == "ko" else f"{facts['place']}, {country}"


def tolls(facts: Mapping[str, Any], words: Wording) -> str:
    """ "1 killed, 3-5 injured"."""
    return ", ".join(
        words.of("toll", name).format(count=interval(low, high)) for name, (low, high) in facts["tolls"].items()
    )


def interval(low: int | None, high: int | None) -> str:
    """ "3", "3-5"."""
    return str(high) if low in (None, high) else f"{low}-{high}"


def victims_line(facts: Mapping[str, Any], words: Wording) -> str:
    """Nationality, number, sex and age of each victim or group; never a name."""
    said = []
    for victim in facts["victims"]:
        parts = [words.country(victim.get("nationality"))]
        if (victim.get("count") or 1) > 1:
            parts.append(words.of("person", "count").format(count=victim["count"]))
        if victim.get("gender") in ("male", "female"):
            parts.append(words.of("person", victim["gender"]))
        if victim.get("age"):
            parts.append(str(victim["age"]))
        said.append(" ".join(parts))
    return ", ".join(said) or words.of("label", "unknown")


def sureness(facts: Mapping[str, Any]) -> str:
    """Confidence by field, as percentages."""
    names = [name for name in ("type", "country", "victim_nationality", "date") if name in facts["confidence"]]
    return ", ".join(f"{name.removeprefix('victim_')} {round(100 * facts['confidence'][name])} %" for name in names)


def changes(facts: Mapping[str, Any], words: Wording) -> str:
    """ "killed 2 (1 before)" for each cell that differs from the last alert; empty for a first one."""
    said = []
    for change in facts.get("changed", ()):
        if not isinstance(change, (list, tuple)):
            continue
        cell, old, new = change
        was = words.of("label", "was").format(old=_value(cell, old, words))
        said.append(f"{words.of('cell', cell)} {_value(cell, new, words)} ({was})")
    return ", ".join(said)


def source_line(facts: Mapping[str, Any], words: Wording) -> str:
    """What is wrong with a source, or that it is well again."""
    kind = facts["trouble"]
    key = {"unwell": kind, "still unwell": f"still_{kind}", "well again": f"well_{kind}"}[facts["state"]]
    since = datetime.fromisoformat(facts["since"]).strftime("%Y-%m-%d %H:%M UTC")
    return words.of("source", key).format(
        source=facts["source"],
        since=since,
        failures=facts["failures"],
        error=facts["error"] or "-",
        hours=f"{facts['hours']:g}",
        expected=f"{facts['expected']:g}",
    )


def _value(cell: str, value: Any, words: Wording) -> str:
    if value is None or value == []:
        return words.of("label", "unknown")
    if cell in ("killed", "injured", "held", "missing"):
        return interval(*value)
    if cell in ("type", "certainty"):
        return words.of(cell, value)
    if cell == "country":
        return words.country(value)
    if cell == "nationalities":
        return ", ".join(words.country(code) for code in value)
    return str(value)
