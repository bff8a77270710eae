"""Let the indexes that lists are found by hold what is asked of their rows, so that the rows themselves are not read"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels: Any = None
depends_on: Any = None

#: Name, table, the columns before, the columns now, the rows that it holds.
INDEXES = (
    (
        "ix_incident_date", "incident",
        ("date_from", "id"), ("date_from", "id", "date_to", "status", "certainty", "last_updated"), None,
    ),
    (
        "ix_incident_country_date", "incident",
        ("country", "date_from", "id"), ("country", "date_from", "id", "date_to"), None,
    ),
    (
        "ix_incident_span", "incident", ("date_from", "date_to", "id"),
        ("date_from", "date_to", "id", "country", "status", "certainty", "last_updated"), "date_from <> date_to",
    ),
    (
        "ix_incident_report_incident", "incident_report",
        ("incident_id", "active"), ("incident_id", "active", "source", "language", "article_id"), None,
    ),
    (
        "ix_incident_report_article", "incident_report",
        ("article_id", "active"), ("article_id", "active", "incident_id"), None,
    ),
    (
        "ix_incident_report_source", "incident_report",
        ("source", "incident_id"), ("source", "active", "incident_id"), None,
    ),
    (
        "ix_incident_report_language", "incident_report",
        ("language", "incident_id"), ("language", "active", "incident_id"), None,
    ),
)  # fmt: skip


def upgrade() -> None:
    for name, table, _, columns, where in INDEXES:
        _remake(name, table, columns, where)


def downgrade() -> None:
    for name, table, columns, _, where in reversed(INDEXES):
        _remake(name, table, columns, where)


def _remake(name: str, table: str, columns: tuple[str, ...], where: str | None) -> None:
    only: dict[str, Any] = {"sqlite_where": sa.text(where), "postgresql_where": sa.text(where)} if where else {}
    op.drop_index(name, table_name=table)
    op.create_index(name, table, list(columns), **only)
    if _has_statistics():
        op.execute(f"ANALYZE {name}")


def _has_statistics() -> bool:
    """Whether SQLite was told to keep any: of an index without them it would then think that it holds few rows a value."""
    connection = op.get_bind()
    return connection.dialect.name == "sqlite" and sa.inspect(connection).has_table("sqlite_stat1")
