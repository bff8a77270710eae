"""Who may use the desk, what they keep there, and what they wrote beside an incident."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Key
from storage.models.base import Base


class Account(Base):
    """A person with a password (argon2, never the password itself). `role`: reader, analyst, admin."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str] = mapped_column(Text)
    role: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    created: Mapped[datetime]
    last_login: Mapped[datetime | None]


class DeskSession(Base):
    """A browser that has logged in. `token_hash` is SHA-256 of the cookie."""

    __tablename__ = "desk_session"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(Key, ForeignKey("account.id"), index=True)
    created: Mapped[datetime]
    expires: Mapped[datetime] = mapped_column(index=True)


class ApiToken(Base):
    """A program that may use the API, or a browser without an account. `token_hash` is SHA-256 of the token."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    name: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str]
    created: Mapped[datetime]
    created_by: Mapped[str]
    last_used: Mapped[datetime | None]
    revoked: Mapped[datetime | None]


class SavedSearch(Base):
    """A filter under a name, as a query string."""

    __tablename__ = "saved_search"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    owner: Mapped[str]
    name: Mapped[str]
    query: Mapped[str] = mapped_column(Text)
    created: Mapped[datetime]

    __table_args__ = (UniqueConstraint("owner", "name"),)


class IncidentNote(Base):
    """What an analyst wrote beside an incident. It changes no cell."""

    __tablename__ = "incident_note"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    incident_id: Mapped[int] = mapped_column(Key, ForeignKey("incident.id"), index=True)
    at: Mapped[datetime]
    analyst: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
