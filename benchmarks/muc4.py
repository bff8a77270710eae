"""Measures the English reader on MUC-4 (dev: TST1 and TST2, 200 texts) against its full template keys.

    python -m benchmarks.muc4 [--fit] [--rows N]

Plain, it reads with the weights that ship, which learned nothing from MUC-4. `--fit` first fits on the annotated and
invented English articles and on N texts of MUC-4's training split (DEV); no text of dev is ever learned from.

The measures. Sets a text (micro precision, recall, F1 over the values of all its templates): relevance, type, country,
place, nationality. Entities (CEAF-REE of Du et al. 2021, with partial matches as MUC-4's own scorer allowed): victims
and perpetrators, each predicted person or group paired with one of the keys that shares a name or a phrase with it.
Number: of the victims so paired. Date: of the text's templates, right inside the range that the key gives; the texts
come without datelines, so what needs the day of publication cannot be told. Optional templates need not be found.
"""

from __future__ import annotations

import argparse
import datetime
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from rich.progress import track
from scipy.optimize import linear_sum_assignment

from extract.document import Document, build_document
from extract.reader import decide
from extract.records import IncidentReport
from extract.scorers.linear import Weights, load_weights
from training.reader.fit import fit
from training.reader.gold import load_gold, load_own
from training.reader.muc4 import MucRow, Target, Template, load_muc4

_BOMB = re.compile(r"\b(?:bomb|dynamit|explo|grenade|car-bomb|blast|detonat|mine\b)", re.IGNORECASE)
_OURS = {
    "kidnapping": "KIDNAPPING",
    "unlawful_detention": "KIDNAPPING",
    "robbery": "ROBBERY",
    "theft": "ROBBERY",
    "arson": "ARSON",
}
_SMALL_WORDS = frozenset(
    [
        "the",
        "a",
        "an",
        "his",
        "her",
        "their",
        "its",
        "of",
        "in",
        "at",
        "and",
        "or",
        "two",
        "three",
        "four",
        "five",
        "six",
        "other",
        "some",
    ]
)


@dataclass
class Tally:
    """Right, given and wanted values of one slot."""

    right: float = 0
    given: float = 0
    wanted: float = 0

    def add(self, right: float, given: float, wanted: float) -> None:
        self.right, self.given, self.wanted = self.right + right, self.given + given, self.wanted + wanted

    def sets(self, found: set[str], required: set[str], allowed: set[str]) -> None:
        """One text's values: those of optional templates are neither asked for nor held against the reader."""
        self.add(len(found & required), len(found - (allowed - required)), len(required))

    def line(self, name: str) -> str:
        p = self.right / self.given if self.given else 0.0
        r = self.right / self.wanted if self.wanted else 0.0
        f = 2 * p * r / (p + r) if p + r else 0.0
        return f"{name:14s} P {p:.3f}  R {r:.3f}  F1 {f:.3f}  ({self.right:.0f} right, {self.given:.0f} given, {self.wanted:.0f} wanted)"


def muc_type(report: IncidentReport) -> str:
    """The MUC-4 type of a report: bombing where its words are those of bombs, else the nearest; attack by default."""
    words = " ".join(e.quote for e in report.evidence if e.field.startswith(("type", "other_types")))
    return "BOMBING" if _BOMB.search(words) else _OURS.get(report.type, "ATTACK")


def _words(text: str) -> set[str]:
    return {w for w in re.findall(r"[^\W_]+", text.lower()) if w not in _SMALL_WORDS}


def alike(strings: Sequence[str], text: str, name: str | None) -> bool:
    """Whether a predicted person's words name what one of the key's strings names."""
    said, given = _words(text), _words(name or "")
    for string in strings:
        key = _words(string)
        if key and (key <= said or said <= key or (given and (given <= key or key <= given))):
            return True
    return False


def pair_up(gold: Sequence[Sequence[str]], found: Sequence[tuple[str, str | None]]) -> list[tuple[int, int]]:
    """The largest one-to-one pairing of alike (gold, found) entities."""
    if not gold or not found:
        return []
    same = np.array([[float(alike(strings, *one)) for one in found] for strings in gold])
    rows, columns = linear_sum_assignment(-same)
    return [(int(r), int(c)) for r, c in zip(rows, columns, strict=True) if same[r, c]]


def _merged(groups: Iterable[Sequence[str]]) -> list[tuple[str, ...]]:
    """Entities of all templates of a text: groups that share a string are one."""
    out: list[set[str]] = []
    for group in groups:
        strings = set(group)
        for known in [k for k in out if k & strings]:
            out.remove(known)
            strings |= known
        out.append(strings)
    return [tuple(sorted(s)) for s in out]


def entities(tally: Tally, required: list[tuple[str, ...]], allowed: list[tuple[str, ...]], found: list[tuple[str, str | None]]) -> list[tuple[int, int]]:  # fmt: skip
    """Count one text's entities of one role; returns the pairs of (required, found)."""
    pairs = pair_up(required, found)
    taken = {c for _, c in pairs}
    rest = [f for i, f in enumerate(found) if i not in taken]
    tally.add(len(pairs), len(found) - len(pair_up(allowed, rest)), len(required))
    return pairs


def _victims(templates: Iterable[Template]) -> list[tuple[str, ...]]:
    return _merged(t.strings for one in templates for t in one.victims)


