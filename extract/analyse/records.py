"""What an analysed text looks like: sentences and the tokens in them, at exact offsets."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Token:
    """One morpheme (Korean) or word (English): `text[start:end]` is what is printed.

    `form` is the morpheme's own shape (it may differ from the printed text where Korean endings contract);
    `lemma` is the dictionary form (Korean verbs end in 다, English is lower case).
    `tag` is a Sejong tag as kiwipiepy gives it (Korean) or one of `extract.analyse.english.TAGS`.
    """

    start: int
    end: int
    form: str
    lemma: str
    tag: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text[start:end]` is the sentence without the space around it."""

    start: int
    end: int
    tokens: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Analysis:
    """The sentences of a text that were asked for, in order."""

    language: str
    sentences: tuple[Sentence, ...] = field(default=())

    def sentence_at(self, offset: int) -> int | None:
        """Index of the sentence that holds the character at `offset`, or None."""
        for index, sentence in enumerate(self.sentences):
            if sentence.start <= offset < sentence.end:
                return index
        return None
