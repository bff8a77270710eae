"""`sageon recode`: read stored articles again with the present coder; show what would change, or change it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.cli.options import database_option, settings, since_option

if TYPE_CHECKING:
    from rich.progress import Progress

    from crawler.config import Config
    from crawler.jobs.recode import ArticleChange
    from storage.database import Database
    from storage.recode import Choice

HEADINGS = ("cell", "same", "changed", "filled", "emptied")
EXAMPLES = ("article", "incident", "cell", "now", "would be")


@click.command()
@click.option("--source", "sources", metavar="SOURCE", multiple=True, help="Only articles of this source.")
@since_option
@click.option("--all", "everything", is_flag=True, help="Also what the present coder has read.")
@click.option("--limit", metavar="N", type=click.IntRange(1), help="At most N articles, the oldest first.")
@click.option("--show", metavar="N", type=click.IntRange(0), default=20, help="Show so many changed cells (else 20).")
@click.option("--apply", "write", is_flag=True, help="Change the table; without it nothing is written.")
@database_option
def recode(
    sources: tuple[str, ...],
    since: date | None,
    everything: bool,
    limit: int | None,
    show: int,
    write: bool,
    config_file: Path | None,
    database: str | None,
) -> int:
    """Read stored articles again that an older coder has read; tell, cell by cell, what that would change.

    With --apply the table is changed; an analyst's edits stand. Interrupt it at any time: the next recode goes on with
    what is left.
    """
    from crawler.cli.stored import present
    from crawler.jobs.recode import present_coder
    from storage.recode import Choice, extent

    config = settings(config_file, database)
    with present(config) as base:
        coder = present_coder(config)
        choice = Choice(None if everything else coder, sources, since)
        with base.read() as session:
            found = extent(session, choice)
        if found.emptied:
            click.echo(f"{found.emptied} articles stay as they were read: their text is not kept", err=True)
        number = min(found.versions, limit or found.versions)
        if write and number + found.put_back:
            return _apply(base, config, choice, number + found.put_back, limit)
        if not number:
            click.echo(f"nothing to read again: the coder is {coder}", err=True)
            return 0
        return _preview(base, config, choice, number, limit, show)


def _preview(base: Database, config: Config, choice: Choice, number: int, limit: int | None, show: int) -> int:
    from crawler.cli.tables import print_table
    from crawler.jobs.recode import counted, preview

    sums: Counter[tuple[str, str]] = Counter()
    examples: list[ArticleChange] = []
    read = changed = 0
    try:
        with _bar() as bar:
            task = bar.add_task("reading", total=number)
            for one in preview(base, config, choice, limit=limit):
                read += 1
                sums.update(counted(one))
                changed += bool(one.change.changes)
                if one.change.changes and sum(len(shown.change.changes) for shown in examples) < show:
                    examples.append(one)
                bar.advance(task)
    except KeyboardInterrupt:
        click.echo(f"interrupted after {read} of {number} articles", err=True)
    print_table(HEADINGS, _summary(sums), right=HEADINGS[1:])
    if examples:
        click.echo()
        print_table(EXAMPLES, _examples(examples, show), right=EXAMPLES[1:2])
    click.echo(f"{changed} of {read} articles would be read otherwise; --apply changes the table", err=True)
    return 0


def _apply(base: Database, config: Config, choice: Choice, number: int, limit: int | None) -> int:
    from crawler.cli.tables import print_table
    from crawler.jobs.recode import apply

    with _bar() as bar:
        task = bar.add_task("reading", total=number)
        done = apply(base, config, choice, limit=limit, watcher=_Watcher(bar, task))
    print_table(("cell", "changed"), [(cell, str(times)) for cell, times in done.cells.items()], right=("changed",))
    changes = ", ".join(f"{times} {kind.replace('_', ' ')}" for kind, times in sorted(done.changes.items()))
    outcomes = ", ".join(f"{times} {outcome}" for outcome, times in sorted(done.read.items()))
    click.echo(f"{outcomes or 'nothing read'}; incidents: {changes or 'no change'}")
    return 0


class _Watcher:
    """Moves the bar as articles are read."""

    def __init__(self, bar: Progress, task: Any) -> None:
        self._bar, self._task = bar, task

    def reading(self, read: int, waiting: int) -> None:
        """So many articles have been read."""
        self._bar.update(self._task, completed=read)


def _bar() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, disable=not console.is_terminal)


def _summary(sums: Counter[tuple[str, str]]) -> list[list[str]]:
    cells = dict.fromkeys(cell for cell, _ in sums)
    counted = {cell: [sums[cell, kind] for kind in HEADINGS[1:]] for cell in cells}
    ordered = sorted(counted, key=lambda cell: (-sum(counted[cell][1:]), cell))
    return [[cell, *(str(times) if times else "" for times in counted[cell])] for cell in ordered]


def _examples(examples: list[ArticleChange], show: int) -> list[list[str]]:
    rows = [
        [one.article.url or one.article.id, str(item.incident_id or ""), item.cell, _shown(item.old), _shown(item.new)]
        for one in examples
        for item in one.change.changes
    ]
    return rows[:show]


def _shown(value: Any) -> str:
    if value in (None, (), ""):
        return "-"
    if not isinstance(value, tuple):
        return str(value)
    if isinstance(value[0], int):  # a toll: at least, at most
        return str(value[0]) if value[0] == value[1] else f"{value[0]}-{value[1]}"
    people = (" ".join(str(x) for x in one if x is not None) if isinstance(one, tuple) else str(one) for one in value)
    return "; ".join(people)
