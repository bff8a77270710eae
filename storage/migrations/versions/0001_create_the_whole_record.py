"""Create the whole record"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

import storage.columns

revision = "0001"
down_revision = None
branch_labels: Any = None
depends_on: Any = None


#: Read-only views for BI tools; docs/storage.md explains each column.
VIEWS = (
    """
    CREATE VIEW v_incident AS
    SELECT id, type, status, certainty, date, date_precision, date_basis, date_from, date_to, country, place, admin,
           latitude, longitude, place_precision, killed_min, killed_max, injured_min, injured_max, held_min, held_max,
           missing_min, missing_max, headline, report_count, voice_count, first_seen, last_updated,
           (SELECT v.nationality FROM victim v WHERE v.incident_id = incident.id AND v.nationality IS NOT NULL
            ORDER BY v.position LIMIT 1) AS victim_nationality
    FROM incident WHERE status NOT IN ('rejected', 'merged')
""",
    """
    CREATE VIEW v_article AS
    SELECT a.id, a.source, a.url, a.canonical_url, a.title, a.language, a.published, a.modified, a.first_seen,
           a.last_changed, a.versions, a.wire, a.paywalled, a.same_as, r.incident_id
    FROM article a
    LEFT JOIN incident_report r ON r.article_id = a.id AND r.active AND r.incident_id IS NOT NULL
