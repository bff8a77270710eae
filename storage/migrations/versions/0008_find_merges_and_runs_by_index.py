"""Find the merges into another incident, the latest runs and a source's outcomes by an index of their own"""

from typing import Any

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels: Any = None
depends_on: Any = None

INDEXES = (
    ("ix_merge_log_other_id", "merge_log", "other_id"),
    ("ix_crawl_run_started", "crawl_run", "started"),
    ("ix_run_outcome_source", "run_outcome", "source"),
)


def upgrade() -> None:
    for name, table, column in INDEXES:
        op.create_index(name, table, [column])


def downgrade() -> None:
    for name, table, _ in reversed(INDEXES):
        op.drop_index(name, table_name=table)
