"""A day of so many sources and articles, simulated from costs that are measured first: which part breaks first?

    python -m benchmarks scale [--sources 100000] [--articles 10000000] [--machines 10] [--cores 16]

Costs are processor milliseconds of this machine, on the pages of the sample press and SQLite. The day is simulated
minute by minute: articles come by a daily curve, each part works off its queue up to what its cores, or its locks,
can do, and what is left waits.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from benchmarks.pages import sample_pages
from crawler.jobs.reading import reader_named
from crawler.pipelines.cleaning import Cleaned, clean
from crawler.pipelines.outlet import Outlet
from crawler.pipelines.storing import incoming_article
from spiders.page import Page
from storage.articles import store_article
from storage.database import Database
from storage.due import sync_due
from storage.ledger import claim, finish
from storage.waiting import due_now

#: Share of a day's articles that come in its busiest hour, over the mean of all hours.
PEAK = 2.2
#: Share of a news stream's articles that tell of an event (the sample press is all events, near enough); the others are
#: put to no incident and wait for nobody.
EVENTS = 0.15
#: Articles of events that are put to incidents side by side, by the locks of `storage.blocks`: simulated for sixteen
#: workers (`benchmarks resolvers`), 3.5 for a month of one Korean paper, 11.7 for an English one. A press of many
#: countries shares less.
ALONGSIDE = 3.5
#: Polls of a source in a day: one every half hour, the mean of busy and quiet ones.
POLLS_A_DAY = 48


@dataclass(frozen=True, slots=True)
class Costs:
    """Processor seconds: of an article in each part, of a poll of a source, and of one look at the schedule."""

    clean: float
    store: float
    read: float
    resolve: float
    poll: float
    look: float
    bytes: float


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the whole: how many articles (or polls) it can do in a second, and how many come in its peak."""

    name: str
    can: float
    peak: float
    why: str

    @property
    def used(self) -> float:
        """Share of what it can do that the busiest hour asks for."""
        return self.peak / self.can if self.can else math.inf


def measure(poll: float) -> Costs:
    """The costs of the sample press's articles on this machine."""
    pages = sample_pages()
    outlet = Outlet("press")
    at = datetime(2026, 3, 3, tzinfo=UTC)
    reader = reader_named()
    taken: list[tuple[Page, Cleaned]] = []
    cleaning = _seconds()
    for number, body in enumerate(pages):
        url = f"https://press.example/{number}"
        page = Page(source="press", url=url, requested_url=url, status=200, body=body, fetched_at=at)
        taken.append((page, clean(page, outlet)))
    spent_cleaning = cleaning()
    articles = [incoming_article(page, one, outlet) for page, one in taken if one.text_hash is not None]
    with tempfile.TemporaryDirectory() as folder:
        base = Database.open(f"sqlite:///{folder}/scale.db")
        base.upgrade()
        storing = _seconds()
        for article in articles:
            with base.write() as session:
                store_article(session, article)
        spent_storing = storing()
        with base.write() as session:
            claims = claim(session, "scale", len(articles), timedelta(hours=1), datetime.now(UTC))
        reader.read(claims[0].article)  # the analyser is loaded once a process, not once an article
        reading = _seconds()
        readings = [(one, reader.read(one.article)) for one in claims]
        spent_reading = reading()
        resolving = _seconds()
        for one, made in readings:
            with base.write() as session:
                finish(session, one, made, datetime.now(UTC))
        spent_resolving = resolving()
        look = _look(base)
        size = (Path(folder) / "scale.db").stat().st_size
        base.close()
    return Costs(
        spent_cleaning / len(pages), spent_storing / len(articles), spent_reading / len(claims),
        spent_resolving / len(claims), poll, look, size / len(articles),
    )  # fmt: skip


def _look(base: Database) -> float:
    now = datetime.now(UTC)
    with base.write() as session:
        sync_due(session, {f"source{n}": timedelta(seconds=n) for n in range(5000)}, now)
    looking = _seconds()
    with base.read() as session:
        for _ in range(20):
            due_now(session, now + timedelta(seconds=100), 500)
    return looking() / 20


def _seconds() -> Callable[[], float]:
    begun = time.process_time()
    return lambda: time.process_time() - begun


