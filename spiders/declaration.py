"""Reading a TOML file so that a mistake in it is told with its file and line."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

_LINE = re.compile(r"at line (\d+)")
_HEADER = re.compile(r"^\s*\[+\s*([^\[\]]+?)\s*\]+\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*(?:"([^"]+)"|'([^']+)'|([A-Za-z0-9_-]+))\s*=""")


class SourceError(ValueError):
    """A source declaration that cannot be used; the message begins with `file:line: `."""


class Declaration:
    """One parsed declaration file: its values, and the line on which each key stands."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        try:
            self.values: dict[str, Any] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            found = _LINE.search(str(error))
            raise SourceError(f"{path}:{found[1] if found else 1}: not TOML: {error}") from error
        self._lines = _lines_of_keys(text)

    @classmethod
    def read(cls, path: Path) -> Declaration:
        """The declaration in the file. Raises `SourceError` where it cannot be read or is not TOML."""
        try:
            return cls(path, path.read_text(encoding="utf-8"))
        except OSError as error:
            raise SourceError(f"{path}:1: {error.strerror or error}") from error
        except UnicodeDecodeError as error:
            raise SourceError(f"{path}:1: not UTF-8 text") from error

    def mistake(self, key: str, what: str) -> SourceError:
        """The error to raise for a key ("policy.rate"), with the line of the key or of the nearest table above it."""
        parts = key.split(".")
        while parts and ".".join(parts) not in self._lines:
            parts.pop()
        return SourceError(f"{self.path}:{self._lines.get('.'.join(parts), 1)}: {key}: {what}")


def _lines_of_keys(text: str) -> dict[str, int]:
    lines: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = header[1].replace(" ", "") + "."
            lines.setdefault(table[:-1], number)
        elif key := _KEY.match(line):
            lines.setdefault(table + (key[1] or key[2] or key[3]), number)
    return lines
