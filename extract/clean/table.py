"""Reads the tab-separated tables of this folder: "#" begins a comment line, the first other line names the columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files


class TableError(ValueError):
    """A table of this folder cannot be read; the message names the file and the line."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: its cells by column name, and where it stands."""

    cells: dict[str, str]
    where: str

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def many(self, column: str) -> tuple[str, ...]:
        """The cell split at "|", blanks dropped."""
        return tuple(part.strip() for part in self.cells[column].split("|") if part.strip())

    def pattern(self, column: str, flags: int = 0) -> re.Pattern[str]:
        """The cell as a regular expression; raises `TableError` where it is none."""
        try:
            return re.compile(self.cells[column], flags)
        except re.error as err:
            raise TableError(f"{self.where}: column {column}: {err}") from err

    def one_of(self, column: str, allowed: tuple[str, ...]) -> str:
        """The cell, which must be one of `allowed`; raises `TableError` otherwise."""
        if self.cells[column] not in allowed:
            raise TableError(f"{self.where}: {column} is {self.cells[column]!r}, must be one of {', '.join(allowed)}")
        return self.cells[column]


def parse_table(text: str, name: str, columns: tuple[str, ...]) -> Iterator[Row]:
    """The rows of a table's text. Raises `TableError` for a missing header or a line with too few or too many cells."""
    header: list[str] | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if header is None:
            if tuple(cells) != columns:
                raise TableError(f"{name}:{number}: the columns must be {', '.join(columns)}")
            header = cells
            continue
        if len(cells) != len(header):
            raise TableError(f"{name}:{number}: {len(cells)} cells, the header has {len(header)}")
        yield Row(dict(zip(header, cells, strict=True)), f"{name}:{number}")


def read_table(name: str, columns: tuple[str, ...]) -> list[Row]:
    """The rows of the table file `name` of this folder."""
    return list(parse_table((files(__package__) / name).read_text(encoding="utf-8"), name, columns))
