"""Add alerts and the schedule"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

import storage.columns

revision = "0002"
down_revision = "0001"
branch_labels: Any = None
depends_on: Any = None


def upgrade() -> None:
    op.create_table(
        "alert_rule",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("body", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False),
        sa.Column("created", storage.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated", storage.columns.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_rule")),
        sa.UniqueConstraint("name", name=op.f("uq_alert_rule_name")),
    )
    op.create_table(
        "alert_silence",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rule", sa.String(), nullable=True),
        sa.Column("incident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("begins", storage.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("until", storage.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_silence")),
    )
    with op.batch_alter_table("alert_silence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alert_silence_until"), ["until"], unique=False)

    op.create_table(
        "source_alarm",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("since", storage.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("told", storage.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("ended", storage.columns.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_alarm")),
    )
    with op.batch_alter_table("source_alarm", schema=None) as batch_op:
        batch_op.create_index("ix_source_alarm_source", ["source", "kind", "ended"], unique=False)

    op.create_table(
        "source_due",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("period_seconds", sa.Integer(), nullable=False),
        sa.Column("next_due", storage.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("worker", sa.String(), nullable=True),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("lease_until", storage.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("fail_count", sa.Integer(), nullable=False),
        sa.Column("backoff_until", storage.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("last_start", storage.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("last_ok", storage.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("last_new", storage.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("runs", sa.Integer(), nullable=False),
        sa.Column("hours", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_source_due")),
    )
    with op.batch_alter_table("source_due", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_source_due_next_due"), ["next_due"], unique=False)

    op.create_table(
        "alert_match",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rule_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", storage.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("trigger", sa.String(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("level", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False),
        sa.Column("facts", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["rule_id"], ["alert_rule.id"], name=op.f("fk_alert_match_rule_id_alert_rule")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_match")),
        sa.UniqueConstraint("rule_id", "subject", "revision", name=op.f("uq_alert_match_rule_id_subject_revision")),
    )
    with op.batch_alter_table("alert_match", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alert_match_at"), ["at"], unique=False)
        batch_op.create_index("ix_alert_match_subject", ["subject", "rule_id", "id"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("match_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rule_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("bundle", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("created", storage.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("not_before", storage.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(), nullable=True),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("lease_until", storage.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("sent", storage.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["match_id"], ["alert_match.id"], name=op.f("fk_outbox_match_id_alert_match")),
        sa.ForeignKeyConstraint(["rule_id"], ["alert_rule.id"], name=op.f("fk_outbox_rule_id_alert_rule")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_due", ["state", "not_before", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_match_id"), ["match_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_message"), ["message"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_message"))
        batch_op.drop_index(batch_op.f("ix_outbox_match_id"))
        batch_op.drop_index("ix_outbox_due")

    op.drop_table("outbox")
    with op.batch_alter_table("alert_match", schema=None) as batch_op:
        batch_op.drop_index("ix_alert_match_subject")
        batch_op.drop_index(batch_op.f("ix_alert_match_at"))

    op.drop_table("alert_match")
    with op.batch_alter_table("source_due", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_source_due_next_due"))

    op.drop_table("source_due")
    with op.batch_alter_table("source_alarm", schema=None) as batch_op:
        batch_op.drop_index("ix_source_alarm_source")

    op.drop_table("source_alarm")
    with op.batch_alter_table("alert_silence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_alert_silence_until"))

    op.drop_table("alert_silence")
    op.drop_table("alert_rule")
