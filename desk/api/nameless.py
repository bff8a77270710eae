"""Answers without people's names: the fields that hold them are left out, and blanked wherever else they stand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from desk.quoted import without_names
from storage.export import NAMING
from storage.report_view import ReportView

PEOPLE = ("victims", "perpetrators")


def told_names(view: ReportView) -> list[str]:
    """The names that a report tells."""
    names = [victim.name for victim in view.report.victims]
    names += [suspect.name for suspect in view.report.perpetrators]
    return [name for name in names if name]


def blanked(value: Any, names: Iterable[str]) -> Any:
    """The JSON value with every name blanked, and without the fields of people that name or describe them."""
    known = list(names)
    if isinstance(value, str):
        return without_names(value, known)
    if isinstance(value, list):
        return [blanked(item, known) for item in value]
    if isinstance(value, dict):
        return {
            key: [_nameless(person, known) for person in inner]
            if key in PEOPLE and isinstance(inner, list)
            else blanked(inner, known)
            for key, inner in value.items()
        }
    return value


def _nameless(person: Any, names: list[str]) -> Any:
    if not isinstance(person, dict):
        return blanked(person, names)
    return {key: blanked(inner, names) for key, inner in person.items() if key not in NAMING}
