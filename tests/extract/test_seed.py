"""The article that the project was asked for with reads right, field by field; skipped where it is absent."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from extract.reader import LexiconReader
from extract.records import Article

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "data" / "seeds"


@pytest.mark.skipif(not SEEDS.is_dir(), reason="../shared/data/seeds is absent")
def test_the_seed_is_one_killing_of_a_korean_in_cambodia_and_what_two_states_did_about_it() -> None:
    (path,) = SEEDS.glob("*.txt")
    title, text = path.read_text("utf-8").split("\n", 1)
    published = datetime(2025, 10, 12, 3, tzinfo=UTC)
    reading = LexiconReader().read(Article("seed", title, text.strip(), published, "en"))
    (report,) = reading.reports
    assert (report.type, "torture" in report.other_types, report.role) == ("homicide", True, "main")
    assert (report.country, report.place, report.date) == ("KH", None, None)
    (victim,) = report.victims
    assert (victim.nationality, victim.count, victim.outcome) == ("KR", 1, "killed")
    assert report.killed is not None
    assert (report.killed.low, report.killed.high) == (1, 1)
    assert (report.perpetrators, report.injured, report.held, report.missing) == ((), None, None, None)
    kinds = {response.type for response in reading.responses}
    assert {"deployment", "diplomatic_protest", "travel_advisory", "directive"} <= kinds
    for evidence in report.evidence:
        part = title if evidence.part == "title" else text.strip()
        assert part[evidence.start : evidence.end] == evidence.quote
