"""A pipeline that cannot take one article: what a full disk or a locked table looks like to the spider."""

from __future__ import annotations

from spiders.page import Page


class FailsOnOne:
    def process_item(self, item: Page) -> Page:
        if item.native_id == "1":
            raise RuntimeError("no room for it")
        return item