def score(rows: Sequence[MucRow], reports: Sequence[Sequence[IncidentReport]]) -> dict[str, Tally]:
    """The tallies of all slots over `rows` with the reports read from each."""
    names = ("relevance", "type", "country", "place", "date", "victims", "number", "nationality", "perpetrators")
    tallies = {name: Tally() for name in names}
    for row, found in zip(rows, reports, strict=True):
        must = [t for t in row.templates if not t.optional]
        optional = [t for t in row.templates if t.optional]
        if must or not optional:
            tallies["relevance"].add(bool(must and found), bool(found), bool(must))

        def sets(name: str, ours: set[str], of: Callable[[Template], set[str]], must=must, row=row) -> None:  # type: ignore[no-untyped-def]
            required = {v for t in must for v in of(t)}
            tallies[name].sets(ours, required, {v for t in row.templates for v in of(t)})

        sets("type", {muc_type(r) for r in found}, lambda t: {t.kind})
        sets("country", {r.country for r in found if r.country}, lambda t: {t.country} if t.country else set())
        foreign = {v.nationality for r in found for v in r.victims if v.nationality and v.nationality != r.country}
        sets("nationality", foreign, lambda t: {v.nation for v in t.victims if v.nation})
        _places(tallies["place"], must, optional, found)
        _dates(tallies["date"], must, found)
        people = [(v.text, v.name) for r in found for v in r.victims]
        required = _victims(must)
        pairs = entities(tallies["victims"], required, _victims(optional), people)
        _numbers(tallies["number"], [v for t in must for v in t.victims], required, [v.count for r in found for v in r.victims], pairs)  # fmt: skip
        entities(
            tallies["perpetrators"],
            _merged(p for t in must for p in t.perpetrators),
            _merged(p for t in optional for p in t.perpetrators),
            [(p.text, p.name) for r in found for p in r.perpetrators],
        )
    return tallies


def _places(
    tally: Tally, must: Sequence[Template], optional: Sequence[Template], found: Sequence[IncidentReport]
) -> None:
    """Places finer than a country, as sets: right where the finest names of key and report share one part."""
    ours = [_words(f"{r.place.name} {r.place.text}") for r in found if r.place and r.place.precision != "country"]

    def parts(templates: Sequence[Template]) -> list[list[set[str]]]:
        unique = {t.place: None for t in templates if t.place}
        return [[_words(p) for p in place] for place in unique]

    def right(place: list[set[str]]) -> bool:
        return any(part and part <= said for said in ours for part in place)

    required, extra = parts(must), parts(optional)
    hits = sum(map(right, required))
    spare = sum(any(p <= said for place in extra for p in place if p) for said in ours) if not hits else 0
    tally.add(hits, max(len(ours) - spare, hits), len(required))


def _dates(tally: Tally, must: Sequence[Template], found: Sequence[IncidentReport]) -> None:
    wanted = list(dict.fromkeys(t.days for t in must if t.days[1]))
    given = {r.date.value for r in found if r.date}

    def right(value: str) -> bool:
        for first, last in wanted:
            if last is None:
                continue
            low, high = (first or last - datetime.timedelta(days=31)).isoformat(), last.isoformat()
            if low[: len(value)] <= value <= high[: len(value)]:
                return True
        return False

    tally.add(sum(map(right, given)), len(given), len(wanted))


def _numbers(tally: Tally, targets: Sequence[Target], entities: Sequence[Sequence[str]], counts: Sequence[int | None], pairs: Sequence[tuple[int, int]]) -> None:  # fmt: skip
    numbers = []
    for strings in entities:
        numbers.append(
            next((t.number for t in targets if t.number is not None and set(t.strings) & set(strings)), None)
        )
    right = sum(numbers[g] is not None and numbers[g] == counts[f] for g, f in pairs)
    tally.add(right, sum(counts[f] is not None for _, f in pairs), sum(n is not None for n in numbers))


def fitted(rows: int) -> Weights:
    """Scorers fitted on the English annotated and invented articles and on `rows` texts of MUC-4's training split."""
    given = [r for r in (*load_gold(), *load_own()) if r.raw["lang"] == "en"]
    extra = load_muc4("train")
    step = max(1, len(extra) // rows) if rows else len(extra) + 1
    given += [r.row for r in extra[::step]][:rows]
    docs = [build_document(replace(r.article, language="en"), "en") for r in track(given, description="analyse")]
    made = datetime.datetime.now(datetime.UTC).date().isoformat()
    return fit(docs, [r.live for r in given], made, kinds=[r.kind for r in given])


def read_all(docs: Iterable[Document], weights: Weights) -> list[Sequence[IncidentReport]]:
    """The current incidents of each document."""
    return [[r for r in decide(doc, weights).reports if r.role != "background"] for doc in docs]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fit", action="store_true", help="fit with MUC-4's training split first")
    parser.add_argument("--rows", type=int, default=400, help="how many of its 1,300 texts (default 400)")
    arguments = parser.parse_args()
    try:
        rows = load_muc4("dev")
    except FileNotFoundError as error:
        print(f"MUC-4 is not here: {error}", file=sys.stderr)
        return 2
    weights = fitted(arguments.rows) if arguments.fit else load_weights()
    docs = [build_document(replace(r.row.article, language="en"), "en") for r in track(rows, description="read")]
    for name, tally in score(rows, read_all(docs, weights)).items():
        print(tally.line(name))
    return 0


if __name__ == "__main__":
    sys.exit(main())
