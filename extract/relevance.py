"""Two cheap looks at an article before the costly steps: may it hold an incident at all?

First a list of stems in data, then (in Korean) a learned score of how its words begin; neither analyses anything. The
recall of the list on the annotated articles is a test; what both let through is judged by the learned gate
(`extract.scorers.gate`).
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from extract.scorers.linear import Features, Weights


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


#: Languages with a second look. English words at their beginnings tell too little (area under the curve .92; Korean .96).
LOOKED_TWICE = ("ko",)
_WORD = re.compile(r"[가-힣]{2,}")


def opening_features(title: str, text: str) -> Features:
    """The first two and three syllables of every Korean word, of the title apart: most particles and endings stay out."""
    features: Features = {}
    for where, part in (("title", title), ("text", text)):
        for word in set(_WORD.findall(part)):
            features[f"{where} {word[:2]}"] = 1.0
            if len(word) > 2:
                features[f"{where} {word[:3]}"] = 1.0
    return features


def worth_reading(title: str, text: str, language: str, weights: Weights) -> bool:
    """Whether scorer `openings` leaves an article to the analysis. Out of fold it keeps all but one in 200 that tell of an incident."""
    name = f"openings.{language}"
    if language not in LOOKED_TWICE or name not in weights.models:
        return True
    return weights.models[name].probability(opening_features(title, text)) >= weights.thresholds[name]
