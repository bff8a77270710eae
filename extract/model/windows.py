"""Long texts as windows of sentences that a classifier reads in one piece, with offsets into the whole text."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

#: A sentence ends at a line break, or at closing punctuation (with what closes after it) before white space.
END = re.compile(r"\n+|(?<=[.!?。…])[\"'”’)\]]*\s+")

Offsets = Sequence[tuple[int, int]]
#: Texts to piece ids and character offsets, without the frame of special pieces.
Encode = Callable[[list[str]], tuple[list[list[int]], list[Offsets]]]


def pieces_of(tokenizer: Any) -> Encode:
    """A Hugging Face tokenizer as `windows` asks it: pieces and offsets without the frame."""

    def run(texts: list[str]) -> tuple[list[list[int]], list[Offsets]]:
        encoded = tokenizer(texts, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
        return encoded["input_ids"], encoded["offset_mapping"]

    return run


@dataclass(frozen=True, slots=True)
class Window:
    """Pieces of the text number `text`, with their offsets into that text; `ordinal` counts all windows in order."""

    text: int
    ids: Sequence[int]
    offsets: Offsets
    ordinal: int = 0


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of the sentences of `text`, white space at the edges left out.

    Only a place to cut: an abbreviation cut from its name costs the classifier some context, no offset.
    """
    at = 0
    for gap in (*END.finditer(text), None):
        end = gap.start() if gap else len(text)
        if gap:
            end += len(gap.group()) - len(gap.group().lstrip("\"'”’)]"))
        if text[at:end].strip():
            yield at, end
        at = gap.end() if gap else end


def windows(texts: Sequence[str], encode: Encode, width: int) -> list[Window]:
    """The sentences of every text, as many as fit in a row, in windows of at most `width` pieces.

    Sentences stand whole where they fit; longer ones are cut, before a word where there is one.
    """
    where = [(number, start, end) for number, text in enumerate(texts) for start, end in sentences(text)]
    ids, offsets = encode([texts[number][start:end] for number, start, end in where]) if where else ([], [])
    out: list[Window] = []
    for (number, start, _), pieces, spans in zip(where, ids, offsets, strict=True):
        moved = [(a + start, b + start) for a, b in spans]
        at = 0
        while at < len(pieces):
            end = min(at + width, len(pieces))
            if end < len(pieces):
                word = end
                while word > at and moved[word][0] == moved[word - 1][1]:
                    word -= 1
                end = word if word > at else end
            out.append(Window(number, pieces[at:end], moved[at:end]))
            at = end
    return _joined(out, width)


def _joined(found: Sequence[Window], width: int) -> list[Window]:
    """Neighbours of one text put together while they fit."""
    out: list[Window] = []
    for window in found:
        if out and out[-1].text == window.text and len(out[-1].ids) + len(window.ids) <= width:
            last = out.pop()
            window = Window(last.text, [*last.ids, *window.ids], [*last.offsets, *window.offsets])
        out.append(replace(window, ordinal=len(out)))
    return out


def pieces_in(offsets: Offsets, start: int, end: int) -> tuple[int, int]:
    """The first piece, and the one after the last, of those that touch `text[start:end]`; equal where none does."""
    first = bisect_right(offsets, start, key=lambda span: span[1])
    return first, max(first, bisect_left(offsets, end, key=lambda span: span[0]))


def batches(found: Sequence[Window], pieces: int, rows: int) -> Iterator[list[Window]]:
    """The windows by length, in batches of at most `rows` rows and about `pieces` pieces when padded."""
    batch: list[Window] = []
    for window in sorted(found, key=lambda w: len(w.ids)):
        if batch and (len(batch) == rows or len(window.ids) * (len(batch) + 1) > pieces):
            yield batch
            batch = []
        batch.append(window)
    if batch:
        yield batch