""",
)


def upgrade() -> None:
    op.create_table(
        "article",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("native_id", sa.String(), nullable=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("canonical_url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("country", sa.String(), nullable=True),
        sa.Column("timezone", sa.String(), nullable=True),
        sa.Column("byline", sa.Text(), nullable=True),
        sa.Column("section", sa.Text(), nullable=True),
        sa.Column("published", storage.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("published_basis", sa.String(), nullable=True),
        sa.Column("modified", storage.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("paywalled", sa.Boolean(), nullable=False),
        sa.Column("wire", sa.String(), nullable=True),
        sa.Column("first_seen", storage.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("last_fetched", storage.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("last_changed", storage.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("text_hash", sa.String(), nullable=False),
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("versions", sa.Integer(), nullable=False),
        sa.Column("keep_body", sa.Boolean(), nullable=False),
        sa.Column("same_as", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("same_how", sa.String(), nullable=True),
        sa.Column("forgotten", storage.columns.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["same_as"], ["article.id"], name=op.f("fk_article_same_as_article")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
    )
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_article_published"), ["published"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_article_same_as"),
            ["same_as"],
            unique=False,
            sqlite_where=sa.text("same_as IS NOT NULL"),
            postgresql_where=sa.text("same_as IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_article_source_published"), ["source", "published"], unique=False)
        batch_op.create_index(batch_op.f("ix_article_text_hash"), ["text_hash"], unique=False)

    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", storage.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("detail", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_table(
        "crawl_run",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("started", storage.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("finished", storage.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ok", sa.Boolean(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crawl_run")),
    )
    op.create_table(
        "feed_state",
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("body_hash", sa.String(), nullable=True),
        sa.Column("last_fetch", storage.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("last_full_fetch", storage.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("last_changed", storage.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("unchanged_in_row", sa.Integer(), nullable=False),
        sa.Column("items", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False),
        sa.Column("overlap", sa.Double(), nullable=True),
        sa.Column("poll_seconds", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("url", name=op.f("pk_feed_state")),
    )
    with op.batch_alter_table("feed_state", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feed_state_source"), ["source"], unique=False)

    op.create_table(
        "incident",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column(
            "other_types", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False
        ),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("certainty", sa.String(), nullable=False),
        sa.Column("date", sa.String(), nullable=True),
        sa.Column("date_precision", sa.String(), nullable=True),
        sa.Column("date_basis", sa.String(), nullable=True),
        sa.Column("date_from", sa.Date(), nullable=True),
        sa.Column("date_to", sa.Date(), nullable=True),
        sa.Column("country", sa.String(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("admin", sa.Text(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("geonameid", sa.Integer(), nullable=True),
        sa.Column("place_precision", sa.String(), nullable=True),
        sa.Column("killed_min", sa.Integer(), nullable=True),
        sa.Column("killed_max", sa.Integer(), nullable=True),
        sa.Column("injured_min", sa.Integer(), nullable=True),
        sa.Column("injured_max", sa.Integer(), nullable=True),
        sa.Column("held_min", sa.Integer(), nullable=True),
        sa.Column("held_max", sa.Integer(), nullable=True),
        sa.Column("missing_min", sa.Integer(), nullable=True),
        sa.Column("missing_max", sa.Integer(), nullable=True),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column(
            "confidence", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False
        ),
        sa.Column("report_count", sa.Integer(), nullable=False),
        sa.Column("voice_count", sa.Integer(), nullable=False),
        sa.Column("first_seen", storage.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("last_updated", storage.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("first_published", storage.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("last_published", storage.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("coder", sa.String(), nullable=False),
        sa.Column("merged_into", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["merged_into"], ["incident.id"], name=op.f("fk_incident_merged_into_incident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.create_index("ix_incident_country_date", ["country", "date_from", "id"], unique=False)
        batch_op.create_index("ix_incident_country_updated", ["country", "last_updated", "id"], unique=False)
        batch_op.create_index("ix_incident_date", ["date_from", "id"], unique=False)
        batch_op.create_index("ix_incident_killed", ["killed_max", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_incident_merged_into"),
            ["merged_into"],
            unique=False,
            sqlite_where=sa.text("merged_into IS NOT NULL"),
            postgresql_where=sa.text("merged_into IS NOT NULL"),
        )
        batch_op.create_index("ix_incident_seen", ["first_seen", "id"], unique=False)
        batch_op.create_index("ix_incident_updated", ["last_updated", "id"], unique=False)

    op.create_table(
        "source_state",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("last_run", storage.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("last_success", storage.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("last_new", storage.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("last_blocked", storage.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("failures_in_row", sa.Integer(), nullable=False),
        sa.Column("gap", storage.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("retention_days", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_source_state")),
    )
    op.create_table(
        "article_key",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("article_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_article_key_article_id_article")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_article_key")),
    )
    with op.batch_alter_table("article_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_article_key_article_id"), ["article_id"], unique=False)

    op.create_table(
        "article_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("article_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("fetched_at", storage.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("published", storage.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("published_basis", sa.String(), nullable=True),
        sa.Column("modified", storage.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("version_mark", sa.String(), nullable=True),
        sa.Column(
            "lead_places", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False
        ),
        sa.Column("text_hash", sa.String(), nullable=False),
        sa.Column("simhash", storage.columns.Bits64(), nullable=False),
        sa.Column("emptied", storage.columns.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_article_version_article_id_article")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_version")),
        sa.UniqueConstraint("article_id", "number", name=op.f("uq_article_version_article_id_number")),
    )
    op.create_table(
        "edit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("incident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cell", sa.String(), nullable=False),
        sa.Column("value", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False),
        sa.Column("at", storage.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("analyst", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_edit_incident_id_incident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edit")),
    )
    with op.batch_alter_table("edit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_edit_incident_id"), ["incident_id"], unique=False)

    op.create_table(
        "history",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("incident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", storage.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("cell", sa.String(), nullable=False),
        sa.Column("old", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False),
        sa.Column("new", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("analyst", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_history_incident_id_incident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history")),
    )
    with op.batch_alter_table("history", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_history_at"), ["at"], unique=False)
        batch_op.create_index("ix_history_incident", ["incident_id", "id"], unique=False)

    op.create_table(
        "incident_type",
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("incident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("leading", sa.Boolean(), nullable=False),
        sa.Column("last_updated", storage.columns.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_incident_type_incident_id_incident")),
        sa.PrimaryKeyConstraint("type", "incident_id", name=op.f("pk_incident_type")),
    )
    with op.batch_alter_table("incident_type", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incident_type_incident_id"), ["incident_id"], unique=False)
        batch_op.create_index("ix_incident_type_updated", ["type", "last_updated", "incident_id"], unique=False)

    op.create_table(
        "merge_log",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", storage.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("incident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("other_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "reports", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False
        ),
        sa.Column("probability", sa.Double(), nullable=True),
        sa.Column(
            "reasons", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False
        ),
        sa.Column("analyst", sa.String(), nullable=True),
        sa.Column("undone", storage.columns.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_merge_log_incident_id_incident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge_log")),
    )
    with op.batch_alter_table("merge_log", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_merge_log_incident_id"), ["incident_id"], unique=False)

    op.create_table(
        "perpetrator",
        sa.Column("incident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("report_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.Column("nationality", sa.String(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("age", sa.String(), nullable=True),
        sa.Column("gender", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("group_name", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_perpetrator_incident_id_incident")),
        sa.PrimaryKeyConstraint("incident_id", "position", name=op.f("pk_perpetrator")),
    )
    op.create_table(
        "run_outcome",
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["crawl_run.id"], name=op.f("fk_run_outcome_run_id_crawl_run")),
        sa.PrimaryKeyConstraint("run_id", "source", "outcome", name=op.f("pk_run_outcome")),
    )
    op.create_table(
        "simhash_band",
        sa.Column("band", sa.SmallInteger(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("simhash", storage.columns.Bits64(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_simhash_band_article_id_article")),
        sa.PrimaryKeyConstraint("band", "value", "day", "article_id", name=op.f("pk_simhash_band")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("simhash_band", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_simhash_band_article_id"), ["article_id"], unique=False)

    op.create_table(
        "victim",
        sa.Column("incident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("report_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.Column("nationality", sa.String(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("age", sa.String(), nullable=True),
        sa.Column("gender", sa.String(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("last_updated", storage.columns.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_victim_incident_id_incident")),
        sa.PrimaryKeyConstraint("incident_id", "position", name=op.f("pk_victim")),
    )
    with op.batch_alter_table("victim", schema=None) as batch_op:
        batch_op.create_index("ix_victim_nationality", ["nationality", "last_updated", "incident_id"], unique=False)

    op.create_table(
        "incident_report",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("incident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("article_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("voice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("certainty", sa.String(), nullable=False),
        sa.Column("published", storage.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("created", storage.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("replaced", storage.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("coder", sa.String(), nullable=False),
        sa.Column("body", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False),
        sa.Column(
            "signature", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_incident_report_article_id_article")),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_incident_report_incident_id_incident")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["article_version.id"], name=op.f("fk_incident_report_version_id_article_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_report")),
    )
    with op.batch_alter_table("incident_report", schema=None) as batch_op:
        batch_op.create_index("ix_incident_report_article", ["article_id", "active"], unique=False)
        batch_op.create_index("ix_incident_report_incident", ["incident_id", "active"], unique=False)
        batch_op.create_index("ix_incident_report_source", ["source", "incident_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_incident_report_version_id"), ["version_id"], unique=False)

    op.create_table(
        "ledger",
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("article_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(), nullable=True),
        sa.Column("lease_until", storage.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("coder", sa.String(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("read_at", storage.columns.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_ledger_article_id_article")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["article_version.id"], name=op.f("fk_ledger_version_id_article_version")
        ),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_ledger")),
    )
    with op.batch_alter_table("ledger", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_article_id"), ["article_id"], unique=False)
        batch_op.create_index(
            "ix_ledger_open",
            ["version_id"],
            unique=False,
            sqlite_where=sa.text("state IN ('pending', 'claimed')"),
            postgresql_where=sa.text("state IN ('pending', 'claimed')"),
        )

    op.create_table(
        "response",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("article_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("incident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=True),
        sa.Column("country", sa.String(), nullable=True),
        sa.Column("date", sa.String(), nullable=True),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_response_article_id_article")),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_response_incident_id_incident")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["article_version.id"], name=op.f("fk_response_version_id_article_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response")),
    )
    with op.batch_alter_table("response", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_response_article_id"), ["article_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_response_incident_id"), ["incident_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_response_version_id"), ["version_id"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("report_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("found_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["incident_report.id"], name=op.f("fk_evidence_report_id_incident_report")
        ),
        sa.PrimaryKeyConstraint("report_id", "position", name=op.f("pk_evidence")),
    )
    op.create_table(
        "question",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("report_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("incident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("probability", sa.Double(), nullable=False),
        sa.Column(
            "reasons", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False
        ),
        sa.Column("at", storage.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("analyst", sa.String(), nullable=True),
        sa.Column("answered", storage.columns.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_question_incident_id_incident")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["incident_report.id"], name=op.f("fk_question_report_id_incident_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_incident_id"), ["incident_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_report_id"), ["report_id"], unique=False)

    op.create_table(
        "report_key",
        sa.Column("key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["incident_report.id"], name=op.f("fk_report_key_report_id_incident_report")
        ),
        sa.PrimaryKeyConstraint("key", "day", "report_id", name=op.f("pk_report_key")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("report_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_key_report_id"), ["report_id"], unique=False)

    _create_search()


def _create_search() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE article_search USING fts5(tokens, content='', tokenize='unicode61')")
    else:
        op.execute(
            "CREATE TABLE article_search (article_id BIGINT PRIMARY KEY REFERENCES article(id),"
            " document TSVECTOR NOT NULL)"
        )
        op.execute("CREATE INDEX ix_article_search_document ON article_search USING gin (document)")
    for statement in VIEWS:
        op.execute(statement)


def downgrade() -> None:
    for name in ("v_article", "v_incident"):
        op.execute(f"DROP VIEW {name}")
    op.execute("DROP TABLE article_search")
    with op.batch_alter_table("report_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_key_report_id"))

    op.drop_table("report_key")
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_report_id"))
        batch_op.drop_index(batch_op.f("ix_question_incident_id"))

    op.drop_table("question")
    op.drop_table("evidence")
    with op.batch_alter_table("response", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_response_version_id"))
        batch_op.drop_index(batch_op.f("ix_response_incident_id"))
        batch_op.drop_index(batch_op.f("ix_response_article_id"))

    op.drop_table("response")
    with op.batch_alter_table("ledger", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_ledger_open",
            sqlite_where=sa.text("state IN ('pending', 'claimed')"),
            postgresql_where=sa.text("state IN ('pending', 'claimed')"),
        )
        batch_op.drop_index(batch_op.f("ix_ledger_article_id"))

    op.drop_table("ledger")
    with op.batch_alter_table("incident_report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incident_report_version_id"))
        batch_op.drop_index("ix_incident_report_source")
        batch_op.drop_index("ix_incident_report_incident")
        batch_op.drop_index("ix_incident_report_article")

    op.drop_table("incident_report")
    with op.batch_alter_table("victim", schema=None) as batch_op:
        batch_op.drop_index("ix_victim_nationality")

    op.drop_table("victim")
    with op.batch_alter_table("simhash_band", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_simhash_band_article_id"))

    op.drop_table("simhash_band")
    op.drop_table("run_outcome")
    op.drop_table("perpetrator")
    with op.batch_alter_table("merge_log", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_merge_log_incident_id"))

    op.drop_table("merge_log")
    with op.batch_alter_table("incident_type", schema=None) as batch_op:
        batch_op.drop_index("ix_incident_type_updated")
        batch_op.drop_index(batch_op.f("ix_incident_type_incident_id"))

    op.drop_table("incident_type")
    with op.batch_alter_table("history", schema=None) as batch_op:
        batch_op.drop_index("ix_history_incident")
        batch_op.drop_index(batch_op.f("ix_history_at"))

    op.drop_table("history")
    with op.batch_alter_table("edit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_edit_incident_id"))

    op.drop_table("edit")
    op.drop_table("article_version")
    with op.batch_alter_table("article_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_article_key_article_id"))

    op.drop_table("article_key")
    op.drop_table("source_state")
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.drop_index("ix_incident_updated")
        batch_op.drop_index("ix_incident_seen")
        batch_op.drop_index(
            batch_op.f("ix_incident_merged_into"),
            sqlite_where=sa.text("merged_into IS NOT NULL"),
            postgresql_where=sa.text("merged_into IS NOT NULL"),
        )
        batch_op.drop_index("ix_incident_killed")
        batch_op.drop_index("ix_incident_date")
        batch_op.drop_index("ix_incident_country_updated")
        batch_op.drop_index("ix_incident_country_date")

    op.drop_table("incident")
    with op.batch_alter_table("feed_state", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_feed_state_source"))

    op.drop_table("feed_state")
    op.drop_table("crawl_run")
    op.drop_table("audit")
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_article_text_hash"))
        batch_op.drop_index(batch_op.f("ix_article_source_published"))
        batch_op.drop_index(
            batch_op.f("ix_article_same_as"),
            sqlite_where=sa.text("same_as IS NOT NULL"),
            postgresql_where=sa.text("same_as IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_article_published"))

    op.drop_table("article")
