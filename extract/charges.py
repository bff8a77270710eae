"""Charges named in Korean crime reporting: "살인 및 사체유기 혐의", "도로교통법 위반(음주운전) 혐의로".

A charge is the surest statement of a type, since police, prosecutors and courts chose the word.
English charges are ordinary triggers in a charge context ("charged with murder"), see `extract.scorers.event_type`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


class ChargeTableError(ValueError):
    """A line of the charge table cannot be read; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Charge:
    """A charge's name in the text: `text[start:end]`. `linked` are further types the charge contains."""

    start: int
    end: int
    type: str
    linked: tuple[str, ...]


#: How far back from 혐의 a list of charges may reach ("살인, 사체유기, 절도 등 혐의").
_REACH = 60
_ANCHOR = re.compile(r"혐의|(?<=[가-힣])죄(?:로|를|가|는|도|와|의|\b)")
_STOP = re.compile(r"[.!?\n\"“”]|다(?= )")


@cache
def _table() -> tuple[re.Pattern[str], dict[str, tuple[str, tuple[str, ...]]]]:
    entries: dict[str, tuple[str, tuple[str, ...]]] = {}
    name = "charges_ko.tsv"
    for number, line in enumerate((files("extract") / "lexicon" / name).read_text("utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t")
        if len(cells) != 4:
            raise ChargeTableError(
                f"{name}:{number}: 4 columns wanted (charge, type, linked types, act), {len(cells)} found"
            )
        charge, kind, linked, _ = cells
        if charge in entries:
            raise ChargeTableError(f"{name}:{number}: {charge} stands there twice")
        entries[charge] = (kind, () if linked == "-" else tuple(linked.split(",")))
    longest_first = sorted(entries, key=lambda c: (-len(c), c))
    return re.compile("|".join(map(re.escape, longest_first))), entries


def find_charges(text: str) -> list[Charge]:
    """Every charge named before 혐의 or as a crime (죄) in Korean `text`, in text order, without repeats of one span."""
    pattern, entries = _table()
    found: dict[int, Charge] = {}
    for anchor in _ANCHOR.finditer(text):
        begin = max(0, anchor.start() - _REACH)
        stretch = text[begin : anchor.start()]
        stops = list(_STOP.finditer(stretch))
        if stops:
            begin += stops[-1].end()
            stretch = stretch[stops[-1].end() :]
        for match in pattern.finditer(stretch):
            start = begin + match.start()
            kind, linked = entries[match.group()]
            found[start] = Charge(start, begin + match.end(), kind, linked)
    return [found[start] for start in sorted(found)]
