"""Values of the record as words on a page, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from desk.facts import Fact
from desk.labels import TABLES
from desk.links import Chip
from desk.settings import DeskSettings
from desk.timeline import FAMILY_OF
from desk.tongue import Tongue
from storage.cells import COUNTS
from storage.query import IncidentRow

#: Which table of `desk.labels` explains a cell's codes.
_CODES = {
    "type": "type", "certainty": "certainty", "status": "status", "date_basis": "basis",
    "date_precision": "precision", "place_precision": "precision",
}  # fmt: skip


class Phrases:
    """Words for one reader of one desk."""

    def __init__(self, say: Tongue, settings: DeskSettings) -> None:
        self.say = say
        self.settings = settings

    def outlet(self, source: str) -> str:
        """An outlet's own name; its id where it is not declared here."""
        known = self.settings.outlets.get(source)
        return known.name if known else source

    def age(self, age: str | None) -> str:
        """ "22", "20s", in Korean 22세, 20대."""
        if not age or self.say.code != "ko":
            return age or ""
        return f"{age[:-1]}대" if age.endswith("s") and age[:-1].isdigit() else f"{age}세" if age.isdigit() else age

    def fact(self, fact: Fact, row: IncidentRow) -> str:
        """The value of a row of the fact sheet."""
        say, value = self.say, fact.value
        if value is None:
            return say("not known")
        if fact.name in COUNTS:
            return say.span(*value)
        if fact.name == "other_types":
            return ", ".join(say.label("type", kind) for kind in value)
        if fact.name == "date":
            basis = row["date_basis"]
            return f"{say.day(value)} ({say.label('basis', basis)})" if basis else say.day(value)
        if fact.name == "place":
            place = say.place(value, row["country"])
            return f"{place} ({say.label('precision', row['place_precision'])})" if row["place_precision"] else place
        return self.cell(fact.name, value)

    def cell(self, cell: str, value: Any) -> str:
        """A cell's value as the history shows it; nothing for unknown."""
        say = self.say
        if value is None or value == []:
            return ""
        if cell in _CODES:
            return say.label(_CODES[cell], str(value))
        if cell == "country":
            return say.country(str(value))
        if cell == "date":
            return say.day(str(value))
        if cell == "other_types":
            return ", ".join(say.label("type", str(kind)) for kind in value)
        if cell in ("victims", "perpetrators"):
            return "; ".join(self.person(person) for person in value)
        if cell == "incident":
            return say.label("type", value.get("type")) if isinstance(value, Mapping) else str(value)
        if isinstance(value, Mapping):
            return ", ".join(
                f"{say.label('cell', key)} {', '.join(map(str, part)) if isinstance(part, list) else part}"
                for key, part in value.items()
            )
        return str(value)

    def person(self, person: Mapping[str, Any]) -> str:
        """A victim or suspect in a few words: the description, nationality, number."""
        count = person.get("count")
        parts = (
            person.get("text"), self.say.country(person.get("nationality")), f"× {count}" if count else "",
            self.say.label("suspect", person["status"]) if person.get("status") not in (None, "unknown") else "",
        )  # fmt: skip
        return " · ".join(part for part in parts if part)

    def chip(self, chip: Chip) -> str:
        """A condition in force: "Country: Cambodia", "killed ≥ 1", "since 8 Oct 2025"."""
        say, value = self.say, chip.value
        if chip.facet in TABLES["facet"]:
            word = self.outlet(value) if chip.facet == "source" else say.value(chip.facet, value)
            return f"{say.label('facet', chip.facet)}: {word}"
        if chip.facet in COUNTS:
            return f"{say.label('toll', chip.facet)} ≥ {value}"
        if chip.facet == "text":
            return f"“{value}”"
        if chip.facet == "box":
            return say("within a part of the map")
        if chip.facet == "voices":
            return say("at least {n} voices", n=value)
        said = {
            "since": say("since {day}"), "until": say("until {day}"), "seen_since": say("first seen since {day}"),
            "changed_since": say("changed since {day}"),
        }[chip.facet]  # fmt: skip
        return said.format(day=say.day(value))


def field_name(field: str, say: Tongue) -> str:
    """What a quote supports."""
    if field in TABLES["field"]:
        return say.label("field", field)
    if field.startswith("other_types."):
        return f"{say.label('cell', 'other_types')}: {say.label('type', field.partition('.')[2])}"
    return say.label("cell", field)


def family(kind: str) -> str:
    """The family of a type, for its colour."""
    return FAMILY_OF.get(kind, "property")


def nationalities(victims: Iterable[Mapping[str, Any]]) -> list[tuple[str | None, int | None]]:
    """(nationality, people) in the order told, summed up; people is None where no number is known."""
    found: dict[str | None, int | None] = {}
    for victim in victims:
        nationality, count = victim["nationality"], victim["count"]
        held = found.get(nationality)
        found[nationality] = held if count is None else count + (held or 0)
    # An unstated nationality says something only where no other is stated, or with a number.
    return [(code, count) for code, count in found.items() if code or count]
