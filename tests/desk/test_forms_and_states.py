"""The pure parts of the pages: forms into cells, a source's state, a text cut at its quotes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.cell_forms import changed_cells, people
from desk.quoted import BLANK, Span, masked, paragraphs, pieces, plain, without_names
from desk.source_state import state_of
from storage.cells import PERPETRATOR_FIELDS, ROW_CELLS
from storage.errors import BadEdit
from storage.runs import SourceHealth

NOW = datetime(2025, 10, 12, tzinfo=UTC)
WELL = SourceHealth("daily", NOW, NOW, NOW, None, 0, None, 100, 20, 1.0, 0.8, 30, {})


def row(**cells: Any) -> dict[str, Any]:
    return {**dict.fromkeys(ROW_CELLS), "other_types": [], **cells}


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({}, "ok"),
        ({"last_run": None}, "never"),
        ({"failures_in_row": 3}, "failing"),
        ({"failures_in_row": 1, "last_blocked": NOW}, "blocked"),
        ({"gap": NOW}, "gap"),
        ({"published_share": 0.2}, "undated"),
        ({"published_share": 0.2, "recent_articles": 3}, "ok"),
        ({"last_new": NOW - timedelta(days=8)}, "quiet"),
        ({"last_new": None}, "quiet"),
    ],
)
def test_a_source_s_state_is_the_worst_that_is_true_of_it(change: dict[str, Any], state: str) -> None:
    assert state_of(replace(WELL, **change), NOW) == state
    assert state_of(None, NOW) == "never"


def test_an_emptied_field_means_unknown() -> None:
    assert changed_cells({"killed_max": [""]}, row(killed_max=3)) == {"killed_max": None}


def test_cells_that_the_form_does_not_name_are_left_alone() -> None:
    assert changed_cells({"date": ["2025-10-08"], "token": ["x"]}, row(date="2025-10-08", killed_max=1)) == {}


@pytest.mark.parametrize("count", ["-1", "2.5", "two", "²", "99999999999999999999"])
def test_a_count_is_a_whole_number(count: str) -> None:
    with pytest.raises(BadEdit, match="count"):
        changed_cells({"killed_max": [count]}, row())


def test_a_suspect_s_line_left_empty_goes_away() -> None:
    fields = {f"perpetrators.{name}": ["", "", ""] for name in PERPETRATOR_FIELDS}
    fields["perpetrators.text"][1] = "a man in a cap"
    fields["perpetrators.status"] = ["at_large", "arrested", ""]
    (person,) = people("perpetrators", fields)
    assert (person["text"], person["status"], person["count"]) == ("a man in a cap", "arrested", None)


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(-2, 60), st.integers(-2, 60)), max_size=6))
def test_a_text_cut_at_its_quotes_is_still_the_text(text: str, ends: list[tuple[int, int]]) -> None:
    found = pieces(text, [Span(f"f{number}", start, end) for number, (start, end) in enumerate(ends)])
    assert "".join(piece.text for piece in found) == text
    for number, (start, end) in enumerate(ends):
        if 0 <= start < end <= len(text):
            assert "".join(piece.text for piece in found if f"f{number}" in piece.fields) == text[start:end]


def test_an_anchor_stands_where_its_quote_begins_once() -> None:
    found = pieces("one two three", [Span("a", 4, 13, "x"), Span("b", 8, 13, "y")])
    assert [(piece.text, piece.begins) for piece in found] == [("one ", ()), ("two ", ("x",)), ("three", ("y",))]
    assert len(paragraphs(pieces("a\n\nb", []))) == 2


@given(st.text(max_size=40), st.lists(st.text(min_size=2, max_size=5), max_size=3))
def test_masking_names_moves_nothing(text: str, names: list[str]) -> None:
    assert len(masked(text, names)) == len(text)


def test_names_go_and_directions_of_writing_too() -> None:
    assert without_names("Hong Gildong left", ["Hong", "Hong Gildong"]) == f"{BLANK} left"
    assert plain("safe\u202eexe.txt\x07") == "safeexe.txt"
