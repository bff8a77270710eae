"""A cheap look at an article before the costly steps: may it hold an incident at all?

A list of stems in data, no analysis. Its recall on the annotated articles is a test; what it lets through is judged
by the learned gate (`extract.scorers.gate`).
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files


class GateListError(ValueError):
    """A line of a gate list is no regular expression; the message names file and line."""


#: An article with fewer distinct stems than this is not read further. One stem is often an aside.
LEAST = {"ko": 2, "en": 2}


@cache
def _pattern(language: str) -> re.Pattern[str]:
    name = f"gate_{language}.txt"
    stems: list[str] = []
    for number, line in enumerate((files("extract") / "lexicon" / name).read_text("utf-8").splitlines(), 1):
        stem = line.strip()
        if not stem or stem.startswith("#"):
            continue
        try:
            re.compile(stem)
        except re.error as error:
            raise GateListError(f"{name}:{number}: {stem!r} is no regular expression: {error}") from error
        stems.append(stem)
    border = "" if language == "ko" else r"\b"
    return re.compile(border + "(?:" + "|".join(dict.fromkeys(stems)) + ")", re.IGNORECASE)


def may_hold_incident(title: str, text: str, language: str) -> bool:
    """Whether at least `LEAST` different stems of the language's list stand in the title and the text.

    A stem in the title is enough by itself. `language` is one the reader reads ("ko", "en").
    """
    pattern = _pattern(language)
    if pattern.search(title):
        return True
    seen: set[str] = set()
    for match in pattern.finditer(text):
        seen.add(match.group().lower())
        if len(seen) >= LEAST[language]:
            return True
    return False
