"""The annotated articles with their analysed documents, and the cross-validated reading of them."""

from __future__ import annotations

import datetime
import pickle
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from extract.cues import EVENT_TAGS, Cues, as_cues
from extract.document import Document, build_document
from extract.entities import LABELS
from extract.model import load_tagger
from extract.reader import ASKED, decide
from extract.records import Reading
from extract.relevance import worth_reading
from extract.scorers.linear import Weights
from extract.serialise import reading_to_row
from training.folds import digest, folds
from training.reader.fit import LANGUAGES, fit
from training.reader.gold import GoldRow, load_gold, load_own

#: What the models that were trained without an article's fold say of it (`python -m training.model outside`).
OUTSIDE = Path(__file__).with_name("outside.npz")


def outside_cues(path: Path = OUTSIDE) -> Callable[[str, str], Cues]:
    """A function from an article's id and text to the classifier's cues, out of fold.

    For an article that the file lacks, or whose text has changed since, the shipped model is asked: it has learned from
    that article's labels if it was there at all, so make the file anew after changing many.
    """
    tagger = load_tagger()
    with np.load(path) as kept:
        ends = np.cumsum(kept["pieces"]).tolist()
        starts = [0, *ends[:-1]]
        where = dict(zip(kept["ids"].tolist(), zip(starts, ends, strict=True), strict=True))
        said = {head: kept[head].astype(np.float32) / 255 for head in ("news", "event")}

    def cues(article: str, text: str) -> Cues:
        start, end = where.get(digest(article), (0, 0))
        offsets = tagger.offsets(text)
        if len(offsets) != end - start:
            return tagger.cues(text)
        heard = tagger.pieces_heard(text)
        end = start + heard
        return as_cues(
            offsets[:heard],
            {tag: said["event"][start:end, n] for n, tag in enumerate(EVENT_TAGS)},
            {tag: said["news"][start:end, n] for n, tag in enumerate(LABELS)},
        )

    return cues


def documents(rows: Sequence[GoldRow], cache: Path | None, asked: Collection[str] = ASKED) -> list[Document]:
    if cache and cache.exists():
        return pickle.loads(cache.read_bytes())  # type: ignore[no-any-return]
    cues = outside_cues()
    docs = [build_document(row.article, row.raw["lang"]) for row in rows]
    for row, doc in zip(rows, docs, strict=True):
        if doc.language in asked:
            doc.cues = cues(row.raw["id"], doc.text)
    if cache:
        cache.write_bytes(pickle.dumps(docs))
    return docs


@dataclass(frozen=True)
class Material:
    """Annotated articles with their documents: `rows` are scored on, `own` (invented ones) only learned from."""

    rows: list[GoldRow]
    docs: list[Document]
    own: list[GoldRow]
    own_docs: list[Document]

    def only(self, language: str) -> Material:
        """The articles of one language; the scorers of a language learn from its own articles alone."""
        rows = [i for i, row in enumerate(self.rows) if row.raw["lang"] == language]
        own = [i for i, row in enumerate(self.own) if row.raw["lang"] == language]
        return Material(
            [self.rows[i] for i in rows],
            [self.docs[i] for i in rows],
            [self.own[i] for i in own],
            [self.own_docs[i] for i in own],
        )

    def fit(self, chosen: Sequence[int], without: re.Pattern[str] | None = None) -> Weights:
        """The scorers fitted on the rows `chosen` and on all own rows, without the features that `without` names."""
        docs = [self.docs[i] for i in chosen] + self.own_docs
        rows = [self.rows[i] for i in chosen] + self.own
        made = datetime.datetime.now(datetime.UTC).date().isoformat()
        return fit(docs, [row.live for row in rows], made, without=without, kinds=[row.kind for row in rows])


def material(cache: Path | None, language: str | None = None, asked: Collection[str] = ASKED) -> Material:
    """The annotated and the invented articles, of one language where it is given (its cache is a file of its own)."""
    rows, own = ([r for r in some if language in (None, r.raw["lang"])] for some in (load_gold(), load_own()))
    docs = documents([*rows, *own], cache, asked)
    return Material(rows, docs[: len(rows)], own, docs[len(rows) :])


def cross_validate(given: Material, without: re.Pattern[str] | None = None) -> list[dict[str, Any]]:
    """Every article read by scorers, thresholds and calibration fitted on the other folds (and the own rows) alone."""
    fold = folds([row.raw for row in given.rows])
    out: list[dict[str, Any]] = [{} for _ in given.rows]
    for k in sorted(set(fold)):
        for i, row in read_fold(given, fold, k, without):
            out[i] = row
    return out


def read_fold(
    given: Material, fold: Sequence[int], k: int, without: re.Pattern[str] | None = None
) -> list[tuple[int, dict[str, Any]]]:
    """(number, predicted row) of the articles of fold `k`, read by scorers fitted on the other folds."""
    weights = given.fit([i for i, f in enumerate(fold) if f != k], without)
    return [(i, reading_to_row(_read(given.docs[i], weights))) for i, f in enumerate(fold) if f == k]


def _read(doc: Document, weights: Weights) -> Reading:
    """The reading as the reader gives it, which looks at the words before it has a document made."""
    article = doc.article
    if not worth_reading(article.title, article.text, doc.language, weights):
        return Reading(article.id, doc.language, "", outcome="not_relevant")
    return decide(doc, weights)


def by_language(
    rows: Sequence[GoldRow], predicted: Sequence[dict[str, Any]]
) -> Iterator[tuple[str, list[dict[str, Any]], list[dict[str, Any]]]]:
    """(language, annotated, predicted) for each language that there are articles of."""
    for language in LANGUAGES:
        some = [i for i, r in enumerate(rows) if r.raw["lang"] == language]
        if some:
            yield language, [rows[i].raw for i in some], [predicted[i] for i in some]
