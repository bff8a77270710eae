"""Killed with SIGKILL at ten random moments and started again: is the table the same as of an undisturbed run?"""

from __future__ import annotations

import argparse
import gzip
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.loopback import declare, outlet
from benchmarks.pages import sample_pages


@dataclass(frozen=True, slots=True)
class Table:
    """What a database holds, without ids, times and the order in which things came.

    `articles`: of each outlet's article the number of versions and the hash of the text. `voices`: articles that are
    copies of one another. `reports`: of each voice the type, country and date of what it reports. `incidents`: the
    voices that tell of one event. `open`: article versions that are not read.
    """

    articles: frozenset[tuple[str, str, int, str]]
    voices: frozenset[frozenset[str]]
    reports: frozenset[tuple[frozenset[str], str, str, str]]
    incidents: frozenset[frozenset[frozenset[str]]]
    doubled: int
    open: int


def table(file: Path) -> Table:
    """The table of a SQLite database."""
    base = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        rows = base.execute("SELECT id, source, native_id, url, versions, text_hash, same_as FROM article").fetchall()
        names = {row[0]: row[2] or row[3] for row in rows}
        voice: dict[int, set[str]] = {}
        for row in rows:
            voice.setdefault(row[6] or row[0], set()).add(names[row[0]])
        group = {row[0]: frozenset(voice[row[6] or row[0]]) for row in rows}
        reports = base.execute(
            "SELECT incident_id, article_id, type, json_extract(body, '$.country'), json_extract(body, '$.date')"
            " FROM incident_report WHERE active"
        ).fetchall()
        told: dict[int, set[frozenset[str]]] = {}
        for incident, article, *_ in reports:
            if incident is not None:
                told.setdefault(incident, set()).add(group[article])
        keys = [(group[article], kind, str(country), str(day)) for _, article, kind, country, day in reports]
        (unread,) = base.execute("SELECT count(*) FROM ledger WHERE state IN ('pending', 'claimed')").fetchone()
        return Table(
            articles=frozenset((row[1], names[row[0]], row[4], row[5]) for row in rows),
            voices=frozenset(map(frozenset, voice.values())),
            reports=frozenset(keys),
            incidents=frozenset(map(frozenset, told.values())),
            doubled=len(rows) - len({(row[1], names[row[0]]) for row in rows}),
            open=unread,
        )
    finally:
        base.close()


def run(command: Sequence[str], env: Mapping[str, str], folder: Path) -> float:
    """Run the command to its end; return its seconds. Raises CalledProcessError."""
    started = time.monotonic()
    done = subprocess.run(command, env=dict(env), cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, command, done.stdout, done.stderr)
    return time.monotonic() - started


def kill_at(command: Sequence[str], env: Mapping[str, str], folder: Path, seconds: float) -> bool:
    """Start the command and kill it after so many seconds; False where it had ended before."""
    process = subprocess.Popen(command, env=dict(env), cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return True
    return False


def environment(folder: Path, database: str, **more: str) -> dict[str, str]:
    """The settings of one installation in `folder`."""
    return os.environ | {
        "SAGEON_DATABASE_URL": str(folder / database),
        "SAGEON_SOURCES": str(folder),
        "SAGEON_PRIVATE_HOSTS": "yes",
        "SAGEON_LEASE_SECONDS": "2",
        "SAGEON_STORE_BATCH": "4",
        "SAGEON_READ_BATCH": "4",
        **more,
    }


def sageon(*arguments: str) -> list[str]:
    """The command line, run by this interpreter."""
    return [sys.executable, "-c", "import sys; from crawler.cli import main; sys.exit(main())", *arguments]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The tables of an undisturbed and of a killed run, and how many of the kills met a running process."""

    undisturbed: Table
    killed: Table
    kills: int


def trial(command: Sequence[str], folder: Path, kills: int, rng: random.Random) -> Outcome:
    """Run the command once undisturbed, then into a new database with so many kills and one run to the end."""
    seconds = run(command, environment(folder, "whole.db"), folder)
    env = environment(folder, "killed.db")
    met = 0
    while met < kills:
        if kill_at(command, env, folder, rng.uniform(0.2, 0.95) * seconds):
            met += 1
        else:  # everything is done: begin again, so that every kill meets work
            for file in folder.glob("killed.db*"):
                file.unlink()
    run(command, env, folder)
    return Outcome(table(folder / "whole.db"), table(folder / "killed.db"), met)


def write_warc(file: Path, pages: Sequence[bytes], host: str = "http://127.0.0.1") -> None:
    """A WARC file of the pages, as if fetched one a minute."""
    with file.open("wb") as stream:
        for number, page in enumerate(pages):
            http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(page)}\r\n\r\n".encode() + page
            head = (
                "WARC/1.0\r\nWARC-Type: response\r\n"
                f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012d}>\r\n"
                f"WARC-Target-URI: {host}/a/{number}\r\n"
                f"WARC-Date: 2026-11-20T{number // 60 % 24:02d}:{number % 60:02d}:00Z\r\n"
                f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
            )
            stream.write(gzip.compress(head.encode() + http + b"\r\n\r\n"))


def crawl_trial(folder: Path, pages: Sequence[bytes], kills: int, rng: random.Random) -> Outcome:
    """A crawl of the pages on loopback."""
    with outlet(pages, len(pages)) as port:
        declare(folder, port)
        return trial(sageon("crawl", "loopback"), folder, kills, rng)


def backfill_trial(folder: Path, pages: Sequence[bytes], kills: int, rng: random.Random) -> Outcome:
    """A backfill of a WARC of the pages."""
    declare(folder, 80)
    file = folder / "pages.warc.gz"
    write_warc(file, pages)
    return trial(sageon("backfill", str(file)), folder, kills, rng)


def main() -> int:
    """Run both trials and print what they gave."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=2026)
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    pages = sample_pages()
    same = True
    for name, trial_of in (("crawl", crawl_trial), ("backfill", backfill_trial)):
        with tempfile.TemporaryDirectory() as folder:
            outcome = trial_of(Path(folder), pages, arguments.kills, rng)
        whole, killed = outcome.undisturbed, outcome.killed
        print(
            f"{name}: {outcome.kills} kills; articles {len(whole.articles)} / {len(killed.articles)}, reports "
            f"{len(whole.reports)} / {len(killed.reports)}, incidents {len(whole.incidents)} / {len(killed.incidents)}"
            f" (undisturbed / killed); doubled {killed.doubled}, unread {killed.open}; "
            f"{'the same table' if whole == killed else 'NOT the same'}"
        )
        same = same and whole == killed
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
