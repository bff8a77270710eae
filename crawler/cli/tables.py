"""Tables of the command line: drawn on a terminal, tab-separated in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.table import Table


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[str] = ()) -> None:
    """Print the rows under the headings; the columns named in `right` are numbers.

    In a pipe each row is one line of cells parted by tabs, the headings first, so that `cut` and `awk` can read it.
    """
    if not sys.stdout.isatty():
        click.echo("\t".join(headings))
        for row in rows:
            click.echo("\t".join(plain(cell) for cell in row))
        return
    from rich.console import Console

    Console().print(drawn(headings, rows, right=right))


def drawn(headings: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[str] = ()) -> Table:
    """The table as rich draws it."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        table.add_column(heading, justify="right" if heading in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    return table


def printable(text: str) -> str:
    """The text without control characters: a crawled page must not steer the analyst's terminal."""
    return "".join(c if c.isprintable() else " " for c in text)


def plain(text: str) -> str:
    """The text as one cell of a line: no control character, no tab, no line break."""
    return " ".join(printable(text).split())
