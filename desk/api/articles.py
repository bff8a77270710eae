"""Articles and the reports read from them: what is known, the quotes, and the text where it may be shown."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from desk.api.asked import AfterId, Limit, link_next
from desk.api.caller import Conditional, Id, Reader, TheDesk
from desk.api.nameless import blanked, told_names
from desk.api.reports import report_item
from desk.api.shapes import ArticleFull, ArticleItem, ArticleList, ReportItem, ReportList
from storage.article_view import find_articles, get_article
from storage.report_view import ReportView, find_reports, get_report

router = APIRouter(route_class=Conditional, tags=["articles"])
Source = Annotated[str | None, Query(max_length=100, pattern=r"^[\w.-]+$", description="Of this source.")]


@router.get("/articles")
def list_articles(
    request: Request, response: Response, desk: TheDesk, viewer: Reader,
    after: AfterId = 0, limit: Limit = 50, source: Source = None,
) -> ArticleList:  # fmt: skip
    """Articles in the order they were first seen: what is known of each, without text and quotes."""
    with desk.db.read() as session:
        found = find_articles(session, after_id=after, source=source, limit=limit)
    following = found[-1].id if len(found) == limit else None
    link_next(request, response, following)
    return ArticleList(items=[ArticleItem.model_validate(item) for item in found], next=following)


@router.get("/articles/{article_id}")
def show_article(desk: TheDesk, viewer: Reader, article_id: Id) -> ArticleFull:
    """One article with the quotes that reports rest on; its text only where the outlet's policy allows."""
    with desk.db.read() as session:
        return ArticleFull.model_validate(get_article(session, article_id))


@router.get("/reports")
def list_reports(
    request: Request, response: Response, desk: TheDesk, viewer: Reader,
    after: AfterId = 0, limit: Limit = 50, source: Source = None,
) -> ReportList:  # fmt: skip
    """Reports in the order they were read, those that a newer reading replaced left out."""
    with desk.db.read() as session:
        found = find_reports(session, after_id=after, source=source, limit=limit)
    following = found[-1].report_id if len(found) == limit else None
    link_next(request, response, following)
    return ReportList(items=[_told(view, names=desk.settings.names) for view in found], next=following)


@router.get("/reports/{report_id}")
def show_report(desk: TheDesk, viewer: Reader, report_id: Id) -> ReportItem:
    """One report with its reading and its quotes."""
    with desk.db.read() as session:
        return _told(get_report(session, report_id), names=desk.settings.names)


def _told(view: ReportView, *, names: bool) -> ReportItem:
    item = report_item(view)
    if names:
        return item
    return ReportItem.model_validate(blanked(item.model_dump(), told_names(view)))
