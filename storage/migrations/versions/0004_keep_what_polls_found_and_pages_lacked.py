"""Keep how polls ended, and addresses that gave no article"""

from typing import Any

import sqlalchemy as sa
from alembic import op

import storage.columns

revision = "0004"
down_revision = "0003"
branch_labels: Any = None
depends_on: Any = None


def _moment() -> Any:
    return storage.columns.UtcDateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("feed_state") as table:
        table.add_column(sa.Column("distrusted", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("gaps", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("outcome", sa.String(), nullable=True))
    # until now an empty etag stood for a server that is not believed, a row of one for a 304
    op.execute("UPDATE feed_state SET distrusted = true, etag = NULL WHERE etag = ''")
    op.execute("UPDATE feed_state SET outcome = 'http_304' WHERE unchanged_in_row > 0")
    op.create_table(
        "page_miss",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("at", _moment(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("until", _moment(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_page_miss")),
    )
    op.create_index(op.f("ix_page_miss_until"), "page_miss", ["until"])


def downgrade() -> None:
    op.drop_table("page_miss")
    with op.batch_alter_table("feed_state") as table:
        for column in ("outcome", "gaps", "distrusted"):
            table.drop_column(column)
