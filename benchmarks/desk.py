"""The desk under load: so many users on loopback, over a table of so many incidents.

    python -m benchmarks desk --incidents 200000                 # a temporary SQLite file
    python -m benchmarks desk --incidents 200000 --postgresql    # a temporary PostgreSQL
    python -m benchmarks desk --database sqlite:///big.db        # one that is there

Each user asks, reads for two seconds on average, and asks again: the table, the table filtered, the map, the counts, an
incident. "server" is what the desk says in Server-Timing: from the arrival of the request to the first byte of the
answer, waiting for a free thread included. "seen" is what the user waits for the whole answer. The desk is a process
of its own, started by `sageon serve`; its CPU time stands beside the clock, for others may load the cores.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import json
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from benchmarks.processes import cpu_seconds
from storage.database import Database

SEED = 2026
READS = 2.0
KINDS = ("table", "filtered", "map", "counts", "incident")
WEIGHTS = (2, 4, 2, 1, 4)


@dataclass
class Seen:
    """Milliseconds of every answer of one kind: as the server says, and as the user waited."""

    server: list[float] = field(default_factory=list)
    user: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def failed(self) -> int:
        return sum(count for status, count in self.statuses.items() if status != 200)


@dataclass
class User:
    """Draws questions as analysts ask them: the commoner a value in the table, the oftener it is asked for."""

    chance: random.Random
    facets: dict[str, list[tuple[str, int]]]
    incidents: int

    def question(self) -> tuple[str, str]:
        """Kind and address of the next request."""
        kind = self.chance.choices(KINDS, WEIGHTS)[0]
        if kind == "incident":
            return kind, f"/incidents/{self.chance.randint(1, self.incidents)}"
        path = {"table": "/", "filtered": "/", "map": "/map", "counts": "/api/v1/facets"}[kind]
        if kind == "table":
            return kind, path
        chosen = {}
        for name in self.chance.sample(("nationality", "country", "type"), self.chance.choice((1, 1, 2, 3))):
            values, weights = zip(*self.facets[name], strict=True)
            chosen[name] = self.chance.choices(values, weights)[0]
        if self.chance.random() < 0.3:
            chosen["since"] = f"{self.chance.randint(2024, 2025)}-{self.chance.randint(1, 12):02}-01"
        return kind, f"{path}?{urlencode(chosen)}"


def main() -> int:
    """Load what is not there, start the desk, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--incidents", type=int, default=200_000)
    parser.add_argument("--postgresql", action="store_true", help="a temporary PostgreSQL in place of a SQLite file")
    parser.add_argument("--database", help="one that is there; an empty one is loaded first")
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60)
    arguments = parser.parse_args()
    with ExitStack() as stack:
        url = arguments.database or stack.enter_context(_place(arguments.postgresql))
        incidents = _load(url, arguments.incidents)
        print(f"{url.partition(':')[0]}, {incidents:,} incidents, {arguments.users} users, {arguments.seconds:g} s")
        port, process = stack.enter_context(served(url))
        print(f"counts in memory after {until_ready(port):.1f} s")
        first_view(port)
        cpu = cpu_seconds(process.pid)
        begun = time.perf_counter()
        seen = load(port, incidents, arguments.users, arguments.seconds)
        took = time.perf_counter() - begun
        asked = sum(len(times.user) for times in seen.values())
        print(
            f"{asked} answers, {asked / took:.1f} a second; the desk's CPU {(cpu_seconds(process.pid) - cpu) / took:.0%} of one core"
        )
        for kind in KINDS:
            times = seen[kind]
            print(
                f"  {kind:10} {len(times.user):5}  server {_told(times.server)}   seen {_told(times.user)}   failed {_other(times.statuses)}"
            )
        return 1 if any(times.failed for times in seen.values()) else 0


@contextmanager
def _place(on_postgresql: bool) -> Iterator[str]:
    if on_postgresql:
        from tests.storage.server import postgresql

        with postgresql() as url:
            yield url
    else:
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{Path(folder) / 'desk.db'}"


