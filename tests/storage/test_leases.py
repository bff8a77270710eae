"""A name is held by one at a time, and by nobody for longer than it was asked for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage.database import Database
from storage.errors import LeaseLost
from storage.leases import give_back, holders, prolong, take
from tests.storage.press import LEASE, NOON

HOSTS = ("host:a.example", "host:b.example")


def test_names_are_held_together_or_not_at_all(db: Database) -> None:
    with db.write() as session:
        assert take(session, HOSTS[:1], "one", LEASE, NOON) is not None
        assert take(session, HOSTS, "two", LEASE, NOON) is None
    with db.read() as session:
        assert holders(session, NOON) == {"host:a.example": "one"}


def test_a_lease_that_ran_out_passes_on_and_its_holder_learns_of_it(db: Database) -> None:
    with db.write() as session:
        first = take(session, HOSTS, "one", LEASE, NOON)
    assert first is not None
    later = NOON + LEASE + timedelta(seconds=1)
    with db.write() as session:
        assert take(session, HOSTS[:1], "two", LEASE, later) is not None
    with pytest.raises(LeaseLost), db.write() as session:
        prolong(session, first, LEASE, later)
    with pytest.raises(LeaseLost), db.write() as session:
        give_back(session, first)
    with db.read() as session:
        assert holders(session, later) == {"host:a.example": "two"}


def test_what_is_given_back_can_be_taken_at_once(db: Database) -> None:
    with db.write() as session:
        lease = take(session, HOSTS, "one", LEASE, NOON)
        assert lease is not None
        prolong(session, lease, 2 * LEASE, NOON)
        give_back(session, lease)
    with db.write() as session:
        assert take(session, HOSTS, "two", LEASE, NOON) is not None
