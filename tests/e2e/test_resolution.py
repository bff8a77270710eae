"""Resolution over the whole way of the data: with a reader that cannot err, each event of the press is one row."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from crawler.demo.articles import FIRST_LOOK, SECOND_LOOK
from crawler.demo.run import declared, demo_config, look
from crawler.demo.server import Press, serve
from storage.database import Database
from tests.e2e.press_figures import figures, rows


@dataclass
class Table:
    press: Press
    database: Database
    figures: dict[str, Any]


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Table]:
    file: Path = tmp_path_factory.mktemp("resolution") / "truth.db"
    config = replace(demo_config(f"sqlite:///{file}"), reader="tests.e2e.truth_reader:TruthReader")
    database = Database.open(config.database_url)
    database.upgrade()
    press = Press()
    with serve(press), declared(press) as sources:
        for hour in (FIRST_LOOK, SECOND_LOOK):
            look(press, hour, sources, database, config, Console(file=io.StringIO()))
    yield Table(press, database, figures(database, press))
    database.close()


def test_another_reader_stands_in_the_place_of_ours(table: Table) -> None:
    assert table.figures["incident"]["f1"] == 1.0
    assert table.figures["end_to_end"]["f1"] == 1.0


def test_no_two_events_share_a_row(table: Table) -> None:
    assert table.figures["wrong_merges"] == 0


def test_an_event_told_by_several_outlets_and_in_two_languages_is_one_row(table: Table) -> None:
    events: dict[str, set[str]] = defaultdict(set)
    for gold, predicted in zip(*rows(table.database, table.press), strict=True):
        for told, row in zip(gold["incidents"], predicted["incidents"], strict=True):
            events[told["cluster"]].add(row["cluster"])
    split = {event for event, found in events.items() if len(found) > 1}
    assert split == set()
    assert table.figures["clusters"]["f1"] >= 0.98
