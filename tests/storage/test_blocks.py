"""Several workers put reports to incidents at the same time, and the table is that of one worker."""

from __future__ import annotations

import random
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from extract import records
from extract.resolve import block_keys, signature_of
from storage import blocks, curation
from storage.articles import store_article
from storage.blocks import NotHeld, resolving
from storage.curation import Analyst
from storage.database import Database
from storage.ledger import Claim, claim, finish
from storage.models import Article, Incident, IncidentReport
from tests.storage.press import LEASE, NOON, incoming, publish, reading, report

MINA = Analyst("mina", NOON + timedelta(days=1))
NAMES = "가나다라마바사아자차카타파하고노도로모보소오조초"


@pytest.fixture
def several(db: Database) -> Database:
    if db.is_sqlite:
        pytest.skip("SQLite has one writer at a time")
    return db


def told(event: int, *, victim: str | None = "named", **changes: object) -> records.IncidentReport:
    """A report of the n-th invented event: all on one day in one country, each in its own town with its own victim."""
    name = f"김{NAMES[event % 24]}{NAMES[event // 24 % 24]}" if victim == "named" else None
    town = f"Town {chr(65 + event // 26)}{chr(65 + event % 26)}"
    fields = {
        "place": records.Place(town, town, "KH", None, 10 + event % 9, 100 + event // 9, event + 1, "city"),
        "victims": (records.Victim("주민", 1, "KR", name=name, age=str(20 + event % 50), outcome="killed"),),
        "evidence": (),
    }
    return report(**{**fields, **changes})


def words_of_its_own(*of: object) -> str:
    """A text that shares no word with others."""
    chance = random.Random(repr(of))
    return " ".join("".join(chr(0xAC00 + chance.randrange(11172)) for _ in range(4)) for _ in range(40))


def published(db: Database, number: int, told_of: records.IncidentReport) -> None:
    """An article that is read before the trial begins."""
    words = words_of_its_own("before", number)
    publish(db, incoming(number, title=words[:60], text=words), told_of)


def claims_of(db: Database, articles: int) -> list[Claim]:
    """So many stored articles with texts of their own, claimed."""
    with db.write() as session:
        for number in range(articles):
            words = words_of_its_own("new", number)
            store_article(session, incoming(number, title=words[:60], text=words))
        return claim(session, "test", articles, LEASE, NOON)


def finished(db: Database, one: Claim, *reports: records.IncidentReport) -> None:
    with db.write() as session:
        session.execute(sa.text("SET LOCAL lock_timeout = '30s'")) if not db.is_sqlite else None
        finish(session, one, reading(one.article, *reports), NOON)


def groups(db: Database) -> set[frozenset[str]]:
    """The addresses of each visible incident's articles."""
    found: dict[int, set[str]] = defaultdict(set)
    with db.read() as session:
        rows = session.execute(
            sa.select(IncidentReport.incident_id, Article.url, Incident.status)
            .join(Article, Article.id == IncidentReport.article_id)
            .join(Incident, Incident.id == IncidentReport.incident_id)
            .where(IncidentReport.active)
        )
        for incident_id, url, status in rows:
            assert status != "merged", "a report was left in an incident that is gone"
            found[incident_id].add(url)
    return {frozenset(urls) for urls in found.values()}


def deadlocks(db: Database) -> int:
    with db.read() as session:
        session.execute(sa.text("SELECT pg_stat_force_next_flush()"))
        query = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        return int(session.scalar(sa.text(query)) or 0)


@contextmanager
def another(work: Callable[[], None]) -> Iterator[Future[None]]:
    """Work that goes on in another transaction meanwhile; it must have ended well after the block."""
    with ThreadPoolExecutor(1) as pool:
        ended = pool.submit(work)
        yield ended
        ended.result(30)


def waits(db: Database) -> bool:
    """Whether another transaction comes to wait for a lock, within some seconds."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    pause = threading.Event()
    for _ in range(500):
        with db.read() as session:
            if session.scalar(sa.text(query)):
                return True
        pause.wait(0.01)
    return False


@pytest.mark.slow
def test_two_reports_of_one_event_at_the_same_moment_open_one_incident(db: Database) -> None:
    pairs = 60
    claims = claims_of(db, 2 * pairs)
    start = threading.Barrier(2)

    def side(number: int) -> None:
        for event in range(pairs):
            start.wait(30)
            finished(db, claims[2 * event + number], told(event))

    with ThreadPoolExecutor(2) as pool:
        for ended in [pool.submit(side, 0), pool.submit(side, 1)]:
            ended.result(120)
    at = "https://daily.example/news/"
    assert groups(db) == {frozenset((f"{at}{2 * n}", f"{at}{2 * n + 1}")) for n in range(pairs)}


@pytest.mark.slow
def test_four_workers_make_the_table_of_one(db: Database, several: Database) -> None:
    """Articles of one to three events, corrected versions among them, in any order."""
    chance = random.Random(20251012)
    events = [sorted(chance.sample(range(18), chance.choice((1, 1, 2, 3)))) for _ in range(90)]

    def rounds() -> Iterator[Sequence[tuple[Claim, list[records.IncidentReport]]]]:
        claims = claims_of(db, len(events))
        yield [
            (one, [told(event, victim="named" if n % 4 else None) for event in tells])
            for n, (one, tells) in enumerate(zip(claims, events, strict=True))
        ]
        with db.write() as session:
            for number in range(0, len(events), 2):
                words = " ".join(f"고친{number}글{i}" for i in range(40))
                again = incoming(number, title=words[:60], text=words, fetched_at=NOON + timedelta(hours=1))
                store_article(session, again)
            corrected = claim(session, "test", len(events), LEASE, NOON)
        numbers = [int((one.article.url or "").rsplit("/", 1)[1]) for one in corrected]
        yield [(one, [told(event) for event in events[n]]) for one, n in zip(corrected, numbers, strict=True)]

    with ThreadPoolExecutor(4) as pool:
        for work in rounds():
            for ended in [pool.submit(finished, db, one, *reports) for one, reports in work]:
                ended.result(120)
    assert deadlocks(db) == 0
    by_event = {
        frozenset(f"https://daily.example/news/{n}" for n, tells in enumerate(events) if event in tells)
        for event in range(18)
    }
    assert groups(db) == by_event


def test_articles_that_share_nothing_do_not_wait_for_each_other(several: Database) -> None:
    one, other = claims_of(several, 2)
    elsewhere = told(2, country="PH", date=records.EventDate("2025-09-01", "day"), type="fraud", killed=None)
    assert not {*keys(one, told(1))} & {*keys(other, elsewhere)}
    with several.write() as first, several.write() as second:
        finish(first, one, reading(one.article, told(1)), NOON)
        second.execute(sa.text("SET LOCAL lock_timeout = '2s'"))
        finish(second, other, reading(other.article, elsewhere), NOON)
    assert len(groups(several)) == 2


def keys(one: Claim, told_of: records.IncidentReport) -> Sequence[int]:
    return block_keys(signature_of(told_of, one.article))


def test_a_report_of_an_incident_that_is_being_put_into_another_follows_it(several: Database) -> None:
    """It waits, finds that its incident has gone, and takes the one that there is now."""
    published(several, 100, told(1, victim=None, place=None, date=None, country=None))
    published(several, 101, told(1))
    (one,) = claims_of(several, 1)
    with several.read() as session:
        early, late = session.scalars(sa.select(Incident.id).order_by(Incident.id))
    with several.write() as merging:
        locked = sa.select(Incident.id).where(Incident.id.in_((early, late))).with_for_update(key_share=True)
        merging.execute(locked)
        with another(lambda: finished(several, one, told(1))):
            assert waits(several)
            # what `unite` does to the two
            for row in merging.scalars(sa.select(IncidentReport).where(IncidentReport.incident_id == late)):
                row.incident_id = early
            merging.get_one(Incident, late).status = "merged"
            merging.commit()
    assert len(groups(several)) == 1


def test_work_that_needs_another_incident_is_undone_and_done_again_with_it(several: Database) -> None:
    published(several, 100, told(1))
    published(several, 101, told(2))
    tries = []

    def work(held: blocks.Held) -> int:
        tries.append(held)
        session.add(Incident(**fields))
        session.flush()
        held.need({1, 2})
        return len(tries)

    with several.write() as session:
        like = session.get_one(Incident, 1)
        fields = {c.name: getattr(like, c.name) for c in Incident.__table__.columns if c.name != "id"}
        assert resolving(session, 1, {5}, lambda: {1}, work) == 2
        assert session.scalar(sa.select(sa.func.count()).select_from(Incident)) == 3
        with several.write() as other:
            other.execute(sa.text("SET LOCAL lock_timeout = '100ms'"))
            with pytest.raises(OperationalError, match="lock timeout"):
                other.execute(sa.select(Incident.id).where(Incident.id == 2).with_for_update())
            other.rollback()


def test_an_article_with_very_many_keys_is_put_to_its_incidents_alone(
    several: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "MOST_KEYS", 3)
    one, other = claims_of(several, 2)
    with several.write() as first:
        finish(first, one, reading(one.article, told(1)), NOON)
        with another(lambda: finished(several, other, told(2, country="PH"))):
            assert waits(several)
            first.commit()
    assert len(groups(several)) == 2


def test_what_an_analyst_sets_while_a_report_comes_stands(several: Database) -> None:
    published(several, 100, told(1))
    (one,) = claims_of(several, 1)
    with several.write() as session:
        curation.edit(session, 1, "killed_max", 7, MINA)
        with another(lambda: finished(several, one, told(1, killed=records.Count(2, 2)))):
            assert waits(several)
            session.commit()
    with several.read() as session:
        row = session.get_one(Incident, 1)
        assert (row.killed_max, row.report_count) == (7, 2)


def test_an_incident_that_nobody_asked_for_is_named(several: Database) -> None:
    with pytest.raises(NotHeld, match="incidents 3, 4 are not held") as missing:
        blocks.Held({1}).need([4, 1, 3])
    assert missing.value.incidents == {3, 4}
