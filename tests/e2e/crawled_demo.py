"""The demo, crawled once for all tests that look at it."""

from __future__ import annotations

import io
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from crawler.demo.run import run
from crawler.demo.server import Press
from storage.database import Database


@dataclass
class Demo:
    """The press, the table read from it, the exit code and what stood on the screen."""

    press: Press
    database: Database
    code: int
    shown: str
    file: Path

    def copy_to(self, file: Path) -> None:
        """The table as it stands now in a file of its own, for tests that change it."""
        with sqlite3.connect(self.file) as held, sqlite3.connect(file) as copy:
            held.backup(copy)


def crawl_demo(folder: Path) -> Demo:
    """Run the demo in a folder; whoever calls closes its database."""
    file = folder / "demo.db"
    screen = io.StringIO()
    press = Press()
    code = run(file, Console(file=screen, width=160), press=press)
    return Demo(press, Database.open(f"sqlite:///{file}"), code, screen.getvalue(), file)
