"""Triggers on Korean morphemes: nouns at morpheme borders, verb lemmas, lemma sequences, voice from what follows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from extract.analyse import Sentence, Token
from extract.lexicon.entries import Context, Entry, Voice, trigger_entries
from extract.triggers.records import Trigger

_NOMINAL = ("NNG", "NNP", "NNB", "NR", "XR", "SL", "MAG", "XPN", "MM", "W_SERIAL")
_QUOTES = " '\"‘’“”·"
_ACTIVE_VERBS = frozenset(
    ["하다", "저지르다", "벌이다", "일삼다", "가하다", "휘두르다", "일으키다", "자행하다", "행사하다"]
)
_PASSIVE_VERBS = frozenset(["당하다", "입다", "받다", "겪다", "맞다", "되다", "시달리다"])
_ACTIVE_SUFFIXES = frozenset(("하", "시키"))
_PASSIVE_SUFFIXES = frozenset(("되", "당하", "받"))
#: A noun this long names its act even inside a longer word that kiwi keeps whole (집단성폭행).
_FREE_LENGTH = 3
_GAP = 4


@dataclass(frozen=True, slots=True)
class _Index:
    nouns: dict[str, list[tuple[str, bool, Entry]]]
    verbs: dict[str, list[Entry]]
    sequences: dict[str, list[tuple[tuple[str, ...], Entry]]]


@cache
def _index() -> _Index:
    nouns: dict[str, list[tuple[str, bool, Entry]]] = defaultdict(list)
    verbs: dict[str, list[Entry]] = defaultdict(list)
    sequences: dict[str, list[tuple[tuple[str, ...], Entry]]] = defaultdict(list)
    for entry in trigger_entries("ko"):
        if entry.pos == "n":
            compact = entry.pattern.replace("_", "")
            nouns[compact[:2]].append((compact, "_" in entry.pattern or len(compact) > _FREE_LENGTH, entry))
        elif entry.pos == "v":
            verbs[entry.pattern].append(entry)
        else:
            words = tuple(entry.pattern.split(" "))
            sequences[words[0]].append((words, entry))
    return _Index(nouns, verbs, sequences)


def korean_candidates(sentence: Sentence, number: int, text: str) -> Iterator[Trigger]:
    """Every trigger of the sentence whose context does not cancel it; they may overlap."""
    for start, end, entry, after in _matches(sentence, text):
        if _stands(entry.context, sentence, text, start, end, after):
            voice = entry.voice or _voice(sentence.tokens, after)
            yield Trigger(start, end, entry.pattern, entry.type, entry.kind, voice, entry.weight, number)


def _matches(sentence: Sentence, text: str) -> Iterator[tuple[int, int, Entry, int]]:
    """(start, end, entry, index of the first token after it)."""
    index = _index()
    yield from _nouns(sentence, text, index)
    tokens = sentence.tokens
    for at, token in enumerate(tokens):
        for entry in index.verbs.get(token.lemma, ()) if token.tag == "VV" else ():
            yield token.start, _with_endings(tokens, at), entry, at + 1
        for words, entry in index.sequences.get(token.lemma, ()):
            last = _follow(tokens, at, words)
            if last is not None:
                yield token.start, _with_endings(tokens, last), entry, last + 1


def _nouns(sentence: Sentence, text: str, index: _Index) -> Iterator[tuple[int, int, Entry, int]]:
    offsets = [at for at in range(sentence.start, sentence.end) if not text[at].isspace()]
    compact = "".join(text[at] for at in offsets)
    begins = {token.start: number for number, token in reversed(list(enumerate(sentence.tokens)))}
    ends = {token.end for token in sentence.tokens}
    for at in range(len(compact) - 1):
        for word, spaced, entry in index.nouns.get(compact[at : at + 2], ()):
            if not compact.startswith(word, at):
                continue
            start, end = offsets[at], offsets[at + len(word) - 1] + 1
            if end - start != len(word) and not spaced:
                continue
            if len(word) < _FREE_LENGTH or not _inside_nouns(sentence.tokens, start, end):
                first = begins.get(start)
                if first is None or end not in ends or sentence.tokens[first].tag not in _NOMINAL:
                    continue
                # A place name that reads like an act: 인도 (India).
                if sentence.tokens[first].tag == "NNP" and sentence.tokens[first].end == end and len(word) == 2:
                    continue
            yield start, end, entry, _first_after(sentence.tokens, end)


def _inside_nouns(tokens: tuple[Token, ...], start: int, end: int) -> bool:
    return all(
        token.tag in _NOMINAL or token.tag.startswith("XS")
        for token in tokens
        if start < token.end and token.start < end
    )


def _first_after(tokens: tuple[Token, ...], end: int) -> int:
    for number, token in enumerate(tokens):
        if token.start >= end:
            return number
    return len(tokens)


def _with_endings(tokens: tuple[Token, ...], at: int) -> int:
    """Where the word of token `at` ends, its conjugation included, derived verbs (발견+되+었+다) too."""
    end = tokens[at].end
    for token in tokens[at + 1 :]:
        if token.start > end or not (token.tag.startswith("E") or token.tag in ("XSV", "XSA")):
            break
        end = max(end, token.end)
    return end


def _follow(tokens: tuple[Token, ...], at: int, words: tuple[str, ...]) -> int | None:
    """Index of the token that ends the sequence, or None; particles, endings and one adverb may stand between."""
    spare, adverbs = 0, 1
    wanted = 1
    for number in range(at + 1, len(tokens)):
        if words[wanted] == "_":
            spare, wanted = _GAP, wanted + 1
        token = tokens[number]
        if token.lemma == words[wanted] or token.form == words[wanted]:
            wanted += 1
            if wanted == len(words):
                return number
            spare, adverbs = 0, 1
        elif token.tag[0] in "JE" or token.tag in ("SSO", "SSC", "SO", "XSV", "XSN"):
            continue
        elif token.tag == "MAG" and adverbs:
            adverbs -= 1
        elif spare and token.tag != "SF":
            spare -= 1
        else:
            return None
    return None


def _voice(tokens: tuple[Token, ...], after: int) -> Voice | None:
    for token in tokens[after : after + 3]:
        if token.tag in ("JKO", "JX", "SSC") or token.form in ("혐의",):
            continue
        if token.tag == "XSV":
            return (
                "active" if token.form in _ACTIVE_SUFFIXES else "passive" if token.form in _PASSIVE_SUFFIXES else None
            )
        if token.tag == "VV":
            return "active" if token.lemma in _ACTIVE_VERBS else "passive" if token.lemma in _PASSIVE_VERBS else None
        return None
    return None


def _stands(context: Context, sentence: Sentence, text: str, start: int, end: int, after: int) -> bool:
    if context.before and _before(context.before, text[max(sentence.start, start - 12) : start]):
        return False
    if context.after and _after(context.after, sentence.tokens, text[end : min(sentence.end, end + 14)], after):
        return False
    if context.sentence or context.needs:
        whole = text[sentence.start : sentence.end]
        if any(word in whole for word in context.sentence):
            return False
        # What is needed must stand outside the trigger itself.
        rest = text[sentence.start : start] + " " + text[end : sentence.end]
        if context.needs and not any(word in rest for word in context.needs):
            return False
    return True


def _before(words: tuple[str, ...], left: str) -> bool:
    near = left.rstrip(_QUOTES)
    for word in words:
        if left.endswith(word):
            return True
        # One syllable before a space cancels only as a word of its own: 눈 폭탄, but not 라고 강도.
        if near.endswith(word) and (len(word) > 1 or not near[: -len(word)][-1:].strip()):
            return True
    return False


def _after(words: tuple[str, ...], tokens: tuple[Token, ...], right: str, after: int) -> bool:
    near = right.lstrip(_QUOTES)
    following = next((token for token in tokens[after:] if not token.tag.startswith(("J", "SS"))), None)
    for word in words:
        if right.startswith(word) or (len(word) > 1 and near.startswith(word)):
            return True
        if following is not None and following.form.startswith(word) and (len(word) > 1 or following.tag[0] == "V"):
            return True
    return False
