"""An article's text cut at its quotes, so that a template can mark them. Text goes in and text comes out, no markup."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: Marks that turn the direction of what follows, and control characters: they could make a page say what it does not.
#: Halves of characters cannot be sent at all.
_DANGEROUS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
#: Longer texts are cut for the page.
SHOWN = 30_000
BLANK = "○○○"


@dataclass(frozen=True, slots=True)
class Span:
    """A quote of a field at [start, end). `anchor` is the name under which links find it."""

    field: str
    start: int
    end: int
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the text; `fields` names what it is a quote of, none for the text between. `begins`: the anchors of
    the quotes that begin here, for links to them."""

    text: str
    fields: tuple[str, ...]
    begins: tuple[str, ...]


def plain(text: str) -> str:
    """The text without control characters and direction marks; what it says stays."""
    return _DANGEROUS.sub("", text)


def pieces(text: str, spans: Iterable[Span]) -> list[Piece]:
    """The text, in order and whole (up to SHOWN characters), cut wherever a quote begins or ends.

    Spans may overlap; those outside the text are left out.
    """
    text = text[:SHOWN]
    held = [span for span in spans if 0 <= span.start < span.end <= len(text)]
    cuts = sorted({0, len(text), *(span.start for span in held), *(span.end for span in held)})
    out = []
    for start, end in itertools.pairwise(cuts):
        fields = tuple(dict.fromkeys(span.field for span in held if span.start <= start and end <= span.end))
        begins = tuple(dict.fromkeys(span.anchor for span in held if span.start == start and span.anchor))
        out.append(Piece(text[start:end], fields, begins))
    return out


def paragraphs(found: Sequence[Piece]) -> list[list[Piece]]:
    """The pieces line by line; empty lines are dropped."""
    lines: list[list[Piece]] = [[]]
    for piece in found:
        first, *rest = piece.text.split("\n")
        lines[-1].append(Piece(first, piece.fields, piece.begins))
        for line in rest:
            lines.append([Piece(line, piece.fields, ())])
    return [line for line in lines if any(piece.text.strip() for piece in line)]


def without_names(text: str, names: Iterable[str]) -> str:
    """The text with each of the names blanked."""
    for name in sorted(names, key=len, reverse=True):
        if len(name) > 1:
            text = text.replace(name, BLANK)
    return text


def masked(text: str, names: Iterable[str]) -> str:
    """The text with a circle for every letter of the names, so that offsets into it still hold."""
    for name in sorted(names, key=len, reverse=True):
        if len(name) > 1:
            text = text.replace(name, BLANK[0] * len(name))
    return text
