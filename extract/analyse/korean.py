"""Korean morphemes by kiwipiepy: one shared model per process, loaded when the first Korean sentence is read."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from extract.analyse.records import Sentence, Token
from extract.lexicon.user_words import user_words

if TYPE_CHECKING:
    from kiwipiepy import Kiwi  # type: ignore[import-untyped]

Span = tuple[int, int]

#: A sentence longer than this is a table or a list that lost its line breaks; kiwi's cost grows with it for nothing.
MAX_SENTENCE = 2_000


@cache
def shared_kiwi() -> Kiwi:
    """The process's one Kiwi, with the user words of `extract/lexicon/user_words_ko.tsv`.

    One worker thread: the product reads in a process pool, where threads of its own only compete.
    """
    from kiwipiepy import Kiwi  # the import alone costs a listing command its start-up time

    kiwi = Kiwi(num_workers=1)
    for word in user_words():
        kiwi.add_user_word(word.form, word.tag, word.score)
    return kiwi


def analyse_korean(text: str, spans: list[Span]) -> tuple[Sentence, ...]:
    """The sentences at `spans`, tokenised into morphemes."""
    kiwi = shared_kiwi()
    pieces = [text[start : min(end, start + MAX_SENTENCE)] for start, end in spans]
    sentences = []
    for (start, end), morphemes in zip(spans, kiwi.tokenize(pieces), strict=True):
        tokens = tuple(Token(start + m.start, start + m.end, m.form, m.lemma, _plain(m.tag)) for m in morphemes)
        sentences.append(Sentence(start, end, tokens))
    return tuple(sentences)


def _plain(tag: str) -> str:
    """Sejong tag without kiwi's mark of regular or irregular conjugation ("VV-R" is "VV")."""
    return tag.partition("-")[0]
