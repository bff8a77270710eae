"""Column types that behave alike on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

#: JSON text on SQLite, JSONB on PostgreSQL.
Json = JSON().with_variant(JSONB(), "postgresql")

#: A 64-bit key. SQLite gives rowid keys only to a column declared INTEGER.
Key = BigInteger().with_variant(Integer(), "sqlite")

_SIGN = 1 << 63
_MASK = (1 << 64) - 1


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time, kept in UTC. A naive time is refused: it would be wrong by nine hours in Seoul."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone; times are stored in UTC")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


class Bits64(TypeDecorator[int]):
    """64 bits as a Python int in [0, 2**64); both databases only have the signed integer."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:
        return signed64(value) if value is not None else None

    def process_result_value(self, value: int | None, dialect: Dialect) -> int | None:
        return value & _MASK if value is not None else None


def signed64(value: int) -> int:
    """The same 64 bits read as a signed number."""
    value &= _MASK
    return value - (1 << 64) if value & _SIGN else value
