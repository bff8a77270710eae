"""Mentions as our own reader sees them: annotated articles and the invented pairs, read before they are compared."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from crawler.scoring import pair
from extract.reader import HOME
from extract.records import Article, Reading
from extract.resolve import Signature, signature_of
from extract.serialise import is_current, report_to_row
from training.reader.gold import GoldRow
from training.resolve.gold import Mention

PAIRS = Path(__file__).parent / "own" / "pairs.jsonl"
SIDES = ("ko", "en", "near")


@dataclass(frozen=True)
class Invented:
    """One invented event: its Korean and English article, and the near-miss; `held_out` ones are never learned from."""

    event: str
    held_out: bool
    articles: dict[str, Article]


def load_pairs(path: Path = PAIRS) -> list[Invented]:
    """The invented events of the file, in its order."""
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return [
        Invented(
            row["event"],
            row["use"] == "held_out",
            {
                side: Article(
                    f"{row['event']}-{side}",
                    row[side]["title"],
                    row[side]["text"],
                    datetime.fromisoformat(row[side]["published"]),
                    language := row[side].get("language", side),
                    country=HOME.get(language),
                )
                for side in SIDES
            },
        )
        for row in rows
    ]


def main_signature(article: Article, reading: Reading) -> Signature | None:
    """The signature of the article's first current report, None where the reader found none."""
    for ordinal, report in enumerate(reading.reports):
        if is_current(report):
            return signature_of(report, article, ordinal)
    return None


def invented_mentions(events: Iterable[Invented], readings: dict[str, Reading]) -> list[Mention]:
    """The main report of each invented article; both sides of a pair are one cluster, the near-miss its own."""
    found = []
    for event in events:
        for side, article in event.articles.items():
            signature = main_signature(article, readings[article.id])
            if signature is not None:
                found.append(Mention(f"{event.event}-near" if side == "near" else event.event, signature))
    return found


def read_mentions(rows: Iterable[GoldRow], readings: dict[str, Reading]) -> list[Mention]:
    """The reader's reports that are paired with a judged annotated incident, with its cluster, in order of publication.

    A judged incident that the reader did not find gives no mention: how many it finds is the reader's figure.
    """
    found = []
    for row in rows:
        reading = readings[row.article.id]
        told = [{"evidence": [], **report_to_row(report)} for report in reading.reports]
        for g, p in pair(row.raw["incidents"], told):  # type: ignore[no-untyped-call]
            cluster = row.raw["incidents"][g].get("cluster")
            if cluster:
                signature = signature_of(reading.reports[p], row.article, p)
                found.append(Mention(cluster, replace(signature, seat=row.article.id)))
    return sorted(found, key=lambda mention: (mention.signature.published or 0, mention.signature.seat))
