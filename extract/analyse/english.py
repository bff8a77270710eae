"""English words without a model: a tokenizer, a light tag per word, and cached simplemma lemmas."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib import resources

from extract.analyse.records import Sentence, Token

Span = tuple[int, int]

#: PROPN is a capitalised word that does not open its sentence; ED and ING are by the ending; WORD is any other.
TAGS = ("NUM", "PUNCT", "POS", "DET", "ADP", "PRON", "AUX", "CONJ", "ADV", "PROPN", "ED", "ING", "WORD")

_UNIT = "one|two|three|four|five|six|seven|eight|nine"
_BELOW_100 = (
    rf"(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[-‑ ](?:{_UNIT}))?"
    rf"|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|{_UNIT})"
)
#: Numbers of several words are one token: "twenty-three", "one hundred and fifty", "a dozen", "two thousand".
NUMBER_WORDS = (
    rf"(?:(?:{_UNIT}|a) hundred(?:(?: and)? {_BELOW_100}(?![\w]))?(?: thousand)?|{_BELOW_100} thousand"
    rf"|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)[-‑ ](?:{_UNIT})|(?:{_UNIT}|a) dozen)(?![\w])"
)
_TOKEN = re.compile(
    rf"(?P<number>(?i:{NUMBER_WORDS}))"
    r"|(?P<num>\d+(?:,\d{3})*(?:\.\d+)?)"
    r"|(?P<word>(?:[A-Z]\.){2,}|n['’]t\b|[^\W\d_]+?(?=n['’]t\b)|[^\W\d_]+)"
    r"|(?P<clitic>['’](?:s|re|ve|ll|d|m)\b)"
    r"|(?P<punct>\S)"
)

_CLOSED = {
    "DET": "the a an this that these those his her their its our my your every each some any no another both all",
    "ADP": "of in on at by for from with to into onto over under after before during between against near off about "
    "through across around inside outside behind along toward towards among amid without within upon as than",
    "PRON": "he she it they we i you him them us me who whom which what someone somebody anyone everyone nobody "
    "himself herself themselves",
    "AUX": "be is are was were been being am has have had do does did will would can could may might must shall "
    "should get gets got gotten getting n't not",
    "CONJ": "and or but nor so yet if when while because although though since until unless that whether",
    "ADV": "also reportedly allegedly fatally brutally then later already still just only never ever again even "
    "apparently seriously critically badly severely violently initially previously recently subsequently repeatedly "
    "sexually physically falsely forcibly illegally unlawfully",
}
_TAG_OF = {word: tag for tag, words in _CLOSED.items() for word in words.split()}


@cache
def _irregular() -> dict[str, str]:
    lines = (resources.files("extract.lexicon") / "lemmas_en.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t")[:2] for line in lines if line.strip() and not line.startswith("#"))
    return {row[0]: row[1] for row in rows}


@lru_cache(maxsize=65_536)
def lemma_of(word: str) -> str:
    """The dictionary form of an English word, lower case: our table of news words first, then simplemma."""
    from simplemma import lemmatize  # loads its dictionary; not needed by commands that read no text

    lower = word.lower()
    return _irregular().get(lower) or str(lemmatize(lower, lang="en")).lower()


@lru_cache(maxsize=65_536)
def _word(form: str) -> tuple[str, str, bool]:
    """Tag, lemma, and whether the word is a proper noun where it does not open its sentence."""
    tag = _tag_of(form)
    return tag, lemma_of(form), form[0].isupper() and tag in ("WORD", "ED", "ING")


def _tag_of(word: str) -> str:
    lower = word.lower()
    if lower in _TAG_OF:
        return _TAG_OF[lower]
    if lower.endswith("ed") and len(lower) > 4:
        return "ED"
    return "ING" if lower.endswith("ing") and len(lower) > 5 else "WORD"


def analyse_english(text: str, spans: list[Span]) -> tuple[Sentence, ...]:
    """The sentences at `spans`, tokenised into words; hyphens, stops and quotes are tokens of their own."""
    return tuple(Sentence(start, end, _tokens(text, start, end)) for start, end in spans)


def _tokens(text: str, start: int, end: int) -> tuple[Token, ...]:
    tokens = []
    opening = True
    for match in _TOKEN.finditer(text, start, end):
        form = match.group()
        kind = match.lastgroup
        if kind == "word":
            tag, lemma, proper = _word(form)
            if proper and not opening:
                tag = "PROPN"
            opening = False
        elif kind == "number":
            tag, lemma, opening = "WORD", form.lower(), False
        elif kind == "num":
            tag, lemma, opening = "NUM", form, False
        elif kind == "clitic":
            tag, lemma = ("POS", "'s") if form[1:] == "s" else ("AUX", form.lower().replace("’", "'"))
        else:
            tag, lemma = "PUNCT", form
        tokens.append(Token(match.start(), match.end(), form, lemma, tag))
    return tuple(tokens)
