"""A cheap look at an archived page before it is cleaned: a language that is read, and words of an incident?

Cleaning costs 30 to 60 ms a page, this look about a tenth; of CC-NEWS most pages are in other languages or about other
things. The look drops only what it is sure of: a page whose visible text is short (drawn by script), or that declares
Korean or English, passes the language gate; the words are looked for in all visible text, not only in the article.
docs/scale.md has what it costs and what it loses.
"""

from __future__ import annotations

import html
import re
from typing import Literal

from crawler.backfill.warc import WarcPage
from extract.relevance import may_hold_incident

Keep = Literal["all", "readable", "relevant"]
KEEPS: tuple[Keep, ...] = ("all", "readable", "relevant")

#: Visible text below this many bytes says nothing: the story may be in a script.
ENOUGH = 800
#: Hangul syllables among the letters of a page that is (also) Korean; menus in Korean are enough to pass.
HANGUL_SHARE = 0.05
#: English prose has a third of its words or more among the function words; a page with an English article in a page of
#: menus has at least this share.
ENGLISH_SHARE = 0.10
SAMPLE = 20_000

_SCRIPT = re.compile(rb"<(script|style|noscript|svg|template)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(rb"<[^>]*>")
_LANG = re.compile(rb"<html\b[^>]*\blang\s*=\s*[\"']?\s*([a-zA-Z]{2})", re.IGNORECASE)
_TITLE = re.compile(rb"<title\b[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_HANGUL = re.compile(r"[가-힣]")
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[A-Za-z]+")
_FUNCTION_WORDS = (
    "the of and to in a that is was for it with as his on be at by had not are but from or have an they which"
)
_ENGLISH = frozenset(_FUNCTION_WORDS.split())


def turned_away(page: WarcPage, keep: Keep) -> str | None:
    """Why the page is not worth cleaning (other_language, no_incident_words), or None where it may be."""
    if keep == "all":
        return None
    visible = _TAG.sub(b" ", _SCRIPT.sub(b" ", page.body))
    if len(visible.split(None, ENOUGH // 4)) < ENOUGH // 8:
        return None
    text = _decoded(visible, page)
    language = _language(text[:SAMPLE]) or _declared(page.body)
    if language is None:
        return "other_language"
    if keep == "readable":
        return None
    title = _TITLE.search(page.body)
    head = _decoded(title[1], page) if title else ""
    return None if may_hold_incident(head, text, language) else "no_incident_words"


def _language(text: str) -> str | None:
    letters = len(_LETTER.findall(text))
    if letters and len(_HANGUL.findall(text)) >= HANGUL_SHARE * letters:
        return "ko"
    words = _WORD.findall(text.lower())
    if words and sum(word in _ENGLISH for word in words) >= ENGLISH_SHARE * len(words):
        return "en"
    return None


def _declared(body: bytes) -> str | None:
    found = _LANG.search(body, 0, 4096)
    language = found[1].decode("ascii").lower() if found else ""
    return language if language in ("ko", "en") else None


def _decoded(visible: bytes, page: WarcPage) -> str:
    """The text in the page's own encoding, without runs of space."""
    for charset in (page.charset, "utf-8", "cp949"):
        if charset:
            try:
                text = visible.decode(charset)
                break
            except (UnicodeDecodeError, LookupError):
                continue
    else:
        text = visible.decode("utf-8", errors="replace")
    return " ".join(html.unescape(text).split())
