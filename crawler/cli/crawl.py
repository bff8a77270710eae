"""`sageon crawl`: the whole way from the listings of the sources to the incident table, once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.cli.options import database_option, settings, since_option

if TYPE_CHECKING:
    from spiders.source import Source


@click.command()
@click.argument("names", metavar="[SOURCE ...]", nargs=-1)
@click.option("--limit", metavar="N", type=click.IntRange(1), help="At most N articles of each source.")
@since_option
@click.option("--no-read", is_flag=True, help="Only fetch, clean and store; leave the reading to a later run.")
@click.option("--parallel", type=click.IntRange(1), help="Sources crawled at the same time.")
@database_option
def crawl(
    names: tuple[str, ...],
    limit: int | None,
    since: date | None,
    no_read: bool,
    parallel: int | None,
    config_file: Path | None,
    database: str | None,
) -> int:
    """Crawl SOURCEs (all, where none is named): discover, fetch, clean, store, read, alert.

    Shows progress on a terminal and ends with a summary by source. Exit code 1 if every source failed.
    """
    from crawler.jobs.preload import CRAWL, READ
    from crawler.pool import start_fork_server

    config = settings(config_file, database, parallel_sources=parallel)
    start_fork_server(CRAWL if no_read else (*CRAWL, *READ))
    sources = chosen(names, config.sources)

    from rich.console import Console

    from crawler.cli.stored import opened
    from crawler.cli.tables import print_table
    from crawler.cli.watch import alerting_of
    from crawler.jobs.crawl import crawl_sources
    from crawler.progress import RunProgress, closing_line, summary_rows

    with opened(config) as base:
        alerting = alerting_of(base, config)
        with RunProgress(Console(stderr=True)) as progress:
            summary = crawl_sources(
                list(sources.values()), base, config, limit=limit, since=since, read=not no_read, watcher=progress
            )
        sent = alerting.send().ends
    headings, rows = summary_rows(summary)
    print_table(headings, rows, right=headings[1:-1])
    click.echo(closing_line(summary))
    if sent:
        click.echo("alerts: " + ", ".join(f"{name} {n}" for name, n in sorted(sent.items())))
    return summary.exit_code()


def chosen(names: tuple[str, ...], folders: tuple[str, ...]) -> Mapping[str, Source]:
    """The named sources, or all; an unknown name is answered with the nearest known one."""
    import difflib

    from spiders.source import SourceError, load_sources

    try:
        known = load_sources(folders)
    except SourceError as error:
        raise click.UsageError(str(error), click.get_current_context()) from error
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean '{near[0]}'?" if near else "'sageon sources' lists them"
            raise click.UsageError(f"no source '{name}'; {hint}", click.get_current_context())
    return {name: known[name] for name in names} if names else known
