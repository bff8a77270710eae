"""Cues of metaphor, sport, fiction, drills, statistics and policy."""

from __future__ import annotations

import re
from functools import cache

from extract.analyse import Analysis
from extract.lexicon.discards import DiscardCue, discard_cues
from extract.triggers.records import Discard


@cache
def _pattern(language: str) -> tuple[re.Pattern[str], dict[str, DiscardCue]]:
    cues = {cue.words.lower(): cue for cue in discard_cues(language)}
    longest_first = sorted(cues, key=len, reverse=True)
    words = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in longest_first)
    border = r"(?!\w)" if language == "en" else ""
    return re.compile(rf"(?<!\w)(?:{words}){border}", re.IGNORECASE), cues


def find_discards(analysis: Analysis, text: str) -> list[Discard]:
    """The cues that the analysed sentences hold, in order; see `Discard` for what they speak for."""
    pattern, cues = _pattern(analysis.language)
    found = []
    for number, sentence in enumerate(analysis.sentences):
        for match in pattern.finditer(text, sentence.start, sentence.end):
            cue = cues[re.sub(r"\s+", " ", match.group().lower())]
            found.append(Discard(match.start(), match.end(), match.group(), cue.scope, cue.reason, number))
    return found
