"""How far the history stands: numbers are given out in order, but the transactions that take them end in any.

Who asks for the lines after the last one seen would miss a line with a smaller number whose transaction ended later. So
a transaction tells, before it takes its first number, which was the last one given out, and nothing beyond the least
that is told is settled. It tells so by an advisory lock that all may hold and that its end lets go of, on PostgreSQL; on
SQLite one transaction writes at a time.
"""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session, SessionTransaction

#: The locks of this kind begin here; the number that is told is added.
_FIRST = 2**62
_LAST_GIVEN = "SELECT last_value - (NOT is_called)::int FROM history_id_seq"
_GIVEN = text(_LAST_GIVEN)
_TELL = text(f"SELECT pg_advisory_xact_lock_shared({_FIRST} + ({_LAST_GIVEN}))")
_LEAST_TOLD = text(
    f"""
    SELECT min(key) - {_FIRST} FROM (
        SELECT (classid::bigint << 32) | objid::bigint AS key FROM pg_locks
        WHERE locktype = 'advisory' AND objsubid = 1
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    ) AS held WHERE key BETWEEN {_FIRST} AND {_FIRST + 2**48}
    """
)


def before_a_line(session: Session) -> None:
    """To be called before a line of history is added: tells, once in a transaction, that one will come."""
    if session.get_bind().dialect.name != "postgresql":
        return
    here = _here(session)
    if here is not None and session.info.get(before_a_line) is here:
        return
    session.execute(_TELL)
    session.info[before_a_line] = _here(session)


def settled(session: Session) -> int | None:
    """The number up to which every line that will ever be there can be read by the session's next statement.

    None for all of them. Numbers are looked at before locks, and both before the lines: a transaction that took a number
    up to this one told so before, and has ended, or it would still be holding a smaller one.
    """
    if session.get_bind().dialect.name != "postgresql":
        return None
    given: int = session.scalar(_GIVEN)
    least: int | None = session.scalar(_LEAST_TOLD)
    return given if least is None else min(given, least)


def _here(session: Session) -> SessionTransaction | None:
    """The innermost transaction: what is rolled back to a savepoint has let go of its lock."""
    return session.get_nested_transaction() or session.get_transaction()
