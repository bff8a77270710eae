"""Rules written at the desk: checked like those of the file, kept in the table, in force at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from alerts.errors import BadRule
from alerts.match import replan
from alerts.rules import NAME, Rule, rule_of
from storage.alert_rules import put_rule, take_rule

#: Where these rules are written.
ORIGIN = "desk"


def save_rule(session: Session, name: str, body: Mapping[str, Any], targets: Collection[str], now: datetime) -> Rule:
    """Keep the rule; what waits under its earlier form is planned anew. `targets` are those of the file of rules.

    Raises BadRule with the key that is wrong, and BadEdit where the file has a rule of that name.
    """
    if not NAME.fullmatch(name):
        raise BadRule("name", "is made of letters, digits, - and _")
    rule = rule_of(name, body)
    for target in rule.to:
        if target not in targets:
            raise BadRule("to", f"there is no target {target!r}; the targets are {', '.join(targets) or 'none'}")
    put_rule(session, name, body, ORIGIN, now)
    replan(session, [name], now)
    return rule


def remove_rule(session: Session, name: str, now: datetime) -> None:
    """Take the rule out of force; the sender drops what still waits under it. Raises NotFound."""
    take_rule(session, name, ORIGIN, now)
