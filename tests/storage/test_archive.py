"""The files of a backfill: each is claimed by one worker, goes on where it was, and ends once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage.archive import (
    MAX_ATTEMPTS,
    add_files,
    advance_file,
    archive_counts,
    archive_outcomes,
    claim_file,
    fail_file,
    failed_files,
    finish_file,
    release_file,
    retry_failed,
)
from storage.articles import store_article
from storage.database import Database
from storage.errors import LeaseLost
from storage.ledger import ARCHIVE, LIVE, claim
from storage.waiting import by_queue, files_waiting, unread
from tests.storage.press import LEASE, NOON, incoming

FILES = {"https://archive.example/one.warc.gz": 1000, "https://archive.example/two.warc.gz": None}


def test_a_file_is_put_in_once_and_given_to_one_worker(db: Database) -> None:
    with db.write() as session:
        assert add_files(session, FILES, "relevant", NOON) == 2
        assert add_files(session, FILES, "all", NOON) == 0
    with db.write() as session:
        claims = [claim_file(session, worker, LEASE, NOON) for worker in "abc"]
        assert [one.address if one else None for one in claims] == [*FILES, None]
        assert claims[0] is not None
        assert claims[0].keep == "relevant"
        assert files_waiting(session, NOON) == 0
        assert files_waiting(session, NOON + LEASE + timedelta(seconds=1)) == 2


def test_the_worker_that_lost_its_file_changes_nothing(db: Database) -> None:
    with db.write() as session:
        add_files(session, FILES, "relevant", NOON)
        slow = claim_file(session, "slow", LEASE, NOON)
        assert slow is not None
        advance_file(session, slow, 400, 1000, {"new": 3}, LEASE, NOON)
    later = NOON + LEASE + timedelta(seconds=1)
    with db.write() as session:
        quick = claim_file(session, "quick", LEASE, later)
        assert quick is not None
        assert quick.address == slow.address
    with pytest.raises(LeaseLost), db.write() as session:
        advance_file(session, slow, 500, 1000, {"new": 9}, LEASE, later)
    with db.write() as session:
        advance_file(session, quick, 700, 1000, {"new": 1, "not_html": 2}, LEASE, later)
        finish_file(session, quick, later)
    with db.read() as session:
        counted = archive_counts(session)
        assert (counted.done, counted.pending, counted.bytes, counted.done_bytes) == (1, 1, 1000, 1000)
        assert counted.unsized == 1
        assert archive_outcomes(session) == {"new": 4, "not_html": 2}


def test_a_file_that_fails_again_and_again_is_given_up_and_can_be_tried_anew(db: Database) -> None:
    with db.write() as session:
        add_files(session, dict([*FILES.items()][:1]), "relevant", NOON)
    for _ in range(MAX_ATTEMPTS):
        with db.write() as session:
            one = claim_file(session, "a", LEASE, NOON)
            assert one is not None
            fail_file(session, one, "no such host", NOON)
    with db.write() as session:
        assert claim_file(session, "a", LEASE, NOON) is None
        assert failed_files(session) == [("https://archive.example/one.warc.gz", "no such host")]
        assert retry_failed(session) == 1
        assert claim_file(session, "a", LEASE, NOON) is not None


def test_a_file_given_back_is_not_counted_as_a_failure(db: Database) -> None:
    with db.write() as session:
        add_files(session, dict([*FILES.items()][:1]), "relevant", NOON)
    for _ in range(2 * MAX_ATTEMPTS):
        with db.write() as session:
            one = claim_file(session, "a", LEASE, NOON)
            assert one is not None
            release_file(session, one)


def test_live_articles_are_read_before_those_of_an_archive(db: Database) -> None:
    with db.write() as session:
        for number, priority in enumerate((ARCHIVE, ARCHIVE, LIVE)):
            text = f"{number + 2}명이 다친 {number}번째 사고"
            store_article(session, incoming(number, text=text, priority=priority))
        counted = unread(session, NOON + timedelta(minutes=3))
        assert (counted.live, counted.others, counted.claimed) == (1, 2, 0)
        assert counted.oldest == timedelta(minutes=3)
        assert by_queue(session, NOON) == {"crawl": 0, "read": 1, "read_later": 2, "backfill": 0, "alert": 0}
    with db.write() as session:
        first, *_ = claim(session, "a", 1, LEASE, NOON)
        assert first.article.url == "https://daily.example/news/2"
        assert unread(session, NOON).oldest is None
