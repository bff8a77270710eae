"""Stand-off annotations of real English articles, which no scorer learns from: what the reader is tested on beside.

The texts are their outlets' and stay in `../shared/data`: 409 articles of the Worldwide newswire set (words one a line,
put together by `joined`) and 80 of the gun violence articles. What is kept here says where in the text each quote begins
and ends, and what it means, in the rules of the annotation guide.
"""

from __future__ import annotations

import hashlib
import json
import lzma
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ANNOTATED = Path(__file__).parent / "annotated"
#: Name of a set to the file of its annotations in ANNOTATED.
SETS = {"worldwide": "worldwide_en.jsonl", "gun_violence": "gun_violence_en.jsonl"}
#: An article's text is cut there, as the annotated articles of the shared set are.
LENGTH = 2_400
_CLOSING = frozenset(
    (*".,;:!?)]}%…”", "'s", "’s", "n't", "n’t", "'re", "'ve", "'ll", "'d", "'m", "’re", "’ve", "’ll", "’t", "'t", "’m", "’d", "...")
)  # fmt: skip
_OPENING = frozenset("([{$£€¥“‘₦₹₱#")
_DOLLARS = frozenset(("US", "NT", "HK", "S", "A"))
_CONTRACTED = frozenset(("s", "t", "re", "ve", "ll", "d", "m"))
_QUOTED = ("trigger", "place_text", "date_text")
_QUOTED_OF_PEOPLE = ("text", "nationality_text", "name")


class AnnotationError(ValueError):
    """An annotation and the text that it was made on do not fit."""


def read_texts(data: Path, name: str) -> Iterator[tuple[str, str, str | None]]:
    """(id, text, day of publication where it is known) of every article of the set `name` in the folder `data`."""
    if name == "gun_violence":
        with lzma.open(data / "events" / "gun_violence_articles" / "X_train.json.xz", "rt", encoding="utf-8") as file:
            for number, row in enumerate(json.load(file)):
                yield f"gv:{number}", row["text"][:LENGTH], row["publish_date"][:10] or None
        return
    with lzma.open(data / "ner" / "worldwide_newswire_en.tsv.xz", "rt", encoding="utf-8") as lines:
        for document in lines.read().split("# file")[1:]:
            title, words = document.split("\n", 1)
            text = joined([w.split("\t")[0] for w in words.split("\n")])
            yield f"ww:{title.strip().removesuffix('.txt.tsv')}", text[:LENGTH], None


def joined(words: Sequence[str]) -> str:
    """The words as a printed text: no space before what closes or after what opens; "" parts paragraphs.

    Of 87 articles that are there as printed too, 35 come out letter for letter; most others differ in a space after a
    number ("70 km") or beside a dash.
    """
    paragraphs: list[list[str]] = [[]]
    for word in words:
        if word:
            paragraphs[-1].append(word)
        elif paragraphs[-1]:
            paragraphs.append([])
    return "\n\n".join(_line(words) for words in paragraphs if words)


def _line(words: Sequence[str]) -> str:
    out, glued = "", True
    quoting = {'"': False, "'": False}
    for before, word, after in zip(["", *words], words, [*words[1:], ""], strict=False):
        left = word not in _CLOSING and not (word == "$" and before in _DOLLARS)
        right = word not in _OPENING
        if word == "." and len(before) == len(after) == 1 and before.isupper() and after.isupper():
            right = False  # U.S.
        elif word == "'" and not quoting[word] and before.endswith("s"):
            left = False
        elif word in quoting:
            left, right = (False, right) if quoting[word] else (left, False)
            quoting[word] = not quoting[word]
        elif word in ("-", "/", "—") and before and after:
            left = right = False
        elif word == "’":
            left, right = False, before.endswith("s") and after not in _CONTRACTED
        out += word if glued or not left else f" {word}"
        glued = not right
    return out


def packed(text: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """An annotation of `text` (cut at LENGTH) as it is kept: a [start, end] for every quote, no words of the text.

    Raises AnnotationError on a quote that is no part of the text.
    """

    def span(quote: str | None) -> list[int] | None:
        if not quote:
            return None
        at = text.find(quote)
        if at < 0:
            raise AnnotationError(f"{row['id']}: {quote!r} is not in the text")
        return [at, at + len(quote)]

    return {"id": row["id"], "text": _mark(text), "incidents": [_with(span, i) for i in row["incidents"]]}


def unpacked(text: str, published: str | None, row: Mapping[str, Any]) -> dict[str, Any]:
    """The article with its annotation, in the form of the shared set. Raises AnnotationError where the text is another."""
    if _mark(text) != row["text"]:
        raise AnnotationError(f"{row['id']}: the text is not the one that was annotated")
    incidents = [_with(lambda span: text[slice(*span)] if span else None, i) for i in row["incidents"]]
    return {"id": row["id"], "lang": "en", "source": None, "url": None, "title": None, "published": published, "text": text,
            "incidents": incidents, "responses": []}  # fmt: skip


def read_annotated(data: Path, name: str) -> list[dict[str, Any]]:
    """The annotated articles of the set `name` in the order of their file. Raises AnnotationError where one is not in it."""
    texts = {key: (text, published) for key, text, published in read_texts(data, name)}
    rows = [json.loads(line) for line in (ANNOTATED / SETS[name]).read_text("utf-8").splitlines()]
    missing = [row["id"] for row in rows if row["id"] not in texts]
    if missing:
        raise AnnotationError(f"not in the set: {', '.join(missing)}")
    return [unpacked(*texts[row["id"]], row) for row in rows]


def _with(change: Any, incident: Mapping[str, Any]) -> dict[str, Any]:
    """The incident with `change` made to every quote."""
    out = {**incident, **{name: change(incident.get(name)) for name in _QUOTED}}
    for role in ("victims", "perpetrators"):
        out[role] = [p | {n: change(p.get(n)) for n in _QUOTED_OF_PEOPLE if n in p} for p in incident[role]]
    return out


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
