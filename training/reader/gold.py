"""The annotated articles of `../shared/data/incidents` as articles and gold incidents, and their folds."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from extract.reader import HOME
from extract.records import Article
from extract.serialise import article_from_row
from training.reader.standoff import read_annotated

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
GOLD = DATA / "incidents" / "articles.jsonl"
OWN = Path(__file__).parent / "own"
#: A real article, an invented one, and two kinds of invented ones that teach some scorers only (`training.reader.fit`).
Kind = Literal["real", "invented", "people", "steps"]


@dataclass(frozen=True)
class GoldRow:
    article: Article
    raw: dict[str, Any]

    @property
    def live(self) -> list[dict[str, Any]]:
        """Gold incidents that must be found: role main or also."""
        return [i for i in self.raw["incidents"] if i["role"] != "background"]

    @property
    def kind(self) -> Kind:
        """Whether the article is real, or what an invented one teaches."""
        if not self.raw["id"].startswith("own:"):
            return "real"
        told = self.raw.get("kind")
        return told if told in ("people", "steps") else "invented"


def as_article(raw: dict[str, Any]) -> Article:
    """The article of a gold row, as the reader sees it (Korean rows are of a Korean outlet)."""
    article = article_from_row(raw, default_id="?")
    return replace(article, country=HOME.get(raw["lang"]))


def load_own() -> list[GoldRow]:
    """The invented articles of `training/reader/own`: learned from in every fold, never scored on."""
    return [row for path in sorted(OWN.glob("*.jsonl")) for row in load_gold(path)]


def load_apart(name: str) -> list[GoldRow]:
    """The articles of one set of `training.reader.standoff.SETS`: never learned from."""
    return [GoldRow(as_article(raw), raw) for raw in read_annotated(DATA, name)]


def load_gold(path: Path = GOLD) -> list[GoldRow]:
    with path.open(encoding="utf-8") as lines:
        return [GoldRow(as_article(raw), raw) for raw in map(json.loads, filter(str.strip, lines))]
