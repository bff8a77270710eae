"""The file of rules and targets (`alerts.toml`), read with the line of every mistake."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from alerts.errors import BadAlertFile, BadRule
from alerts.rules import NAME, Rule, rule_of
from alerts.targets import Target, target_of

_HEADER = re.compile(r"\s*\[+\s*([^\]]+?)\s*\]+")


@dataclass(frozen=True, slots=True)
class AlertSettings:
    """What the file says. `link` is the desk's address, put before an incident's page; `rules` are checked.

    `bodies` are the rules' tables as written, for the database.
    """

    rules: Mapping[str, Rule] = field(default_factory=dict)
    bodies: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    targets: Mapping[str, Target] = field(default_factory=dict)
    link: str | None = None

    def incident_link(self, incident_id: int) -> str | None:
        """The incident's page on the desk, None where no address of the desk is set."""
        return f"{self.link.rstrip('/')}/incidents/{incident_id}" if self.link else None


def load_alerts(path: Path) -> AlertSettings:
    """The rules and targets of the file. Raises BadAlertFile with file and line."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadAlertFile(f"{path}: cannot be read: {error}") from error
    return parse_alerts(text, str(path))


def parse_alerts(text: str, name: str = "alerts.toml") -> AlertSettings:
    """The rules and targets that the text says. Raises BadAlertFile with `name` and line."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadAlertFile(f"{name}: not TOML: {error}") from error

    def mistake(path: tuple[str, ...], why: str) -> BadAlertFile:
        return BadAlertFile(f"{name}:{_line(text, path)}: {'.'.join(path)}: {why}")

    for key in tables:
        if key not in ("link", "targets", "rules"):
            raise mistake((key,), "no such key; the keys are link, targets, rules")
    link = tables.get("link")
    if link is not None and not (isinstance(link, str) and re.match(r"https?://[^/]", link)):
        raise mistake(("link",), "expected the desk's address, https://...")
    targets = {}
    for target, body in _named(tables, "targets", mistake).items():
        try:
            targets[target] = target_of(target, body)
        except BadRule as error:
            raise mistake(("targets", target, error.key), error.message) from error
    rules = {}
    bodies = _named(tables, "rules", mistake)
    for rule, body in bodies.items():
        try:
            rules[rule] = rule_of(rule, body)
        except BadRule as error:
            raise mistake(("rules", rule, error.key), error.message) from error
        for target in rules[rule].to:
            if target not in targets:
                known = ", ".join(targets) or "none"
                raise mistake(("rules", rule, "to"), f"there is no target {target!r}; the targets are {known}")
    return AlertSettings(rules, {rule: _plain(body) for rule, body in bodies.items()}, targets, link)


def _named(tables: Mapping[str, Any], kind: str, mistake: Any) -> Mapping[str, Mapping[str, Any]]:
    table = tables.get(kind, {})
    if not isinstance(table, dict):
        raise mistake((kind,), f"expected tables [{kind}.NAME]")
    for key, body in table.items():
        if not NAME.fullmatch(key):
            raise mistake((kind, key), "a name is made of letters, digits, - and _")
        if not isinstance(body, dict):
            raise mistake((kind, key), f"expected a table [{kind}.{key}]")
    return table


def _plain(value: Any) -> Any:
    """TOML values as JSON has them: times of day become texts."""
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value if isinstance(value, (str, int, float, bool)) else value.isoformat()


def _line(text: str, path: tuple[str, ...]) -> int:
    """The line on which the key stands, or else that of the deepest table around it."""
    best, deepest = 1, 0
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        header = _HEADER.match(line)
        if header:
            table = tuple(part.strip().strip("\"'") for part in header[1].split("."))
            here = table
        elif "=" in line and not line.lstrip().startswith("#"):
            here = (*table, *(part.strip().strip("\"'") for part in line.split("=", 1)[0].split(".")))
        else:
            continue
        same = len(here) if here == path[: len(here)] else 0
        if same > deepest:
            best, deepest = number, same
    return best
