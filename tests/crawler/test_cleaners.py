"""A page that hangs its cleaner or takes it down costs itself and no other page."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from benchmarks.kills import write_warc
from crawler.backfill.archive import Archive
from crawler.backfill.job import Outcomes, backfill_file
from crawler.backfill.outlets import Found, Outlets
from crawler.pipelines.cleaners import Cleaners
from crawler.pipelines.cleaning import page_outcome
from crawler.pipelines.outlet import Outlet
from crawler.pool import Limit
from extract.clean import CleanRules
from spiders.page import Page
from storage.database import Database
from tests.crawler.press import story_page

LIMIT = Limit(cpu_seconds=0.5, wall_seconds=60.0)
SHORT = Limit(cpu_seconds=0.5, wall_seconds=5.0)
HOST = "http://paper.example"


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def loop() -> None:
    while True:
        pass


def loop_unreachable() -> None:
    """As a loop in C code: no signal handler of the interpreter runs any more."""
    signal.signal(signal.SIGPROF, signal.SIG_IGN)
    loop()


@dataclass(frozen=True)
class Misfortune(Outlet):
    """An outlet whose pages go wrong in the cleaner, at the moment it asks for their rules."""

    happens: Callable[[], None] = loop

    def __getattribute__(self, name: str) -> Any:
        if name == "rules":
            object.__getattribute__(self, "happens")()
            return CleanRules()
        return object.__getattribute__(self, name)

    def __reduce__(self) -> tuple[Any, ...]:
        return Misfortune, (self.id, None, None, None, True, CleanRules(), self.happens)


GOOD = Outlet("paper")


def page(name: str) -> Page:
    url = f"{HOST}/news/{name}"
    moment = datetime(2026, 3, 4, tzinfo=UTC)
    return Page(
        source="paper", url=url, requested_url=url, status=200, body=story_page(name).encode(), fetched_at=moment
    )


@pytest.fixture
def cleaners() -> Iterator[Cleaners]:
    made = Cleaners(1, limit=LIMIT)
    yield made
    made.close()


def test_a_page_that_loops_is_given_up_and_its_neighbour_is_cleaned(cleaners: Cleaners) -> None:
    looped, good = cleaners.submit([(page("hanna"), Misfortune("bad")), (page("tomas"), GOOD)]).result()
    assert page_outcome(looped) == "clean_timeout"
    assert good.text_hash is not None


@pytest.mark.parametrize(("happens", "limit"), [(die, LIMIT), (loop_unreachable, SHORT)])
def test_a_page_that_takes_its_cleaner_down_is_found_among_the_others(
    happens: Callable[[], None], limit: Limit
) -> None:
    cleaners = Cleaners(1, limit=limit)
    pairs = [(page("hanna"), GOOD), (page("tomas"), Misfortune("bad", happens=happens)), (page("quiet"), GOOD)]
    with pytest.raises(BrokenProcessPool):
        cleaners.submit(pairs).result()
    first, lost, last = cleaners.one_by_one(pairs)
    assert first.text_hash is not None
    assert last.text_hash is not None
    assert page_outcome(lost) == "cleaner_died"
    (after,) = cleaners.submit([(page("hanna"), GOOD)]).result()
    cleaners.close()
    assert after.text_hash == first.text_hash


def blunder() -> None:
    raise RuntimeError("a fault of the cleaner")


def test_a_page_that_the_cleaner_stumbles_over_is_lost_alone_and_by_name(cleaners: Cleaners) -> None:
    lost, good = cleaners.submit([(page("hanna"), Misfortune("bad", happens=blunder)), (page("tomas"), GOOD)]).result()
    assert page_outcome(lost) == "clean_error"
    assert good.text_hash is not None


class OneBad(Outlets):
    def find(self, url: str) -> Found:
        return Found(Misfortune("bad", happens=die) if url.endswith("/1") else GOOD, url)


def test_a_backfill_goes_on_after_a_page_that_took_its_cleaner_down(tmp_path: Path, cleaners: Cleaners) -> None:
    file = tmp_path / "pages.warc.gz"
    write_warc(file, [story_page(name).encode() for name in ("hanna", "tomas", "quiet")], host=HOST)
    base = Database.open(f"sqlite:///{tmp_path / 'news.db'}")
    base.upgrade()

    def stored(offset: int, outcomes: Outcomes) -> None:
        """Nothing to tell."""

    outcomes = backfill_file(Archive(str(file)), base, OneBad([]), cleaners, ahead=2, batch=8, stored=stored)
    base.close()
    assert outcomes == {("paper", "new"): 2, ("bad", "cleaner_died"): 1}
