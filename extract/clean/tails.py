"""Cuts what stands behind and between a story's paragraphs: addresses, copyright, tips, end marks, photo credits."""

from __future__ import annotations

import re
from functools import lru_cache

from .table import read_table

#: How many paragraphs from the end the rules marked "last" look at.
_LAST = 12


@lru_cache(maxsize=1)
def _rules() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    return tuple(
        (row.one_of("action", ("line", "end", "trim")), row.one_of("where", ("last", "any")), row.pattern("pattern"))
        for row in read_table("tails.tsv", ("action", "where", "pattern", "note"))
    )


def cut_tails(paragraphs: list[str]) -> tuple[list[str], list[str]]:
    """(the story's paragraphs, what was cut). A story is never emptied: if every paragraph would go, all stay."""
    kept: list[str] = []
    cut: list[str] = []
    first_last = max(0, len(paragraphs) - _LAST)
    for index, paragraph in enumerate(paragraphs):
        text = paragraph
        for action, where, pattern in _rules():
            if where == "last" and index < first_last:
                continue
            if action == "trim":
                if match := pattern.search(text):
                    cut.append(text[match.start() :].strip())
                    text = text[: match.start()].rstrip()
            elif action == "line" and len(text) <= 260 and pattern.fullmatch(text):
                cut.append(text)
                text = ""
            elif action == "end" and index * 2 >= len(paragraphs) and pattern.match(text):
                return (kept, [*cut, *paragraphs[index:]]) if kept else (paragraphs, [])
            if not text:
                break
        if text:
            kept.append(text)
    return (kept, cut) if kept else (paragraphs, [])
