"""Tab-separated data files with comments, read so that a mistake is named by file and line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

#: What an empty cell is written as, so that no column can be lost to an editor that trims white space.
EMPTY = "-"


class LexiconError(ValueError):
    """A line of a data file that cannot be read; `str()` is "file:line: what is wrong"."""

    def __init__(self, file: str, line: int, why: str) -> None:
        super().__init__(f"{file}:{line}: {why}")
        self.file = file
        self.line = line
        self.why = why


@dataclass(frozen=True, slots=True)
class Row:
    """One line's cells by column name; `None` is an empty cell."""

    file: str
    line: int
    cells: dict[str, str | None]

    def need(self, column: str) -> str:
        """The cell's text; raises `LexiconError` where it is empty."""
        value = self.cells[column]
        if value is None:
            raise self.wrong(f"{column} is empty")
        return value

    def get(self, column: str) -> str | None:
        """The cell's text or None."""
        return self.cells[column]

    def one_of(self, column: str, allowed: tuple[str, ...] | frozenset[str]) -> str:
        """The cell's text, which must be one of `allowed`."""
        value = self.need(column)
        if value not in allowed:
            raise self.wrong(f"{column} is {value!r}, not one of {', '.join(sorted(allowed))}")
        return value

    def words(self, column: str) -> tuple[str, ...]:
        """The cell's space-separated words; none where it is empty."""
        return tuple((self.cells[column] or "").split())

    def wrong(self, why: str) -> LexiconError:
        """An error that names this line."""
        return LexiconError(self.file, self.line, why)


def shipped(name: str) -> tuple[str, str]:
    """(file name, text) of a data file of this package."""
    return name, (resources.files("extract.lexicon") / name).read_text(encoding="utf-8")


def from_path(path: Path) -> tuple[str, str]:
    """(file name, text) of a file of the user's."""
    return str(path), path.read_text(encoding="utf-8")


def read_rows(source: tuple[str, str], columns: tuple[str, ...]) -> Iterator[Row]:
    """The rows of a table: `#` begins a comment line, cells are parted by tabs, `-` is an empty cell.

    Trailing empty cells may be left out. Raises `LexiconError` on a line with too many cells, an empty first
    cell, or a cell with space around it.
    """
    file, text = source
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = line.split("\t")
        if len(parts) > len(columns):
            raise LexiconError(file, number, f"{len(parts)} cells where there are {len(columns)} columns: {columns}")
        for part in parts:
            if part != part.strip():
                raise LexiconError(file, number, f"space around the cell {part!r}")
            if part == "":
                raise LexiconError(file, number, f"an empty cell is written {EMPTY!r}")
        cells = {column: (None if value == EMPTY else value) for column, value in zip(columns, parts, strict=False)}
        row = Row(file, number, {column: cells.get(column) for column in columns})
        row.need(columns[0])
        yield row
