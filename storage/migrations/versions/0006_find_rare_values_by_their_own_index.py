"""Find rare tolls, boxes, places, spans of days and languages by an index of their own"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels: Any = None
depends_on: Any = None

INDEXES = (
    ("ix_incident_injured", "incident", ("injured_max", "id"), "injured_max IS NOT NULL"),
    ("ix_incident_held", "incident", ("held_max", "id"), "held_max IS NOT NULL"),
    ("ix_incident_missing", "incident", ("missing_max", "id"), "missing_max IS NOT NULL"),
    ("ix_incident_latitude", "incident", ("latitude", "longitude", "id"), None),
    ("ix_incident_place", "incident", ("place", "id"), None),
    ("ix_incident_admin", "incident", ("admin", "id"), None),
    ("ix_incident_span", "incident", ("date_from", "date_to", "id"), "date_from <> date_to"),
    ("ix_incident_report_language", "incident_report", ("language", "incident_id"), None),
)


def upgrade() -> None:
    for name, table, columns, where in INDEXES:
        only: dict[str, Any] = {"sqlite_where": sa.text(where), "postgresql_where": sa.text(where)} if where else {}
        op.create_index(name, table, list(columns), **only)


def downgrade() -> None:
    for name, table, _, _ in reversed(INDEXES):
        op.drop_index(name, table_name=table)
