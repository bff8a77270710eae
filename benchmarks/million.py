"""A table of a million invented incidents: query times, the cost of resolving one report, exports, size.

    python -m benchmarks million --incidents 1000000                    # a temporary SQLite file
    python -m benchmarks million --incidents 1000000 --postgresql       # a temporary PostgreSQL
    python -m benchmarks million --database sqlite:////data/big.db      # one that was loaded before with --keep

Wall clock, and beside it the CPU time of this process (with SQLite that is all the work there is; PostgreSQL's own is
not in it). Everything that fits is in memory. Run it on an idle machine.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import sqlalchemy as sa

from benchmarks.million_export import export_cost
from benchmarks.million_load import fill
from benchmarks.million_queries import QUERIES, SEARCHES, Question
from benchmarks.million_resolve import resolve_cost
from storage.database import Database
from storage.facets import FACETS, count_facet
from storage.filters import Filter
from storage.query import find_incidents

SEED = 2026


def main() -> int:
    """Load what is not there, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--incidents", type=int, default=100_000)
    parser.add_argument("--postgresql", action="store_true", help="a temporary PostgreSQL in place of a SQLite file")
    parser.add_argument("--database", help="one that is there; an empty one is loaded first")
    parser.add_argument("--keep", metavar="FILE", help="keep the SQLite file under this name")
    parser.add_argument("--repeat", type=int, default=20, help="draws of each query")
    parser.add_argument("--reports", type=int, default=200, help="reports to resolve")
    parser.add_argument("--export", type=int, default=100_000, help="rows of each export")
    parser.add_argument("--only", choices=["queries", "facets", "resolve", "export"])
    arguments = parser.parse_args()
    with ExitStack() as stack:
        database = Database.open(arguments.database or stack.enter_context(_place(arguments)))
        stack.callback(database.close)
        database.upgrade()
        if not _count(database):
            begun = time.perf_counter()
            articles = fill(database, arguments.incidents, SEED)
            print(f"loaded {arguments.incidents:,} incidents of {articles:,} articles in {_since(begun)}")
        incidents = _count(database)
        print(f"{database.url.get_backend_name()}, {incidents:,} incidents, {_size(database) / 1e9:.2f} GB")
        if arguments.only in (None, "queries"):
            _queries(database, arguments.repeat)
        if arguments.only in (None, "facets"):
            _facets(database)
        if arguments.only in (None, "resolve"):
            _resolve(database, incidents, arguments.reports)
        if arguments.only in (None, "export"):
            export_cost(database, arguments.export)
    return 0


@contextmanager
def _place(arguments: argparse.Namespace) -> Iterator[str]:
    if arguments.postgresql:
        from tests.storage.server import postgresql

        with postgresql() as url:
            yield url
    elif arguments.keep:
        yield f"sqlite:///{arguments.keep}"
    else:
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{Path(folder) / 'big.db'}"


def _count(database: Database) -> int:
    with database.read() as session:
        return session.scalar(sa.text("SELECT max(id) FROM incident")) or 0


def _size(database: Database) -> int:
    if database.is_sqlite:
        return Path(str(database.url.database)).stat().st_size
    with database.read() as session:
        return session.scalar(sa.text("SELECT pg_database_size(current_database())")) or 0


def _since(begun: float) -> str:
    return f"{time.perf_counter() - begun:.0f} s"


def _queries(database: Database, repeat: int) -> None:
    chance = random.Random(SEED)
    for title, questions in (("queries", QUERIES), ("searches", SEARCHES)):
        together: list[tuple[float, float]] = []
        for question in questions:
            times = [_timed(database, question, chance) for _ in range(repeat)]
            together += times
            print(f"  {question.name:44} {_told(times)}")
        print(f"  {f'{title}, all':44} {_told(together)}")


def _timed(database: Database, question: Question, chance: random.Random) -> tuple[float, float]:
    """Milliseconds of wall clock and of CPU for the first page."""
    filter, after = question.draw(chance)
    with database.read() as session:
        begun, begun_cpu = time.perf_counter(), time.process_time()
        find_incidents(session, filter, 50, after)
        return 1000 * (time.perf_counter() - begun), 1000 * (time.process_time() - begun_cpu)


def _facets(database: Database) -> None:
    """What the desk counts beside a list, of all incidents and of one country's."""
    for name, filter in (("all", Filter()), ("one country", Filter(countries=("KH",)))):
        times = {}
        for facet in FACETS:
            with database.read() as session:
                begun, begun_cpu = time.perf_counter(), time.process_time()
                count_facet(session, filter, facet)
                times[facet] = 1000 * (time.perf_counter() - begun), 1000 * (time.process_time() - begun_cpu)
        each = ", ".join(f"{facet} {wall:.0f} ({cpu:.0f})" for facet, (wall, cpu) in times.items())
        print(f"  facets of {name}, ms (CPU): {each}")


def _told(times: Sequence[tuple[float, float]]) -> str:
    wall, cpu = zip(*times, strict=True)
    return (
        f"p50 {_at(wall, 0.5):7.1f} ms  p95 {_at(wall, 0.95):7.1f} ms"
        f"   CPU p50 {_at(cpu, 0.5):6.1f} ms  p95 {_at(cpu, 0.95):6.1f} ms"
    )


def _at(times: Sequence[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(share * len(times)))]


def _resolve(database: Database, incidents: int, reports: int) -> None:
    cost = resolve_cost(database, incidents, reports, SEED + 1)
    print(
        f"  resolving {reports} reports, half of them of known incidents: p50 {_at(cost.milliseconds, 0.5):.1f} ms, mean "
        f"{sum(cost.milliseconds) / reports:.1f} ms, CPU {cost.cpu_milliseconds / reports:.1f} ms each; {cost.joined} joined"
    )


if __name__ == "__main__":
    sys.exit(main())
