"""What several machines share beside the ledger: leases by name, and the archive files of a backfill."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Key
from storage.models.base import Base


class LeaseRow(Base):
    """A name that one holder at a time may have: a host that is being crawled, the dispatcher of a cluster."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    token: Mapped[int] = mapped_column(default=0)
    until: Mapped[datetime | None]


class ArchiveFile(Base):
    """One WARC file of a backfill by machines: pending, claimed, done, failed. `done_bytes` of `size` are stored."""

    __tablename__ = "archive_file"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    address: Mapped[str] = mapped_column(Text, unique=True)
    state: Mapped[str]
    keep: Mapped[str]
    size: Mapped[int | None] = mapped_column(BigInteger)
    done_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    outcomes: Mapped[dict[str, Any]]
    attempts: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str | None]
    token: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    added: Mapped[datetime]
    started: Mapped[datetime | None]
    finished: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (Index("ix_archive_file_state", "state", "id"),)
