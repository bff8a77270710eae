"""Nationalities in English: demonyms and country names, told apart by the noun phrase they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from extract.analyse import Analysis, Token, analyse
from extract.lexicon.nationalities import nationalities
from extract.lexicon.person_nouns import person_nouns, word_list
from extract.nationality.records import Kind, NationalityMention

_HOLDERS = frozenset(("national", "citizen", "subject", "passport"))
_CLOSERS = frozenset(("ADP", "AUX", "PRON", "CONJ", "POS"))
_REACH = 6
#: With these in the noun phrase its people act for a state; after others a person noun counts (university student).
_STATE = frozenset(
    [
        "police",
        "embassy",
        "government",
        "consulate",
        "ministry",
        "court",
        "authorities",
        "authority",
        "immigration",
        "customs",
        "foreign",
        "prime",
        "defence",
        "defense",
        "intelligence",
        "parliament",
        "war",
        "invasion",
        "committee",
        "fund",
        "agency",
        "security",
        "team",
        "station",
        "coast",
        "coastguard",
    ]
)
#: A name that is part of a longer one which is no country's people.
_LONGER = re.compile(
    r"(?:(?:African|Latin|Native|Central|North|South|Asian)[\s-])American\b|American Indian|West Indian|Indian Ocean|"
    r"South China Sea|East China Sea|British Columbia|New England|New South Wales|New Mexic\w+|"
    r"Korean Peninsula|Persian Gulf|"
    r"English Channel|Gulf of Thailand|Sea of Japan|Irish Sea|Guinea pig|Papua New Guinea(?=\b)(?!n)",
)
_NUMBER_WORDS = frozenset(
    [
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "several",
        "many",
        "some",
    ]
)
_BORN = re.compile(r"[-\s]born\b")
_DESCENT = re.compile(r"\s(?:origin|descent|heritage|ancestry|extraction|roots)\b")

#: After an adjective that names a language: "Chinese-speaking", "Korean language teacher"; and "English teachers", who teach
#: it wherever they are from (a French teacher may be a teacher from France).
_LANGUAGE = re.compile(r"[-\s](?:language|speaking|speakers?)\b")
_ENGLISH_TAUGHT = re.compile(
    r"(?:\sand\s[a-z]+)?\s(?:teach\w+|tutor\w*|instructors?|lecturers?|learners?|trainers?|departments?)\b"
)


@cache
def _words() -> tuple[dict[str, str], dict[str, str], dict[str, str], frozenset[str]]:
    names: dict[str, str] = {}
    adjectives: dict[str, str] = {}
    nouns: dict[str, str] = {}
    unsure: set[str] = set()
    for nationality in nationalities().values():
        unsure |= {word for word in nationality.unsure if word.isascii()}
        names |= dict.fromkeys(nationality.en_names, nationality.iso)
        adjectives |= dict.fromkeys(nationality.adjectives, nationality.iso)
        for noun in nationality.nouns:
            nouns[noun] = nationality.iso
            if not noun.endswith(("men", "women", "man", "woman")):
                nouns[noun + "s"] = nationality.iso
    return names, adjectives, nouns, frozenset(unsure)


@cache
def _pattern() -> re.Pattern[str]:
    names, adjectives, nouns, _ = _words()
    known = sorted({*names, *adjectives, *nouns}, key=len, reverse=True)
    words = "|".join(re.escape(word).replace(r"\ ", r"\s") for word in known)
    return re.compile(rf"(?<![\w.])(?=[A-Z])(?:(?P<longer>{_LONGER.pattern})|(?P<word>{words})(?!\w))")


def english_mentions(text: str, analysis: Analysis | None) -> Iterator[NationalityMention]:
    """The mentions of `text`, with an analysis of its own where none is given."""
    for sentence in (analysis or analyse(text, "en")).sentences:
        yield from _in_sentence(text, list(sentence.tokens), sentence.start, sentence.end)


def _in_sentence(text: str, tokens: list[Token], begin: int, stop: int) -> Iterator[NationalityMention]:
    names, adjectives, nouns, unsure = _words()
    position = {token.start: number for number, token in enumerate(tokens)}
    ends = {token.end: number for number, token in enumerate(tokens)}
    for match in _pattern().finditer(text, begin, stop):
        word = re.sub(r"\s", " ", match["word"] or "")
        if not word:
            if match["longer"].startswith("Papua"):
                yield NationalityMention(match.start(), match.end(), match["longer"], "PG", "country")
            continue
        if match.start() not in position or match.end() not in ends:
            continue
        if word in ("US", "U.S", "U.S.") and text[match.end() : match.end() + 1] == "$":
            continue
        if word in adjectives and _is_tongue(text, word, match.end()):
            continue
        first, last = position[match.start()], ends[match.end()]
        country = nouns.get(word) or adjectives.get(word) or names[word]
        kind, end = _kind(text, tokens, first, last, word, match.end())
        if word in unsure and kind == "country" and (first == 0 or tokens[first - 1].tag != "ADP"):
            continue
        yield NationalityMention(match.start(), end, text[match.start() : end], country, kind)


def _is_tongue(text: str, word: str, end: int) -> bool:
    """Whether the adjective `word` that ends at `end` names what somebody speaks or teaches, which tells of no country."""
    return bool(_LANGUAGE.match(text, end) or (word == "English" and _ENGLISH_TAUGHT.match(text, end)))


def _kind(text: str, tokens: list[Token], first: int, last: int, word: str, end: int) -> tuple[Kind, int]:
    names, adjectives, nouns, _ = _words()
    after = text[end : end + 24]
    if after.startswith(("-flagged", "-registered", "-owned", "-based", "-backed", "-made")):
        return "institution", end
    if _BORN.match(after) or _DESCENT.match(after):
        return "origin", end
    if re.match(r"-[A-Z][a-z]", after):
        # Nigerian-American: the second word is the nationality.
        return "origin", end
    only_name = word in names and word not in adjectives and word not in nouns
    place_like = first > 0 and tokens[first - 1].form.lower() in ("the", "in") and word in names
    head = _head(tokens, last, named=not only_name and not place_like)
    if only_name:
        return _of_name(text, tokens, first, head), end
    if head is not None:
        kind, number = head
        if kind == "person" and tokens[number].lemma in _HOLDERS and number == last + 1:
            return "person", tokens[number].end
        return kind, end
    if word in nouns:
        return "person", end
    return _bare_adjective(tokens, first, last), end


def _of_name(text: str, tokens: list[Token], first: int, head: tuple[Kind, int] | None) -> Kind:
    """A country's name: "a Singapore man", "tourists from China", "citizens of Laos" tell of people."""
    if head is not None and tokens[head[1]].lemma not in ("resident", "leader", "official"):
        return head[0]
    before = tokens[first - 1].form.lower() if first else ""
    if before in ("from", "of"):
        back = next((token for token in reversed(tokens[max(0, first - 4) : first - 1]) if token.tag == "WORD"), None)
        if back is not None and back.end + 2 + len(before) >= tokens[first].start:
            if before == "of" and back.lemma in ("national", "citizen", "native"):
                return "person"
            noun = person_nouns("en").get(back.lemma)
            if before == "from" and noun is not None and noun.role != "official":
                return "person"
    return "country"


