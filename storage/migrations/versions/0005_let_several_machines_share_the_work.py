"""Leases by name, the files of a backfill, and what is read first"""

from typing import Any

import sqlalchemy as sa
from alembic import op

import storage.columns

revision = "0005"
down_revision = "0004"
branch_labels: Any = None
depends_on: Any = None

OPEN = sa.text("state IN ('pending', 'claimed')")


def _moment() -> Any:
    return storage.columns.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "lease",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("until", _moment(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "archive_file",
        sa.Column("id", storage.columns.Key, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("keep", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("done_bytes", sa.BigInteger(), nullable=False),
        sa.Column("outcomes", storage.columns.Json, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(), nullable=True),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("lease_until", _moment(), nullable=True),
        sa.Column("added", _moment(), nullable=False),
        sa.Column("started", _moment(), nullable=True),
        sa.Column("finished", _moment(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive_file")),
        sa.UniqueConstraint("address", name=op.f("uq_archive_file_address")),
    )
    op.create_index("ix_archive_file_state", "archive_file", ["state", "id"])
    op.add_column("ledger", sa.Column("priority", sa.SmallInteger(), nullable=False, server_default="0"))
    op.drop_index("ix_ledger_open", table_name="ledger")
    op.create_index("ix_ledger_open", "ledger", ["priority", "version_id"], sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade() -> None:
    op.drop_index("ix_ledger_open", table_name="ledger")
    op.create_index("ix_ledger_open", "ledger", ["version_id"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.drop_column("ledger", "priority")
    op.drop_index("ix_archive_file_state", table_name="archive_file")
    op.drop_table("archive_file")
    op.drop_table("lease")
