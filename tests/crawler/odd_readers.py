"""Readers that go wrong in one way each."""

from __future__ import annotations

import os
import time

from extract.records import Article, Reading


class SlowToLoad:
    """Takes longer to be made than the lease of its test."""

    coder = "slow-1"

    def __init__(self) -> None:
        time.sleep(2.5)

    def read(self, article: Article) -> Reading:
        return Reading(article.id, "en", self.coder, ())


class Dying:
    """Takes its process down with an article that is called deadly."""

    coder = "dying-1"

    def read(self, article: Article) -> Reading:
        if article.title == "deadly":
            os._exit(9)
        return Reading(article.id, "en", self.coder, ())
