"""English names: runs of capitalised words that name a person, and the surnames that stand for them later."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from extract.analyse import Sentence, Token
from extract.lexicon.first_names import first_names
from extract.lexicon.nationalities import nationalities
from extract.lexicon.person_nouns import person_nouns, word_list
from extract.people.numbers import ENGLISH_WORDS
from extract.people.records import PersonMention

TITLES = {
    "mr": "male", "mrs": "female", "ms": "female", "miss": "female", "sir": "male", "lady": "female", "lord": "male",
    "dr": None, "prof": None, "professor": None,
}  # fmt: skip
#: Small words inside a name (Abu bin Ladin, Ludwig van Beethoven).
_PARTICLES = frozenset(
    ("al", "ul", "bin", "bint", "ibn", "abu", "de", "da", "del", "della", "di", "dos", "du", "la", "van", "von", "el")
)  # fmt: skip
_HYPHENS = "-‐‑"
#: Before a run of capitals: it names a place or a thing rather than a person that no list knows.
_PLACE_BEFORE = frozenset(
    ("in", "at", "near", "the", "a", "an", "into", "to", "via", "off", "towards", "outside", "across")
)
_SAYS = frozenset((
    "who", "said", "says", "told", "tells", "added", "claimed", "denied", "admitted", "pleaded", "appeared", "died",
    "fell", "disappeared", "vanished", "went", "survived", "suffered", "managed", "travelled", "arrived", "left",
    "faces", "faced", "allegedly", "reportedly", "also", "later", "had", "has", "was", "is", "were",
))  # fmt: skip
_CLOSED = frozenset(("DET", "ADP", "PRON", "AUX", "CONJ", "ADV"))
_LONGEST = 5
#: A sentence with this share of capitals is a headline in title case, where capitals tell nothing.
_HEADLINE = 0.7


@cache
def _no_names() -> frozenset[str]:
    known = nationalities().values()
    countries = {word.lower() for one in known for name in one.en_names for word in name.split()}
    peoples = {
        word.lower() for one in known for word in (*one.adjectives, *one.nouns, *(noun + "s" for noun in one.nouns))
    }
    return (
        word_list("not_names_en.txt")
        | word_list("institutions_en.txt")
        | countries
        | frozenset(ENGLISH_WORDS)
        | peoples - {"jordan", "chad"}
    )


def gender_of(name: str | None) -> str | None:
    """The gender that a full name's given name tells: its first word, else what follows a leading surname."""
    if name is None:
        return None
    words = name.split()
    known = first_names()
    for word in (words[0], " ".join(words[1:]).replace(" ", "-"), words[-1] if len(words) > 2 else ""):
        if known.get(word):
            return known[word]
    head = words[0].partition("-")[0]
    return known.get(head) if len(head) > 2 else None


def full_names(text: str, sentence: Sentence) -> Iterator[PersonMention]:
    """Runs of two to five capitalised words that name a person, with title and the gender that the name tells."""
    tokens = sentence.tokens
    capitals = [at for at, token in enumerate(tokens) if token.form[0].isupper()]
    headline = len(capitals) > 4 and len(capitals) > _HEADLINE * sum(token.form[0].isalpha() for token in tokens)
    accepted = last = -1
    for at in capitals:
        if at <= last:
            continue
        last = _run(text, tokens, at)
        if last == at and tokens[at].form.lower() not in TITLES:
            continue
        found = _name(text, tokens, at, last, headline, accepted)
        if found is not None:
            accepted = last
            yield found


def _run(text: str, tokens: Sequence[Token], at: int) -> int:
    """The last token of the run of capitalised words that begins at `at`."""
    last = at
    while last + 1 < len(tokens):
        following = tokens[last + 1]
        glued = following.start == tokens[last].end
        after = tokens[last + 2] if last + 2 < len(tokens) else None
        if following.form[0].isupper() and (not glued or tokens[last].form in _HYPHENS):
            last += 1
        elif following.form in _HYPHENS and glued and after is not None and after.start == following.end:
            if not after.form[0].isalpha() or (after.form.islower() and after.form in ("year", "old", "based", "born")):
                break
            last += 2
        elif following.form == "." and glued and len(tokens[last].form) == 1 and after is not None:
            last += 1
        elif following.form in _PARTICLES and after is not None and after.form[0].isupper() and not glued:
            last += 2
        else:
            break
        if "\n" in text[tokens[last - 1].end : tokens[last].start]:
            return last - 1
    return last


