"""Triggers on English lemmas: noun and verb uses told apart by their neighbours, passives by be or get."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from extract.analyse import Sentence, Token
from extract.lexicon.entries import Context, Entry, Voice, trigger_entries
from extract.triggers.records import Trigger

_SKIPPED = frozenset("-–‑'\"‘’“”")
_GAP = 4
_WINDOW = 3
_NOUN_BEFORE = frozenset(("DET", "POS"))
#: Participles that neither end in -ed nor equal their lemma.
_PARTICIPLES = frozenset(
    [
        "shot",
        "slain",
        "stolen",
        "beaten",
        "held",
        "found",
        "stuck",
        "struck",
        "hanged",
        "hung",
        "taken",
        "kept",
        "burnt",
        "drowned",
        "torn",
        "sold",
        "bound",
        "hit",
        "hurt",
        "thrown",
        "driven",
        "swept",
        "sent",
        "freed",
        "bitten",
        "fought",
        "set",
        "led",
        "brought",
        "caught",
        "broken",
    ]
)
_AFTER_PARTICIPLE = frozenset(
    [
        "by",
        "in",
        "at",
        "on",
        "during",
        "when",
        "after",
        "near",
        "while",
        "outside",
        "inside",
        "with",
        "and",
        "since",
        "over",
        "as",
    ]
)

_Word = tuple[Token, str]


@cache
def _index() -> dict[str, list[tuple[tuple[str, ...], bool, Entry]]]:
    index: dict[str, list[tuple[tuple[str, ...], bool, Entry]]] = defaultdict(list)
    for entry in trigger_entries("en"):
        printed = entry.pattern.startswith("=")
        words = tuple(entry.pattern.lstrip("=").replace("-", " ").split())
        index[words[0]].append((words, printed, entry))
    return index


def english_candidates(sentence: Sentence, number: int, text: str) -> Iterator[Trigger]:
    """Every trigger of the sentence whose context does not cancel it; they may overlap."""
    words = [(token, token.form.lower()) for token in sentence.tokens if token.form not in _SKIPPED]
    index = _index()
    for at, (token, lower) in enumerate(words):
        found = index.get(lower, ())
        if token.lemma != lower:
            found = [*found, *index.get(token.lemma, ())]
        for pattern, printed, entry in found:
            last = _follow(words, at, pattern, printed)
            if last is None or (len(pattern) == 1 and not _is_pos(words, at, entry.pos, pattern[0])):
                continue
            if _stands(entry.context, words, at, last):
                yield Trigger(
                    token.start,
                    words[last][0].end,
                    entry.pattern.lstrip("="),
                    entry.type,
                    entry.kind,
                    _voice(words, at, entry),
                    entry.weight,
                    number,
                )


def _follow(words: list[_Word], at: int, pattern: tuple[str, ...], printed: bool) -> int | None:
    if printed and words[at][1] != pattern[0]:
        return None
    number, spare = at, 0
    for wanted in pattern[1:]:
        if wanted == "_":
            spare = _GAP
            continue
        number += 1
        while not _is(words, number, wanted, printed):
            if not spare or number >= len(words) or words[number][0].form in ".;:!?":
                return None
            number, spare = number + 1, spare - 1
        spare = 0
    return number


def _is(words: list[_Word], number: int, wanted: str, printed: bool) -> bool:
    if number >= len(words):
        return False
    token, lower = words[number]
    return lower == wanted or (not printed and token.lemma == wanted)


def _is_pos(words: list[_Word], at: int, pos: str, pattern: str) -> bool:
    if pos in ("nv", "s"):
        return True
    token, lower = words[at]
    before = words[at - 1][0] if at else None
    after = words[at + 1][0] if at + 1 < len(words) else None
    participle = token.tag == "ED" or lower.endswith("ed") or lower in _PARTICIPLES
    if pos == "n":
        if participle or (lower.endswith("ing") and not pattern.endswith("ing")):
            return lower == pattern
        if before is not None and (before.tag == "PRON" or before.form.lower() == "to" or before.tag == "AUX"):
            return lower.endswith("ing")
        # "Police raid a house": a bare verb before its object.
        return after is None or after.tag not in ("DET", "PRON") or lower.endswith(("ing", "tion", "er", "ment"))
    # "Rob Lane won": a verb's base form with a capital before another capital is a given name.
    capitals = token.form[0].isupper() and lower == pattern and after is not None and after.form[0].isupper()
    if capitals and not token.form.isupper() and (at > 0 or (after is not None and after.tag == "PROPN")):
        return False
    if participle or lower.endswith("ing"):
        return not (lower.endswith("ing") and before is not None and before.tag in _NOUN_BEFORE)
    # "in attack", "the attack", "his attack", "gun attack": a base form is a verb only after its subject or "to".
    if before is None:
        return after is not None and after.tag in ("DET", "PRON", "NUM", "PROPN")
    if before.tag in _NOUN_BEFORE or (before.tag == "ADP" and before.form.lower() != "to"):
        return False
    return (
        before.tag in ("AUX", "PRON", "ADV")
        or before.form.lower() in ("to", "and", "or")
        or (after is not None and after.tag in ("DET", "PRON", "NUM", "PROPN", "ADP"))
    )


def _voice(words: list[_Word], at: int, entry: Entry) -> Voice | None:
    if entry.voice is not None:
        return entry.voice
    if entry.pos == "n":
        return None
    token, lower = words[at]
    participle = lower.endswith("ed") or lower in _PARTICIPLES
    if entry.pos == "s" and not participle and token.tag != "ING" and token.lemma == lower:
        return None if at == 0 or words[at - 1][0].tag in _NOUN_BEFORE else "active"
    if lower.endswith("ing"):
        passive = at > 0 and words[at - 1][1] in ("being",)
        return "passive" if passive else "active"
    if not participle:
        return "active" if entry.pos == "v" else None
    if _passive_before(words, at):
        return "passive"
    after = words[at + 1][1] if at + 1 < len(words) else ""
    if after == "by":
        return "passive"
    subject = words[at - 1][0] if at else None
    if after in _AFTER_PARTICIPLE and subject is not None and subject.tag in ("WORD", "PROPN", "NUM"):
        return "passive"
    return "active"


def _passive_before(words: list[_Word], at: int) -> bool:
    """Whether be or get governs the participle at `at`, also through a coordination (was seized, held and beaten)."""
    joined = at > 0 and words[at - 1][1] in ("and", "or", ",")
    for back in range(at - 1, max(-1, at - (12 if joined else 4)), -1):
        token, lower = words[back]
        if token.lemma in ("be", "get") or lower in ("'s", "'re"):
            return True
        if token.tag == "PRON" or lower in (";", ":", "who", "which", "that") or token.form in ".!?":
            return False
        if not joined and token.tag not in ("ADV", "AUX") and lower not in ("and", "or") and token.tag != "ED":
            return False
    return False


def _stands(context: Context, words: list[_Word], first: int, last: int) -> bool:
    if context.before and _holds(context.before, words, max(0, first - _WINDOW), first):
        return False
    if context.after and _holds(context.after, words, last + 1, last + 1 + _WINDOW):
        return False
    if context.sentence and _holds(context.sentence, words, 0, len(words)):
        return False
    return (
        not context.needs
        or _holds(context.needs, words, 0, first)
        or _holds(context.needs, words, last + 1, len(words))
    )


def _holds(wanted: tuple[str, ...], words: list[_Word], first: int, last: int) -> bool:
    window = words[first:last]
    printed = f" {' '.join(lower for _, lower in window)} "
    lemmas = f" {' '.join(token.lemma for token, _ in window)} "
    return any(f" {word.replace('-', ' ')} " in printed or f" {word} " in lemmas for word in wanted)
