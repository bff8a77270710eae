"""What the API answers with. Field names are those of the codebook (docs/codebook.md); unknown values are null."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    """Built from the records of `storage` by attribute."""

    model_config = ConfigDict(from_attributes=True)


class Person(Shape):
    """A victim or suspect, one person or a group. `name` and `text` are absent in the form without names."""

    model_config = ConfigDict(from_attributes=True, extra="allow")

    count: int | None = None
    nationality: str | None = None
    age: str | None = None
    gender: str | None = None


class IncidentItem(Shape):
    """A row of the table: the columns of every export."""

    id: int
    type: str
    other_types: list[str]
    status: str
    certainty: str
    date: str | None
    date_precision: str | None
    date_basis: str | None
    country: str | None
    place: str | None
    admin: str | None
    latitude: float | None
    longitude: float | None
    geonameid: int | None
    place_precision: str | None
    killed_min: int | None
    killed_max: int | None
    injured_min: int | None
    injured_max: int | None
    held_min: int | None
    held_max: int | None
    missing_min: int | None
    missing_max: int | None
    victim_nationalities: list[str]
    victims: list[Person]
    perpetrators: list[Person]
    headline: str
    sources: list[str]
    urls: list[str]
    report_count: int
    voice_count: int
    first_published: datetime | None
    last_published: datetime | None
    first_seen: datetime
    last_updated: datetime
    coder: str


class IncidentList(Shape):
    """A page of the table. `next` is the `after` of the next page, null at the end."""

    items: list[IncidentItem]
    next: str | None


class EvidenceItem(Shape):
    """The exact words behind a field: characters [start, end) of `part` ("title" or "text") of the article version."""

    field: str
    quote: str
    start: int
    end: int
    part: str
    found_by: str


class ReportItem(Shape):
    """What one article says of one incident. `says` is the reading: the record's fields, unknown ones left out."""

    report_id: int
    incident_id: int | None
    article_id: int
    version_id: int
    version: int
    source: str
    url: str
    title: str
    language: str | None
    published: datetime | None
    wire: str | None
    role: str
    says: dict[str, Any]
    evidence: list[EvidenceItem]
    copies: list[str]


class ReportList(Shape):
    items: list[ReportItem]
    next: int | None


class ResponseItem(Shape):
    """What a state did about it, and the words that say so."""

    type: str
    actor: str | None
    country: str | None
    date: str | None
    quote: str
    start: int
    end: int
    part: str
    article_id: int
    version_id: int


class EditedCell(Shape):
    """A cell that an analyst has set; no later coding changes it."""

    cell: str
    analyst: str
    at: datetime


class QuestionItem(Shape):
    """A report that may belong to another incident, by a score that could not decide."""

    question_id: int
    report_id: int
    report_incident_id: int | None
    incident_id: int
    probability: float
    reasons: list[str]
    title: str
    headline: str


class NoteItem(Shape):
    id: int
    at: datetime
    analyst: str
    text: str


class IncidentFull(IncidentItem):
    """The incident with everything behind it. `merged_into`: read that one instead."""

    confidence: dict[str, float]
    merged_into: int | None
    reports: list[ReportItem]
    responses: list[ResponseItem]
    edited: list[EditedCell]
    questions: list[QuestionItem]
    notes: list[NoteItem]


class ChangeItem(Shape):
    """One change of one cell. `id` grows: the last one seen is the `after` of the next call."""

    id: int
    incident_id: int
    at: datetime
    cell: str
    old: Any
    new: Any
    cause: str
    version_id: int | None
    analyst: str | None
    url: str | None


class ChangeList(Shape):
    """`next` is always set: keep it, and ask again later."""

    items: list[ChangeItem]
    next: int


class FacetValue(Shape):
    value: str
    count: int


class Facets(Shape):
    """How many incidents pass the filter, and how many of them have each value (the commonest of each facet)."""

    total: int
    facets: dict[str, list[FacetValue]]


class QuoteItem(Shape):
    incident_id: int | None
    report_id: int
    field: str
    quote: str
    start: int
    end: int
    part: str


class ArticleItem(Shape):
    """What is known of an article."""

    id: int
    source: str
    url: str
    title: str
    language: str | None
    country: str | None
    byline: str | None
    section: str | None
    published: datetime | None
    modified: datetime | None
    wire: str | None
    paywalled: bool
    same_as: int | None
    first_seen: datetime
    last_changed: datetime
    versions: int


class ArticleFull(ArticleItem):
    """`text` is null where the outlet's policy, the body's term or a removal forbids it."""

    text: str | None
    quotes: list[QuoteItem]


class ArticleList(Shape):
    items: list[ArticleItem]
    next: int | None


class SourceItem(Shape):
    """A declared or once crawled source, and how it fares. Shares are in [0, 1], of the last 14 days' articles."""

    id: str
    name: str
    language: str | None
    country: str | None
    home: str | None
    keeps_body: bool | None
    last_run: datetime | None
    last_success: datetime | None
    last_new: datetime | None
    last_blocked: datetime | None
    failures_in_row: int
    gap: datetime | None
    articles: int
    recent_articles: int
    published_share: float | None
    byline_share: float | None
    reports: int
    last_outcomes: dict[str, int]
    seen_day: int
    expected_day: float | None
    unchanged_share: float | None


class Changed(Shape):
    """What an act did to one incident: the kind of change and the cells that changed."""

    incident_id: int
    kind: str
    cells: list[str]


class ChangedList(Shape):
    changes: list[Changed]
