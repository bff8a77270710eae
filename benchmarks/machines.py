"""Workers of a cluster as processes of this machine, an outlet, a receiver of alerts: for trials that disturb them."""

from __future__ import annotations

import http.server
import json
import os
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from benchmarks.kills import Table, sageon

ROOT = Path(__file__).parents[1]
RULES = """[targets.desk]
webhook = "http://{host}:{port}/alerts"
secret = "env:SAGEON_TRIAL_SECRET"
[rules.all]
on = ["new"]
to = ["desk"]
max_age = "3650d"
"""
#: What the cluster of a trial consists of; each is a process.
WORKERS = ("crawl", "read", "read", "backfill", "alert", "beat")


@dataclass(slots=True)
class Worker:
    """One process of `sageon worker`. `prefix` is put before its command (ip netns exec ...)."""

    kind: str
    env: dict[str, str]
    log: Path
    prefix: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = None

    def start(self, concurrency: int = 1) -> None:
        """Start it; `concurrency` is that of the queues that use the processor."""
        part = ["--queue", self.kind]
        if self.kind == "beat":
            part = ["--beat", *(word for name in self.sources for word in ("--source", name))]
        if self.kind in ("read", "backfill"):
            part += ["--concurrency", str(concurrency)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self.prefix, *sageon("worker", *part)], env=self.env, cwd=ROOT, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def kill(self) -> None:
        """SIGKILL to the worker and whatever it started: a machine that loses its power."""
        if self.process is not None:
            for pid in _family(self.process.pid):
                try:
                    os.kill(pid, 9)
                except ProcessLookupError:
                    continue
            self.process.wait()
            self.process = None

    def stop(self) -> None:
        """SIGTERM, and SIGKILL where that does not help."""
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()
            self.process = None


@dataclass(slots=True)
class Receiver:
    """A webhook that counts the messages that come, by their id."""

    port: int = 0
    messages: Counter[str] = field(default_factory=Counter)


@contextmanager
def receiver(host: str = "127.0.0.1") -> Iterator[Receiver]:
    """Serve a webhook."""
    told = Receiver()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            told.messages[self.headers.get("webhook-id") or "none"] += 1
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer((host, 0), Handler)
    told.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def settings(folder: Path, database: str, broker: str = "", **more: str) -> dict[str, str]:
    """The environment of one installation whose declarations and alert rules lie in the folder."""
    return os.environ | {
        "SAGEON_DATABASE_URL": database,
        "SAGEON_BROKER_URL": broker,
        "SAGEON_SOURCES": str(folder),
        "SAGEON_PRIVATE_HOSTS": "yes",
        "SAGEON_LEASE_SECONDS": "4",
        "SAGEON_SOURCE_LEASE": "6",
        "SAGEON_STORE_BATCH": "4",
        "SAGEON_READ_BATCH": "4",
        "SAGEON_CLEANERS": "1",
        "SAGEON_READER": "benchmarks.marked_press:MarkedReader",
        "SAGEON_ALERTS": str(folder / "rules" / "alerts.toml"),
        "SAGEON_TRIAL_SECRET": "whsec_c2FnZW9uLXRyaWFsLXNlY3JldA==",
        "PYTHONPATH": str(ROOT),
        **more,
    }


def table_of(url: str) -> Table:
    """What a database holds, without ids, times and order (see `benchmarks.kills.Table`)."""
    engine = sa.create_engine(url)
    try:
        with engine.connect() as base:
            rows = base.execute(
                sa.text("SELECT id, source, native_id, url, versions, text_hash, same_as FROM article")
            ).fetchall()
            reports = base.execute(
                sa.text("SELECT incident_id, article_id, type, body FROM incident_report WHERE active")
            ).fetchall()
            unread = base.execute(
                sa.text("SELECT count(*) FROM ledger WHERE state IN ('pending', 'claimed')")
            ).scalar_one()
    finally:
        engine.dispose()
    # an article's number is its outlet's: two outlets use the same ones
    names = {row[0]: f"{row[1]} {row[2] or row[3]}" for row in rows}
    voice: dict[int, set[str]] = {}
    for row in rows:
        voice.setdefault(row[6] or row[0], set()).add(names[row[0]])
    group = {row[0]: frozenset(voice[row[6] or row[0]]) for row in rows}
    told: dict[int, list[frozenset[str]]] = {}
    keys: list[tuple[frozenset[str], str, str, str]] = []
    for incident, article, kind, body in reports:
        said: dict[str, Any] = body if isinstance(body, dict) else json.loads(body)
        keys.append((group[article], kind, str(said.get("country")), json.dumps(said.get("date"), sort_keys=True)))
        if incident is not None:
            told.setdefault(incident, []).append(group[article])
    return Table(
        articles=frozenset((row[1], names[row[0]], row[4], row[5]) for row in rows),
        voices=frozenset(map(frozenset, voice.values())),
        reports=frozenset(keys),
        incidents=frozenset(frozenset(group) for group in told.values()),
        doubled=len(rows) - len(set(names.values())) + len(keys) - len(set(keys)) + _same(told),
        open=unread,
    )


def _same(told: dict[int, list[frozenset[str]]]) -> int:
    """Incidents that tell of what another one tells of."""
    return len(told) - len({frozenset(group) for group in told.values()})


def settled(url: str, articles: int) -> bool:
    """Whether so many articles are stored, all of them are read, and every alert is sent."""
    engine = sa.create_engine(url)
    try:
        with engine.connect() as base:
            stored = base.execute(sa.text("SELECT count(*) FROM article")).scalar_one()
            unread = base.execute(
                sa.text("SELECT count(*) FROM ledger WHERE state IN ('pending', 'claimed')")
            ).scalar_one()
            letters = base.execute(
                sa.text("SELECT count(*) FROM outbox WHERE state IN ('pending', 'claimed')")
            ).scalar_one()
    except sa.exc.DBAPIError:
        return False
    finally:
        engine.dispose()
    return stored >= articles and unread == 0 and letters == 0


def wait_until_settled(url: str, articles: int, seconds: float) -> bool:
    """Look again and again, at most for so long; whether it came to that."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if settled(url, articles):
            return True
        time.sleep(0.25)
    return False


def embedded(folder: Path, sources: Sequence[str], **more: str) -> Table:
    """The table of one undisturbed process on SQLite, over the same outlets."""
    url = f"sqlite:///{folder / 'whole.db'}"
    alone = {"SAGEON_TRIAL_SECONDS": "0", "SAGEON_ALERTS": str(folder / "none.toml"), **more}
    env = settings(folder, url, **alone)
    subprocess.run(sageon("crawl", *sources), env=env, cwd=ROOT, capture_output=True, check=True)
    return table_of(url)


def _family(pid: int) -> list[int]:
    """The process and all of its session, by the system's own list."""
    found = [pid]
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != pid:
            try:
                session = int((entry / "stat").read_text().rpartition(")")[2].split()[3])
            except OSError:
                continue
            if session == pid:
                found.append(int(entry.name))
    return found
