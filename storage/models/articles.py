"""What was fetched: articles, what they said at each fetch, and where each version stands on its way to being read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, SmallInteger, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Bits64, Key
from storage.models.base import Base


class Article(Base):
    """One URL's text. `same_as` points at the article it copies (a wire repost): it is one voice with that one."""

    __tablename__ = "article"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    source: Mapped[str]
    native_id: Mapped[str | None]
    url: Mapped[str] = mapped_column(Text)
    canonical_url: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    language: Mapped[str | None]
    country: Mapped[str | None]
    timezone: Mapped[str | None]
    byline: Mapped[str | None] = mapped_column(Text)
    section: Mapped[str | None] = mapped_column(Text)
    published: Mapped[datetime | None]
    published_basis: Mapped[str | None]
    modified: Mapped[datetime | None]
    paywalled: Mapped[bool] = mapped_column(default=False)
    wire: Mapped[str | None]
    first_seen: Mapped[datetime]
    last_fetched: Mapped[datetime]
    last_changed: Mapped[datetime]
    text_hash: Mapped[str]
    version_id: Mapped[int | None] = mapped_column(Key)
    versions: Mapped[int] = mapped_column(default=1)
    keep_body: Mapped[bool] = mapped_column(default=True)
    same_as: Mapped[int | None] = mapped_column(Key, ForeignKey("article.id"))
    same_how: Mapped[str | None]
    forgotten: Mapped[datetime | None]

    __table_args__ = (
        Index(None, "text_hash"),
        Index(None, "source", "published"),
        Index(None, "published"),
        Index(None, "same_as", sqlite_where=text("same_as IS NOT NULL"), postgresql_where=text("same_as IS NOT NULL")),
    )


class ArticleKey(Base):
    """Every name under which an article is known: native id within its source, canonical URL, other URLs."""

    __tablename__ = "article_key"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    article_id: Mapped[int] = mapped_column(Key, ForeignKey("article.id"), index=True)


class ArticleVersion(Base):
    """What an article said at one fetch. `text` is empty once the body was not to be kept (`emptied` says when)."""

    __tablename__ = "article_version"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    article_id: Mapped[int] = mapped_column(Key, ForeignKey("article.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str | None]
    fetched_at: Mapped[datetime]
    published: Mapped[datetime | None]
    published_basis: Mapped[str | None]
    modified: Mapped[datetime | None]
    version_mark: Mapped[str | None]
    lead_places: Mapped[list[Any]]
    text_hash: Mapped[str]
    simhash: Mapped[int] = mapped_column(Bits64)
    emptied: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("article_id", "number"),)


class SimhashBand(Base):
    """One slice of an article's fingerprint; equal slices make two articles of near dates worth comparing."""

    __tablename__ = "simhash_band"

    band: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    value: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(Key, ForeignKey("article.id"), primary_key=True, index=True)
    simhash: Mapped[int] = mapped_column(Bits64)

    __table_args__ = ({"sqlite_with_rowid": False},)


OPEN_STATES = "state IN ('pending', 'claimed')"


class Ledger(Base):
    """Where an article version stands: pending, claimed, done, failed, copy (one voice with another article),
    superseded (a newer version came before it was read).

    `token` grows with every claim, so that a worker whose lease ran out can no longer write. Lower `priority` first.
    """

    __tablename__ = "ledger"

    version_id: Mapped[int] = mapped_column(Key, ForeignKey("article_version.id"), primary_key=True)
    article_id: Mapped[int] = mapped_column(Key, ForeignKey("article.id"), index=True)
    state: Mapped[str]
    priority: Mapped[int] = mapped_column(SmallInteger, default=0)
    token: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)
    coder: Mapped[str | None]
    outcome: Mapped[str | None]
    read_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "ix_ledger_open",
            "priority",
            "version_id",
            sqlite_where=text(OPEN_STATES),
            postgresql_where=text(OPEN_STATES),
        ),
    )
