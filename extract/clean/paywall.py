"""Whether the outlet keeps the rest of the story for those who pay."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from .structured import Declared

_CLOSED = frozenset(("locked", "paid", "premium", "subscriber", "subscribers", "subscription", "closed"))
_OPEN = frozenset(("free", "open", "public"))
_WORDS = re.compile(
    r"(?:유료\s?(?:회원|구독자)|구독자)\s?(?:전용|만|에게만)|이 기사는 (?:유료|구독)|"
    r"로그인(?: 후|하면) (?:전체|이어서)|"
    r"subscribe(?:rs)? to (?:continue|read)|this (?:article|content|story) is (?:for|available to|exclusive to) "
    r"subscribers|"
    r"subscribers? only|already a subscriber\?|to continue reading",
    re.IGNORECASE,
)
#: A longer story was not cut off; the words then stand in an advertisement for the subscription.
_SHORT = 1200


def find_paywall(tree: HtmlElement, declared: Declared, story: int) -> bool | None:
    """True or False as the page declares it (isAccessibleForFree, article:content_tier); True where a short story is
    followed by a call to subscribe; None where nothing says so. `story` is the body's length in characters."""
    for node in (declared.article, *declared.nodes):
        value = node.get("isAccessibleForFree")
        if value is not None:
            if str(value).rsplit("/", 1)[-1].lower() in ("false", "no", "0"):
                return True
            if node is declared.article:
                return False
        parts = node.get("hasPart")
        for part in parts if isinstance(parts, list) else [parts]:
            if (
                node is declared.article
                and isinstance(part, dict)
                and str(part.get("isAccessibleForFree")).lower() == "false"
            ):
                return True
    tier = (declared.first("article:content_tier", "content_tier", "cxenseparse:recs:paywall") or "").lower()
    if tier in _CLOSED or tier in _OPEN:
        return tier in _CLOSED
    if story < _SHORT:
        for element in tree.xpath(
            "//*[contains(@class,'paywall') or contains(@class,'subscri') or contains(@id,'paywall')]"
        )[:20]:
            if _WORDS.search(" ".join(element.text_content().split())[:600]):
                return True
    return None
