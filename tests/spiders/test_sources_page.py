"""docs/sources.md says what the declarations say."""

from __future__ import annotations

from pathlib import Path

from spiders.source import load_sources
from spiders.sources_page import sources_page

PAGE = Path(__file__).parents[2] / "docs" / "sources.md"


def test_the_page_of_sources_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == sources_page(load_sources().values()), (
        "run: python -m spiders.sources_page > docs/sources.md"
    )
