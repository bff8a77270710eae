"""How the crawl went: runs, outcomes by source, the state of feeds and sources, and what was removed by whom."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Key
from storage.models.base import Base


class SourceState(Base):
    """What is known of a source's health, and how long its bodies are kept (`retention_days`, None: for ever)."""

    __tablename__ = "source_state"

    source: Mapped[str] = mapped_column(primary_key=True)
    last_run: Mapped[datetime | None]
    last_success: Mapped[datetime | None]
    last_new: Mapped[datetime | None]
    last_blocked: Mapped[datetime | None]
    failures_in_row: Mapped[int] = mapped_column(default=0)
    gap: Mapped[datetime | None]
    retention_days: Mapped[int | None]
    note: Mapped[str | None] = mapped_column(Text)


class CrawlRun(Base):
    __tablename__ = "crawl_run"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    kind: Mapped[str]
    started: Mapped[datetime] = mapped_column(index=True)
    finished: Mapped[datetime | None]
    ok: Mapped[bool | None] = mapped_column(Boolean)
    note: Mapped[str | None] = mapped_column(Text)


class RunOutcome(Base):
    """How often one named outcome was met for one source in one run."""

    __tablename__ = "run_outcome"

    run_id: Mapped[int] = mapped_column(Key, ForeignKey("crawl_run.id"), primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True, index=True)
    outcome: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]


class FeedStateRow(Base):
    """What the last fetch of a listing (feed, sitemap, section) left behind for the next one."""

    __tablename__ = "feed_state"

    url: Mapped[str] = mapped_column(Text, primary_key=True)
    source: Mapped[str] = mapped_column(index=True)
    etag: Mapped[str | None] = mapped_column(Text)
    last_modified: Mapped[str | None] = mapped_column(Text)
    body_hash: Mapped[str | None]
    last_fetch: Mapped[datetime | None]
    last_full_fetch: Mapped[datetime | None]
    last_changed: Mapped[datetime | None]
    unchanged_in_row: Mapped[int] = mapped_column(default=0)
    items: Mapped[list[Any]]
    overlap: Mapped[float | None]
    poll_seconds: Mapped[int | None]
    distrusted: Mapped[bool] = mapped_column(default=False)
    gaps: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[str | None]


class PageMissRow(Base):
    """An address whose last fetch gave no article, and until when it is left alone."""

    __tablename__ = "page_miss"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    source: Mapped[str]
    outcome: Mapped[str]
    at: Mapped[datetime]
    times: Mapped[int]
    until: Mapped[datetime] = mapped_column(index=True)


class Audit(Base):
    """A line for whoever must answer for the table: what was removed or exported, when and by whom."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    at: Mapped[datetime]
    who: Mapped[str]
    action: Mapped[str]
    detail: Mapped[dict[str, Any]]
