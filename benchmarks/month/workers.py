"""The watcher and the sender of the month, each a process that can be killed; both work at the driver's clock."""

from __future__ import annotations

import logging
import os
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from benchmarks.month.crawl import InlineReaders, LightCrawl
from benchmarks.month.reader import MonthReader
from benchmarks.month.servers import KEY
from benchmarks.month.truth import Event
from crawler.config import Config
from crawler.schedule.alerting import Alerting
from crawler.schedule.watch import Watch
from spiders.source import load_sources
from storage.database import Database


@dataclass(frozen=True, slots=True)
class Post:
    """What a worker is given; it can be pickled."""

    url: str
    folder: Path
    events: tuple[Event, ...]
    seed: int


def clock_of(ticks: Any) -> Callable[[], datetime]:
    """The simulated clock: seconds of the epoch in shared memory, written by the driver alone."""
    return lambda: datetime.fromtimestamp(ticks.value, UTC)


def watcher(post: Post, ticks: Any, pipe: Connection) -> None:
    """At each "go" do all that is due, then tell when the next thing is."""
    now = clock_of(ticks)
    _begin()
    base = Database.open(post.url)
    config = Config(database_url=post.url, alerts=str(post.folder / "alerts.toml"), parallel_sources=1)
    name = f"watcher:{os.getpid()}"
    readers = InlineReaders(base, MonthReader({event.number: event for event in post.events}), now)
    watch = Watch(
        base, config, load_sources([str(post.folder / "sources")], built_in=False), Alerting(base, post.folder / "alerts.toml", name, now),
        readers, crawl=LightCrawl(base, now), now=now, chance=random.Random(post.seed).random, worker=name,
    )  # type: ignore[arg-type]  # fmt: skip
    watch.prepare()
    while pipe.recv() == "go":
        watch.step()
        while watch.busy or due(watch, now()):
            watch.wait(0.001)
            watch.step()
        moments = [moment for moment in (watch.next_due(), readers.waiting()) if moment is not None]
        pipe.send(min(moments, default=None))


def sender(post: Post, ticks: Any, pipe: Connection) -> None:
    """As `sageon alerts send`, over and over."""
    now = clock_of(ticks)
    _begin()
    base = Database.open(post.url)
    alerting = Alerting(base, post.folder / "alerts.toml", f"sender:{os.getpid()}", now)
    alerting.refresh(strict=True)
    while pipe.recv() == "go":
        alerting.send()
        pipe.send(alerting.next_letter())


def _begin() -> None:
    os.environ["HOOK_KEY"] = KEY
    logging.disable(logging.WARNING)  # half of what one target is given is refused, by design


def due(watch: Watch, now: datetime) -> bool:
    """Whether something is due that another worker has not taken."""
    moment = watch.next_due()
    return moment is not None and moment <= now
