"""CSS selection on a parsed page, the compiled selectors kept."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement


@lru_cache(maxsize=2048)
def compiled(selector: str) -> CSSSelector:
    """The compiled selector; raises cssselect's errors, which `CleanRules.from_mapping` has ruled out."""
    return CSSSelector(selector, translator="html")


def select(tree: HtmlElement, selectors: Iterable[str]) -> list[HtmlElement]:
    """The elements that match, selector by selector in the order given, each in page order."""
    return [element for selector in selectors for element in compiled(selector)(tree)]
