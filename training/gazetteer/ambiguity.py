"""Counts, over annotated text, which place names are also common words or parts of people's names.

Only the flag of a key that is already in the gazetteer is kept; no sentence and no other word leaves this module.
"""

from __future__ import annotations

import json
import lzma
from collections import Counter
from pathlib import Path

from kiwipiepy import Kiwi

from training.gazetteer.build import Table
from training.gazetteer.sources import fold

#: Flag bits of a Latin key.
COMMON_WORD, PERSON_NAME = 1, 2
#: Flag bit of a Hangul key: the spelling is an ordinary Korean word or name.
KOREAN_WORD = 1


def flag(table: Table, ner: Path | None) -> None:
    """Set the flags of `table` in place. Without `ner` only the Korean dictionary is asked."""
    if ner:
        words, people, places = _english_counts(ner)
        for key in table.latin:
            bits = 0
            if words[key] and words[key] * 4 >= places[key]:
                bits |= COMMON_WORD
            if people[key] > places[key]:
                bits |= PERSON_NAME
            if bits:
                table.latin_flags[key] = bits
    names = _korean_person_names(ner) if ner else set()
    kiwi = Kiwi()
    for name in table.hangul:
        best = min(table.hangul[name].values())
        tokens = kiwi.tokenize(name)
        common = len(tokens) == 1 and tokens[0].tag in ("NNG", "NNB", "MAG", "VV", "VA", "XR", "NP", "NR", "MM", "IC")
        split = best >= 2 and len(name) <= 2
        if common or split or name in names:
            table.hangul_flags[name] = KOREAN_WORD


def _english_counts(ner: Path) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Counts of folded tokens: in lower case, inside a person's name, inside a location."""
    words: Counter[str] = Counter()
    people: Counter[str] = Counter()
    places: Counter[str] = Counter()
    with lzma.open(ner / "worldwide_newswire_en.tsv.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            token, _, tag = line.rstrip("\n").partition("\t")
            if not token or token.startswith("#"):
                continue
            if token[0].islower():
                words[fold(token)] += 1
            elif tag.endswith("Person"):
                people[fold(token)] += 1
            elif tag.endswith("Location"):
                places[fold(token)] += 1
    return words, people, places


def _korean_person_names(ner: Path) -> set[str]:
    names = set()
    with lzma.open(ner / "konne_ko_4000.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            names.update(row["text"][a:b] for a, b, tag in row["label"] if tag == "PS_NAME")
    return names
