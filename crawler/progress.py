"""A run on the screen: bars on a terminal, nothing in a pipe; the summary at its end in both."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from crawler.jobs.summary import SEEN, STORED, RunSummary, failed

#: Columns of the summary; every outcome that is in none of them is told in words in the last column.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "new": ("new",),
    "changed": ("changed",),
    "known": SEEN,
    "no article": ("not_article", "empty"),
    "blocked": ("blocked",),
}


class RunProgress:
    """Shows a run while it goes on; a context manager. On no terminal it shows nothing."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description:18}"),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[counts]}"),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._tasks: dict[str, TaskID] = {}
        self._reading: TaskID | None = None

    def __enter__(self) -> RunProgress:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def source(self, source: str, state: str, outcomes: Mapping[str, int]) -> None:
        """One line a source: its pages done over the pages it has found."""
        if source not in self._tasks:
            self._tasks[source] = self._progress.add_task(source, total=None, start=False, counts="waiting")
        task = self._tasks[source]
        if state == "waiting":
            return
        self._progress.start_task(task)
        done = sum(outcomes.get(name, 0) for names in COLUMNS.values() for name in names)
        asked = max(outcomes.get("article_requested", 0), done)
        ended = state in ("done", "failed")
        self._progress.update(
            task,
            completed=max(done, 1) if ended else done,
            total=max(done, 1) if ended else asked or None,
            counts=("[red]failed[/red]  " if state == "failed" else "") + in_words(outcomes, COLUMNS),
        )

    def reading(self, read: int, waiting: int) -> None:
        """One line for the readers."""
        if self._reading is None:
            if not read and not waiting:
                return
            self._reading = self._progress.add_task("reading", total=None, counts="")
        self._progress.update(self._reading, completed=read, total=read + waiting, counts=f"{read} read")


def in_words(outcomes: Mapping[str, int], columns: Mapping[str, tuple[str, ...]]) -> str:
    """ "12 new, 3 known" from the outcomes, in the order of the columns, without the empty ones."""
    parts = []
    for name, members in columns.items():
        number = sum(outcomes.get(member, 0) for member in members)
        if number:
            parts.append(f"{number} {name}")
    return ", ".join(parts)


def summary_table(summary: RunSummary) -> Table:
    """One row a source, one column a group of outcomes, the rest in words."""
    table = Table(title=None, expand=False)
    table.add_column("source")
    for name in COLUMNS:
        table.add_column(name, justify="right")
    table.add_column("seconds", justify="right")
    table.add_column("else")
    shown = {member for members in COLUMNS.values() for member in members}
    for report in summary.reports:
        numbers = [sum(report.outcomes.get(member, 0) for member in members) for members in COLUMNS.values()]
        rest = [f"{name} {n}" for name, n in sorted(report.outcomes.items()) if n and name not in shown]
        if report.error:
            rest.insert(0, report.error)
        elif failed(report):
            rest.insert(0, "FAILED: nothing could be read")
        style = "red" if failed(report) else None
        cells = [str(number) if number else "" for number in numbers]
        table.add_row(report.source, *cells, f"{report.seconds:.1f}", ", ".join(rest), style=style)
    return table


def closing_line(summary: RunSummary) -> str:
    """The run in one sentence."""
    totals = summary.totals()
    stored = sum(totals.get(name, 0) for name in STORED)
    bad = sum(failed(report) for report in summary.reports)
    read = sum(summary.read.values())
    changes = ", ".join(f"{number} {kind}" for kind, number in sorted(summary.changes.items())) or "no change"
    sources = f"{len(summary.reports)} sources" + (f", {bad} failed" if bad else "")
    return f"{sources}: {stored} articles stored, {read} read; incidents: {changes} ({summary.seconds:.1f} s)"
