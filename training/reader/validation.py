"""The annotated articles with their analysed documents, and the cross-validated reading of them."""

from __future__ import annotations

import datetime
import pickle
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extract.document import Document, build_document
from extract.reader import decide
from extract.scorers.linear import Weights
from extract.serialise import reading_to_row
from training.folds import folds
from training.reader.fit import LANGUAGES, fit
from training.reader.gold import GoldRow, load_gold, load_own


def documents(rows: Sequence[GoldRow], cache: Path | None) -> list[Document]:
    if cache and cache.exists():
        return pickle.loads(cache.read_bytes())  # type: ignore[no-any-return]
    docs = [build_document(row.article, row.raw["lang"]) for row in rows]
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
        gold = [self.rows[i].live for i in chosen] + [row.live for row in self.own]
        made = datetime.datetime.now(datetime.UTC).date().isoformat()
        return fit(docs, gold, made, without=without, invented=len(self.own))


def material(cache: Path | None, language: str | None = None) -> Material:
    """The annotated and the invented articles, of one language where it is given (its cache is a file of its own)."""
    rows, own = ([r for r in some if language in (None, r.raw["lang"])] for some in (load_gold(), load_own()))
    docs = documents([*rows, *own], cache)
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
    return [(i, reading_to_row(decide(given.docs[i], weights))) for i, f in enumerate(fold) if f == k]


def by_language(
    rows: Sequence[GoldRow], predicted: Sequence[dict[str, Any]]
) -> Iterator[tuple[str, list[dict[str, Any]], list[dict[str, Any]]]]:
    """(language, annotated, predicted) for each language that there are articles of."""
    for language in LANGUAGES:
        some = [i for i, r in enumerate(rows) if r.raw["lang"] == language]
        if some:
            yield language, [rows[i].raw for i in some], [predicted[i] for i in some]
