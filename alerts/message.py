"""A letter as text, HTML, one short line and JSON: every channel takes the form it can show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

from alerts.lines import Lines, lines_of, short
from alerts.wording import Wording, wording
from storage.alerts import Match
from storage.outbox import Letter

#: Version of the JSON form; a change that breaks a receiver gives it a new number.
SCHEMA = "sageon.alert/1"


@dataclass(frozen=True, slots=True)
class Message:
    """One message ready to send. `key` is the same at every attempt."""

    key: str
    subject: str
    text: str
    html: str
    short: str
    payload: Mapping[str, Any]


def compose(letter: Letter, language: str, link: Callable[[int], str | None]) -> Message:
    """The letter in "ko" or "en"; `link` gives the page of an incident."""
    words = wording(language)
    newest = latest(letter.matches)
    told = [(match, _link(match, link)) for match in newest]
    lines = [lines_of(match, words, page) for match, page in told]
    label = words.tables["label"]
    subject = lines[0].headline
    if len(lines) > 1:
        subject = f"{label['more'].format(count=len(lines))}: {subject}"
    foot = f"{label['rule']}: {letter.rule} · {letter.key}"
    first, page = told[0]
    brief = short(first, words, page)
    return Message(
        key=letter.key,
        subject=" ".join(subject.split()),
        text="\n\n".join([*map(_plain, lines), foot]) + "\n",
        html=_html(lines, foot, words),
        short=f"(+{len(lines) - 1}) {brief}" if len(lines) > 1 else brief,
        payload={
            "schema": SCHEMA,
            "id": letter.key,
            "rule": letter.rule,
            "alerts": [
                {
                    "subject": match.subject,
                    "revision": match.revision,
                    "trigger": match.trigger,
                    "at": match.at.isoformat(),
                    "headline": line.headline,
                    "link": page,
                    **match.facts,
                }
                for (match, page), line in zip(told, lines, strict=True)
            ],
        },
    )


def trial(language: str, now: datetime) -> Message:
    """A message that says that it is a test, to try a target with."""
    said = wording(language).of("label", "trial")
    key = f"msg_test_{now:%Y%m%dT%H%M%S}"
    return Message(
        key=key,
        subject=said,
        text=f"{said}\n\n{key}\n",
        html=_html([Lines(said, ())], key, wording(language)),
        short=said,
        payload={"schema": SCHEMA, "id": key, "rule": None, "alerts": [], "test": True},
    )


def latest(matches: tuple[Match, ...]) -> list[Match]:
    """One match a subject: the newest facts, under the first trigger that the receiver has not seen, in order.

    Three growths that waited together are one alert, and an incident that is new and grew while it waited is new.
    """
    by_subject: dict[str, Match] = {}
    for match in matches:
        before = by_subject.get(match.subject)
        if before is None or match.trigger in ("withdrawn", "source"):
            by_subject[match.subject] = match
            continue
        facts = {**match.facts, "changed": before.facts.get("changed", []) + match.facts.get("changed", [])}
        if before.trigger in ("new", "first"):
            facts["changed"] = []
        by_subject[match.subject] = Match(
            match.id, match.rule_id, match.rule, match.subject, match.revision, match.at, before.trigger, match.told,
            match.reason, match.level, facts,
        )  # fmt: skip
    return list(by_subject.values())


def _link(match: Match, link: Callable[[int], str | None]) -> str | None:
    return link(match.facts["incident"]) if match.facts["kind"] == "incident" else None


def _plain(lines: Lines) -> str:
    rows = [lines.headline, *(f"{label}: {text}" for label, text in (*lines.pairs, *lines.links))]
    return "\n".join(rows)


def _html(lines: list[Lines], foot: str, words: Wording) -> str:
    return (
        f'<!doctype html><html lang="{words.language}"><meta charset="utf-8">'
        '<body style="font-family:sans-serif;max-width:40em">'
        + "".join(_section(one) for one in lines)
        + f'<p style="color:#666;font-size:small">{escape(foot)}</p></body></html>'
    )


def _section(lines: Lines) -> str:
    rows = "".join(
        f'<tr><th align="left" valign="top">{escape(label)}</th><td>{escape(text)}</td></tr>'
        for label, text in lines.pairs
    )
    links = " · ".join(
        f'<a href="{escape(address)}">{escape(label)}</a>' for label, address in lines.links if _web(address)
    )
    return f"<h3>{escape(lines.headline)}</h3><table>{rows}</table>" + (f"<p>{links}</p>" if links else "")


def _web(address: str) -> bool:
    """A crawled page decides its own address: only web addresses become links."""
    return address.startswith(("https://", "http://"))
