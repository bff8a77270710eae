"""The tables. Other rooms do not import them: they use the functions and records of the modules beside this package."""

from storage.models.accounts import Account, ApiToken, DeskSession, IncidentNote, SavedSearch
from storage.models.alerts import AlertMatch, AlertRule, AlertSilence, Outbox, SourceAlarm, SourceDue
from storage.models.articles import Article, ArticleKey, ArticleVersion, Ledger, SimhashBand
from storage.models.base import Base
from storage.models.cluster import ArchiveFile, LeaseRow
from storage.models.incidents import (
    Edit,
    Evidence,
    History,
    Incident,
    IncidentReport,
    IncidentType,
    MergeLog,
    Perpetrator,
    Question,
    ReportKey,
    Response,
    Victim,
)
from storage.models.runs import Audit, CrawlRun, FeedStateRow, PageMissRow, RunOutcome, SourceState

__all__ = [
    "Account",
    "AlertMatch",
    "AlertRule",
    "AlertSilence",
    "ApiToken",
    "ArchiveFile",
    "Article",
    "ArticleKey",
    "ArticleVersion",
    "Audit",
    "Base",
    "CrawlRun",
    "DeskSession",
    "Edit",
    "Evidence",
    "FeedStateRow",
    "History",
    "Incident",
    "IncidentNote",
    "IncidentReport",
    "IncidentType",
    "LeaseRow",
    "Ledger",
    "MergeLog",
    "Outbox",
    "PageMissRow",
    "Perpetrator",
    "Question",
    "ReportKey",
    "Response",
    "RunOutcome",
    "SavedSearch",
    "SimhashBand",
    "SourceAlarm",
    "SourceDue",
    "SourceState",
    "Victim",
]
