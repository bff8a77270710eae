"""Add views of types, people, reports, responses and changes for BI tools; none holds a person's name"""

from typing import Any

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels: Any = None
depends_on: Any = None

#: Only what is in sight: not rejected, not merged into another.
_SEEN = "JOIN incident i ON i.id = {table}.incident_id AND i.status NOT IN ('rejected', 'merged')"
VIEWS = {
    "v_incident_type": f"""
    SELECT t.incident_id, t.type, t.leading FROM incident_type t {_SEEN.format(table="t")}
""",
    "v_victim": f"""
    SELECT v.incident_id, v.position, v.count, v.nationality, v.age, v.gender, v.outcome,
           i.type, i.country, i.date, i.date_from, i.date_to
    FROM victim v {_SEEN.format(table="v")}
""",
    "v_perpetrator": f"""
    SELECT p.incident_id, p.position, p.count, p.nationality, p.age, p.gender, p.status, p.group_name,
           i.type, i.country, i.date, i.date_from, i.date_to
    FROM perpetrator p {_SEEN.format(table="p")}
""",
    "v_report": f"""
    SELECT r.id, r.incident_id, r.article_id, r.source, r.language, r.type, r.role, r.status, r.certainty, r.published,
           r.coder, a.url, a.title, a.wire
    FROM incident_report r {_SEEN.format(table="r")} JOIN article a ON a.id = r.article_id WHERE r.active
""",
    "v_response": f"""
    SELECT s.id, s.incident_id, s.type, s.actor, s.country, s.date, s.quote, a.url, a.source, a.published
    FROM response s {_SEEN.format(table="s")} JOIN article a ON a.id = s.article_id WHERE s.active
""",
    "v_change": """
    SELECT h.id, h.incident_id, h.at, h.cell, h.cause, h.analyst, h.version_id FROM history h
""",
}


def upgrade() -> None:
    for name, select in VIEWS.items():
        op.execute(f"CREATE VIEW {name} AS {select}")


def downgrade() -> None:
    for name in reversed(VIEWS):
        op.execute(f"DROP VIEW {name}")
