"""What a form of the pages means for the cells: text in, values of `storage.cells` out. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from storage.cells import COUNT_CELLS, PERPETRATOR_FIELDS, ROW_CELLS, VICTIM_FIELDS
from storage.errors import BadEdit
from storage.export import NAMING


def changed_cells(fields: Mapping[str, Sequence[str]], row: Mapping[str, Any]) -> dict[str, Any]:
    """The cells that the form sets to another value than the incident has. Raises BadEdit."""
    wanted = {cell: _value(cell, fields[cell]) for cell in ROW_CELLS if cell in fields}
    return {cell: value for cell, value in wanted.items() if value != row[cell]}


def _value(cell: str, given: Sequence[str]) -> Any:
    if cell == "other_types":
        return [kind for kind in given if kind]
    text = given[-1].strip() if given else ""
    if not text:
        return None
    if cell in COUNT_CELLS or cell == "geonameid":
        return _whole(cell, text)
    if cell in ("latitude", "longitude"):
        try:
            return float(text)
        except ValueError as error:
            raise BadEdit(f"{cell}: {text!r} is no number of degrees; write 11.56") from error
    return text.upper() if cell == "country" else text


def _whole(cell: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadEdit(f"{cell}: {text!r} is no count; write a whole number, 0 or more")
    return int(text)


def people(
    kind: str, fields: Mapping[str, Sequence[str]], unseen: Sequence[Mapping[str, Any]] | None = None
) -> list[dict[str, Any]]:
    """The victims or perpetrators of a form whose fields come once a person (`victims.text`, `victims.count` ...).

    A person of whom every field is empty is left out. Where names are kept out, `unseen` are the people as they are
    stored: the form brings no NAMING fields, they stay as they were. Raises BadEdit.
    """
    names = VICTIM_FIELDS if kind == "victims" else PERPETRATOR_FIELDS
    columns = {name: list(fields.get(f"{kind}.{name}", ())) for name in names}
    if unseen is not None:
        for name in NAMING:
            held = [str(person.get(name) or "") for person in unseen]
            columns[name] = [*held, *[""] * (len(columns["count"]) - len(held))]
    if len({len(column) for column in columns.values()}) != 1:
        raise BadEdit(f"{kind}: every person has {', '.join(names)}; the form is not whole")
    found = []
    for number in range(len(columns["text"])):
        person: dict[str, Any] = {name: columns[name][number].strip() or None for name in names}
        shown = {name: value for name, value in person.items() if unseen is None or name not in NAMING}
        if not any(value for name, value in shown.items() if name != "status"):
            continue
        if person["count"] is not None:
            person["count"] = _whole(f"{kind}.count", person["count"])
        if person["nationality"]:
            person["nationality"] = person["nationality"].upper()
        found.append(person)
    return found
