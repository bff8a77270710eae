"""The whole phrase that says where: "인천시 부평구의 한 오피스텔 현관 앞", "the Empire Hotel in Queenstown".

A gazetteer name ends at the district or the town; the printed phrase goes on to the building. The phrase is kept as
the place's text, the resolved name stays what the gazetteer knows.
"""

from __future__ import annotations

import re

from extract.dates.english_patterns import CALENDAR_NAME
from extract.document import Document

#: Korean tags a place phrase runs through after its name: nouns, numbers, Latin, "한", the genitive, prefixes, suffixes.
_THROUGH = ("NN", "SL", "SN", "SH", "XSN", "XPN", "MM", "JKG", "NR")
_THROUGH_MARKS = {"·", "∼", "~", "-", "(", ")"}
_LAST = ("NN", "SL", "SH", "XSN", "SN")
#: The phrase stops after this many tokens: longer runs are lists.
_LONGEST = 14

_CAPITAL = rf"(?!{CALENDAR_NAME})[A-Z]"
_LEFT_EN = re.compile(
    rf"(?<![\w’'])(?:(?:the |an? )?(?:{_CAPITAL}[\w’'.&-]*|of|the|island|coast|outskirts|city|town|village|district|suburb|area)"
    rf"(?: (?:{_CAPITAL}[\w’'.&-]*|of|the|and|island|coast|outskirts|city|town|village|district|suburb|area|hotel|beach|station|school))*"
    r"(?:,)? (?:in|of|at|near|on|off|outside|from) (?:the )?(?:city of |town of |village of |state of )?)$"
)
_LEFT_COAST = re.compile(r"(?:off (?:the )?(?:[a-z]+ern )?coast of (?:the )?)$")
_RIGHT_EN = re.compile(
    rf"^(?:[’']s)?(?: (?:{_CAPITAL}[\w’'.-]+))*(?: (?:province|district|county|city|village|town|state|region|area|island|highway|airport|station|hotel|school|university|beach|park|bridge|prison|hospital|market|mosque|church))?"
)
_STARTERS = re.compile(r"^(?:The|A|An|In|On|At|Police|Mr|Mrs|Ms|Dr|He|She|They|It|Last|This|When|After|But|And)\b")


def place_phrase(doc: Document, start: int, end: int) -> tuple[int, int]:
    """The span of the phrase round the place name `text[start:end]`, within its sentence; at least the name itself."""
    return _korean(doc, start, end) if doc.language == "ko" else _english(doc, start, end)


def _korean(doc: Document, start: int, end: int) -> tuple[int, int]:
    last, seen = end, 0
    for token in doc.sentences[doc.sentence_at(start)].tokens:
        if token.start < end:
            continue
        seen += 1
        if seen > _LONGEST or not (token.tag.startswith(_THROUGH) or token.form in _THROUGH_MARKS):
            break
        if token.tag.startswith(_LAST) and token.tag != "SN":
            last = token.end
    return start, last


def _english(doc: Document, start: int, end: int) -> tuple[int, int]:
    sentence = doc.sentences[doc.sentence_at(start)]
    before = doc.text[max(sentence.start, start - 60) : start]
    coast = _LEFT_COAST.search(before)
    left = coast or _LEFT_EN.search(before)
    if left and (coast or not _STARTERS.match(left.group())):
        start -= len(left.group())
    right = _RIGHT_EN.match(doc.text[end : min(sentence.end, end + 40)])
    return start, end + (right.end() if right else 0)
