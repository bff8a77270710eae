"""`sageon extract`: read articles without storing them, JSON Lines in, JSON Lines out."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from crawler.cli.options import config_option, published_option, settings


@click.command()
@click.argument("files", metavar="[FILE.jsonl|FILE.html|FILE.txt|-]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--resolve", is_flag=True, help='Add a "cluster" to each incident: the same one for the same event.')
@click.option("--background", is_flag=True, help="Also give events told as context, history, hypothesis or fiction.")
@published_option
@config_option
@click.option("--processes", type=click.IntRange(1), default=os.cpu_count() or 1, help="Processes that read.")
def extract(
    files: tuple[Path, ...],
    resolve: bool,
    background: bool,
    published: str | None,
    config_file: Path | None,
    processes: int,
) -> int:
    """Read articles and write what they report, one JSON object a line; nothing is stored.

    JSON Lines in: {id, title, text, published, lang?, url?, source?}. Out: {id, incidents: [...], responses: [...]}.
    A page or a plain text (its first line is the title) is one article. Without FILE or with - stdin is read.
    The settings say which reader and which model; SAGEON_MODEL=none reads without one.
    Exit code 1 where an input was no article.
    """
    from crawler.jobs.articles import ArticleError, articles_in
    from crawler.jobs.reading import read_articles
    from extract.records import Article
    from extract.serialise import reading_to_row

    config, bad = settings(config_file), 0

    def articles() -> Iterator[Article]:
        nonlocal bad
        for name, content in _contents(files):
            for article in articles_in(name, content, published=published):
                if isinstance(article, ArticleError):
                    bad += 1
                    click.echo(f"sageon extract: {article}", err=True)
                else:
                    yield article

    pairs = read_articles(articles(), processes=processes, reader=config.reader, model=config.model)
    if resolve:
        from crawler.jobs.clusters import with_clusters

        rows = with_clusters(pairs, background=background)
    else:
        rows = (reading_to_row(reading, background=background) for _, reading in pairs)
    for row in rows:
        click.echo(json.dumps(row, ensure_ascii=False))
    return 1 if bad else 0


def _contents(files: tuple[Path, ...]) -> Iterator[tuple[str, bytes]]:
    for path in files or (Path("-"),):
        if str(path) == "-":
            yield "stdin", sys.stdin.buffer.read()
            continue
        try:
            yield str(path), path.read_bytes()
        except OSError as error:
            message = f"{path}: {error.strerror}; give a .jsonl, .html or .txt file, or - for stdin"
            raise click.UsageError(message, click.get_current_context()) from error
