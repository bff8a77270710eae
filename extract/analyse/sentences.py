"""Where sentences begin and end. No model: cheap enough for every article, so a gate can look before kiwi does."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

Span = tuple[int, int]

_CLOSERS = "\"'”’)\\]」』》〉>"
_KOREAN_END = re.compile(rf"[.!?…。]+[{_CLOSERS}]*(?=\s)")
_ENGLISH_END = re.compile(rf"[.!?…]+[{_CLOSERS}]*(?=\s)")
_LAST_WORD = re.compile(r"[^\s(\[“\"‘']+$")
_STARTS_SENTENCE = re.compile(r"\s*[\"'“‘(\[]*[A-Z0-9À-Þ$£€]")
_NUMBERING = re.compile(r"\s*\(?\d{1,2}$")
_INITIAL = re.compile(r"(?:^|[\s.])[A-Z]$")
#: Abbreviations that stand at the end of a sentence too, unlike titles before a name.
_MAY_END = frozenset(("no", "co", "inc", "ltd", "corp", "bros", "rd", "ave", "blvd", "st", "al", "jr", "sr"))
#: After "U.S." and its like a capital may open a sentence or go on with a name; these words only open.
_OPENERS = re.compile(
    r"\s*[\"“]?(?:The|A|An|He|She|It|They|We|In|On|At|But|And|This|That|There|His|Her|Their|Its|Police|Officials)\b"
)


@cache
def abbreviations() -> frozenset[str]:
    """English abbreviations, lower case, that a full stop does not end a sentence after."""
    lines = (resources.files("extract.lexicon") / "abbreviations_en.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines for word in line.split("#")[0].split())


def split_sentences(text: str, language: str) -> list[Span]:
    """The (start, end) spans of the sentences of `text`, trimmed; a line break always ends one."""
    ends = _english_end if language == "en" else _korean_end
    pattern = _ENGLISH_END if language == "en" else _KOREAN_END
    spans: list[Span] = []
    at = 0
    for line in text.splitlines(keepends=True):
        start = at
        for mark in pattern.finditer(text, at, at + len(line)):
            if ends(text, start, mark.start(), mark.end()):
                _keep(spans, text, start, mark.end())
                start = mark.end()
        _keep(spans, text, start, at + len(line))
        at += len(line)
    return spans


def _keep(spans: list[Span], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    left = start + len(piece) - len(piece.lstrip())
    right = end - (len(piece) - len(piece.rstrip()))
    if left < right:
        spans.append((left, right))


def _korean_end(text: str, start: int, mark: int, after: int) -> bool:
    before = text[start:mark]
    return not (_NUMBERING.fullmatch(before) or (text[mark] == "." and _INITIAL.search(before)))


def _english_end(text: str, start: int, mark: int, after: int) -> bool:
    if text[mark] != "." or text[mark : mark + 2] == "..":
        return True
    before = text[start:mark]
    if _NUMBERING.fullmatch(before):
        return False
    # The character class leaves out the space, so at most one line is looked at.
    rest = text[after : after + 40]
    if not _STARTS_SENTENCE.match(rest):
        return not rest.strip() or text[mark + 1 : after] != ""
    word = _LAST_WORD.search(before[-24:])
    last = word.group() if word else ""
    if "." in last or _INITIAL.search(before[-3:]):
        return bool(_OPENERS.match(rest)) and len(last) > 1
    return last.lower() not in abbreviations() or (last.lower() in _MAY_END and bool(_OPENERS.match(rest)))
