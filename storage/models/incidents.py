"""What happened: incidents, the reports they are fused from, and every change with its cause."""

from __future__ import annotations

import datetime as dt  # a cell of an incident is called date
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, SmallInteger, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Json, Key
from storage.models.base import Base

VISIBLE = "status NOT IN ('rejected', 'merged')"
#: Of the incidents whose date is a month or a year.
SPAN = "date_from <> date_to"
#: What nearly every list asks of a row and is ordered by: an index that holds them too spares reading the row.
ASKED = ("status", "certainty", "last_updated")


def _where_known(name: str, column: str) -> Index:
    known = text(f"{column} IS NOT NULL")
    return Index(name, column, "id", sqlite_where=known, postgresql_where=known)


class Incident(Base):
    """One real-world event, fused from its reports. The columns are the cells of the codebook."""

    __tablename__ = "incident"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    type: Mapped[str]
    other_types: Mapped[list[Any]]
    status: Mapped[str]
    certainty: Mapped[str]
    date: Mapped[str | None]
    date_precision: Mapped[str | None]
    date_basis: Mapped[str | None]
    date_from: Mapped[dt.date | None]
    date_to: Mapped[dt.date | None]
    country: Mapped[str | None]
    place: Mapped[str | None] = mapped_column(Text)
    admin: Mapped[str | None] = mapped_column(Text)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    geonameid: Mapped[int | None]
    place_precision: Mapped[str | None]
    killed_min: Mapped[int | None]
    killed_max: Mapped[int | None]
    injured_min: Mapped[int | None]
    injured_max: Mapped[int | None]
    held_min: Mapped[int | None]
    held_max: Mapped[int | None]
    missing_min: Mapped[int | None]
    missing_max: Mapped[int | None]
    headline: Mapped[str] = mapped_column(Text)
    confidence: Mapped[dict[str, Any]]
    report_count: Mapped[int] = mapped_column(default=0)
    voice_count: Mapped[int] = mapped_column(default=0)
    first_seen: Mapped[datetime]
    last_updated: Mapped[datetime]
    first_published: Mapped[datetime | None]
    last_published: Mapped[datetime | None]
    coder: Mapped[str]
    merged_into: Mapped[int | None] = mapped_column(Key, ForeignKey("incident.id"))

    __table_args__ = (
        Index("ix_incident_updated", "last_updated", "id"),
        Index("ix_incident_seen", "first_seen", "id"),
        Index("ix_incident_date", "date_from", "id", "date_to", *ASKED),
        Index("ix_incident_country_updated", "country", "last_updated", "id"),
        # without last_updated: SQLite would sort all of a country's rows of it rather than read the index above in order
        Index("ix_incident_country_date", "country", "date_from", "id", "date_to"),
        Index("ix_incident_killed", "killed_max", "id"),
        *(_where_known(f"ix_incident_{name}", f"{name}_max") for name in ("injured", "held", "missing")),
        Index("ix_incident_latitude", "latitude", "longitude", "id"),
        Index("ix_incident_place", "place", "id"),
        Index("ix_incident_admin", "admin", "id"),
        Index(
            "ix_incident_span",
            "date_from",
            "date_to",
            "id",
            "country",
            *ASKED,
            sqlite_where=text(SPAN),
            postgresql_where=text(SPAN),
        ),
        Index(
            None,
            "merged_into",
            sqlite_where=text("merged_into IS NOT NULL"),
            postgresql_where=text("merged_into IS NOT NULL"),
        ),
    )


class IncidentType(Base):
    """One of an incident's types, with its time of change, so that "newest of this type" is one index range."""

    __tablename__ = "incident_type"

    type: Mapped[str] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(Key, ForeignKey("incident.id"), primary_key=True, index=True)
    leading: Mapped[bool]
    last_updated: Mapped[datetime]

    __table_args__ = (Index("ix_incident_type_updated", "type", "last_updated", "incident_id"),)


