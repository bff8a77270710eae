"""Run the month: `python -m benchmarks.month` (see `--help`); prints what was due, told, lost and doubled."""

from __future__ import annotations

import argparse
import multiprocessing
import random
import sys
import tempfile
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.month.checks import RuleTruth, delays, judge, percentile, source_alerts
from benchmarks.month.servers import World, serving
from benchmarks.month.truth import BEGIN, Month, month
from benchmarks.month.workers import Post, sender, watcher
from storage.database import Database
from storage.due import schedule
from storage.filters import Filter
from storage.ledger import counts
from storage.outbox import outbox_rows
from storage.query import count_incidents

SOURCE = """name = "{name}"
language = "en"
country = "US"
timezone = "UTC"
hosts = ["127.0.0.1"]
article_url = "/{name}/a/(?P<id>[0-9]+)"
rests_on = "made by a benchmark"
[feeds]
all = "http://127.0.0.1:{port}/{name}/feed.xml"
[policy]
rate = 0
"""
TARGET = """[targets.{name}]
webhook = "http://127.0.0.1:{port}/hook/{name}"
secret = "env:HOOK_KEY"
"""
RULES = """
[rules.all]
to = ["good", "flaky", "away"]
[rules.koreans]
filter = "nationality=KR"
to = ["good", "flaky"]
[rules.cambodia]
filter = "country=KH"
to = ["good", "away"]
[rules.homicide]
filter = "type=homicide"
min_confidence = 0.5
to = ["good"]
[rules.waiting]
filter = "type=kidnapping"
wait = "30m"
to = ["good"]
[rules.three_dead]
filter = "killed=3"
to = ["flaky"]
[rules.hourly]
filter = "country=JP"
digest = "hourly"
to = ["good"]
[rules.daily]
filter = "country=TH"
digest = { at = "09:00", zone = "Asia/Seoul" }
language = "ko"
to = ["away"]
[rules.quiet]
filter = "country=VN"
quiet = { from = "22:00", to = "07:00", zone = "Asia/Seoul" }
to = ["flaky"]
[rules.grouped]
filter = "country=PH"
group_by = ["country"]
wait = "1h"
to = ["good"]
[rules.only_new]
filter = "nationality=US"
on = ["new"]
to = ["good"]
[rules.sources]
on = ["source"]
after = 3
to = ["good"]
"""
TRUTH = (
    RuleTruth("all", ("good", "flaky", "away"), lambda e: True),
    RuleTruth("koreans", ("good", "flaky"), lambda e: e.nationality == "KR"),
    RuleTruth("cambodia", ("good", "away"), lambda e: e.country == "KH"),
    RuleTruth("homicide", ("good",), lambda e: e.type == "homicide"),
    RuleTruth("waiting", ("good",), lambda e: e.type == "kidnapping"),
    RuleTruth("three_dead", ("flaky",), lambda e: e.killed >= 3),
    RuleTruth("hourly", ("good",), lambda e: e.country == "JP"),
    RuleTruth("daily", ("away",), lambda e: e.country == "TH"),
    RuleTruth("quiet", ("flaky",), lambda e: e.country == "VN"),
    RuleTruth("grouped", ("good",), lambda e: e.country == "PH"),
    RuleTruth("only_new", ("good",), lambda e: e.nationality == "US", worse=False),
)
PLAIN = {"all": "good", "koreans": "good", "cambodia": "good", "homicide": "good"}
#: After the last day, until every retry, digest and revisit has had its time.
AFTER = timedelta(days=3)
STEP = timedelta(hours=1)
#: The clock goes on by at least this: what falls due in between is done together.
GRAIN = timedelta(minutes=15)


class Worker:
    """One process and the pipe to it; started again after a kill."""

    def __init__(self, work: Any, post: Post, ticks: Any) -> None:
        self._work, self._post, self._ticks = work, post, ticks
        self.kills = 0
        self.start()

    def start(self) -> None:
        """Start it."""
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["benchmarks.month.workers", "standardwebhooks", "requests"])
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=self._work, args=(self._post, self._ticks, theirs), daemon=True)
        self._process.start()
        theirs.close()

    def go(self) -> None:
        """Let it do what is due."""
        self._pipe.send("go")

    def answer(self, patience: float = 300.0) -> datetime | None:
        """When the next thing is due. Raises RuntimeError where the worker died by itself."""
        if not self._pipe.poll(patience):
            raise RuntimeError("a worker does not come back")
        try:
            moment: datetime | None = self._pipe.recv()
        except (EOFError, ConnectionError) as error:
            raise RuntimeError(f"a worker died (exit code {self._process.exitcode})") from error
        return moment

    def kill(self, after: float) -> None:
        """SIGKILL it after so many seconds, and start it again."""
        time.sleep(after)
        self._process.kill()
        self._process.join()
        self._pipe.close()
        self.kills += 1
        self.start()

    def end(self) -> None:
        """Kill it for good."""
        self._process.kill()
        self._process.join()


