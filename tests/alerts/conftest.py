"""Alerts are tested on SQLite and, where it can be started, on PostgreSQL, as storage is."""

from __future__ import annotations

from tests.storage.conftest import database_url, db, postgresql_url

__all__ = ["database_url", "db", "postgresql_url"]
