"""`sageon demo`: a small sample press on loopback, crawled by the real spiders."""

from __future__ import annotations

import click


@click.command()
@click.option("--database", metavar="FILE", help="Keep the table here (else it is made anew in var/demo.db).")
def demo(database: str | None) -> int:
    """Serve a sample press on this machine, crawl it, read it, and show the incident table."""
    from rich.console import Console

    from crawler.demo.run import run

    return run(database, Console())
