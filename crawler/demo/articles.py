"""The sample press as records: outlets, and articles as they stood at an hour of the press calendar."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

HERE = Path(__file__).parent
PRESS = HERE / "press"
TRUTH = PRESS / "truth.json"

#: Hours at which the demo looks at the press: before and after the evening of 11 March, when a toll was corrected.
FIRST_LOOK = datetime(2026, 3, 11, 18, 0, tzinfo=ZoneInfo("Asia/Seoul"))
SECOND_LOOK = datetime(2026, 3, 13, 8, 0, tzinfo=ZoneInfo("Asia/Seoul"))


@dataclass(frozen=True, slots=True)
class Outlet:
    """One invented outlet; `host` is where it is served, `crawl_delay` in seconds."""

    id: str
    name: str
    host: str
    language: str
    zone: str
    charset: str
    template: str
    crawl_delay: float

    @property
    def base(self) -> str:
        """The outlet's address without a final slash."""
        return f"http://{self.host}"


@dataclass(frozen=True, slots=True)
class PressArticle:
    """One article as its outlet prints it.

    `id` is "<outlet>/<file>", the key of the truth file. `number` orders the articles of an outlet by publication.
    `kind` is plain, flash, paywalled, script, blocks or lying_header.
    """

    id: str
    outlet: str
    number: int
    title: str
    section: str
    published: datetime
    paragraphs: tuple[str, ...]
    modified: datetime | None = None
    byline: str = ""
    lead: str = ""
    caption: str = ""
    related: tuple[str, ...] = ()
    kind: str = "plain"
    credit: str = ""
    correction: Mapping[str, Any] = field(default_factory=dict)
    boxes: Mapping[str, Any] = field(default_factory=dict)

    def at(self, hour: datetime) -> PressArticle:
        """The article as it stood at that hour: corrected, if its correction had come by then."""
        change = self.correction
        if not change or change["modified"] > hour:
            return self
        return replace(self, title=change["title"], modified=change["modified"], paragraphs=_paragraphs(change["body"]))

    @property
    def path(self) -> str:
        """The article's address on its outlet's host."""
        day = self.published
        match self.outlet:
            case "hanbit":
                return f"/view/{hanbit_id(self)}"
            case "dumul":
                return f"/news/articleView.html?idxno={30200 + self.number}"
            case "dispatch":
                return f"/{self.section}/{day:%Y/%m/%d}/{slug(self)}-{7000 + self.number}"
            case _:
                return f"/story/{52000 + self.number}/{slug(self)}"


def hanbit_id(article: PressArticle) -> str:
    """The wire's own id: letters, minute of sending, number."""
    return f"HBN{article.published:%Y%m%d%H%M}{article.number:03d}"


def slug(article: PressArticle) -> str:
    """The words of the article's file name, which its address shows."""
    return article.id.partition("/")[2].partition("-")[2]


def load_outlets(file: Path = HERE / "outlets.toml") -> dict[str, Outlet]:
    """The outlets by id, in the file's order."""
    tables = tomllib.loads(file.read_text(encoding="utf-8"))
    return {key: Outlet(id=key, **table) for key, table in tables.items()}


def load_articles(folder: Path = PRESS) -> dict[str, PressArticle]:
    """Every article by id, those of an outlet in the order of publication. A repost takes its original's first text."""
    raw = {f"{path.parent.name}/{path.stem}": path for path in folder.glob("*/*.toml")}
    tables = {key: tomllib.loads(path.read_text(encoding="utf-8")) for key, path in raw.items()}
    articles: dict[str, PressArticle] = {}
    numbers: dict[str, int] = {}
    for key, table in sorted(tables.items(), key=lambda item: (item[1]["published"], item[0])):
        outlet = key.partition("/")[0]
        numbers[outlet] = number = numbers.get(outlet, 0) + 1
        articles[key] = _article(key, outlet, number, table, tables)
    return articles


def load_truth(file: Path = TRUTH) -> dict[str, dict[str, Any]]:
    """What each article reports, written by hand: article id -> {genre, incidents, responses, note}."""
    truth: dict[str, dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return truth


def _article(key: str, outlet: str, number: int, table: Mapping[str, Any], tables: Mapping[str, Any]) -> PressArticle:
    told = tables[table["repost"]] if "repost" in table else table
    return PressArticle(
        id=key,
        outlet=outlet,
        number=number,
        title=table["title"],
        section=table["section"],
        published=table["published"],
        paragraphs=_paragraphs(told["body"]),
        byline=told.get("byline", ""),
        lead=told.get("lead", ""),
        caption=table.get("caption", ""),
        related=tuple(table.get("related", ())),
        kind=table.get("kind", "plain"),
        credit=table.get("repost", "").partition("/")[0],
        correction=table.get("correction", {}),
        boxes={name: table[name] for name in ("synopsis", "takeaways", "view", "faq") if name in table},
    )


def _paragraphs(body: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in body.split("\n\n") if part.strip())
