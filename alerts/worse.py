"""What makes an incident worse than what was told of it: a higher toll, a graver type, a surer account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

TOLLS = ("killed", "injured", "held", "missing")
#: An alleged crime that is confirmed is worse news; a denial is not.
_SURENESS = {"denied": 0, "alleged": 1, "confirmed": 2}
#: Cells whose change an alert mentions.
_TOLD = ("type", "certainty", "date", "country", "place", "nationalities")


def growth(now: Mapping[str, Any], told: Mapping[str, Any]) -> tuple[str, ...]:
    """In what the level `now` is worse than the one `told` (see storage.facts.level); empty where it is not."""
    grown = [name for name in TOLLS if now[name] > told[name]]
    if now["gravity"] < told["gravity"]:
        grown.append("type")
    if _SURENESS.get(now["certainty"], 0) > _SURENESS.get(told["certainty"], 0):
        grown.append("certainty")
    return tuple(grown)


def highest(now: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """The worst of both levels: a toll that goes down and up again is not told again."""
    surer = max((now["certainty"], told["certainty"]), key=lambda word: _SURENESS.get(word, 0))
    return {
        **{name: max(now[name], told[name]) for name in TOLLS},
        "gravity": min(now["gravity"], told["gravity"]),
        "certainty": surer,
    }


def differences(now: Mapping[str, Any], told: Mapping[str, Any]) -> list[list[Any]]:
    """[cell, as it was told, as it is now] for what differs between the facts of two alerts."""
    found = [[cell, told.get(cell), now.get(cell)] for cell in _TOLD if told.get(cell) != now.get(cell)]
    before, after = told.get("tolls", {}), now.get("tolls", {})
    found += [[name, before.get(name), after.get(name)] for name in TOLLS if before.get(name) != after.get(name)]
    return found
