"""Is this text a copy of one we hold? By exact hash, then by near-equal fingerprint confirmed on the words.

A copy is stored but not read, and counts as one voice with its original. So the test is strict where it matters:
an update that only changes "3 killed" into "5 killed" is no copy, however alike the rest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal

from sqlalchemy import bindparam, delete, insert, select, tuple_
from sqlalchemy.orm import Session

from storage.models import Article, ArticleVersion, Base, SimhashBand

#: Bits of a 64-bit fingerprint in which two copies may differ. docs/storage.md ("Copies") has the measurement.
NEAR_BITS = 10
#: The fingerprint cut in slices of these widths; copies that differ in few bits agree in at least one whole slice.
BANDS = (11, 11, 11, 11, 10, 10)
#: Copies appear within days; an older text that is equal (weather boilerplate, an anniversary notice) is no copy.
WINDOW = timedelta(days=4)
#: Shorter texts (a flash of one line) have too few features for a fingerprint.
MIN_NEAR_CHARACTERS = 120
#: Share of the shorter text's word pairs that the longer one must hold too.
MIN_SHARED = 0.7
#: A repost may cut or add a paragraph, but not be a longer story that quotes a short one.
MIN_LENGTH_RATIO = 0.6

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_WORD = re.compile(r"\w+")


# Made once: SQLAlchemy takes longer to build these than SQLite to answer them, and a crawl asks for every article.
_SAME_TEXT = (
    select(Article.id, Article.same_as)
    .where(
        Article.text_hash == bindparam("text_hash"),
        Article.forgotten.is_(None),
        Article.first_seen.between(bindparam("first"), bindparam("last")),
    )
    .order_by(Article.id)
    .limit(1)
)
_NEAR = (
    select(SimhashBand.article_id, SimhashBand.simhash)
    .where(
        tuple_(SimhashBand.band, SimhashBand.value).in_(bindparam("bands", expanding=True)),
        SimhashBand.day.between(bindparam("first"), bindparam("last")),
    )
    .distinct()
)
_TEXT_OF = (
    select(Article.same_as, ArticleVersion.title, ArticleVersion.text, ArticleVersion.language)
    .join(ArticleVersion, ArticleVersion.id == Article.version_id)
    .where(Article.id == bindparam("article_id"), Article.forgotten.is_(None))
)
_BANDS = Base.metadata.tables["simhash_band"]
_FORGET = delete(_BANDS).where(_BANDS.c.article_id == bindparam("article_id"))
_ENTER = insert(_BANDS)


@dataclass(frozen=True, slots=True)
class Original:
    """The article that a text copies (never itself a copy), and how that was seen."""

    article_id: int
    how: Literal["duplicate_text", "near_duplicate"]


def bands(simhash: int) -> list[tuple[int, int]]:
    """(slice number, slice value) of a 64-bit fingerprint."""
    slices = []
    for number, width in enumerate(BANDS):
        slices.append((number, simhash & ((1 << width) - 1)))
        simhash >>= width
    return slices


def day_number(moment: datetime) -> int:
    """Days since 1970-01-01 UTC."""
    return int(moment.timestamp() // 86_400)


def find_original(
    session: Session, *, title: str, text: str, text_hash: str, simhash: int, language: str | None, moment: datetime
) -> Original | None:
    """The stored article that (title, text) copies, published (or seen) within WINDOW of `moment`; else None."""
    if not text.strip():
        return None
    connection = session.connection()
    around = WINDOW + timedelta(days=3)
    exact = connection.execute(
        _SAME_TEXT, {"text_hash": text_hash, "first": moment - around, "last": moment + around}
    ).first()
    if exact:
        return Original(exact.same_as or exact.id, "duplicate_text")
    if len(text) < MIN_NEAR_CHARACTERS:
        return None
    day = day_number(moment)
    found = connection.execute(
        _NEAR, {"bands": bands(simhash), "first": day - WINDOW.days, "last": day + WINDOW.days}
    ).all()
    near = sorted((bits, row.article_id) for row in found if (bits := (row.simhash ^ simhash).bit_count()) <= NEAR_BITS)
    for _, article_id in near[:8]:
        row = connection.execute(_TEXT_OF, {"article_id": article_id}).first()
        if row and row.language == language and same_story(title, text, row.title, row.text):
            return Original(row.same_as or article_id, "near_duplicate")
    return None


def same_story(title: str, text: str, other_title: str, other_text: str) -> bool:
    """Whether one text is the other with at most small edits: most word pairs shared, and the same small numbers.

    Small numbers (below 1,000, the people counts and ages among them) must be the same in both; page furniture such
    as a year or a phone number may differ.
    """
    if not other_text:
        return False
    short, long = sorted((len(text), len(other_text)))
    if short < MIN_LENGTH_RATIO * long:
        return False
    if _small_numbers(f"{title} {text}") != _small_numbers(f"{other_title} {other_text}"):
        return False
    pairs, other_pairs = word_pairs(text), word_pairs(other_text)
    least = min(len(pairs), len(other_pairs))
    return least > 0 and len(pairs & other_pairs) >= MIN_SHARED * least


def word_pairs(text: str) -> set[tuple[str, str]]:
    """Every two words that follow each other, casefolded."""
    words = [word.casefold() for word in _WORD.findall(text)]
    return set(pairwise(words))


def _small_numbers(text: str) -> set[str]:
    return {number for number in _NUMBER.findall(text) if len(number) <= 3}


def remember(session: Session, article_id: int, simhash: int, moment: datetime, *, again: bool = False) -> None:
    """Enter an article's fingerprint in the index; `again` where an older one of the article gives way to it."""
    connection = session.connection()
    if again:
        connection.execute(_FORGET, {"article_id": article_id})
    day = day_number(moment)
    connection.execute(
        _ENTER,
        [
            {"band": band, "value": value, "day": day, "article_id": article_id, "simhash": simhash}
            for band, value in bands(simhash)
        ],
    )
