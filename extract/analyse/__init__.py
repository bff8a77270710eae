"""Text into sentences and tokens at exact offsets: Korean morphemes by kiwipiepy, English words by our own rules."""

from __future__ import annotations

from collections.abc import Iterable

from extract.analyse.english import NUMBER_WORDS, analyse_english
from extract.analyse.korean import analyse_korean
from extract.analyse.records import Analysis, Sentence, Token
from extract.analyse.sentences import Span, split_sentences

LANGUAGES = ("ko", "en")

__all__ = [
    "LANGUAGES",
    "NUMBER_WORDS",
    "Analysis",
    "LanguageNotReadError",
    "Sentence",
    "Token",
    "analyse",
    "split_sentences",
]


class LanguageNotReadError(ValueError):
    """Asked to analyse a language other than those of `LANGUAGES`."""


def analyse(text: str, language: str, spans: Iterable[Span] | None = None) -> Analysis:
    """Sentences with tokens of `text` in "ko" or "en".

    `spans` limits the work to some of the sentences that `split_sentences` gave (Korean morphology is the
    reader's largest cost); without it every sentence is analysed. Offsets are always into `text`.
    Raises `LanguageNotReadError` for another language.
    """
    if language not in LANGUAGES:
        raise LanguageNotReadError(f"{language!r} is not one of {', '.join(LANGUAGES)}")
    chosen = split_sentences(text, language) if spans is None else sorted(spans)
    read = analyse_korean if language == "ko" else analyse_english
    return Analysis(language, read(text, chosen))
