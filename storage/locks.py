"""Locks that PostgreSQL needs and SQLite has already: there, BEGIN IMMEDIATE lets one writer in at a time."""

from __future__ import annotations

import hashlib

from sqlalchemy import text
from sqlalchemy.orm import Session

#: Held shared while reports are put to incidents (`storage.blocks`), and alone by what may change any incident.
RESOLUTION = 7_339_460_002
#: Held while rules ask whether an incident is the first of its kind: of two at once only one is.
FIRSTS = 7_339_460_004


def lock(session: Session, number: int) -> None:
    """Hold the lock `number` until the transaction ends. Nothing on SQLite."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})


def lock_text(session: Session, name: str) -> None:
    """Hold the lock of that name until the transaction ends. Nothing on SQLite."""
    lock(session, int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big", signed=True))
