"""People in English: noun phrases with a person noun, demonym nouns, and names with an age."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from extract.analyse import NUMBER_WORDS, Analysis, Sentence, Token
from extract.lexicon.nationalities import nationalities as nationalities_by_country
from extract.lexicon.person_nouns import PersonNoun, person_nouns, word_list
from extract.nationality import NationalityMention
from extract.people.english_definites import with_stand_ins
from extract.people.english_joins import appositions, with_name, with_pronouns
from extract.people.english_names import full_names, is_name, later_names, parts_of
from extract.people.numbers import ENGLISH_WORDS, english_number
from extract.people.records import PersonMention

_REACH = 8
#: Capitalised words before a number that is a day of the month, not an age.
_DAYS = re.compile(r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)[a-z]*")
#: Lemmas before people that an act is aimed at, never before those who do it: "scams targeting Koreans", "crimes against women".
_AIMED = frozenset(("target", "against", "victimize", "victimise", "harm"))
_INSIDE = frozenset(("WORD", "ED", "ING", "PROPN", "NUM"))
_NOT_INSIDE = frozenset(
    ["said", "say", "says", "told", "reported", "added", "according", "yesterday", "today", "who", "that"]
)
_TITLES = {"mr": "male", "mrs": "female", "ms": "female", "miss": "female"}
#: After a noun phrase: "aged 20 to 30", ", 22,", "(22)", "in his early 40s".
_AFTER = re.compile(
    r"\s?(?:,\s(?P<comma>\d{1,2})(?=[,.;)]|\s(?:and|was|were|from|of|who))|\((?P<paren>\d{1,2})\)"
    r"|,?\saged?\s(?:of\s)?(?:between\s)?(?P<aged>\d{1,2})(?:\s(?:to|and|-)\s(?P<upto>\d{1,2}))?"
    r"|,?\s(?:believed to be |thought to be )?in\s(?P<whose>his|her|their)\s"
    r"(?:(?:early|mid|late)[\s-])?(?P<decade>\d0)s"
    r"|,?\s(?P<spelled>\d{1,2})[\s-]years?[\s-]old)"
)
_NAME = re.compile(
    r"(?:(?P<title>Mr|Mrs|Ms|Miss)\.?\s)?(?P<name>(?:[A-Z][\w’'.-]+\s){0,3}[A-Z][\w’'-]+)"
    r"(?=,\s\d{1,2}[,.;]|,\saged\s\d|\s\(\d{1,2}\)|,\s\d{1,2}\s(?:and|was|from|of))"
)
_OF_NAME = re.compile(
    r"(?:,)?\s(?:named|surnamed|called|identified as|identified only as)\s(?P<name>(?:[A-Z][\w’'-]+\s?){1,4})"
)
_STANDS_FOR = re.compile(
    rf"(?:\b(?:[Aa]n?|[Tt]he)\s)?\b(?P<age>\d{{1,3}}|(?i:{NUMBER_WORDS})|[A-Za-z]+)-year-old\b(?!s)(?:\s(?P<name>[A-Z][\w’'-]+(?:\s[A-Z][\w’'-]+){{0,3}}))?"
)
#: After such an age a lower-case noun follows that is no person: "the 30-year-old bridge".
_THING = re.compile(
    r"\s(?!(?:was|is|were|are|has|had|have|who|whose|that|which|from|and|or|but|said|says|told|died|of|in|at|on|to|with|by|for|as|"
    r"while|when|after|before|because|during|near|inside|outside|later|also|then|allegedly|reportedly|suspect|fell|went|took|"
    r"now|still|remains|faces|lost|spent|ran|drove|sat|stood|told|never|not|only|just|once|again|board|boards|"
    r"came|did|would|could|may|might|will|[a-z]+ed)\b)[a-z]"
)
_NUMBER_OF = re.compile(
    rf"(?<![\w.,$€£-])(?i:(?P<number>\d{{1,3}}(?:,\d{{3}})*|{NUMBER_WORDS}|{'|'.join(sorted(ENGLISH_WORDS, key=len, reverse=True))}))"
    r"(?:\s(?:other|more))?\s(?:(?P<noun>people|persons|others|souls)\b|more(?=\s(?:were|are|was|died|have|remain|in)\b|[.,;])"
    r"|(?=(?:were|was|have|had|are|died|managed|remain|suffered)\s)"
    r"|(?P<fate>dead|wounded|injured|killed|missing|deaths|hurt|arrested|detained)\b(?!\s(?:by|on|with|in\s\d{4})\b))"
)
_DIGITS = re.compile(r"[,(d]\s?\d")  # before an age: a comma, a bracket, "aged"
_NOBODY = re.compile(r"(?:no|neither|none of)\s", re.IGNORECASE)  # "no passengers", "neither driver"
_YEAR_OLD = re.compile(rf"(?P<age>\d{{1,3}}|(?i:{NUMBER_WORDS})|[a-z]+)[\s-](?P<unit>year|month|week|day)s?[\s-]old\b")


def english_people(text: str, analysis: Analysis, nationalities: list[NationalityMention]) -> Iterator[PersonMention]:
    """The people of the analysed sentences, by position."""
    people = [mention for mention in nationalities if mention.kind == "person"]
    sentences = [_in_sentence(text, sentence, people) for sentence in analysis.sentences]
    everyone = with_pronouns([mention for found in sentences for mention in found], text)
    known = parts_of([(mention.name, mention.gender) for mention in everyone if mention.name is not None])
    for sentence, found in zip(analysis.sentences, sentences, strict=True):
        everyone += _not_over(later_names(sentence, known), found)
    everyone.sort(key=lambda mention: (mention.start, mention.end))
    everyone = [m for m in everyone if m.name is not None or not _NOBODY.match(text, m.start)]
    yield from with_stand_ins(everyone, [sentence.start for sentence in analysis.sentences])


def _in_sentence(text: str, sentence: Sentence, nationalities: list[NationalityMention]) -> list[PersonMention]:
    """The people of one sentence whom its own words describe, by position."""
    here = [mention for mention in nationalities if sentence.start <= mention.start < sentence.end]
    found = list(_phrases(text, list(sentence.tokens), sentence.end, here))
    taken = [(mention.start, mention.end) for mention in found]
    taken += [mention.nationality_span for mention in found if mention.nationality_span]
    found += [m for m in _names(text, sentence.start, sentence.end) if not _within(m.start, taken)]
    found += [m for m in _year_olds(text, sentence.start, sentence.end, here) if not _within(m.start, taken)]
    found += _not_over(full_names(text, sentence), found)
    found += _not_over(_numbers(text, sentence.start, sentence.end), found)
    taken = [(mention.start, mention.end) for mention in found]
    left = [mention for mention in here if not _within(mention.start, taken) and mention.text in _demonyms()]
    found += [_demonym(text, mention, sentence.tokens) for mention in left]
    found.sort(key=lambda mention: (mention.start, mention.end))
    return [with_name(mention) for mention in appositions(found, text)]


def _numbers(text: str, start: int, stop: int) -> Iterator[PersonMention]:
    """ "at least 44 people", "32 others", "19 wounded", "the 85 dead": people of whom only the number is told."""
    for match in _NUMBER_OF.finditer(text, start, stop):
        value = english_number(match["number"])
        alone = not match["noun"] and not match["fate"] and " " not in match.group().strip()
        if value is None or (value == 1 and alone) or (match["number"].isdigit() and 1900 <= value <= 2100):
            continue
        begin = match.start("number")
        fate = match["fate"]
        role = "suspect" if fate in ("arrested", "detained") else "victim" if fate else "person"
        yield PersonMention(
            begin,
            match.end(),
            text[begin : match.end()],
            count=value,
            head=match["noun"] or None,
            group=value != 1,
            role_hint=role,
        )


def _not_over(found: Iterable[PersonMention], others: list[PersonMention]) -> list[PersonMention]:
    """Those of `found` that no other mention overlaps."""
    return [m for m in found if not any(m.start < other.end and other.start < m.end for other in others)]


def _within(at: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= at < end for start, end in spans)


def _phrases(
    text: str, tokens: list[Token], stop: int, nationalities: list[NationalityMention]
) -> Iterator[PersonMention]:
    nouns = person_nouns("en")
    used = -1
    for at, token in enumerate(tokens):
        noun = nouns.get(token.lemma) or nouns.get(token.form.lower())
        if noun is None or token.tag in ("ED", "AUX", "ING") or at <= used:
            continue
        last = at
        # The phrase's last person noun is its head: "university student victims".
        while last + 1 < len(tokens) and tokens[last + 1].tag == "WORD" and tokens[last + 1].lemma in nouns:
            last += 1
        noun = nouns.get(tokens[last].lemma, noun)
        first = _left(tokens, at, used)
        used = last
        yield _phrase(text, tokens, first, at, last, stop, noun, nationalities)


def _left(tokens: list[Token], at: int, floor: int) -> int:
    first = at
    for number in range(at - 1, max(floor, at - _REACH - 1), -1):
        token = tokens[number]
        lower = token.form.lower()
        if token.tag == "DET":
            return number
        if token.form not in ("-", "–") and (token.tag not in _INSIDE or lower in _NOT_INSIDE):
            break
        if token.tag in ("ED", "ING") and number + 1 < len(tokens) and tokens[number + 1].tag == "NUM":
            break
        first = number
    return first


def _phrase(
    text: str,
    tokens: list[Token],
    first: int,
    at: int,
    last: int,
    stop: int,
    noun: PersonNoun,
    nationalities: list[NationalityMention],
) -> PersonMention:
    start, end = tokens[first].start, tokens[last].end
    plural = tokens[last].form.lower() != tokens[last].lemma or tokens[last].lemma in ("people", "police")
    before = text[start:end]
    old = _YEAR_OLD.search(before)
    age = None
    if old is not None:
        value = english_number(old["age"])
        age = None if value is None else str(value) if old["unit"] == "year" else "0"
    elif noun.noun in ("teenager", "teen") or re.search(r"\bteen(?:age|aged)?\b", before):
        age = "10s"
    said = re.search(r"\b(female|male)\b", before)
    gender = noun.gender or (said[1] if said is not None else None)
    name = None
    following = 0
    if last + 1 < len(tokens) and tokens[last + 1].tag == "PROPN" and not plural:
        # "student Park Min-ho": the name goes on after the noun.
        match = re.match(r"\s(?P<name>(?:[A-Z][\w’'-]+\s?){1,4})", text[end:stop])
        if match and is_name(match["name"].split()[0]):
            name, following = match["name"].strip(), len(match.group().rstrip())
    named = _OF_NAME.match(text[end + following : stop])
    if named is not None and name is None:
        name, following = named["name"].strip(), following + len(named.group().rstrip())
    after = _AFTER.match(text[end + following : min(stop, end + following + 60)])
    if after is not None:
        age = age or _age_of(after)
        gender = gender or {"his": "male", "her": "female"}.get(after["whose"] or "")
        following += len(after.group())
    end += following
    country = _country(text, start, end, nationalities)
    count = _count(tokens, first, at, plural)
    words = {token.lemma for token in tokens[first : last + 1]}
    role = "official" if words & {"police", "official", "embassy", "government"} else noun.role
    if "suspected" in before.lower() or "alleged" in before.lower():
        role = "suspect"
    elif role == "person" and _aimed_at(tokens, start):
        role = "victim"
    return PersonMention(
        start,
        end,
        text[start:end],
        name=name,
        age=age,
        gender=gender,
        nationality=country.country if country else None,
        nationality_span=(country.start, country.end) if country else None,
        count=count,
        head=noun.noun,
        relation=noun.noun if noun.role == "kin" else None,
        is_official=role == "official",
        group=plural or (count or 1) > 1 or noun.role == "group",
        role_hint=role,
    )


def _year_olds(text: str, start: int, stop: int, nationalities: list[NationalityMention]) -> Iterator[PersonMention]:
    """ "A 17-year-old", "nine-year-old Ivy Poe", "the 43-year-old Briton": an age that stands for the person."""
    if text.find("-year-old", start, stop) < 0:
        return
    for match in _STANDS_FOR.finditer(text, start, stop):
        age = english_number(match["age"])
        if age is None or (match["name"] is None and _THING.match(text[match.end() : stop])):
            continue
        name: str | None = match["name"]
        country = _country(text, match.start(), match.end(), nationalities)
        yield PersonMention(
            match.start(),
            match.end(),
            match.group(),
            name=None if country is not None else name,
            age=str(age),
            nationality=country.country if country else None,
            nationality_span=(country.start, country.end) if country else None,
            count=1,
            role_hint="person",
        )


def _age_of(match: re.Match[str]) -> str | None:
    if match["decade"]:
        return f"{match['decade']}s"
    if match["upto"]:
        return None  # a range of ages is no age
    return match["comma"] or match["paren"] or match["aged"] or match["spelled"]


def _count(tokens: list[Token], first: int, at: int, plural: bool) -> int | None:
    for number in range(first, at):
        token = tokens[number]
        following = tokens[number + 1].form if number + 1 < len(tokens) else ""
        if number and tokens[number - 1].lemma in word_list("numbered_en.txt"):
            continue
        value = english_number(token.form)
        if value is None or following == "-" or following[:4] == "year":
            continue
        if token.tag != "NUM" or not 1900 <= value <= 2100:
            return value
    if tokens[at].lemma == "couple":
        return 2
    if tokens[at].lemma in ("pair", "trio"):
        return 2 if tokens[at].lemma == "pair" else 3
    return None if plural else 1


def _country(text: str, start: int, end: int, nationalities: list[NationalityMention]) -> NationalityMention | None:
    for mention in nationalities:
        if start <= mention.start < end:
            return mention
    for mention in nationalities:
        if 0 <= mention.start - end < 12 and re.fullmatch(r",?\s(?:from|of)\s(?:the\s)?", text[end : mention.start]):
            return mention
    return None


def _names(text: str, start: int, stop: int) -> Iterator[PersonMention]:
    if not _DIGITS.search(text, start, stop):
        return
    for match in _NAME.finditer(text, start, stop):
        name = match["name"]
        after = _AFTER.match(text[match.end() : stop])
        age = _age_of(after) if after is not None else None
        if age is None or _DAYS.fullmatch(name.split()[-1]):
            continue
        end = match.end() + (len(after.group()) if after is not None else 0)
        gender = _TITLES.get((match["title"] or "").lower())
        yield PersonMention(match.start(), end, text[match.start() : end], name=name, age=age, gender=gender, count=1)


@cache
def _demonyms() -> frozenset[str]:
    known = nationalities_by_country().values()
    nouns = {word for nationality in known for noun in nationality.nouns for word in (noun, noun + "s")}
    return frozenset(nouns | {word for nationality in known for word in nationality.adjectives})


def _demonym(text: str, mention: NationalityMention, tokens: tuple[Token, ...]) -> PersonMention:
    """A demonym that is its own noun: "a Briton", "two Filipinos", "three Chinese"."""
    at = next((number for number, token in enumerate(tokens) if token.start == mention.start), 0)
    before = tokens[at - 1] if at else None
    value = english_number(before.form) if before is not None else None
    single = before is not None and before.form.lower() in ("a", "an", "the") and not mention.text.endswith("s")
    if at > 1 and before is not None and before.form in ("second", "third", "fellow", "young", "elderly"):
        before = tokens[at - 2]
    start = before.start if before is not None and (value is not None or single) else mention.start
    word = mention.text
    woman = word in ("Filipina", "Filipinas") or word.endswith("woman")
    gender = "female" if woman else "male" if word.endswith("man") else None
    return PersonMention(
        start,
        mention.end,
        text[start : mention.end],
        gender=gender,
        nationality=mention.country,
        nationality_span=(mention.start, mention.end),
        count=value if value is not None else 1 if single else None,
        head=word,
        group=not single and value != 1,
        role_hint="victim" if _aimed_at(tokens, start) else "person",
    )


def _aimed_at(tokens: Sequence[Token], start: int) -> bool:
    """Whether the word before a mention says that an act is aimed at these people."""
    before = max((token for token in tokens if token.end <= start), key=lambda token: token.end, default=None)
    return before is not None and before.lemma in _AIMED
