"""`sageon eval`: the reader's figures against annotated articles."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from crawler.cli.options import config_option, settings


@click.command(name="eval")
@click.argument("gold", metavar="GOLD.jsonl", type=click.Path(path_type=Path))
@click.option("--errors", metavar="N", type=click.IntRange(0), default=0, help="Also print N articles read wrong.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as one JSON object.")
@click.option("--language", type=click.Choice(["ko", "en"]), help="Only the articles in this language.")
@click.option("--background", is_flag=True, help="Also score events told as context.")
@config_option
@click.option("--processes", type=click.IntRange(1), default=os.cpu_count() or 1, help="Processes that read.")
def evaluate(
    gold: Path,
    errors: int,
    as_json: bool,
    language: str | None,
    background: bool,
    config_file: Path | None,
    processes: int,
) -> int:
    """Read annotated articles and print the figures of the shared scorer.

    GOLD.jsonl holds articles with "incidents" as the annotation guide says. Clusters are scored where they are given.
    The settings say which reader and which model; SAGEON_MODEL=none reads without one.
    """
    from crawler import scoring
    from crawler.jobs.articles import ArticleError, articles_in
    from crawler.jobs.clusters import with_clusters
    from crawler.jobs.reading import read_articles

    config = settings(config_file)
    rows = [row for row in _gold(gold) if language in (None, row.get("lang"))]
    if not rows:
        raise click.UsageError(f"{gold}: no annotated article to score", click.get_current_context())
    content = "\n".join(json.dumps(row) for row in rows).encode()
    articles = [article for article in articles_in("gold.jsonl", content) if not isinstance(article, ArticleError)]
    predicted = list(
        with_clusters(
            read_articles(articles, processes=processes, reader=config.reader, model=config.model),
            background=background,
        )
    )
    score: Callable[..., tuple[dict[str, Any], list[Any]]] = scoring.score
    figures, log = score(rows, predicted, errors)
    if as_json:
        click.echo(json.dumps(figures))
        return 0
    for name, value in figures.items():
        click.echo(f"{name:24s} {_line(value)}")
    for error in log:
        click.echo(json.dumps(error, ensure_ascii=False))
    return 0


def _line(value: Any) -> str:
    if not isinstance(value, dict):
        return str(value)
    return "P {p:.3f}  R {r:.3f}  F1 {f1:.3f}  (gold {gold}, predicted {pred})".format(**value)


def _gold(path: Path) -> list[dict[str, Any]]:
    from crawler.jobs.articles import ArticleError, json_lines

    try:
        content = path.read_bytes()
    except OSError as error:
        raise click.UsageError(f"{path}: {error.strerror}; give a file of annotated articles") from error
    rows = []
    for number, row in json_lines(str(path), content):
        if isinstance(row, ArticleError):
            raise click.UsageError(str(row)) from row
        if not isinstance(row, dict) or "id" not in row or not isinstance(row.get("incidents"), list):
            raise click.UsageError(f'{path}:{number}: no annotated article; it needs "id", "text" and "incidents"')
        rows.append(row)
    return rows