def main() -> int:
    """Run it and print the result; exit code 1 where something was lost, doubled or not asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=float, default=30)
    parser.add_argument("--sources", type=int, default=20)
    parser.add_argument("--articles", type=int, default=5000)
    parser.add_argument("--incidents", type=int, default=300)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--database", help="PostgreSQL URL (else SQLite in a temporary folder)")
    given = parser.parse_args()
    rng = random.Random(given.seed)
    truth = month(rng, days=given.days, sources=given.sources, articles=given.articles, events=given.incidents)
    with tempfile.TemporaryDirectory() as name:
        return simulate(truth, Path(name), given.kills, rng, given.database or f"sqlite:///{name}/month.db")


def simulate(truth: Month, folder: Path, kills: int, rng: random.Random, url: str) -> int:
    """The whole month, in its own folder."""
    ticks: Any = multiprocessing.get_context("forkserver").RawValue("d", BEGIN.timestamp())
    console = Console(stderr=True)
    end = truth.end + AFTER

    def now() -> datetime:
        return datetime.fromtimestamp(ticks.value, UTC)

    world = World(truth, now, seed=7)
    periods: dict[str, list[tuple[float, float]]] = defaultdict(list)
    base = Database.open(url)
    base.upgrade()
    started, rounds = time.monotonic(), 0
    with serving(world) as port:
        (folder / "sources").mkdir()
        for source in truth.sources:
            (folder / "sources" / f"{source}.toml").write_text(SOURCE.format(name=source, port=port), encoding="utf-8")
        targets = "".join(TARGET.format(name=target, port=port) for target in ("good", "flaky", "away"))
        (folder / "alerts.toml").write_text(targets + RULES, encoding="utf-8")
        post = Post(url, folder, truth.events, 1)
        workers = [Worker(watcher, post, ticks), Worker(sender, post, ticks)]
        kill_at = sorted(rng.uniform(0.01, 0.99) for _ in range(kills))
        while now() < end:
            for worker in workers:
                worker.go()
            share = (now() - BEGIN) / (truth.end - BEGIN)
            struck: list[Worker] = []
            while kill_at and share >= kill_at[0]:
                kill_at.pop(0)
                struck.append(rng.choice(workers))
                struck[-1].kill(rng.uniform(0.0, 0.08))
            answers = [worker.answer() for worker in workers if worker not in struck]
            rounds += 1
            if rounds % 50 == 0 or now() + STEP >= end:
                console.print(f"{now():%d %B %H:%M}  {len(world.taken)} messages, {time.monotonic() - started:.0f} s")
            if rounds % 5 == 0:
                with base.read() as session:
                    for one in schedule(session):
                        if not periods[one.source] or periods[one.source][-1][1] != one.period.total_seconds():
                            periods[one.source].append((now().timestamp(), one.period.total_seconds()))
            soonest = min((moment for moment in answers if moment is not None), default=now() + STEP)
            ticks.value = max(min(soonest, now() + STEP), now() + GRAIN).timestamp()
        for worker in workers:
            worker.end()
    verdict = judge(truth, TRUTH, world.taken)
    verdict.delays = delays(truth, PLAIN, world.taken, periods)
    with base.read() as session:
        ledger, incidents = counts(session), count_incidents(session, Filter())
        left = outbox_rows(session, states=("pending", "claimed", "dead"))
    done = sum(worker.kills for worker in workers)
    told_of = source_alerts(truth, world.taken)
    print(
        f"articles {len(truth.stories)}; versions read {ledger.done}, unread {ledger.pending + ledger.claimed + ledger.failed}"
    )
    print(f"incidents in the table {incidents}, in the month {len(truth.events)}")
    print(f"kills {done}; messages taken {len(world.taken)}, refused {world.refused}, badly signed {world.forged}")
    print(
        f"alerts due {verdict.due}, delivered {verdict.told} (with growth: {verdict.alerts}), in the outbox {len(left)}"
    )
    for name in ("lost", "not_asked", "twice_new", "not_worse", "last_level_missed"):
        wrong = getattr(verdict, name)
        print(f"{name.replace('_', ' ')}: {len(wrong)}{': ' + '; '.join(wrong[:3]) if wrong else ''}")
    print(f"taken again under the same id: {verdict.repeated} (at most one a kill: {done})")
    print(
        f"delay from publication to alert, in periods of the source: p50 {percentile(verdict.delays, 0.5):.2f}, "
        f"p95 {percentile(verdict.delays, 0.95):.2f} ({len(verdict.delays)} alerts)"
    )
    troubled = {trouble.source for trouble in truth.troubles}
    well = [
        s
        for s in troubled
        if [t for t in told_of.get(s, []) if t.startswith("failing") and "still" not in t]
        == ["failing unwell", "failing well again"]
    ]
    print(f"sources that failed {len(troubled)}, told once when unwell and once when well: {len(well)}")
    print(
        f"other sources told of as failing: {[s for s, t in told_of.items() if s not in troubled and any('failing' in x for x in t)]}"
    )
    print(f"wall {time.monotonic() - started:.0f} s, rounds {rounds}")
    return 0 if verdict.good and verdict.repeated <= done and not left else 1


if __name__ == "__main__":
    sys.exit(main())
