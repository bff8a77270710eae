"""`python -m training.reader [cv|tables|ablate|fit|apart]`: measure the reader on the annotated articles, or fit what ships.

`cv` prints the figures of `crawler.scoring` per language, every article read by scorers that never saw its fold.
`tables` prints the tables of docs/accuracy.md from predictions that `cv --out` wrote; `ablate` cross-validates again
without each group of features, one at a time.
`apart` prints the figures of the shipped reader on real articles that we annotated ourselves and never learn from.
`fit` fits on all rows and writes `extract/weights/`: a fit for a reader with a model that knows events, for one with
entities alone, and for one without a model. Operating points and calibration are chosen out of
fold within what is fitted on, so neither ever sees an article that it is scored on.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from crawler import scoring
from extract.reader import ASKED, LexiconReader
from extract.scorers.linear import FILES, Evidence, Weights, dump_weights, load_weights
from extract.serialise import reading_to_row
from training.reader import accuracy, floor
from training.reader.ablation import ablate
from training.reader.fit import LANGUAGES
from training.reader.gold import GoldRow, load_apart, load_gold
from training.reader.standoff import SETS
from training.reader.validation import by_language, cross_validate, material

T = TypeVar("T")
SHIPPED = Path(__file__).resolve().parents[2] / "extract" / "weights"
#: The features that a reader with this evidence lacks.
WITHOUT: dict[Evidence, re.Pattern[str] | None] = {
    "events": None,
    "entities": re.compile(r"^\w+ event [A-Z]"),
    "none": re.compile(r"^\w+ (?:event|entity) [A-Z]"),
}


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


def tables(rows: Sequence[GoldRow], predicted: Sequence[dict[str, Any]]) -> None:
    for language, gold, answers in by_language(rows, predicted):
        for title, table in (
            ("figures", accuracy.main_table),
            ("people", accuracy.people_table),
            ("by type", accuracy.type_table),
            ("reliability", accuracy.reliability_table),
            ("errors", accuracy.error_table),
        ):
            print(f"\n### {language}: {title}\n\n{table(gold, answers)}")


def apart(errors: int = 0) -> None:
    """The figures of the shipped reader on each set of `training.reader.standoff`, and what it opens where there is nothing."""
    reader = LexiconReader()
    for name in SETS:
        rows = load_apart(name)
        predicted = [reading_to_row(reader.read(row.article)) for row in rows]
        print(f"# {name}, {reader.coder}")
        report(rows, predicted, errors)
        opened = [any(i["role"] != "background" for i in answer["incidents"]) for answer in predicted]
        for title, some in (
            ("without any incident", [n for n, row in enumerate(rows) if not row.raw["incidents"]]),
            ("with an older one alone", [n for n, row in enumerate(rows) if row.raw["incidents"] and not row.live]),
        ):
            print(f"false incidents in {len(some)} articles {title}: {sum(opened[n] for n in some)}")


def with_language(shipped: Weights, fitted: Weights, language: str) -> Weights:
    """`shipped` with the scorers, operating points and calibration of one language from `fitted`."""

    def merged(old: Mapping[str, T], new: Mapping[str, T]) -> dict[str, T]:
        kept = {name: value for name, value in old.items() if not name.endswith("." + language)}
        return kept | {name: value for name, value in new.items() if name.endswith("." + language)}

    return Weights(
        merged(shipped.models, fitted.models),
        merged(shipped.thresholds, fitted.thresholds),
        merged(shipped.calibration, fitted.calibration),
        fitted.made,
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("action", choices=["cv", "tables", "ablate", "fit", "apart"])
    parser.add_argument("--cache", type=Path, help="keep analysed documents in this file between runs")
    parser.add_argument("--language", choices=LANGUAGES, help="cv, ablate: only these articles; fit: these scorers")
    parser.add_argument("--evidence", choices=tuple(WITHOUT), default="events", help="cv: what the scorers have beside")
    parser.add_argument(
        "--asked", choices=LANGUAGES, nargs="+", default=ASKED, help="cv: languages with the model's word"
    )
    parser.add_argument("--errors", type=int, default=0)
    parser.add_argument("--out", type=Path, help="cv: write the predictions there")
    parser.add_argument("--baseline", type=Path, help="cv: raise the committed floor to these figures")
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
    if arguments.action == "apart":
        apart(arguments.errors)
        return 0
    if arguments.action == "fit":
        given = material(arguments.cache, arguments.language)
        for evidence, without in WITHOUT.items():
            weights = given.fit(range(len(given.rows)), without)
            if arguments.language:
                weights = with_language(load_weights(evidence=evidence), weights, arguments.language)
            dump_weights(weights, SHIPPED / FILES[evidence])
        return 0
    given = material(arguments.cache, asked=arguments.asked)
    given = given.only(arguments.language) if arguments.language else given
    if arguments.action == "ablate":
        ablate(given)
        return 0
    predicted = cross_validate(given, WITHOUT[arguments.evidence])
    if arguments.baseline:
        arguments.baseline.write_text(json.dumps(floor.baseline(given, predicted), indent=1) + "\n", "utf-8")
    report(given.rows, predicted, arguments.errors)
    if arguments.out:
        lines = [json.dumps(row, ensure_ascii=False) for row in predicted]
        arguments.out.write_text("\n".join(lines) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