def _load(url: str, incidents: int) -> int:
    from sqlalchemy import text

    database = Database.open(url)
    try:
        database.upgrade()
        with database.read() as session:
            held: int = session.scalar(text("SELECT max(id) FROM incident")) or 0
        if held:
            return held
        from benchmarks.million_load import fill

        fill(database, incidents, SEED)
        return incidents
    finally:
        database.close()


@contextmanager
def served(url: str) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """A desk of its own process; its port."""
    code = "import sys; from crawler.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "serve", "--port", "0", "--database", url]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        found = re.search(r":(\d+)/", process.stdout.readline())
        if found is None:
            raise SystemExit("the desk did not start")
        yield int(found[1]), process
    finally:
        process.terminate()
        process.wait(30)


def ask(connection: http.client.HTTPConnection, address: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers in lower case, and body as it was sent (packed or not)."""
    connection.request("GET", address, headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    body = answer.read()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body


def until_ready(port: int) -> float:
    """Seconds until the desk says that it can answer at once."""
    begun = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    while ask(connection, "/readyz")[0] != 200:
        time.sleep(0.2)
    return time.perf_counter() - begun


def first_view(port: int) -> None:
    """Print the bytes of the first view: the page and every file that it names."""
    for path in ("/", "/map"):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
        _, headers, body = ask(connection, path)
        page = gzip.decompress(body).decode() if headers.get("content-encoding") == "gzip" else body.decode()
        files = {urlsplit(name).geturl() for name in re.findall(r'(?:src|href)="(/static/[^"#]+)', page)}
        sizes = {name.partition("?")[0]: len(ask(connection, name)[2]) for name in files}
        parts = ", ".join(f"{name.removeprefix('/static/')} {size / 1000:.0f}" for name, size in sorted(sizes.items()))
        print(
            f"first view of {path}: {(len(body) + sum(sizes.values())) / 1000:.0f} kB (page {len(body) / 1000:.0f}, {parts})"
        )


def load(port: int, incidents: int, users: int, seconds: float) -> dict[str, Seen]:
    """Let the users ask for so long."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    _, headers, body = ask(connection, "/api/v1/facets?limit=60")
    told = json.loads(gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body)
    facets = {name: [(item["value"], item["count"]) for item in values] for name, values in told["facets"].items()}
    seen = {kind: Seen() for kind in KINDS}
    end = time.perf_counter() + seconds
    threads = [
        threading.Thread(target=_use, args=(port, User(random.Random(SEED + number), facets, incidents), seen, end))
        for number in range(users)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seen


def _use(port: int, user: User, seen: dict[str, Seen], end: float) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    # Who would read past the end asks no more: twenty questions in the last instant would be nobody's habit.
    while time.perf_counter() + (reads := user.chance.expovariate(1 / READS)) < end:
        time.sleep(reads)
        kind, address = user.question()
        begun = time.perf_counter()
        try:
            try:
                status, headers, _ = ask(connection, address)
            except http.client.RemoteDisconnected:  # an idle connection was closed meanwhile: a browser opens another
                connection.close()
                status, headers, _ = ask(connection, address)
        except OSError:
            status, headers = 0, {}
            connection.close()
        times = seen[kind]
        times.user.append(1000 * (time.perf_counter() - begun))
        times.statuses[status] += 1
        if found := re.search(r"dur=([\d.]+)", headers.get("server-timing", "")):
            times.server.append(float(found[1]))


def _other(statuses: Counter[int]) -> str:
    """How many answers were none of 200, by status (0: the connection broke)."""
    return ", ".join(f"{count} x {status}" for status, count in sorted(statuses.items()) if status != 200) or "0"


def _told(times: list[float]) -> str:
    if not times:
        return "none"
    ordered = sorted(times)
    return (
        f"p50 {ordered[len(ordered) // 2]:6.0f}  p95 {ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]:6.0f} ms"
    )


if __name__ == "__main__":
    sys.exit(main())
