"""Blocking keys: two reports of one event share at least one, two reports of different events rarely do.

Every key is narrow on purpose (a name, a day and place, a foreigner's nationality and country, a rare word pair), so
that a lookup costs the same in a table of a thousand incidents and of a million.
"""

from __future__ import annotations

import hashlib
from datetime import date

from extract.resolve.signature import Signature

#: Word hashes of the event's sentences, paired in order, that become keys.
TEXT_KEYS = 8


def block_keys(signature: Signature) -> tuple[int, ...]:
    """The keys of a report, each a signed 64-bit number, without repeats."""
    names: list[str] = [f"name {name}" for name in (*signature.names, *signature.suspect_names)]
    names += [f"money {amount}" for amount in signature.amounts]
    country = signature.country or "?"
    for group in signature.groups:
        head = f"{group} {country}"
        if signature.place:
            month = _month(signature)
            names += [f"place {head} {part} {m}" for part in signature.place.split(", ")[:1] for m in month]
        if signature.date_exact:
            names.append(f"day {head} {signature.date_from}")
        for nationality in signature.nationalities:
            if nationality != signature.country:
                names.append(f"foreign {group} {nationality} {country}")
        for age in signature.ages:
            names += [f"age {head} {age} {m}" for m in _month(signature)]
        for count in (signature.killed, signature.held, signature.missing):
            if count and count[0] >= 3:
                names.append(f"count {head} {count[0]}")
    for amount in (signature.suspects, signature.victims):
        if amount and amount >= 5:
            names.append(f"people {country} {amount}")
    # Neighbours in hash order are a fixed random pairing of the words: a shared pair means two shared words.
    words = signature.words
    names += [f"words {words[i]} {words[i + 1]}" for i in range(0, min(len(words) - 1, 2 * TEXT_KEYS), 1)]
    title = signature.title
    names += [f"title {title[i]} {title[i + 1]}" for i in range(min(len(title) - 1, 6))]
    return tuple(dict.fromkeys(_key(name) for name in names))


def _month(signature: Signature) -> tuple[str, ...]:
    """The months the event may lie in: stated, else the month of publication and the one before."""
    if (
        signature.date_from is not None
        and signature.date_to is not None
        and signature.date_to - signature.date_from <= 31
    ):
        return (date.fromordinal(signature.date_from).strftime("%Y-%m"),)
    if signature.published is None:
        return ("?",)
    day = date.fromordinal(signature.published)
    return tuple(dict.fromkeys((day.strftime("%Y-%m"), date.fromordinal(signature.published - 28).strftime("%Y-%m"))))


def _key(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)