class Victim(Base):
    """One person or group harmed in an incident, as fused; `report_id` is the report that told it best."""

    __tablename__ = "victim"

    incident_id: Mapped[int] = mapped_column(Key, ForeignKey("incident.id"), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    report_id: Mapped[int | None] = mapped_column(Key)
    text: Mapped[str] = mapped_column(Text)
    count: Mapped[int | None]
    nationality: Mapped[str | None]
    name: Mapped[str | None] = mapped_column(Text)
    age: Mapped[str | None]
    gender: Mapped[str | None]
    outcome: Mapped[str | None]
    last_updated: Mapped[datetime]

    __table_args__ = (Index("ix_victim_nationality", "nationality", "last_updated", "incident_id"),)


class Perpetrator(Base):
    """One person or group said to have done it, as fused."""

    __tablename__ = "perpetrator"

    incident_id: Mapped[int] = mapped_column(Key, ForeignKey("incident.id"), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    report_id: Mapped[int | None] = mapped_column(Key)
    text: Mapped[str] = mapped_column(Text)
    count: Mapped[int | None]
    nationality: Mapped[str | None]
    name: Mapped[str | None] = mapped_column(Text)
    age: Mapped[str | None]
    gender: Mapped[str | None]
    status: Mapped[str]
    group_name: Mapped[str | None] = mapped_column(Text)


class IncidentReport(Base):
    """What one article version says of one event. `active` is false once a newer version or reading replaced it."""

    __tablename__ = "incident_report"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    incident_id: Mapped[int | None] = mapped_column(Key, ForeignKey("incident.id"))
    article_id: Mapped[int] = mapped_column(Key, ForeignKey("article.id"))
    version_id: Mapped[int] = mapped_column(Key, ForeignKey("article_version.id"), index=True)
    voice_id: Mapped[int] = mapped_column(Key)
    source: Mapped[str]
    language: Mapped[str | None]
    ordinal: Mapped[int] = mapped_column(SmallInteger)
    active: Mapped[bool] = mapped_column(default=True)
    type: Mapped[str]
    role: Mapped[str]
    status: Mapped[str]
    certainty: Mapped[str]
    published: Mapped[datetime | None]
    created: Mapped[datetime]
    replaced: Mapped[datetime | None]
    coder: Mapped[str]
    body: Mapped[dict[str, Any]]
    signature: Mapped[dict[str, Any]]

    __table_args__ = (
        Index("ix_incident_report_incident", "incident_id", "active", "source", "language", "article_id"),
        Index("ix_incident_report_article", "article_id", "active", "incident_id"),
        Index("ix_incident_report_source", "source", "active", "incident_id"),
        Index("ix_incident_report_language", "language", "active", "incident_id"),
    )


class Evidence(Base):
    """The exact words behind one field of one report: `title` or `text` of the version, [start:end]."""

    __tablename__ = "evidence"

    report_id: Mapped[int] = mapped_column(Key, ForeignKey("incident_report.id"), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    field: Mapped[str]
    quote: Mapped[str] = mapped_column(Text)
    start: Mapped[int]
    end: Mapped[int]
    part: Mapped[str]
    found_by: Mapped[str]


class Response(Base):
    """What a state did about it, with the words that say so."""

    __tablename__ = "response"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    version_id: Mapped[int] = mapped_column(Key, ForeignKey("article_version.id"), index=True)
    article_id: Mapped[int] = mapped_column(Key, ForeignKey("article.id"), index=True)
    incident_id: Mapped[int | None] = mapped_column(Key, ForeignKey("incident.id"), index=True)
    active: Mapped[bool] = mapped_column(default=True)
    type: Mapped[str]
    actor: Mapped[str | None] = mapped_column(Text)
    country: Mapped[str | None]
    date: Mapped[str | None]
    quote: Mapped[str] = mapped_column(Text)
    start: Mapped[int]
    end: Mapped[int]
    part: Mapped[str]


class ReportKey(Base):
    """Blocking keys of a report (`extract.resolve.blocking`): reports that share one may be of one event."""

    __tablename__ = "report_key"

    key: Mapped[int] = mapped_column(Key, primary_key=True)
    day: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(Key, ForeignKey("incident_report.id"), primary_key=True, index=True)

    __table_args__ = ({"sqlite_with_rowid": False},)


class History(Base):
    """One change of one cell. `cause` is report, recode, withdrawal, edit, merge, split, undo, confirm, reject, forget."""

    __tablename__ = "history"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    incident_id: Mapped[int] = mapped_column(Key, ForeignKey("incident.id"))
    at: Mapped[datetime] = mapped_column(index=True)
    cell: Mapped[str]
    old: Mapped[Any] = mapped_column(Json)
    new: Mapped[Any] = mapped_column(Json)
    cause: Mapped[str]
    version_id: Mapped[int | None] = mapped_column(Key)
    analyst: Mapped[str | None]

    __table_args__ = (Index("ix_history_incident", "incident_id", "id"),)


class Edit(Base):
    """A cell an analyst has set. While `active`, no coding changes the cell."""

    __tablename__ = "edit"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    incident_id: Mapped[int] = mapped_column(Key, ForeignKey("incident.id"), index=True)
    cell: Mapped[str]
    value: Mapped[Any] = mapped_column(Json)
    at: Mapped[datetime]
    analyst: Mapped[str]
    note: Mapped[str | None] = mapped_column(Text)
    active: Mapped[bool] = mapped_column(default=True)


class MergeLog(Base):
    """Every decision that put reports together or took them apart: open, join, merge, split, undo."""

    __tablename__ = "merge_log"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    at: Mapped[datetime]
    kind: Mapped[str]
    incident_id: Mapped[int] = mapped_column(Key, ForeignKey("incident.id"), index=True)
    other_id: Mapped[int | None] = mapped_column(Key, index=True)
    reports: Mapped[list[Any]]
    probability: Mapped[float | None]
    reasons: Mapped[list[Any]]
    analyst: Mapped[str | None]
    undone: Mapped[datetime | None]


class Question(Base):
    """A pair the score could not decide: does this report belong to that incident? `answer` is same or different."""

    __tablename__ = "question"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    report_id: Mapped[int] = mapped_column(Key, ForeignKey("incident_report.id"), index=True)
    incident_id: Mapped[int] = mapped_column(Key, ForeignKey("incident.id"), index=True)
    probability: Mapped[float]
    reasons: Mapped[list[Any]]
    at: Mapped[datetime]
    answer: Mapped[str | None]
    analyst: Mapped[str | None]
    answered: Mapped[datetime | None]
