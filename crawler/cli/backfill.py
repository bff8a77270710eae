"""`sageon backfill`: WARC files through the same pipeline as live pages."""

from __future__ import annotations

from pathlib import Path

import click

from crawler.cli.crawl import chosen
from crawler.cli.options import database_option, settings


@click.command()
@click.argument(
    "files",
    metavar="FILE.warc[.gz] ...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option("--no-read", is_flag=True, help="Only clean and store; leave the reading to a later run.")
@database_option
def backfill(files: tuple[Path, ...], no_read: bool, config_file: Path | None, database: str | None) -> int:
    """Store and read the news pages of WARC files (CC-NEWS).

    Stopped at any moment and started again it goes on behind the last page that is stored. A page of a declared
    source is cleaned by its rules; any other host is a source of its own. Exit code 1 where no file could be read.
    """
    config = settings(config_file, database)
    sources = chosen((), config.sources)

    from rich.console import Console

    from crawler.cli.stored import opened
    from crawler.cli.tables import print_table
    from crawler.jobs.backfill import backfill_files
    from crawler.progress import FileProgress, closing_line, summary_rows

    with opened(config) as base, FileProgress(Console(stderr=True)) as progress:
        summary = backfill_files(files, list(sources.values()), base, config, read=not no_read, watcher=progress)
    headings, rows = summary_rows(summary)
    print_table(headings, rows, right=headings[1:-1])
    click.echo(closing_line(summary))
    return 1 if summary.reading_failed() or (summary.reports and all(r.error for r in summary.reports)) else 0
