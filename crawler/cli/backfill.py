"""`sageon backfill`: archives (WARC, CC-NEWS) through the same pipeline as live pages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.cli.crawl import chosen
from crawler.cli.options import database_option, settings

if TYPE_CHECKING:
    from crawler.backfill.archive import Archive
    from crawler.config import Config


@click.command()
@click.argument("names", metavar="FILE|FOLDER|@LIST|ADDRESS ...", nargs=-1)
@click.option("--no-read", is_flag=True, help="Only clean and store; leave the reading to a later run.")
@click.option(
    "--keep",
    type=click.Choice(["relevant", "readable", "all"]),
    default="relevant",
    show_default=True,
    help="Of hosts nobody has declared: pages with words of an incident, all in Korean or English, or all.",
)
@click.option("--base", metavar="ADDRESS", help="What paths in a list are relative to (else Common Crawl's address).")
@click.option("--enqueue", is_flag=True, help="Put the archives on the list for a cluster's workers, and return.")
@click.option("--status", is_flag=True, help="Show how far the cluster's workers are.")
@click.option("--retry", is_flag=True, help="Let the workers try archives again that were given up.")
@database_option
def backfill(
    names: tuple[str, ...],
    no_read: bool,
    keep: str,
    base: str | None,
    enqueue: bool,
    status: bool,
    retry: bool,
    config_file: Path | None,
    database: str | None,
) -> int:
    """Store and read the news pages of WARC archives.

    A name is a WARC file, a folder, a list (@FILE, or one that ends in .paths, .paths.gz or .txt) or an http, https or
    s3 address. Stopped at any moment and started again it goes on behind the last page that is stored. A page of a
    declared source is cleaned by its rules; any other host is a source of its own. Exit code 1 where no archive could
    be read.
    """
    context = click.get_current_context()
    config = settings(config_file, database)
    if not names and not (status or retry):
        raise click.UsageError("name a WARC file, a folder, @LIST or an http(s) address", context)
    if (status or retry) and (names or enqueue):
        raise click.UsageError("--status and --retry take no archives", context)
    if status or retry:
        return _on_the_list(config, retry)

    from crawler.backfill.addresses import COMMON_CRAWL, AddressError, archives

    try:
        found = archives(names, base or COMMON_CRAWL)
    except AddressError as error:
        raise click.UsageError(str(error), context) from error
    return _enqueue(config, found, keep) if enqueue else _here(config, found, keep, no_read)


def _here(config: Config, found: list[Archive], keep: str, no_read: bool) -> int:
    from typing import cast

    from rich.console import Console

    from crawler.backfill.gate import Keep
    from crawler.cli.stored import opened
    from crawler.cli.tables import print_table
    from crawler.jobs.backfill import backfill_files
    from crawler.progress import FileProgress, closing_line, summary_rows

    sources = list(chosen((), config.sources).values())
    with opened(config) as base, FileProgress(Console(stderr=True), len(found)) as progress:
        summary = backfill_files(
            found, sources, base, config, read=not no_read, keep=cast("Keep", keep), watcher=progress
        )
    headings, rows = summary_rows(summary)
    print_table(headings, rows, right=headings[1:-1])
    click.echo(closing_line(summary))
    return 1 if summary.reading_failed() or (summary.reports and all(r.error for r in summary.reports)) else 0


def _enqueue(config: Config, found: list[Archive], keep: str) -> int:
    from datetime import UTC, datetime

    from crawler.cli.stored import opened
    from storage.archive import add_files

    # a worker on another machine has no such file unless the folder is shared; the size of remote ones is asked later
    sizes = {one.address: None if one.remote else one.size() for one in found}
    with opened(config) as base, base.write() as session:
        added = add_files(session, sizes, keep, datetime.now(UTC))
    click.echo(
        f"{added} archives on the list, {len(found) - added} were there; 'sageon backfill --status' shows the rest"
    )
    return 0


def _on_the_list(config: Config, retry: bool) -> int:
    from datetime import UTC, datetime

    from crawler.backfill.estimate import told
    from crawler.cli.stored import opened
    from storage.archive import archive_counts, archive_outcomes, failed_files, retry_failed

    with opened(config) as base:
        if retry:
            with base.write() as session:
                click.echo(f"{retry_failed(session)} archives are tried again")
        with base.read() as session:
            counts, outcomes, failed = archive_counts(session), archive_outcomes(session), failed_files(session)
    click.echo(told(counts, datetime.now(UTC)))
    if outcomes:
        click.echo("records: " + ", ".join(f"{n} {name}" for name, n in sorted(outcomes.items(), key=lambda p: -p[1])))
    for address, error in failed:
        click.echo(f"given up: {address}: {error}", err=True)
    return 1 if failed else 0
