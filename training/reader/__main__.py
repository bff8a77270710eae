"""`python -m training.reader [cv|fit]`: cross-validate the reader on the annotated articles, or fit what ships.

`cv` prints the figures of `crawler.scoring` per language, every article read by scorers that never saw its fold.
`fit` fits on all rows and writes `extract/weights/reader.json.gz`. Operating points and calibration are chosen out of
fold within what is fitted on, so neither ever sees an article that it is scored on.
"""

from __future__ import annotations

import argparse
import datetime
import json
import pickle
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler import scoring
from extract.document import Document, build_document
from extract.reader import decide
from extract.scorers.linear import Weights, dump_weights
from extract.serialise import reading_to_row
from training.reader.fit import LANGUAGES, fit
from training.reader.gold import GoldRow, folds, load_gold, load_own

SHIPPED = Path(__file__).resolve().parents[2] / "extract" / "weights" / "reader.json.gz"


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

    def fit(self, chosen: Sequence[int]) -> Weights:
        """The scorers fitted on the rows `chosen` and on all own rows."""
        docs = [self.docs[i] for i in chosen] + self.own_docs
        gold = [self.rows[i].live for i in chosen] + [row.live for row in self.own]
        return fit(docs, gold, datetime.datetime.now(datetime.UTC).date().isoformat())


def material(cache: Path | None) -> Material:
    rows, own = load_gold(), load_own()
    docs = documents([*rows, *own], cache)
    return Material(rows, docs[: len(rows)], own, docs[len(rows) :])


def cross_validate(given: Material) -> list[dict[str, Any]]:
    """Every article read by scorers, thresholds and calibration fitted on the other folds (and the own rows) alone."""
    fold = folds(given.rows)
    out: list[dict[str, Any]] = [{} for _ in given.rows]
    for k in sorted(set(fold)):
        weights = given.fit([i for i, f in enumerate(fold) if f != k])
        for i, f in enumerate(fold):
            if f == k:
                out[i] = reading_to_row(decide(given.docs[i], weights))
    return out


def report(rows: Sequence[GoldRow], predicted: Sequence[dict[str, Any]], errors: int = 0) -> None:
    for language in LANGUAGES:
        some = [i for i, r in enumerate(rows) if r.raw["lang"] == language]
        figures, log = scoring.score([rows[i].raw for i in some], [predicted[i] for i in some], errors)
        print(f"== {language}")
        for name, value in figures.items():
            if isinstance(value, dict):
                print(
                    f"{name:24s} P {value['p']:.3f}  R {value['r']:.3f}  F1 {value['f1']:.3f}  (gold {value['gold']}, predicted {value['pred']})"
                )
            else:
                print(f"{name:24s} {value}")
        for line in log:
            print(json.dumps(line, ensure_ascii=False))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("action", choices=["cv", "fit"])
    parser.add_argument("--cache", type=Path, help="keep analysed documents in this file between runs")
    parser.add_argument("--errors", type=int, default=0)
    parser.add_argument("--out", type=Path, help="cv: write the predictions there")
    arguments = parser.parse_args()
    given = material(arguments.cache)
    if arguments.action == "cv":
        predicted = cross_validate(given)
        report(given.rows, predicted, arguments.errors)
        if arguments.out:
            lines = [json.dumps(row, ensure_ascii=False) for row in predicted]
            arguments.out.write_text("\n".join(lines) + "\n", "utf-8")
    else:
        dump_weights(given.fit(range(len(given.rows))), SHIPPED)
    return 0


if __name__ == "__main__":
    sys.exit(main())
