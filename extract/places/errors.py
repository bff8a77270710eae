"""The mistakes a place table can hold, named by file and line."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources

PACKAGE = "extract.places"


class PlaceTableError(ValueError):
    """A data file of `extract.places` has a line that cannot be read; the message names file and line."""

    def __init__(self, file: str, line: int, problem: str) -> None:
        super().__init__(f"{file}:{line}: {problem}")
        self.file = file
        self.line = line


def table_rows(file: str, columns: int, text: str | None = None) -> Iterator[tuple[int, list[str]]]:
    """Yield (line number, cells) of a tab-separated data file of this package; `#` starts a comment line.

    Trailing cells may be left out and come back empty. Raises PlaceTableError for a line with too many cells
    or an empty first cell. `text` reads a given text instead of the shipped file (for tests).
    """
    content = text if text is not None else resources.files(PACKAGE).joinpath(file).read_text(encoding="utf-8")
    for number, line in enumerate(content.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) > columns:
            raise PlaceTableError(file, number, f"{len(cells)} columns where {columns} are allowed")
        if not cells[0]:
            raise PlaceTableError(file, number, "the first column is empty")
        yield number, cells + [""] * (columns - len(cells))
