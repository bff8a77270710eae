"""Alembic's entry: runs on the connection it is given (see upgrade.py)."""

from typing import Any

from alembic import context

from storage.models import Base

#: Tables that models do not declare: the full-text index (with SQLite's shadow tables) and other tools' queues.
FOREIGN_TABLES = ("article_search", "kombu_", "celery_", "sqlite_")


def include_object(item: Any, name: str | None, kind: str, reflected: bool, compare_to: Any) -> bool:
    return not (kind == "table" and reflected and compare_to is None and (name or "").startswith(FOREIGN_TABLES))


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    include_object=include_object,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
