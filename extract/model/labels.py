"""A classifier's own label names, read as ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from extract.entities import LABELS
from extract.model.errors import ModelError

NAMES = Path(__file__).with_name("label_names.tsv")

#: Markers of other schemes as BIO: the end of a span goes on, a span of one piece begins.
SCHEMES = {"B": "B", "I": "I", "E": "I", "L": "I", "S": "B", "U": "B"}


@cache
def known_names(path: Path = NAMES) -> Mapping[str, str]:
    """Their upper-cased names to ours. Raises ModelError, with file and line, on a name of ours that does not exist."""
    names: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        theirs, _, ours = line.partition("\t")
        if ours not in LABELS:
            raise ModelError(path.name, f"line {number}: '{ours}' is none of {', '.join(LABELS)}")
        names[theirs] = ours
    return names


def as_bio(label: str) -> str:
    """A label in BIO form: "PER-B" and "S-PER" are "B-PER", "E-PER" is "I-PER", "PER" alone is "I-PER", "O" stays."""
    if label.upper() in ("O", "", "[PAD]", "<PAD>"):
        return "O"
    for sign in "-_":
        first, found, rest = label.partition(sign)
        if found and first.upper() in SCHEMES and rest:
            return f"{SCHEMES[first.upper()]}-{rest}"
        rest, found, last = label.rpartition(sign)
        if found and last.upper() in SCHEMES and rest:
            return f"{SCHEMES[last.upper()]}-{rest}"
    return f"I-{label}"


def our_names(name: str, labels: Sequence[str], chosen: Mapping[str, str] | None = None) -> dict[str, str]:
    """Tag of the model (without B-/I-) to our label, for those that have one.

    `chosen` is the user's label map and goes before the built-in names. Raises ModelError where a name in it is none of
    ours, or where nothing the model finds has a name of ours.
    """
    for theirs, ours in (chosen or {}).items():
        if ours not in LABELS:
            raise ModelError(name, f"the label map sends '{theirs}' to '{ours}', which is none of {', '.join(LABELS)}")
    out: dict[str, str] = {}
    for label in labels:
        tag = as_bio(label)[2:]
        renamed = (chosen or {}).get(tag) or known_names().get(tag.upper())
        if tag and renamed:
            out[tag] = renamed
    if not out:
        raise ModelError(name, f"none of its labels ({', '.join(labels[:12])}) has a name of ours; give a label map")
    return out
