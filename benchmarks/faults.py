"""A cluster disturbed again and again while it works: is the table that of one undisturbed process, nothing told twice?

    python -m benchmarks faults [--each 10] [--articles 60] [--only kill redis postgresql network] [--cut 5 12]

Each kind of fault is a trial of its own with a new database: workers are killed (SIGKILL, with all they started), Redis
is killed and comes back empty, PostgreSQL crashes and recovers, one machine's network is cut (a network namespace of its
own, as root on Linux). The workers are processes of this machine; the articles say in a sentence what there is to read.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks import marked_press
from benchmarks.loopback import declare, outlet
from benchmarks.machines import (
    RULES,
    WORKERS,
    Worker,
    embedded,
    receiver,
    settings,
    settled,
    table_of,
    wait_until_settled,
)
from benchmarks.servers import NoServer, PostgreSQL, Redis, access_from
from storage.database import Database
from storage.due import sync_due

KINDS = ("kill", "redis", "postgresql", "network")
#: The bridge on which servers and outlets listen, and the machine whose network is cut.
BRIDGE, HOST, GUEST, MACHINE = "sgbr0", "10.77.0.1", "10.77.0.11", "sgm1"
#: How long it is cut: as long as the leases or longer, so that others take over what it held.
CUT_SECONDS = (5.0, 12.0)


@dataclass(frozen=True, slots=True)
class Trial:
    """What a disturbed cluster came to."""

    kind: str
    faults: int
    same: bool
    settled: bool
    alerts: int
    told_again: int
    seconds: float


def trial(
    kind: str,
    each: int,
    articles: int,
    rng: random.Random,
    patience: float,
    cut_seconds: tuple[float, float] = CUT_SECONDS,
) -> Trial:
    """Disturb a cluster `each` times while it works on twice `articles` articles. Raises NoServer."""
    begun = time.monotonic()
    with ExitStack() as stack:
        host = stack.enter_context(second_machine()) if kind == "network" else "127.0.0.1"
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        redis, database = Redis(host), PostgreSQL(host)
        stack.callback(database.remove)
        access_from(database, "10.77.0.0/24")
        for server in (redis, database):
            server.start()
            stack.callback(server.kill)
        desk = stack.enter_context(receiver(host))
        names = ("one", "two")
        for number, name in enumerate(names):
            port = stack.enter_context(outlet(marked_press.pages(number, articles), articles, host=host))
            declare(folder, port, name=name, host=host, rate=0.2)
        (folder / "rules").mkdir()
        (folder / "rules" / "alerts.toml").write_text(RULES.format(host=host, port=desk.port))
        base = Database.open(database.url)
        base.upgrade()
        with base.write() as session:
            sync_due(session, dict.fromkeys(names, timedelta(0)), datetime.now(UTC))
        base.close()
        env = settings(folder, database.url, redis.url, SAGEON_TRIAL_SECONDS="0.2")
        prefix = ("ip", "netns", "exec", MACHINE) if kind == "network" else ()
        workers = [
            # the second machine crawls and reads; what dispatches and alerts stays on the first
            Worker(part, env, folder / f"{number}.log", prefix if number < 2 else (), names)
            for number, part in enumerate(WORKERS)
            if part != "backfill"
        ]
        stack.callback(lambda: [worker.kill() for worker in workers])
        for worker in workers:
            worker.start()
        disturb = faults(kind, workers, redis, database, rng, cut_seconds)
        done = 0
        while done < each and not settled(database.url, 2 * articles):
            time.sleep(rng.uniform(1.0, 4.0))
            disturb()
            done += 1
        came = wait_until_settled(database.url, 2 * articles, patience)
        same = came and table_of(database.url) == embedded(folder, names)
    again = sum(desk.messages.values()) - len(desk.messages)
    return Trial(kind, done, same, came, len(desk.messages), again, time.monotonic() - begun)


def faults(
    kind: str,
    workers: list[Worker],
    redis: Redis,
    database: PostgreSQL,
    rng: random.Random,
    cut_seconds: tuple[float, float],
) -> Callable[[], None]:
    """What disturbs once and mends it again."""

    def kill() -> None:
        victim = rng.choice([worker for worker in workers if worker.kind != "beat"])
        victim.kill()
        victim.start()

    def restart_redis() -> None:
        redis.kill()
        redis.start()

    def crash_postgresql() -> None:
        database.kill()
        database.start()

    def cut() -> None:
        _ip("link", "set", f"{MACHINE}v", "down")
        time.sleep(rng.uniform(*cut_seconds))
        _ip("link", "set", f"{MACHINE}v", "up")

    return {"kill": kill, "redis": restart_redis, "postgresql": crash_postgresql, "network": cut}[kind]


@contextmanager
def second_machine() -> Iterator[str]:
    """A network namespace with an address of its own beside this machine's; yields this machine's. Raises NoServer."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        raise NoServer("network namespaces need root and the ip command")
    try:
        _ip("link", "add", BRIDGE, "type", "bridge")
        _ip("addr", "add", f"{HOST}/24", "dev", BRIDGE)
        _ip("link", "set", BRIDGE, "up")
        _ip("netns", "add", MACHINE)
        _ip("link", "add", f"{MACHINE}v", "type", "veth", "peer", "name", "eth0", "netns", MACHINE)
        _ip("link", "set", f"{MACHINE}v", "master", BRIDGE, "up")
        for command in (
            ("addr", "add", f"{GUEST}/24", "dev", "eth0"),
            ("link", "set", "eth0", "up"),
            ("link", "set", "lo", "up"),
        ):
            _ip("-n", MACHINE, *command)
        yield HOST
    finally:
        for command in (("netns", "del", MACHINE), ("link", "del", BRIDGE)):
            subprocess.run(["ip", *command], capture_output=True, check=False)


def _ip(*command: str) -> None:
    done = subprocess.run(["ip", *command], capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoServer(f"ip {' '.join(command)}: {done.stderr.strip()}")


def main() -> int:
    """Run the trials and print what they gave."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", type=int, default=10)
    parser.add_argument("--articles", type=int, default=60)
    parser.add_argument("--only", nargs="*", choices=KINDS, default=KINDS)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument(
        "--patience", type=float, default=600.0, help="seconds in which the cluster must come to its end"
    )
    parser.add_argument(
        "--cut", type=float, nargs=2, metavar=("FROM", "TO"), default=CUT_SECONDS, help="seconds of a cut network"
    )
    arguments = parser.parse_args()
    if arguments.articles > marked_press.MOST_EVENTS:
        parser.error(f"--articles: more than {marked_press.MOST_EVENTS} invented events are not all told apart")
    rng = random.Random(arguments.seed)
    good = True
    for kind in arguments.only:
        try:
            one = trial(kind, arguments.each, arguments.articles, rng, arguments.patience, tuple(arguments.cut))
        except NoServer as reason:
            print(f"{kind}: not tried: {reason}")
            continue
        words = "the same table" if one.same else "NOT the same table" if one.settled else "did not come to its end"
        print(
            f"{kind}: {one.faults} faults, {words}; {one.alerts} alerts of {arguments.articles} events, "
            f"{one.told_again} told again under their id; {one.seconds:.0f} s",
            flush=True,
        )
        good = good and one.same and one.alerts == arguments.articles
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
