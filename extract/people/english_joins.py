"""What the words beside an English mention add to it: an apposition, a pronoun, the gender of a given name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from extract.people.english_names import gender_of
from extract.people.records import PersonMention

_PRONOUN = re.compile(r"\b(?:he|his|him|she|her|hers)\b", re.IGNORECASE)
_PRONOUN_REACH = 120


def appositions(found: list[PersonMention], text: str) -> Iterator[PersonMention]:
    """One mention of a name and the words beside it: "Ann Poe, a 26-year-old nurse", "his wife, Ann Poe, 40"."""
    at = 0
    while at < len(found):
        mention = found[at]
        if at + 1 < len(found) and _is_apposition(mention, found[at + 1], text):
            mention = _joined(mention, found[at + 1], text)
            at += 1
        yield mention
        at += 1


def _is_apposition(one: PersonMention, other: PersonMention, text: str) -> bool:
    if one.count != 1 or other.count != 1 or (one.gender and other.gender and one.gender != other.gender):
        return False
    if (one.name is None) == (other.name is None) or (one.age and other.age and one.age != other.age):
        return False
    gap = text[one.end : other.start]
    if one.name is not None:
        return bool(re.fullmatch(r",\s", gap)) and bool(re.match(r"(?:an?|the|his|her|their)\s", other.text))
    if gap == " ":
        return True
    return gap == ", " and bool(re.match(r"\s?(?:[,.;:]|was|is|has|had|who|\d)|$", text[other.end : other.end + 8]))


def _joined(one: PersonMention, other: PersonMention, text: str) -> PersonMention:
    noun = one if one.name is None else other
    return replace(
        noun,
        start=one.start,
        end=other.end,
        text=text[one.start : other.end],
        name=one.name or other.name,
        age=one.age or other.age,
        gender=one.gender or other.gender,
        nationality=one.nationality or other.nationality,
        nationality_span=one.nationality_span or other.nationality_span,
    )


def with_name(mention: PersonMention) -> PersonMention:
    """The mention with the gender that its given name tells, where nothing nearer does."""
    if mention.gender is not None or mention.name is None or mention.count != 1:
        return mention
    return replace(mention, gender=gender_of(mention.name))


def with_pronouns(everyone: list[PersonMention], text: str) -> list[PersonMention]:
    """Each with the gender of the first pronoun after it, where nothing told it and nobody else stands between."""
    found = []
    for at, mention in enumerate(everyone):
        if mention.gender is None and mention.count == 1 and not mention.is_official and mention.role_hint != "group":
            stop = everyone[at + 1].start if at + 1 < len(everyone) else len(text)
            pronoun = _PRONOUN.search(text, mention.end, min(stop, mention.end + _PRONOUN_REACH))
            if pronoun is not None:
                feminine = pronoun.group().lower() in ("she", "her", "hers")
                mention = replace(mention, gender="female" if feminine else "male")
        found.append(mention)
    return found
