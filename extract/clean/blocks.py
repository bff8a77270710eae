"""A story as a run of blocks: what the extraction hands to the rules that prune it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["paragraph", "heading", "item"]

#: The mark before a list item in plain text.
ITEM = re.compile(r"^\s*(?:[-–—•●▪■◆*·▶]|\d{1,2}[.)])\s+(?=\S)")
_SPACE = re.compile(r"[ \t\r\f\v\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_WIDE = re.compile("[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef]")
#: Zero-width and direction marks: they change what a reader sees or split a word, and say nothing.
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading or list item. `level` of a heading is 1 to 6, None where unknown; `linked` is the share
    of the text that stands in links, 0 to 1."""

    text: str
    kind: Kind = "paragraph"
    level: int | None = None
    linked: float = 0.0


def size(blocks: Iterable[Block]) -> int:
    """The characters of the blocks' texts."""
    return sum(len(block.text) for block in blocks)


def width(text: str) -> int:
    """The columns a text takes: two for a Hangul, kana or Han letter, one for others. Limits of length are set in
    columns, so that they mean as many words in Korean as in English."""
    return len(text) + len(_WIDE.findall(text))


def tidy(text: str) -> str:
    """The text with runs of blanks as one, invisible characters gone, no blank at either end; line breaks stay."""
    lines = (_SPACE.sub(" ", line).strip() for line in _INVISIBLE.sub("", text).splitlines())
    return "\n".join(line for line in lines if line)


def from_lines(lines: Iterable[str]) -> list[Block]:
    """Blocks of plain text, one a line: a line with a list mark is an item, any other a paragraph."""
    return [Block(line, "item" if ITEM.match(line) else "paragraph") for line in lines if line.strip()]
