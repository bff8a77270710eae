"""Incidents over time as bars: by day, month or year, as wide as the dates demand. Each bar filters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from storage.cells import interval
from storage.facets import DateCount, FacetCount

#: So many bars at most; beyond, the next coarser step is taken.
MOST = 120
#: The share of the incidents that the bars are laid out for.
CORE = 0.9
#: Type families, the gravest first: the colours of the bars.
FAMILIES = {
    "life": ("homicide", "terrorism", "unexplained_death", "missing_person"),
    "liberty": ("torture", "kidnapping", "unlawful_detention", "human_trafficking"),
    "body": ("sexual_assault", "assault", "robbery", "extortion"),
    "mishap": ("disaster", "accident", "arson"),
    "property": ("fraud", "cybercrime", "drug_offence", "theft", "other_crime"),
}
#: Counts the dates that are stated so exactly or finer, cut to so many letters, by leading type.
Typed = Callable[[int], Sequence[DateCount]]
FAMILY_OF = {kind: family for family, kinds in FAMILIES.items() for kind in kinds}


@dataclass(frozen=True, slots=True)
class Bar:
    """The incidents of [since, until]: how many of each family. `label` is the date as the record writes it."""

    label: str
    since: date
    until: date
    counts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Timeline:
    """Bars without a hole, in order. Incidents that no bar holds are counted: `coarse`, as their date is coarser than
    a bar; `outside`, as they lie before the first one.
    """

    step: str
    bars: tuple[Bar, ...]
    coarse: int
    outside: int = 0

    @property
    def highest(self) -> int:
        return max((bar.total for bar in self.bars), default=0)


def timeline(days: Sequence[FacetCount], typed: Typed, most: int = MOST) -> Timeline:
    """The bars of the counted dates; the finest step that needs at most `most` bars.

    `days` are the dates as stated, in order. Years that lie far before the rest (an old case reported anew) are left out
    of a finer step, not drawn as a desert: the bars end with the newest date and begin where the last CORE of the
    incidents begin.
    """
    fine = [day for day in days if len(day.value) >= 7]
    if not fine:
        return _of_step(days, typed, "year", most)
    first, last = _core(fine)
    if (last - first).days < most:
        return _of_step(days, typed, "day", most, first, last)
    if (last.year - first.year) * 12 + last.month - first.month < most:
        return _of_step(days, typed, "month", most, first, last)
    return _of_step(days, typed, "year", most)


def _core(fine: Sequence[FacetCount]) -> tuple[date, date]:
    total = sum(day.count for day in fine)
    seen = 0
    for day in fine:
        seen += day.count
        if seen > total * (1 - CORE):
            break
    return interval(day.value).first, interval(fine[-1].value).last


def _of_step(
    days: Sequence[FacetCount], typed: Typed, name: str, most: int, first: date | None = None, last: date | None = None
) -> Timeline:
    length = {"day": 10, "month": 7, "year": 4}[name]
    known = [day for day in days if len(day.value) >= length]
    if not known:
        return Timeline(name, (), sum(day.count for day in days))
    labels = _labels(known[0].value[:length], known[-1].value[:length], length, first, last)[-most:]
    held: dict[str, dict[str, int]] = {label: {} for label in labels}
    for count in typed(length):
        if (family := held.get(count.date)) is not None:
            kind = FAMILY_OF.get(count.type, "property")
            family[kind] = family.get(kind, 0) + count.count
    bars = tuple(Bar(label, interval(label).first, interval(label).last, held[label]) for label in labels)
    drawn, dated = sum(bar.total for bar in bars), sum(day.count for day in known)
    return Timeline(name, bars, sum(day.count for day in days) - dated, dated - drawn)


def _labels(lowest: str, highest: str, length: int, first: date | None, last: date | None) -> list[str]:
    at = max(interval(lowest).first, first) if first else interval(lowest).first
    end = min(interval(highest).last, last) if last else interval(highest).last
    out: list[str] = []
    while at <= end:
        label = at.isoformat()[:length]
        out.append(label)
        at = interval(label).last + timedelta(days=1)
    return out
