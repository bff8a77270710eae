"""The stored readings of a demo beside the press's truth, as rows for the scorer.

`python -m tests.e2e.press_figures var/demo.db` prints the figures; demo_floor.json holds the least of them.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from sqlalchemy import select

from crawler.demo.articles import load_truth
from crawler.demo.run import DECLARATIONS
from crawler.demo.server import Press
from crawler.scoring import score
from extract.serialise import is_current, report_to_row
from spiders.addresses import native_id
from spiders.source import load_source_file
from storage.database import Database
from storage.models import Article, ArticleVersion, IncidentReport
from storage.payload import report_from_json


def figures(database: Database, press: Press) -> dict[str, Any]:
    """The scorer's figures over every stored article that was read; a copy is not read, so it is not scored.

    A prediction's cluster is its incident, the truth's is the event's name: clusters score the resolution.
    """
    gold, predicted = rows(database, press)
    found: dict[str, Any] = score(gold, predicted)[0]
    return found


def rows(database: Database, press: Press) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(truth, prediction), one row an article, told apart by the article's id in the press."""
    truth, ids = load_truth(), press_ids(press)
    gold, predicted = [], []
    with database.read() as session:
        articles = session.execute(
            select(Article, ArticleVersion)
            .join(ArticleVersion, ArticleVersion.id == Article.version_id)
            .where(Article.same_as.is_(None))
        ).all()
        for article, version in articles:
            key = ids[article.source, article.native_id]
            gold.append({"id": key, "title": version.title, "text": version.text, **truth[key]})
            reports = session.scalars(
                select(IncidentReport)
                .where(IncidentReport.version_id == version.id, IncidentReport.active)
                .order_by(IncidentReport.ordinal)
            )
            told = [(report_from_json(report.body), report.incident_id) for report in reports]
            incidents = [{**report_to_row(report), "cluster": str(i)} for report, i in told if is_current(report)]
            predicted.append({"id": key, "incidents": incidents})
    return gold, predicted


def press_ids(press: Press) -> dict[tuple[str, str | None], str]:
    """(outlet, the outlet's own id) -> the article's id in the press."""
    sources = {outlet: load_source_file(DECLARATIONS / f"{outlet}.toml") for outlet in press.outlets}
    return {(a.outlet, native_id(sources[a.outlet], press.url(a.id))): a.id for a in press.articles.values()}


if __name__ == "__main__":
    opened = Database.open(f"sqlite:///{sys.argv[1]}")
    sys.stdout.write(json.dumps(figures(opened, Press()), indent=1) + "\n")
