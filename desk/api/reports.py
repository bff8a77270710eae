"""A report as the API tells it."""

from __future__ import annotations

from desk.api.shapes import EvidenceItem, ReportItem
from storage.payload import report_to_json
from storage.report_view import ReportView


def report_item(view: ReportView) -> ReportItem:
    """The report with its reading and its quotes."""
    return ReportItem(
        report_id=view.report_id, incident_id=view.incident_id, article_id=view.article_id, version_id=view.version_id,
        version=view.version, source=view.source, url=view.url, title=view.title, language=view.language,
        published=view.published, wire=view.wire, role=view.role, says=report_to_json(view.report),
        evidence=[EvidenceItem.model_validate(item) for item in view.report.evidence], copies=list(view.copies),
    )  # fmt: skip
