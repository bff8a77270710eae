"""English counts: a number and the verb before it (killing three) or after it (five people were injured)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import cast

from extract.analyse import Analysis, Sentence, Token
from extract.counts.records import CountMention, What
from extract.lexicon.casualties import casualty_words
from extract.lexicon.person_nouns import person_nouns, word_list
from extract.people import PersonMention
from extract.people.numbers import english_number
from extract.places.streets import find_streets

_VAGUE = frozenset(("dozens", "scores", "hundreds", "thousands", "several", "many", "some"))
_QUALIFIERS = (
    "at least",
    "more than",
    "over",
    "nearly",
    "about",
    "around",
    "up to",
    "as many as",
    "some",
    "almost",
    "no fewer than",
    "no less than",
    "an estimated",
)
#: Words of `_QUALIFIERS` and articles, which stand between a verb and its number.
_FILL = frozenset(word for phrase in _QUALIFIERS for word in phrase.split()) | frozenset(
    ("another", "a", "further", "an", "the", "other", "all", "of", "to")
)
_NEGATIONS = frozenset(("no", "nobody", "none", "zero"))
#: Numbers to call for help, and what is done with them.
_EMERGENCY = frozenset(("911", "999", "112", "111", "000", "119", "110", "101"))
_TELEPHONES = frozenset(("call", "dial", "ring", "phone"))
#: After the hour of a time of day.
_CLOCK = re.compile(r"\s?[ap]\.?\s?m\b|\s?o[’']clock\b", re.I)
_AHEAD = 12
_BACK = 5


@cache
def _not_people() -> frozenset[str]:
    """What a number may count that is not people; also what follows an age or a sum."""
    return word_list("not_people_en.txt")


@cache
def _months() -> frozenset[str]:
    return word_list("months_en.txt")


def english_counts(text: str, analysis: Analysis, people: list[PersonMention]) -> Iterator[CountMention]:
    """The counts of the analysed sentences."""
    addresses = [(start, end) for start, end, _ in find_streets(text)]
    for number, sentence in enumerate(analysis.sentences):
        tokens = [token for token in sentence.tokens if token.form not in "-–'\"“”‘’"]
        here = [person for person in people if sentence.start <= person.start < sentence.end]
        numbers = [
            at
            for at in range(len(tokens))
            if _is_count(text, tokens, at) and not any(start <= tokens[at].start < end for start, end in addresses)
        ]
        for order, at in enumerate(numbers):
            stop = numbers[order + 1] if order + 1 < len(numbers) else len(tokens)
            floor = numbers[order - 1] + 1 if order else 0
            yield _count(text, tokens, at, floor, stop, number, here)
        yield from _none(text, tokens, number)
        counted = {tokens[at].start for at in numbers}
        yield from _single(text, tokens, number, here, counted)


def english_fates(sentence: Sentence) -> set[What]:
    """What a sentence says became of people, whoever they are."""
    known = casualty_words("en")
    return {cast(What, known[token.lemma]) for token in sentence.tokens if token.lemma in known}


def _is_count(text: str, tokens: list[Token], at: int) -> bool:
    token = tokens[at]
    lower = token.form.lower()
    value = english_number(token.form)
    if lower == "dozen" or (value is None and lower not in _VAGUE) or lower in ("hundred",):
        return False
    before = tokens[at - 1] if at else None
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if before is not None and token.form in _EMERGENCY and before.lemma in _TELEPHONES:
        return False
    if before is not None and (
        before.form in "$€£₩₹¥#(" or before.form.lower() in _months() or before.lemma in word_list("numbered_en.txt")
    ):
        return False
    if _CLOCK.match(text, token.end):
        return False
    if text[token.end : token.end + 1] in "-–%:/" and text[token.end : token.end + 2] != "- ":
        return False
    if text[max(0, token.start - 1) : token.start] in ("-", "/", ":", ".") and token.start > 0:
        return False
    if token.tag == "NUM" and value is not None and (1900 <= value <= 2100 or value > 500_000):
        return False
    if after is not None and (
        after.lemma in _not_people()
        or after.form.lower() in _months()
        or after.form.lower() in ("st", "nd", "rd", "th")
    ):
        return False
    if lower == "one" and after is not None and after.tag in ("ADP", "PUNCT") and after.form.lower() != "of":
        return False
    # ", 22,": an age
    aged = before is not None and before.form == "," and after is not None and after.form in ",)"
    if at + 1 == len(tokens) or text[token.start - 1 : token.start].isalpha():
        return at + 1 == len(tokens) and not aged and not text[token.start - 1 : token.start].isalpha()
    return not (aged and token.tag == "NUM" and at > 1 and tokens[at - 2].tag in ("WORD", "PROPN"))


def _count(
    text: str, tokens: list[Token], at: int, floor: int, stop: int, sentence: int, people: list[PersonMention]
) -> CountMention:
    token = tokens[at]
    value = english_number(token.form) if token.form.lower() not in _VAGUE else None
    first = at
    while first > floor and tokens[first - 1].form.lower() in _FILL:
        first -= 1
    while first < at and tokens[first].form.lower() in ("to", "of", "the"):
        first += 1
    qualifier = text[tokens[first].start : token.start].lower()
    low = high = value
    if first > 1 and tokens[first - 1].form.lower() in ("and", "to") and tokens[first - 2].tag == "NUM":
        between = english_number(tokens[first - 2].form)
        if first > 2 and tokens[first - 3].form.lower() == "between" and between is not None:
            low = between
    subject = next(((p.start, p.end) for p in people if p.start <= token.start < p.end), None)
    hint = next((p.role_hint for p in people if subject == (p.start, p.end)), None)
    what, toll = _kind(tokens, first, at, floor, stop)
    end = tokens[at].end
    return CountMention(
        tokens[first].start,
        end,
        text[tokens[first].start : end],
        low,
        high,
        what,
        sentence,
        total=toll or "total" in qualifier,
        new="another" in qualifier or "further" in qualifier,
        approximate=any(word in qualifier for word in _QUALIFIERS) or low != high,
        of_attackers=hint == "suspect",
        subject=subject,
    )


def _kind(tokens: list[Token], first: int, at: int, floor: int, stop: int) -> tuple[What, bool]:
    """What became of the people counted, and whether it is a toll."""
    known = casualty_words("en")
    # "the death toll rose to 15", "left 12 dead", "claimed five lives"
    back = [token.lemma for token in tokens[max(0, first - 7) : first]]
    if "toll" in back:
        return "killed" if "injure" not in back else "injured", True
    if first > 1 and tokens[first - 1].form == "of" and tokens[first - 2].lemma in known and first - 2 >= floor:
        return cast(What, known[tokens[first - 2].lemma]), False  # "the killing of 20 refugees"
    for number in range(first - 1, max(floor, first - _BACK) - 1, -1):
        token = tokens[number]
        if token.lemma in known and token.lemma not in ("death", "life", "dead", "victim", "injury"):
            # "people were killed and 12 ...": a passive before "and" is not this number's verb.
            if number == first - 1 or tokens[first - 1].tag in ("DET", "ADV", "PRON"):
                return _either(tokens, number - 2, number) or cast(What, known[token.lemma]), False
            if token.tag in ("ED", "ING") and _shared_object(tokens, number, first):
                return cast(What, known[token.lemma]), False
            break
        joined = number == first - 1 and token.lemma == "and"
        if (token.tag in ("CONJ", "PUNCT") or token.form in ",;") and not joined:
            break
    for number in range(at + 1, min(stop, at + 1 + _AHEAD)):
        token = tokens[number]
        if token.form in ";:" or (token.form == "," and number > at + 6):
            break
        if (token.lemma in known or token.form in known) and token.tag != "DET":
            if token.lemma == "hold" and token.form.lower() != "held":
                continue
            what = known.get(token.lemma) or known[token.form]
            if what in ("victims", "injured") and any(
                known.get(later.lemma) == "killed" for later in tokens[number + 1 : number + 4]
            ):
                what = "killed"  # "were raped and murdered"
            return _either(tokens, number, number + 2) or cast(What, what), False
    return "other", False


def _either(tokens: list[Token], first: int, second: int) -> What | None:
    """ "killed or injured": dead and hurt are counted together. Places of the two words."""
    known = casualty_words("en")
    if first < 0 or second >= len(tokens) or tokens[first + 1].lemma != "or":
        return None
    kinds = {known.get(tokens[first].lemma), known.get(tokens[second].lemma)}
    return "casualties" if kinds == {"killed", "injured"} else None


def _shared_object(tokens: list[Token], verb: int, first: int) -> bool:
    """ "killing the pilot and two passengers": the number at `first` goes on with what the active verb has begun."""
    between = tokens[verb + 1 : first - 1]
    if tokens[first - 1].lemma != "and" or not between or (verb and tokens[verb - 1].tag == "AUX"):
        return False
    nouns = person_nouns("en")
    told = any(token.lemma in nouns or token.tag == "PROPN" for token in between)
    return told and all(
        token.tag in ("DET", "WORD", "PROPN", "NUM", "PUNCT") and token.form not in ",;:." for token in between
    )


def _none(text: str, tokens: list[Token], sentence: int) -> Iterator[CountMention]:
    """ "No one was injured", "no casualties": nought, said."""
    known = casualty_words("en")
    for at, token in enumerate(tokens):
        if token.form.lower() not in _NEGATIONS:
            continue
        window = tokens[at + 1 : at + 7]
        noun = window[0].lemma if window else ""
        if (
            noun not in ("one", "casualty", "injury", "death", "fatality", "report", "people", "passenger")
            and token.form.lower() == "no"
        ):
            continue
        kinds: list[str] = []
        end = token.end
        for following in window:
            if following.lemma == "casualty":
                kinds, end = ["killed", "injured"], following.end
            elif following.lemma in known and known[following.lemma] in ("killed", "injured", "missing"):
                kinds.append(known[following.lemma])
                end = following.end
        for kind in dict.fromkeys(kinds):
            yield CountMention(token.start, end, text[token.start : end], 0, 0, cast(What, kind), sentence, total=True)


def _single(
    text: str, tokens: list[Token], sentence: int, people: list[PersonMention], counted: set[int]
) -> Iterator[CountMention]:
    """ "A man died", "the student was killed", "killed a tourist": one person and what befell them."""
    for person in people:
        if person.count != 1 or person.is_official or any(person.start <= at < person.end for at in counted):
            continue
        what = _befell(tokens, person, people)
        if what is not None:
            yield CountMention(
                person.start,
                person.end,
                person.text,
                1,
                1,
                cast(What, what),
                sentence,
                implied=True,
                of_attackers=person.role_hint == "suspect",
                subject=(person.start, person.end),
            )


def _befell(tokens: list[Token], person: PersonMention, people: list[PersonMention]) -> str | None:
    """What the words around a person say befell them; of people named together it is said after the last."""
    known = casualty_words("en")
    last = next((n for n in range(len(tokens) - 1, -1, -1) if tokens[n].end <= person.end), None)
    first = next((n for n, token in enumerate(tokens) if token.start >= person.start), None)
    if last is None or first is None:
        return None
    inside = next((token for token in tokens[first:last] if token.lemma in known), None)
    if inside is not None and (inside.tag == "ED" or inside.lemma in ("slay", "missing", "dead")):
        return known[inside.lemma]  # "the injured officer"
    if first > 1 and tokens[first - 1].form == "of" and tokens[first - 2].lemma in known:
        return known[tokens[first - 2].lemma]  # "the murder of a rider"
    if first and tokens[first - 1].lemma in known and tokens[first - 1].tag in ("ED", "ING", "WORD"):
        return known[tokens[first - 1].lemma]
    if last + 2 < len(tokens) and tokens[last + 1].form.lower() in ("and", ","):
        # "his wife and daughter were killed": the daughter's mention begins right after the joint
        ahead = last + 2 + (tokens[last + 2].form.lower() == "and")
        beside = next((p for p in people if ahead < len(tokens) and p.start == tokens[ahead].start), None)
        if beside is not None and not beside.is_official:
            return _befell(tokens, beside, people)
    return _said_after(tokens, last)


def _said_after(tokens: list[Token], last: int) -> str | None:
    """What the predicate after a person's last word says befell them."""
    known, nouns = casualty_words("en"), person_nouns("en")
    for number in range(last + 1, min(len(tokens), last + 8)):
        token = tokens[number]
        if token.form in ".;:" or token.lemma in nouns or token.tag == "PROPN":
            return None
        if token.lemma in known:
            passive = any(t.lemma in ("be", "get", "find") for t in tokens[last + 1 : number])
            if passive and known[token.lemma] == "injured":
                ahead = tokens[number + 1 : number + 4]
                return "killed" if any(known.get(t.lemma) == "killed" for t in ahead) else "injured"
            if passive or token.lemma in ("die", "drown", "perish", "disappear", "vanish", "missing", "dead"):
                return known[token.lemma]
            return None
    return None
