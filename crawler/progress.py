"""A run on the screen: bars on a terminal, nothing in a pipe; the summary at its end in both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from crawler.backfill.archive import Archive
from crawler.cli.tables import drawn
from crawler.jobs.summary import IN_WORDS, NOT_READ, STORED, RunSummary, verdict_of
from spiders.outcomes import ARTICLE_OK

#: Columns of the summary; every other outcome is told in words in the last one.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "new": ("new",),
    "changed": ("changed",),
    "copies": ("duplicate_text", "near_duplicate"),
    "known": ("known", "set_aside", "unchanged", "duplicate_url"),
    "no article": (
        "page_not_article",
        "page_empty",
        "page_undecodable",
        "page_too_large",
        "clean_timeout",
        "clean_error",
        "cleaner_died",
    ),
    "blocked": ("blocked", "page_blocked"),
}
#: Outcomes that the columns already tell from the other end of the same page.
TOLD = frozenset({"article_new", "article_again", "feed_ok", "feed_same", "http_304", "duplicate", "not_article"})
#: Measures that are no outcomes of a page.
MEASURES = frozenset({"items_new", "items_seen"})


class RunProgress:
    """Shows a run while it goes on; a context manager. On no terminal it shows nothing."""

    def __init__(self, console: Console, *columns: ProgressColumn) -> None:
        self.bars = Progress(
            SpinnerColumn(),
            TextColumn("{task.description:18}"),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[counts]}"),
            TimeElapsedColumn(),
            *columns,
            console=console,
            disable=not console.is_terminal,
        )
        self._tasks: dict[str, TaskID] = {}
        self._reading: TaskID | None = None

    def __enter__(self) -> RunProgress:
        self.bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.bars.stop()

    def source(self, source: str, state: str, outcomes: Mapping[str, int]) -> None:
        """One line a source: its pages done over the pages it has found."""
        if source not in self._tasks:
            self._tasks[source] = self.bars.add_task(source, total=None, start=False, counts="waiting")
        task = self._tasks[source]
        if state == "waiting":
            return
        self.bars.start_task(task)
        asked = sum(outcomes.get(name, 0) for name in ARTICLE_OK)
        done = min(asked, sum(outcomes.get(name, 0) for name in (*STORED, "unchanged", "duplicate_url")))
        ended = state in ("done", "failed")
        self.bars.update(
            task,
            completed=max(asked, 1) if ended else done,
            total=max(asked, 1) if ended else asked or None,
            counts=("[red]failed[/red]  " if state == "failed" else "") + in_words(outcomes),
        )

    def reading(self, read: int, waiting: int) -> None:
        """One line for the readers."""
        if self._reading is None:
            if not read and not waiting:
                return
            self._reading = self.bars.add_task("reading", total=None, counts="")
        self.bars.update(self._reading, completed=read, total=read + waiting, counts=f"{read} read")


class FileProgress:
    """Shows a backfill while it goes on: a bar for all archives with an estimate of the rest, and one for the present.

    Archives that have not been opened count as large as those that have, on average.
    """

    def __init__(self, console: Console, count: int) -> None:
        self._bars = RunProgress(console, TimeRemainingColumn(elapsed_when_finished=True))
        self._count = count
        self._sizes: dict[int, int] = {}
        self._done: dict[int, int] = {}
        self._all: TaskID | None = None
        self._one: TaskID | None = None

    def __enter__(self) -> FileProgress:
        self._bars.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.__exit__(kind, error, trace)

    def file(self, number: int, archive: Archive, done: int, size: int | None) -> None:
        """So many bytes of the archive have been stored."""
        bars = self._bars.bars
        if self._all is None or self._one is None:
            self._all = bars.add_task("all archives", total=None, counts="")
            self._one = bars.add_task("", total=None, counts="")
        self._sizes[number] = max(size or 0, done)
        self._done[number] = done
        bars.update(self._one, description=archive.name[:18], completed=done, total=size, counts="")
        told = sum(self._sizes.values())
        total = told * self._count / len(self._sizes)
        at = f"{number + 1} of {self._count}"
        bars.update(self._all, completed=sum(self._done.values()), total=total or None, counts=at)

    def reading(self, read: int, waiting: int) -> None:
        """One line for the readers."""
        self._bars.reading(read, waiting)


def in_words(outcomes: Mapping[str, int]) -> str:
    """ "12 new, 3 known" from the outcomes, in the order of the columns, without the empty ones."""
    numbers = {name: sum(outcomes.get(member, 0) for member in members) for name, members in COLUMNS.items()}
    return ", ".join(f"{number} {name}" for name, number in numbers.items() if number)


def summary_rows(summary: RunSummary) -> tuple[list[str], list[list[str]]]:
    """Headings, and one row a source: a column for each group of outcomes, the rest in words in the last."""
    headings = ["source", *COLUMNS, "seconds", "and"]
    shown = TOLD.union(MEASURES, *COLUMNS.values())
    rows = []
    for report in summary.reports:
        numbers = [sum(report.outcomes.get(member, 0) for member in members) for members in COLUMNS.values()]
        rest = [f"{number} {name}" for name, number in sorted(report.outcomes.items()) if number and name not in shown]
        bad = IN_WORDS.get(verdict_of(report))
        if report.error or bad:
            rest.insert(0, f"{(bad or 'failed').upper()}{': ' + report.error if report.error else ''}")
        cells = [str(number) if number else "" for number in numbers]
        rows.append([report.source, *cells, f"{report.seconds:.1f}", ", ".join(rest)])
    return headings, rows


def summary_table(summary: RunSummary) -> Table:
    """The summary as a table to draw."""
    headings, rows = summary_rows(summary)
    return drawn(headings, rows, right=headings[1:-1])


def closing_line(summary: RunSummary) -> str:
    """The run in one sentence."""
    totals = summary.totals()
    stored = sum(totals.get(name, 0) for name in STORED)
    bad = Counter(IN_WORDS[v] for report in summary.reports if (v := verdict_of(report)) in IN_WORDS)
    changes = ", ".join(f"{number} {kind}" for kind, number in sorted(summary.changes.items())) or "no change"
    count = len(summary.reports)
    parts = [f"{count} source{'s' if count != 1 else ''}", *(f"{number} {words}" for words, number in bad.items())]
    read = sum(number for outcome, number in summary.read.items() if outcome not in (*NOT_READ, "lease_lost"))
    not_read = ", ".join(f"{n} {name}" for name in NOT_READ if (n := summary.read.get(name)))
    told = f"{read} read" + (f" ({not_read})" if not_read else "")
    return f"{', '.join(parts)}: {stored} articles stored, {told}; incidents: {changes} ({summary.seconds:.1f} s)"
