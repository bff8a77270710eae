"""`python -m training.reader [cv|tables|ablate|fit]`: measure the reader on the annotated articles, or fit what ships.

`cv` prints the figures of `crawler.scoring` per language, every article read by scorers that never saw its fold.
`tables` prints the tables of docs/accuracy.md from predictions that `cv --out` wrote; `ablate` cross-validates again
without each group of features, one at a time.
`fit` fits on all rows and writes `extract/weights/reader.json.gz`. Operating points and calibration are chosen out of
fold within what is fitted on, so neither ever sees an article that it is scored on.
"""

from __future__ import annotations

import argparse
import datetime
import json
import pickle
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler import scoring
from extract.document import Document, build_document
from extract.reader import decide
from extract.scorers.linear import Weights, dump_weights
from extract.serialise import reading_to_row
from training.reader import accuracy
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
        return fit(docs, gold, datetime.datetime.now(datetime.UTC).date().isoformat(), without=without)


def material(cache: Path | None) -> Material:
    rows, own = load_gold(), load_own()
    docs = documents([*rows, *own], cache)
    return Material(rows, docs[: len(rows)], own, docs[len(rows) :])


def cross_validate(given: Material, without: re.Pattern[str] | None = None) -> list[dict[str, Any]]:
    """Every article read by scorers, thresholds and calibration fitted on the other folds (and the own rows) alone."""
    fold = folds(given.rows)
    out: list[dict[str, Any]] = [{} for _ in given.rows]
    for k in sorted(set(fold)):
        weights = given.fit([i for i, f in enumerate(fold) if f != k], without)
        for i, f in enumerate(fold):
            if f == k:
                out[i] = reading_to_row(decide(given.docs[i], weights))
    return out


def report(rows: Sequence[GoldRow], predicted: Sequence[dict[str, Any]], errors: int = 0) -> None:
    for language, gold, answers in by_language(rows, predicted):
        figures, log = scoring.score(gold, answers, errors)
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


#: Groups of features that an ablation leaves out, by what they look at ("scorer feature" is searched).
GROUPS = {
    "words around a mention": r"^(?:place|date|victim|perpetrator|\w+_nation|killed|injured|held|missing) (?:counted |implied )?(?:[-+]\d|before|after):",
    "which sentences tell of the event": r"^(?!sentence|another|further|gate)\w+ (?:\w+ )?(?:told|best sentence|best told|vote share)",
    "distance to the trigger": r" (?:\w+ )?trigger (?:here|within|after)",
    "voice and particle": r"voice|particle",
    "cues of no event (discards)": r" discard",
    "charges": r"charge",
    "words of title and lead (type)": r"^(?:type|linked) \w+\|",
    "words of the article (gate)": r"^gate (?:any|title|lead):",
    "role scores (nationality)": r"_nation person's",
    "discourse marks": r" mark ",
    "contrast with the head (further events)": r"^(?:another|further) (?:head: |rest: |last: |opened: )?(?:places|countries|days|names|ages|nations|types|charges|lemmas|tolls|family|clashes|overlap) ?",
    "place phrase and particle": r"^place (?:cue|followed by|near|detail|parents|phrase)",
}
SHOWN = (("article", "f1"), ("incident", "f1"), ("end_to_end", "f1"), ("victim_nationality_all", "f1"), ("type", "f1"), ("date", "f1"), ("place", "f1"))  # fmt: skip


def ablate(given: Material) -> None:
    """A row for the whole and one for each group left out, per language: the figures of `SHOWN`."""
    print("| language | left out | " + " | ".join(f"{n} {p.upper()}" for n, p in SHOWN) + " |")
    print("|---|---" + "|---" * len(SHOWN) + "|")
    for name, pattern in [("nothing", None), *GROUPS.items()]:
        predicted = cross_validate(given, re.compile(pattern) if pattern else None)
        for language, gold, answers in by_language(given.rows, predicted):
            figures, _ = scoring.score(gold, answers)
            cells = " | ".join(f"{figures[n][p]:.3f}" for n, p in SHOWN)
            print(f"| {language} | {name} | {cells} |", flush=True)


def by_language(
    rows: Sequence[GoldRow], predicted: Sequence[dict[str, Any]]
) -> Iterator[tuple[str, list[dict[str, Any]], list[dict[str, Any]]]]:
    """(language, annotated, predicted) for each language that there are articles of."""
    for language in LANGUAGES:
        some = [i for i, r in enumerate(rows) if r.raw["lang"] == language]
        if some:
            yield language, [rows[i].raw for i in some], [predicted[i] for i in some]


def tables(rows: Sequence[GoldRow], predicted: Sequence[dict[str, Any]]) -> None:
    for language, gold, answers in by_language(rows, predicted):
        for title, table in (
            ("figures", accuracy.main_table),
            ("by type", accuracy.type_table),
            ("reliability", accuracy.reliability_table),
            ("errors", accuracy.error_table),
        ):
            print(f"\n### {language}: {title}\n\n{table(gold, answers)}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("action", choices=["cv", "tables", "ablate", "fit"])
    parser.add_argument("--cache", type=Path, help="keep analysed documents in this file between runs")
    parser.add_argument("--language", choices=LANGUAGES, help="cv, ablate: only the articles of this language")
    parser.add_argument("--errors", type=int, default=0)
    parser.add_argument("--out", type=Path, help="cv: write the predictions there")
    parser.add_argument("--predicted", type=Path, help="tables: predictions that cv wrote")
    arguments = parser.parse_args()
    if arguments.action == "tables":
        if arguments.predicted is None:
            parser.error("tables needs --predicted FILE, as `cv --out FILE` writes it")
        predicted = [json.loads(line) for line in arguments.predicted.read_text("utf-8").splitlines()]
        known = {row["id"]: row for row in predicted}
        rows = [row for row in load_gold() if row.raw["id"] in known]
        tables(rows, [known[row.raw["id"]] for row in rows])
        return 0
    given = material(arguments.cache)
    if arguments.action == "fit":
        dump_weights(given.fit(range(len(given.rows))), SHIPPED)
        return 0
    given = given.only(arguments.language) if arguments.language else given
    if arguments.action == "ablate":
        ablate(given)
        return 0
    predicted = cross_validate(given)
    report(given.rows, predicted, arguments.errors)
    if arguments.out:
        lines = [json.dumps(row, ensure_ascii=False) for row in predicted]
        arguments.out.write_text("\n".join(lines) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
