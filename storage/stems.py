"""English stems for the search index: endings of number, tense and participle only (Porter 1980, step 1).

Derivation (kidnapper, detention) is left alone: a searcher who types "kidnap" wants kidnapped and kidnapping.
"""

from __future__ import annotations

import re
from functools import lru_cache

_VOWEL = re.compile(r"[aeiouy]")
_DOUBLE = re.compile(r"([^aeioulsz])\1$")


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """`word` (lower case) without its inflection; anything but a word of plain letters stays as it is."""
    word = word.removesuffix("'s").replace("'", "")
    if len(word) <= 3 or not word.isascii() or not word.isalpha():
        return word
    if word.endswith("sses"):
        word = word[:-2]
    elif word.endswith(("ies", "ied")):
        return word[:-1] if len(word) == 4 else word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ed", "ing"):
        if word.endswith(ending) and not word.endswith("eed") and _VOWEL.search(word[: -len(ending)]):
            word = _repair(word[: -len(ending)])
            break
    if word.endswith("y") and len(word) > 3 and not _VOWEL.match(word[-2]):
        word = word[:-1] + "i"
    # A silent e goes too, so that rob-robbed, rape-raped and seize-seizing meet without a dictionary.
    return word[:-1] if word.endswith("e") and len(word) > 3 else word


def _repair(word: str) -> str:
    if _DOUBLE.search(word):
        return word[:-1]
    return word
