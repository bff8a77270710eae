"""`sageon demo`: serve the sample press, crawl it twice as the press day goes on, show the incident table."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.config import Config, database_url
from crawler.demo.articles import FIRST_LOOK, HERE, SECOND_LOOK, load_outlets
from crawler.demo.server import Press, serve
from crawler.jobs.summary import RunSummary
from spiders.source import Source, load_source_file

if TYPE_CHECKING:
    from rich.console import Console

    from storage.database import Database

#: Where the demo keeps its table unless told otherwise: relative to where it is started.
DATABASE = Path("var/demo.db")
DECLARATIONS = HERE / "sources"
#: Columns of what is written to a file or a pipe.
WIDTH = 120


def run(database: str | Path | None, console: Console, *, press: Press | None = None) -> int:
    """Run the demonstration and show what it brought. Exit code 1 if a crawl failed or an article could not be read.

    Without `database` the table is made anew in var/demo.db; a database that is named is kept and continued.
    """
    from crawler.cli.stored import opened

    if not console.is_terminal:  # a file has no width of its own
        console.width = max(console.width, WIDTH)
    press = press or Press(FIRST_LOOK)
    url = _fresh(DATABASE) if database is None else database_url(str(database))
    config = demo_config(url)
    with opened(config) as base, serve(press), declared(press) as sources:
        looks = [look(press, hour, sources, base, config, console) for hour in (FIRST_LOOK, SECOND_LOOK)]
        show_table(base, url, console)
    unread = any(summary.read.get("failed") for summary in looks)
    return max(int(unread), *(summary.exit_code() for summary in looks))


def demo_config(url: str) -> Config:
    """Settings of the demonstration: the user's own are left out, and loopback may be fetched from."""
    return Config(database_url=url, private_hosts=True, contact="demo on loopback")


def look(
    press: Press, hour: datetime, sources: Sequence[Source], base: Database, config: Config, console: Console
) -> RunSummary:
    """Crawl the served press as it stands at that hour, by the job that `sageon crawl` runs; print the summary."""
    from rich.console import Console as Screen

    from crawler.demo.screen import drawn
    from crawler.jobs.crawl import crawl_sources
    from crawler.progress import RunProgress, closing_line, summary_rows

    press.turn_to(hour)
    console.print(f"The invented press at {hour:%H:%M} on {hour.day} {hour:%B %Y}", style="bold", highlight=False)
    with RunProgress(Screen(stderr=True)) as progress:
        summary = crawl_sources(sources, base, config, watcher=progress)
    headings, rows = summary_rows(summary)
    console.print(drawn(headings, rows, right=headings[1:-1], folded=headings[-1:]))
    console.print(closing_line(summary), highlight=False)
    console.print()
    return summary


@contextmanager
def declared(press: Press) -> Iterator[list[Source]]:
    """The outlets' declarations, with the ports that they were given, in a folder that goes away again."""
    written = load_outlets()
    with tempfile.TemporaryDirectory(prefix="sageon-demo-") as folder:
        sources = []
        for outlet in press.outlets.values():
            text = (DECLARATIONS / f"{outlet.id}.toml").read_text(encoding="utf-8")
            file = Path(folder) / f"{outlet.id}.toml"
            file.write_text(text.replace(written[outlet.id].host, outlet.host), encoding="utf-8")
            sources.append(load_source_file(file))
        yield sources


def next_commands(url: str, incident: int) -> Sequence[str]:
    """What to try next, each a line for the shell; `incident` is the one to look at closely."""
    file = url.removeprefix("sqlite:///")
    return (
        f"sageon serve --database {file}",
        f"sageon incidents --database {file} --nationality KR --since 2026-03-01",
        f"sageon incidents --database {file} --country KH --format csv",
        f"sageon incidents --database {file} --text 감금",
        f"sageon show {incident} --database {file}",
        f"sageon history {incident} --database {file}",
    )


def _fresh(file: Path) -> str:
    file.parent.mkdir(parents=True, exist_ok=True)
    for old in file.parent.glob(f"{file.name}*"):  # with SQLite's -wal and -shm beside it
        old.unlink()
    return database_url(str(file))


def show_table(base: Database, url: str, console: Console) -> None:
    """The incident table, and what to try next."""
    from crawler.demo.screen import incident_table, most_told

    with base.read() as session:
        console.print(incident_table(session))
        incident = most_told(session)
    if incident is None:
        console.print("No incident was read.")
        return
    console.print("Unknown is empty. Every cell has its quote. Next:", highlight=False)
    for command in next_commands(url, incident):
        console.print(f"  {command}", highlight=False, soft_wrap=True)
