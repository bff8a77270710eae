"""People's data: taking names and bodies out again, and keeping bodies no longer than a source's term.

What stays is said in docs/storage.md: facts without the name, quotes without the name, and a line in the audit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, func, or_, select
from sqlalchemy.orm import Session

from extract.resolve import name_key
from storage.articles import url_key
from storage.database import to_json
from storage.errors import NotFound
from storage.models import (
    AlertMatch,
    Article,
    ArticleKey,
    ArticleVersion,
    Audit,
    Edit,
    Evidence,
    History,
    Incident,
    IncidentNote,
    IncidentReport,
    Ledger,
    Perpetrator,
    Response,
    SimhashBand,
    SourceState,
    Victim,
)
from storage.search import index_article, unindex_article

#: What stands where a name stood.
BLANK = "○○○"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many rows were changed, by table."""

    counts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def forget_url(session: Session, url: str, who: str, now: datetime) -> Forgotten:
    """Empty the body, title and byline of the article at `url` in all its versions, and never store it again.

    Quotes and facts read from it stay. Raises NotFound.
    """
    key = session.get(ArticleKey, url_key(url))
    if key is None:
        raise NotFound(f"no article is known under {url}")
    article = session.get_one(Article, key.article_id)
    emptied = 0
    for version in session.scalars(select(ArticleVersion).where(ArticleVersion.article_id == article.id)):
        if version.emptied is None and version.id == article.version_id:
            unindex_article(session, article.id, version.title, version.text)
        version.text, version.title, version.emptied = "", "", version.emptied or now
        emptied += 1
    article.title, article.byline, article.forgotten = "", None, now
    session.query(SimhashBand).filter(SimhashBand.article_id == article.id).delete(synchronize_session=False)
    session.query(Ledger).filter(Ledger.article_id == article.id, Ledger.state.in_(("pending", "claimed"))).update(
        {"state": "superseded", "token": Ledger.token + 1}, synchronize_session=False
    )
    done = Forgotten({"article_version": emptied})
    _audit(session, now, who, "forget url", {"article": article.id, **done.counts})
    return done


def forget_name(session: Session, name: str, who: str, now: datetime) -> Forgotten:
    """Take a person's name out of every table, whole or as the first part of a longer word (Korean particles).

    The audit line says that and when a name was forgotten, not which. Raises NotFound where it stands nowhere.
    """
    name = name.strip()
    if len(name) < 2:
        raise NotFound(f"{name!r} is too short to be looked for")
    blank = _Blanker(name)
    counts = {
        "article_version": _forget_in_versions(session, name, blank),
        "article": _scrub(session, Article, ("title", "byline"), name, blank),
        "incident": _scrub(session, Incident, ("headline",), name, blank),
        "victim": _scrub(session, Victim, ("text", "name"), name, blank, clear="name"),
        "perpetrator": _scrub(session, Perpetrator, ("text", "name"), name, blank, clear="name"),
        "incident_report": _scrub_json(session, IncidentReport, ("body", "signature"), name, blank),
        "evidence": _scrub(session, Evidence, ("quote",), name, blank),
        "response": _scrub(session, Response, ("quote", "actor"), name, blank),
        "history": _scrub_json(session, History, ("old", "new"), name, blank),
        "edit": _scrub_json(session, Edit, ("value",), name, blank),
        "incident_note": _scrub(session, IncidentNote, ("text",), name, blank),
        "alert_match": _scrub_json(session, AlertMatch, ("facts",), name, blank),
    }
    done = Forgotten({table: count for table, count in counts.items() if count})
    if not done.total:
        raise NotFound("this name stands nowhere in the database")
    _audit(session, now, who, "forget name", dict(done.counts))
    return done


def set_retention(session: Session, source: str, days: int | None) -> None:
    """Keep bodies of `source` for so many days (None: for ever)."""
    state = session.get(SourceState, source) or SourceState(source=source, failures_in_row=0)
    state.retention_days = days
    session.add(state)
    session.flush()


def retention(session: Session, source: str, days: int, who: str, now: datetime) -> Forgotten:
    """Empty the bodies of `source` that were fetched more than `days` ago and have been read. Quotes and facts stay."""
    old = session.execute(
        select(ArticleVersion, Article.version_id)
        .join(Article, Article.id == ArticleVersion.article_id)
        .join(Ledger, Ledger.version_id == ArticleVersion.id)
        .where(
            Article.source == source,
            ArticleVersion.emptied.is_(None),
            ArticleVersion.fetched_at < now - timedelta(days=days),
            Ledger.state.not_in(("pending", "claimed")),
        )
    ).all()
    for version, current in old:
        if version.id == current:
            unindex_article(session, version.article_id, version.title, version.text)
        version.text, version.emptied = "", now
    done = Forgotten({"article_version": len(old)})
    if old:
        _audit(session, now, who, "retention", {"source": source, "days": days, **done.counts})
    return done


