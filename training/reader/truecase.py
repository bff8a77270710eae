"""Give a text that was printed in lower case its capitals back, word by word, so that names can be seen in it.

The case of a word is the one it mostly has inside the sentences of a mixed-case corpus; a word that the corpus and
the dictionary do not know is taken for a name (Lita et al. 2003 call the first part the unigram baseline).
"""

from __future__ import annotations

import lzma
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from simplemma import is_known

from extract.lexicon.nationalities import nationalities

_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE_START = re.compile(r"(?:^|[.!?]['\")]*\s+|\n\s*|\s{2,}|--\s)[\"'(\[]*$")
_NEVER = frozenset(("s", "t", "d", "m", "ll", "re", "ve", "th", "st", "nd", "rd", "a", "may", "will", "march", "mark"))


@dataclass(frozen=True)
class Truecaser:
    """`forms` maps a lower-case word to the form it is printed in inside a sentence."""

    forms: Mapping[str, str]

    def restore(self, text: str) -> str:
        """`text` with capitals; its length does not change, so offsets stay true."""
        return _WORD.sub(lambda found: self._form(text, found), text)

    def _form(self, text: str, found: re.Match[str]) -> str:
        word = found.group()
        if not word.islower():
            return word
        form = self.forms.get(word)
        if form is None:
            form = word if len(word) < 3 or word in _NEVER or is_known(word, lang="en") else word.capitalize()
        if form == word and _SENTENCE_START.search(text, max(0, found.start() - 8), found.start()):
            form = word.capitalize()
        return form if len(form) == len(word) else word


def read_case(path: Path) -> Truecaser:
    """The case of the words of a tab-separated file of tokens (xz; blank lines part sentences), and of every country."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for sentence in _sentences(lines):
            for token in sentence[1:]:  # the first word's capital tells nothing
                if _WORD.fullmatch(token):
                    seen[token.lower()][token] += 1
    forms = {word: counts.most_common(1)[0][0] for word, counts in seen.items()}
    for country in nationalities().values():
        for name in (*country.en_names, *country.adjectives, *country.nouns, *(noun + "s" for noun in country.nouns)):
            for word in _WORD.findall(name):
                if word[0].isupper() and word.lower() not in _NEVER:
                    forms[word.lower()] = word
    return Truecaser(forms)


def _sentences(lines: Iterable[str]) -> Iterable[list[str]]:
    words: list[str] = []
    for line in lines:
        token = line.split("\t")[0].strip()
        if token and not line.startswith("# "):
            words.append(token)
        elif words:
            yield words
            words = []
    if words:
        yield words
