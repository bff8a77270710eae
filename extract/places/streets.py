"""Streets, crossings and roads of English news: "the 1300 block of Larch Street", "Oak and Third avenues", "Interstate 80".

They are no towns, though their names often are: the gazetteer is not asked about a word inside one.
"""

from __future__ import annotations

import re
from functools import lru_cache

_FULL = (
    "Street|Avenue|Road|Drive|Boulevard|Lane|Parkway|Terrace|Highway|Freeway|Expressway|Turnpike|Crescent|Alley|Mews|"
    "Causeway|Bypass"
)
_KIND = rf"(?:(?:{_FULL})\b|(?:Ave|Rd|Blvd|Pkwy|Hwy)\b\.?)"
#: Only behind a number: without one they end other names too ("High Court", "Market Place").
_KIND_NUMBERED = (
    rf"(?:(?:{_FULL}|Court|Place|Square|Loop|Row|Pike|Circle|Run|Path|Point|Way|Close|Trail)\b|"
    r"(?:Ave|Rd|Blvd|Pkwy|Hwy|St|Dr|Ln|Ct|Pl)\b\.?)"
)
_PLURAL = "(?i:streets|avenues|roads|drives|boulevards|lanes)"
_SIDE = r"(?:North|South|East|West|Northeast|Northwest|Southeast|Southwest|[NSEW]|NE|NW|SE|SW)\.?"
_NAME = rf"(?:{_SIDE} )?(?:(?!(?:The|In|On|At|Police|And)\b)[A-Z][\w’'-]*|\d+(?:st|nd|rd|th))(?: (?!(?:and|And)\b)(?:[A-Z][\w’'-]*|of the [A-Z]\w+)){{0,3}}?"
_TAIL = rf"(?: {_SIDE}(?![\w’']))?"
_ONE = rf"{_NAME} {_KIND}{_TAIL}"
_BLOCK = rf"\d[\d,]*(?:-\d+)?(?: |-)block of (?:{_NAME} {_KIND_NUMBERED}{_TAIL}|{_NAME})"
_HOUSE = rf"(?<![\d$£€,.])\d{{1,5}} {_NAME} {_KIND_NUMBERED}{_TAIL}"
_CROSSING = rf"(?:{_ONE}|{_NAME}) (?:and|&) {_ONE}|{_NAME} and {_NAME} {_PLURAL}|(?<=intersection of ){_NAME} and {_NAME}(?=[,.]| in\b)"
_ROAD = (
    r"(?:Interstate|I)[ -]\d{1,3}(?: (?:North|South|East|West)\b)?|(?:US|U\.S\.|State|County) (?:Highway|Route|Road) \d{1,4}|"
    r"(?:Highway|Route|Hwy\.?) \d{1,4}"
)
_STREET = re.compile(rf"(?<![\w’'])(?:{_CROSSING}|{_BLOCK}|{_HOUSE}|{_ONE}|{_ROAD})(?![\w])")
_CUE = re.compile(
    r"\b(in|on|at|near|off|along|outside|onto|to|from|of) (?:the )?(?:(?:corner|intersection|junction) of )?$",
    re.IGNORECASE,
)
#: Streets whose name stands for who sits there.
_BODIES = frozenset(("Wall Street", "Downing Street", "Fleet Street", "Sesame Street", "Silk Road"))  # fmt: skip


@lru_cache(maxsize=4)  # places, spots and counts of one article ask in turn
def find_streets(text: str) -> tuple[tuple[int, int, str], ...]:
    """[start, end) of every street, crossing and road with the preposition before it, in text order."""
    found = []
    for match in _STREET.finditer(text):
        if match.group() in _BODIES:
            continue
        cue = _CUE.search(text, max(0, match.start() - 40), match.start())
        found.append((match.start(), match.end(), cue.group(1).lower() if cue else ""))
    return tuple(found)
