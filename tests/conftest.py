"""What the tests of several rooms share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.e2e.crawled_demo import Demo


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo as `make demo` leaves it; crawling it takes a good part of a minute, so it is done once."""
    from tests.e2e.crawled_demo import crawl_demo

    crawled = crawl_demo(tmp_path_factory.mktemp("demo"))
    yield crawled
    crawled.database.close()