def parts(costs: Costs, sources: int, articles: int, machines: int, cores: int) -> list[Part]:
    """What each part can do, and what the busiest hour of the day asks for, in articles (or polls) a second."""
    rate = articles / 86_400 * PEAK
    polls = sources * POLLS_A_DAY / 86_400
    all_cores = machines * cores
    shares = {"crawl": polls * costs.poll, "clean": rate * costs.clean, "read": rate * costs.read}
    whole = sum(shares.values())
    return [
        Part("fetch and poll", all_cores * shares["crawl"] / whole / costs.poll, polls, "cores, shared by need"),
        Part("clean", all_cores * shares["clean"] / whole / costs.clean, rate, "cores, shared by need"),
        Part("read", all_cores * shares["read"] / whole / costs.read, rate, "cores, shared by need"),
        Part(
            "resolve",
            ALONGSIDE / costs.resolve,
            rate * EVENTS,
            f"locks by block: {ALONGSIDE} articles at a time, whatever the machines",
        ),
        Part("store", 8 / costs.store, rate, "the database's cores (8 taken)"),
        Part("dispatch", 500 / max(costs.look, 1e-9), polls, "one leader, 500 sources a look"),
        Part("broker", 20_000, polls + rate / 32, "Redis, about 20,000 commands a second a core taken"),
    ]


def day(part: Part) -> tuple[float, float]:
    """The longest queue of a simulated day and the longest wait in minutes, after a day that began empty."""
    queue = longest = wait = 0.0
    for minute in range(24 * 60):
        curve = 1 + (PEAK - 1) * math.sin(2 * math.pi * (minute - 360) / 1440)  # lowest at night, PEAK at noon
        comes = part.peak / PEAK * max(curve, 0.1) * 60
        queue = max(queue + comes - part.can * 60, 0.0)
        longest = max(longest, queue)
        wait = max(wait, queue / (part.can * 60))
    return longest, wait


def breaks_at(costs: Costs, sources: int, articles: int, machines: int, cores: int) -> list[tuple[str, float]]:
    """By how much the load could grow (or must shrink) until each part is full, the tightest first."""
    return sorted(((p.name, 1 / p.used) for p in parts(costs, sources, articles, machines, cores)), key=lambda p: p[1])


def main() -> int:
    """Measure, simulate, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=int, default=100_000)
    parser.add_argument("--articles", type=int, default=10_000_000)
    parser.add_argument("--machines", type=int, default=10)
    parser.add_argument("--cores", type=int, default=16)
    parser.add_argument("--poll", type=float, default=0.6, help="processor seconds of one poll of a quiet source")
    arguments = parser.parse_args()
    costs = measure(arguments.poll)
    print(
        "processor ms an article: "
        + ", ".join(f"{name} {1000 * getattr(costs, name):.1f}" for name in ("clean", "store", "read", "resolve"))
        + f"; a look at 5,000 sources {1000 * costs.look:.1f} ms; {costs.bytes / 1024:.0f} KiB an article in the database"
    )
    load = (arguments.sources, arguments.articles, arguments.machines, arguments.cores)
    print(
        f"\n{arguments.sources} sources, {arguments.articles} articles a day, {arguments.machines} x {arguments.cores} cores"
    )
    print(f"{'part':16}{'can/s':>10}{'peak/s':>9}{'used':>8}{'queue':>12}{'wait, min':>11}  by")
    for part in parts(costs, *load):
        queue, wait = day(part)
        print(f"{part.name:16}{part.can:10.0f}{part.peak:9.1f}{part.used:8.0%}{queue:12.0f}{wait:11.1f}  {part.why}")
    for name, factor in breaks_at(costs, *load):
        print(f"full at {factor:8.2f} times this load: {name}")
    need = next(
        n
        for n in count(1)
        if all(p.used <= 0.7 for p in parts(costs, arguments.sources, arguments.articles, n, arguments.cores)[:3])
    )
    print(f"machines for 70% use in the busiest hour: {need} (cores for fetching, cleaning, reading)")
    print(f"the database grows by {arguments.articles * costs.bytes / 2**30:.0f} GiB a day before bodies are put away")
    return 0


if __name__ == "__main__":
    sys.exit(main())
