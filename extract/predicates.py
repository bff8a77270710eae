"""The predicates of a Korean sentence: a day is told with those that follow it, the nearest first.

Korean puts the verb last, so an adverbial of time governs a predicate to its right: "지난 3일 B씨를 때린 혐의로 체포됐다"
tells the day of the blow, "지난 3일 폭행 혐의로 체포됐다" that of the arrest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extract.analyse import Sentence, Token
from extract.lexicon.proceedings import proceeding_words

_HEADS = ("VV", "XSV", "XSA", "VCP", "VA")
_NOUNS = ("NNG", "NNP", "XR", "SL")
#: Nouns that a clause before them accuses somebody of: 때린 혐의, 빼돌렸다는 의혹.
_ACCUSING = frozenset(("혐의", "의혹", "공소", "사실", "죄", "취지", "정황"))
#: Ends of words for those who act on behalf of a state, as printed before a particle.
_AUTHORITIES = (
    "경찰", "검찰", "특검", "특검팀", "법원", "재판부", "판사", "검사", "해경", "경찰서", "경찰청", "지검", "지법", "고법", "대법원",
    "공수처", "수사대", "국수본", "본부", "당국", "정부", "법무부", "외교부", "세관", "위원회", "국회", "국정원", "노동부",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Predicate:
    """One predicate: `lemma`, its class in proceedings_ko.tsv ("" for none), its last ending's tag, and the noun that
    it stands before as an attribute ("" where it is none; 것으로 for what turned out, 드러나다)."""

    start: int
    end: int
    lemma: str
    kind: str
    ending: str
    noun: str

    @property
    def accuses(self) -> bool:
        """Whether it says what somebody is accused of."""
        return self.noun in _ACCUSING


def predicates_after(sentence: Sentence, offset: int) -> list[Predicate]:
    """The predicates of `sentence` that begin at or after `offset`, in order."""
    tokens = sentence.tokens
    found = []
    for at, token in enumerate(tokens):
        if token.start < offset or token.tag not in _HEADS:
            continue
        first, lemma = _stem(tokens, at)
        if lemma and tokens[first].start >= offset:
            last, ending = _ending(tokens, at)
            noun = _noun_after(tokens, last + 1) if ending in ("ETM", "EF") else ""
            kind = _kind(tokens, first, last, lemma)
            found.append(Predicate(tokens[first].start, tokens[last].end, lemma, kind, ending, noun))
    return found


def by_authority(sentence: Sentence, offset: int) -> bool:
    """Whether the topic or subject right before `offset` is an authority: 경찰은 3일 …"""
    before = [t for t in sentence.tokens if t.end <= offset][-2:]
    return len(before) == 2 and before[1].tag in ("JX", "JKS") and before[0].form.endswith(_AUTHORITIES)


def _stem(tokens: Sequence[Token], at: int) -> tuple[int, str]:
    """(first token, lemma) of the predicate whose head is `at`: the noun for 체포하다 and 조사 중이다, else the verb."""
    token = tokens[at]
    if token.tag in ("XSV", "XSA"):
        if at and tokens[at - 1].tag in _NOUNS:
            return at - 1, tokens[at - 1].form
        return at, ""
    if token.tag == "VCP":
        if at > 1 and tokens[at - 1].form == "중" and tokens[at - 2].tag in _NOUNS:
            return at - 2, tokens[at - 2].form
        return at, ""
    return at, token.lemma


def _ending(tokens: Sequence[Token], at: int) -> tuple[int, str]:
    """(last token, tag of the last ending) of the predicate with head `at`, its auxiliaries included: 숨지게 한."""
    last, ending = at, ""
    for number in range(at + 1, len(tokens)):
        tag = tokens[number].tag
        if tag[0] == "E":
            last = number
            ending = tag if tag != "EP" else ending
        elif tag == "VX":
            last = number
        else:
            break
    return last, ending


def _noun_after(tokens: Sequence[Token], at: int) -> str:
    if [t.form for t in tokens[at : at + 2]] == ["것", "으로"]:
        return "것으로"
    return next((t.form for t in tokens[at : at + 1] if t.tag in _NOUNS), "")


def _kind(tokens: Sequence[Token], first: int, last: int, lemma: str) -> str:
    """The class of a predicate; an empty one (열리다, 받다) has that of the noun it takes or qualifies."""
    words = proceeding_words()
    kind = words.get(lemma, "")
    if kind != "held":
        return kind
    before = [t for t in tokens[max(0, first - 3) : first] if t.tag in _NOUNS]
    after = []
    for token in tokens[last + 1 :]:
        if token.tag in _HEADS:
            break
        if token.tag in _NOUNS:
            after.append(token)
    near = [words.get(t.form, "") for t in (*reversed(before), *after)]
    return next((k for k in near if k and k != "held"), "")
