"""Names of people, shown or not: where the desk's settings keep them out, every text of the press loses them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from desk.quoted import without_names
from desk.settings import DeskSettings
from storage.query import IncidentRow
from storage.view import IncidentView

Hush = Callable[[str | None], str]


def names_in(view: IncidentView) -> set[str]:
    """Every name that the incident, its reports and its history hold."""
    people: list[Any] = [*view.victims, *view.perpetrators]
    for change in view.history:
        for value in (change.old, change.new):
            if change.cell in ("victims", "perpetrators"):
                people += value or ()
            elif change.cell == "incident" and isinstance(value, Mapping):
                people += [*value.get("victims", ()), *value.get("perpetrators", ())]
    found = {person.get("name") for person in people}
    for report in view.reports:
        found |= {victim.name for victim in report.report.victims}
        found |= {suspect.name for suspect in report.report.perpetrators}
    return {name for name in found if name}


def hushing(settings: DeskSettings, names: Iterable[str]) -> Hush:
    """What a page passes texts through: names are blanked where the settings keep them out."""
    held = () if settings.names else tuple(names)
    return lambda text: without_names(text or "", held)


def hush_row(settings: DeskSettings) -> Callable[[IncidentRow], str]:
    """The headline of a row of the table, without its victims' names where they are kept out."""

    def headline(row: IncidentRow) -> str:
        names = () if settings.names else [victim["name"] for victim in row.victims if victim["name"]]
        return without_names(row["headline"], names)

    return headline
