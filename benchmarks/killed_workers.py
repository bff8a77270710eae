"""Four workers read and resolve, one is killed at random fifty times: is the table that of an undisturbed run?"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from storage.database import Database
from tests.storage.killing import expected, fill, run_killed, table
from tests.storage.server import postgresql


@contextmanager
def _sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{Path(folder) / 'killed.db'}"


PLACES: dict[str, Callable[[], AbstractContextManager[str]]] = {"sqlite": _sqlite, "postgresql": postgresql}


def main() -> int:
    """Run on both databases; exit 1 where a table is another."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--articles", type=int, default=240, help="an even number, at most 240: the events fill a year")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--only", choices=list(PLACES))
    arguments = parser.parse_args()
    right = True
    for name in [arguments.only] if arguments.only else PLACES:
        begun = time.monotonic()
        with PLACES[name]() as url:
            database = Database.open(url)
            database.upgrade()
            fill(database, arguments.articles)
            met = run_killed(database, url, workers=arguments.workers, kills=arguments.kills, seed=arguments.seed)
            same = table(database) == expected(arguments.articles)
            database.close()
        right = right and same
        print(
            f"{name}: {met} kills among {arguments.workers} workers, {arguments.articles} articles of "
            f"{arguments.articles // 2} events: {'the same table' if same else 'NOT the same table'} "
            f"({time.monotonic() - begun:.0f} s)"
        )
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
