"""The incident and response types, as types.tsv and response_types.tsv define them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from extract.lexicon.tables import read_rows, shipped

COLUMNS = ("type", "ko", "en", "family", "iccs", "mofa", "definition")
RESPONSE_COLUMNS = ("type", "ko", "en", "definition")


@dataclass(frozen=True, slots=True)
class IncidentType:
    """One type. `gravity` is 0 for the gravest; `iccs` is empty where the type is no offence by itself."""

    name: str
    ko: str
    en: str
    family: str
    iccs: tuple[str, ...]
    mofa: str
    definition: str
    gravity: int


@dataclass(frozen=True, slots=True)
class ResponseType:
    """One kind of act of a state about an incident."""

    name: str
    ko: str
    en: str
    definition: str


@cache
def incident_types() -> dict[str, IncidentType]:
    """Every incident type by name, gravest first."""
    return read_incident_types(shipped("types.tsv"))


@cache
def response_types() -> dict[str, ResponseType]:
    """Every response type by name."""
    types = {}
    for row in read_rows(shipped("response_types.tsv"), RESPONSE_COLUMNS):
        cells = [row.need(column) for column in RESPONSE_COLUMNS]
        types[cells[0]] = ResponseType(*cells)
    return types


def read_incident_types(source: tuple[str, str]) -> dict[str, IncidentType]:
    """The incident types of a table; raises `LexiconError` on a type given twice or a code that is no ICCS code."""
    types: dict[str, IncidentType] = {}
    for row in read_rows(source, COLUMNS):
        name = row.need("type")
        if name in types:
            raise row.wrong(f"the type {name} stands here a second time")
        codes = tuple(code for code in row.words("iccs") if code != "none")
        for code in codes:
            if not (code.isdigit() and 4 <= len(code) <= 6 and 1 <= int(code[:2]) <= 11):
                raise row.wrong(f"{code} is not an ICCS code (sections 01 to 11, four to six digits)")
        types[name] = IncidentType(
            name,
            row.need("ko"),
            row.need("en"),
            row.need("family"),
            codes,
            row.need("mofa"),
            row.need("definition"),
            len(types),
        )
    return types


def gravest(names: Iterable[str]) -> list[str]:
    """The types, each once, gravest first; raises `KeyError` on a name that is no incident type."""
    known = incident_types()
    return sorted(set(names), key=lambda name: known[name].gravity)