def _name(
    text: str, tokens: Sequence[Token], first: int, last: int, headline: bool, accepted: int
) -> PersonMention | None:
    title = None
    while first < last and tokens[first].tag in _CLOSED:
        first += 1  # an opening "Then", "While", "On"
    begin = tokens[first].start
    while first < last and (tokens[first].form.lower() in TITLES or _is_role(tokens[first])):
        title = tokens[first].form.lower() if tokens[first].form.lower() in TITLES else title or "role"
        first += 2 if tokens[first + 1].form == "." and first + 2 <= last else 1
    if title not in TITLES:
        begin = tokens[first].start
    words = [token for token in tokens[first : last + 1] if token.form[0].isalpha()]
    name = text[tokens[first].start : tokens[last].end]
    size = len(name.split())
    if not words or size > _LONGEST or len(words[0].form) < 2 or not words[0].form[0].isupper():
        return None
    if any(token.form[0].isupper() and token.form.lower() in _no_names() for token in words) or (
        words[-1].form.isupper() and len(words) > 1
    ):
        return None
    if title is None or (title == "role" and size < 2):
        if size < 2:
            return None
        known = words[0].form in first_names() or (gender_of(name) is not None and size < 4)
        if not known and (headline or not _like_a_person(tokens, first, last, accepted)):
            return None
        if headline and size > 3:
            return None
    gender = TITLES.get(title or "") or gender_of(name)
    return PersonMention(begin, tokens[last].end, text[begin : tokens[last].end], name=name, gender=gender, count=1)


def is_name(words: str) -> bool:
    """Whether no word of a run of capitals speaks against a person's name."""
    return not any(word.lower() in _no_names() for word in words.split())


def _is_role(token: Token) -> bool:
    return token.form.lower() in person_nouns("en") or token.form.lower() in ("ex", "former", "president", "inspector")


def _like_a_person(tokens: Sequence[Token], first: int, last: int, accepted: int) -> bool:
    """Whether the words around a run of capitals are those of a person: who, said, was; a list of people."""
    before = tokens[first - 1] if first else None
    after = tokens[last + 1] if last + 1 < len(tokens) else None
    if before is not None and (before.form.lower() in _PLACE_BEFORE or before.tag == "DET"):
        return False
    if (
        before is not None
        and before.tag != "PROPN"
        and (before.lemma in person_nouns("en") or before.form == "surnamed")
    ):
        return True
    listed = before is not None and (before.form in ",;" or before.form == "and") and accepted >= 0
    if listed and first - accepted <= 5:
        return True
    if after is None:
        return False
    following = tokens[last + 2] if last + 2 < len(tokens) else None
    if after.form == "," and following is not None:
        return following.form in ("a", "an", "the", "who", "whose", "aged", "also") or following.tag == "NUM"
    return after.form.lower() in _SAYS


def later_names(sentence: Sentence, known: dict[str, str | None]) -> Iterator[PersonMention]:
    """Single words that are part of a name the text has given in full, with the gender known of it."""
    for token in sentence.tokens:
        if token.form in known:
            yield PersonMention(token.start, token.end, token.form, name=token.form, gender=known[token.form], count=1)


def parts_of(names: Sequence[tuple[str, str | None]]) -> dict[str, str | None]:
    """Surname, or given name with a hyphen, to the gender known of its bearer; None where bearers differ."""
    parts: dict[str, str | None] = {}
    for name, gender in names:
        words = [word for word in re.split(r"\s+", name) if len(word) > 2 and word.lower() not in _PARTICLES]
        for word in sorted({words[-1], words[0]}) if words else ():
            if word.lower() in _no_names():
                continue
            if word in parts and parts[word] != gender:
                gender_known = parts[word] if gender is None else gender if parts[word] is None else None
                parts[word] = gender_known
            else:
                parts[word] = gender
    return parts