def apply_retention(session: Session, who: str, now: datetime) -> Forgotten:
    """Apply every source's term (`set_retention`)."""
    emptied = 0
    for state in session.scalars(select(SourceState).where(SourceState.retention_days.is_not(None))):
        emptied += retention(session, state.source, state.retention_days or 0, who, now).total
    return Forgotten({"article_version": emptied} if emptied else {})


def audit_lines(session: Session, limit: int = 100) -> list[tuple[datetime, str, str, dict[str, Any]]]:
    """(when, who, action, detail), newest first."""
    rows = session.scalars(select(Audit).order_by(Audit.id.desc()).limit(limit))
    return [(row.at, row.who, row.action, row.detail) for row in rows]


class _Blanker:
    """Replaces one name, as written and in any case."""

    def __init__(self, name: str) -> None:
        latin = name.isascii()
        pattern = re.escape(name)
        # A Latin name must not be cut out of a longer word (Ann in Annual); a Korean one carries particles.
        self._pattern = re.compile(rf"(?<!\w){pattern}(?!\w)" if latin else pattern, re.IGNORECASE)

    def in_text(self, text: str) -> str:
        return self._pattern.sub(BLANK, text)

    def in_json(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.in_text(value)
        if isinstance(value, dict):
            return {key: self.in_json(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.in_json(inner) for inner in value]
        return value


def _forget_in_versions(session: Session, name: str, blank: _Blanker) -> int:
    count = 0
    current = {}
    rows = session.execute(
        select(ArticleVersion, Article.version_id)
        .join(Article, Article.id == ArticleVersion.article_id)
        .where(or_(_holds(ArticleVersion.title, name), _holds(ArticleVersion.text, name)))
    )
    for version, current_id in rows.all():
        title, text = blank.in_text(version.title), blank.in_text(version.text)
        if (title, text) == (version.title, version.text):
            continue
        if version.id == current_id and version.emptied is None:
            unindex_article(session, version.article_id, version.title, version.text)
            current[version.article_id] = (title, text)
        version.title, version.text = title, text
        count += 1
    for article_id, (title, text) in current.items():
        index_article(session, article_id, title, text)
    return count


def _scrub(
    session: Session, table: Any, columns: tuple[str, ...], name: str, blank: _Blanker, clear: str | None = None
) -> int:
    count = 0
    holds = or_(*(_holds(getattr(table, column), name) for column in columns))
    for row in session.scalars(select(table).where(holds)):
        changed = False
        for column in columns:
            value = getattr(row, column)
            scrubbed = blank.in_text(value) if value else value
            if scrubbed != value:
                setattr(row, column, None if column == clear else scrubbed)
                changed = True
        count += changed
    return count


def _scrub_json(session: Session, table: Any, columns: tuple[str, ...], name: str, blank: _Blanker) -> int:
    key = name_key(name)
    count = 0
    for row in _holding(session, table, columns, name, key):
        changed = False
        for column in columns:
            value = getattr(row, column)
            scrubbed = _without_key(blank.in_json(value), key)
            if scrubbed != value:
                setattr(row, column, scrubbed)
                changed = True
        count += changed
    return count


def _holding(session: Session, table: Any, columns: tuple[str, ...], name: str, key: str | None) -> list[Any]:
    """Rows whose JSON may hold the name or its skeleton."""
    needles = {written for word in (name, key) if word for written in (word, to_json(word)[1:-1])}
    tests = [_holds(getattr(table, column), needle) for column in columns for needle in needles]
    return list(session.scalars(select(table).where(or_(*tests))))


def _holds(column: Any, words: str) -> ColumnElement[bool]:
    """Whether a text or JSON column may hold the words, in capitals or not.

    `lower` knows ASCII alone, in SQLite and in a database of locale C: any letter will do for one beyond it.
    """
    parts = (
        "_" if not letter.isascii() and letter.lower() != letter.upper() else "\\" * (letter in "%_\\") + letter
        for letter in words.lower()
    )
    return func.lower(cast(column, Text)).like(f"%{''.join(parts)}%", escape="\\")


def _without_key(value: Any, key: str | None) -> Any:
    """A signature keeps names as skeletons: they go, too."""
    if isinstance(value, dict) and key:
        return {
            field: [item for item in inner if item != key] if field in ("names", "suspect_names") else inner
            for field, inner in value.items()
        }
    return value


def _audit(session: Session, now: datetime, who: str, action: str, detail: dict[str, Any]) -> None:
    session.add(Audit(at=now, who=who, action=action, detail=detail))
    session.flush()