def _head(tokens: list[Token], last: int, named: bool) -> tuple[Kind, int] | None:
    """What the noun phrase that goes on after token `last` is about, and its deciding token; None without one."""
    people, institutions, things = person_nouns("en"), word_list("institutions_en.txt"), word_list("things_en.txt")
    found: tuple[Kind, int] | None = None
    for number in range(last + 1, min(len(tokens), last + 1 + _REACH)):
        token = tokens[number]
        lower = token.form.lower()
        if token.form == "-":
            continue
        if token.tag in _CLOSERS or token.tag == "PUNCT" or token.tag == "DET":
            break
        if lower in institutions:
            if lower in _STATE:
                return "institution", number
            found = ("institution", number)
            continue
        noun = people.get(token.lemma) or people.get(lower)
        if noun is not None:
            if noun.role == "official":
                return "institution", number
            found = ("person", number)
        elif found is not None and found[0] == "person":
            break
        elif lower in things:
            found = ("language_or_food", number)
        elif named and token.tag == "PROPN" and number == last + 1 and _name_follows(tokens, number):
            found = ("person", number)
        elif token.tag == "ED" and number > last + 1:
            break
    return found


def _name_follows(tokens: list[Token], number: int) -> bool:
    """Two capitalised words in a row after the adjective: a person's name ("Briton Ann Lee") unless an institution."""
    following = tokens[number + 1] if number + 1 < len(tokens) else None
    if following is None or following.tag != "PROPN":
        return False
    more = tokens[number + 2] if number + 2 < len(tokens) else None
    institutions = word_list("institutions_en.txt")
    capital = [token.form.lower() for token in (tokens[number], following, more) if token is not None]
    return not any(word in institutions for word in capital)


def _bare_adjective(tokens: list[Token], first: int, last: int) -> Kind:
    """A demonym with no noun after it: "three Chinese", "he is Vietnamese", "two of them Thai"."""
    before = tokens[first - 1] if first else None
    after = tokens[last + 1] if last + 1 < len(tokens) else None
    if after is not None and after.tag in ("WORD", "PROPN", "ING"):
        return "country"
    if before is None:
        return "person" if after is not None and after.tag in ("AUX", "ED") else "country"
    if before.tag == "NUM" or before.lemma in ("be", "them", "whom", "the", "both", "all") or before.tag == "AUX":
        return "person"
    if before.lemma in _NUMBER_WORDS:
        return "person"
    return "country"
