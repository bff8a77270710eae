"""Invented articles and readings for the storage tests."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from extract import records
from storage.articles import IncomingArticle, store_article
from storage.changes import IncidentChange
from storage.database import Database
from storage.ledger import claim, finish

NOON = datetime(2025, 10, 12, 3, 0, tzinfo=UTC)
LEASE = timedelta(minutes=5)
STORY = (
    "캄보디아 시아누크빌의 한 건물에서 20대 한국인 남성이 숨진 채 발견됐다고 현지 경찰이 밝혔다. "
    "경찰은 이 남성이 지난 8일 밤 감금된 뒤 폭행을 당한 것으로 보고 용의자 3명을 붙잡아 조사하고 있다. "
    "영사관은 가족에게 사망 사실을 알리고 부검 결과를 기다리고 있다고 설명했다."
)


def simhash(text: str) -> int:
    """A plain 64-bit fingerprint over character triples (the product's own is in extract)."""
    sums = [0] * 64
    for triple in {text[i : i + 3] for i in range(len(text) - 2)}:
        value = int.from_bytes(hashlib.blake2b(triple.encode(), digest_size=8).digest(), "big")
        for bit in range(64):
            sums[bit] += 1 if value >> bit & 1 else -1
    return sum(1 << bit for bit, total in enumerate(sums) if total > 0)


def incoming(number: int = 1, text: str = STORY, **changes: Any) -> IncomingArticle:
    fields: dict[str, Any] = {
        "source": "daily",
        "url": f"https://daily.example/news/{number}",
        "title": "캄보디아서 한국인 숨진 채 발견",
        "text": text,
        "fetched_at": NOON,
        "text_hash": hashlib.sha256(text.encode()).hexdigest(),
        "simhash": simhash(text),
        "language": "ko",
        "published": NOON,
        "country": "KR",
    }
    return IncomingArticle(**{**fields, **changes})


def report(**changes: Any) -> records.IncidentReport:
    fields: dict[str, Any] = {
        "type": "homicide",
        "country": "KH",
        "place": records.Place("Sihanoukville", "시아누크빌", "KH", None, 10.63, 103.5, 1821306, "city"),
        "date": records.EventDate("2025-10-08", "day"),
        "victims": (records.Victim("20대 한국인 남성", 1, "KR", age="20s", gender="male", outcome="killed"),),
        "killed": records.Count(1, 1),
        "confidence": {"type": 0.9, "country": 0.95},
        "evidence": (records.Evidence("country", "캄보디아", 0, 4, "text", "gazetteer"),),
    }
    return records.IncidentReport(**{**fields, **changes})


def reading(article: records.Article, *reports: records.IncidentReport, **changes: Any) -> records.Reading:
    return records.Reading(article.id, article.language, "test 1", reports, **changes)


def publish(
    db: Database, article: IncomingArticle, *reports: records.IncidentReport, **changes: Any
) -> list[IncidentChange]:
    """Store an article and finish its reading with `reports`; what changed."""
    with db.write() as session:
        store_article(session, article)
    changed: list[IncidentChange] = []
    with db.write() as session:
        for claimed in claim(session, "reader", 10, LEASE, article.fetched_at):
            changed += finish(session, claimed, reading(claimed.article, *reports, **changes), article.fetched_at)
    return changed
