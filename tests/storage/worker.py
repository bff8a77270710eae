"""A reader process for the kill test: claims, "reads", finishes, until the ledger is empty.

The lease is short and the clock real, so that what a killed worker held comes free again.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import UTC, date, datetime, timedelta

from extract.records import Article, Count, EventDate, Evidence, IncidentReport, Place, Reading, Victim
from storage.database import Database
from storage.errors import LeaseLost
from storage.ledger import claim, counts, finish

LEASE = timedelta(seconds=2)


def read(article: Article) -> Reading:
    number = int((article.url or "").rsplit("/", 1)[1])
    town = number // 2
    return Reading(
        article.id,
        "ko",
        "test 1",
        (
            IncidentReport(
                "homicide",
                country="KH",
                place=Place(f"Town {town}", f"마을{town}", "KH"),
                date=EventDate((date(2024, 10, 1) + timedelta(days=3 * town)).isoformat(), "day"),
                victims=(
                    Victim("주민", 1, "KR", name=f"김{chr(0xAC00 + 28 * 21 * (town % 19))}{chr(0xB098 + 28 * town)}"),
                ),
                killed=Count(1, 1),
                evidence=(Evidence("place", article.text[:2], 0, 2),),
            ),
        ),
    )


def main(url: str) -> int:
    db = Database.open(url)
    db.upgrade()
    while True:
        with db.write() as session:
            claims = claim(session, str(os.getpid()), 3, LEASE, datetime.now(UTC))
        for claimed in claims:
            reading = read(claimed.article)
            time.sleep(0.02)  # reading takes its time; this is the work, not a wait for something
            try:
                with db.write() as session:
                    finish(session, claimed, reading, datetime.now(UTC))
            except LeaseLost:
                continue
        if not claims:
            with db.read() as session:
                left = counts(session)
            if left.pending + left.claimed == 0:
                return 0
            time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
