"""Articles in: is this one known, has it changed, does it copy another?

Identity, in this order: the outlet's own id within its source, the canonical URL, any other URL it was seen under;
then the exact text, then near-equal text (storage.duplicates). Two that the outlet numbers differently are two, whatever
canonical URL they name. Only cleaned text decides whether an article changed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Insert, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from storage.duplicates import Original, find_original, remember
from storage.locks import lock_text
from storage.models import Article, ArticleKey, ArticleVersion, Base, Ledger
from storage.search import index_article, unindex_article

StoreOutcome = Literal["new", "changed", "unchanged", "duplicate_url", "duplicate_text", "near_duplicate", "forgotten"]


# Made once, and executed below the ORM: a crawl stores every article by them, and the ORM takes twice the time.
_BY_NAME = select(ArticleKey.key, ArticleKey.article_id).where(ArticleKey.key.in_(bindparam("names", expanding=True)))
_TABLES = Base.metadata.tables
_NEW_ARTICLE = insert(_TABLES["article"])
_NEW_VERSION = insert(_TABLES["article_version"])
_NEW_LEDGER = insert(_TABLES["ledger"])
_NEW_NAME = {
    name: dialect.insert(_TABLES["article_key"]).on_conflict_do_nothing().returning(_TABLES["article_key"].c.key)
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
_NOW_AT = (
    update(_TABLES["article"])
    .where(_TABLES["article"].c.id == bindparam("article"))
    .values(version_id=bindparam("version"))
)
_OWN_NAME = (
    update(_TABLES["article_key"])
    .where(_TABLES["article_key"].c.key == bindparam("name"))
    .values(article_id=bindparam("article"))
)
#: What a page says of itself.
_DESCRIBED = ("language", "byline", "section", "published", "published_basis", "modified", "wire")


@dataclass(frozen=True, slots=True)
class IncomingArticle:
    """One cleaned page as the crawl hands it over. Times are aware; `simhash` has 64 bits, `text_hash` is a string.

    `keep_body` False: the text is emptied as soon as it is read (the outlet's policy); quotes and facts stay.
    `priority`: see `storage.ledger` (LIVE before ARCHIVE).
    """

    source: str
    url: str
    title: str
    text: str
    fetched_at: datetime
    text_hash: str
    simhash: int = 0
    canonical_url: str | None = None
    native_id: str | None = None
    language: str | None = None
    byline: str | None = None
    section: str | None = None
    published: datetime | None = None
    published_basis: str | None = None
    modified: datetime | None = None
    paywalled: bool = False
    wire: str | None = None
    version_mark: str | None = None
    country: str | None = None
    timezone: str | None = None
    keep_body: bool = True
    lead_places: Sequence[str] = ()
    priority: int = 0


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """What became of it. `version_id` is the article's current version, `same_as` the article it copies."""

    article_id: int
    version_id: int
    outcome: StoreOutcome
    same_as: int | None = None


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """What a crawl needs to know of an article before it fetches it again."""

    article_id: int
    first_seen: datetime
    last_fetched: datetime
    last_changed: datetime
    modified: datetime | None
    versions: int
    published: datetime | None = None


def url_key(url: str) -> str:
    """The key under which an article is found by a URL."""
    return f"u {url}"


def native_key(source: str, native_id: str) -> str:
    """The key under which an article is found by its outlet's own id."""
    return f"n {source} {native_id}"


def known_keys(session: Session, keys: Collection[str]) -> dict[str, KnownArticle]:
    """Those of `keys` (made by `url_key`, `native_key`) that name a stored article, with what is known of it."""
    known: dict[str, KnownArticle] = {}
    wanted = list(dict.fromkeys(keys))
    for first in range(0, len(wanted), 500):
        rows = session.execute(
            select(
                ArticleKey.key,
                Article.id,
                Article.first_seen,
                Article.last_fetched,
                Article.last_changed,
                Article.modified,
                Article.versions,
                Article.published,
            )
            .join(Article, Article.id == ArticleKey.article_id)
            .where(ArticleKey.key.in_(wanted[first : first + 500]))
        )
        for row in rows:
            known[row[0]] = KnownArticle(*row[1:])
    return known


def store_article(session: Session, incoming: IncomingArticle) -> StoredArticle:
    """Store one fetch of one article; the returned outcome names what it was. Call within `Database.write()`.

    A new or changed text is put in the ledger to be read; a copy of another article is not.
    """
    names = _names(incoming)
    article = _find(session, incoming, names)
    if article is None:
        if session.get_bind().dialect.name == "postgresql":
            # Two crawlers with one new article: the second waits here for the first, then finds it.
            _lock_names(session, names)
            article = _find(session, incoming, names)
        if article is None:
            return _insert(session, incoming, names)
    return _refetch(session, article, incoming, names)


def _names(incoming: IncomingArticle) -> list[str]:
    """The names it goes by, the outlet's own id first where it has one."""
    names = [native_key(incoming.source, incoming.native_id)] if incoming.native_id else []
    names += [url_key(url) for url in (incoming.canonical_url, incoming.url) if url]
    return list(dict.fromkeys(names))


def _lock_names(session: Session, names: list[str]) -> None:
    for name in sorted(names):
        lock_text(session, name)


def _find(session: Session, incoming: IncomingArticle, names: list[str]) -> Article | None:
    held = dict(session.connection().execute(_BY_NAME, {"names": names}).all())
    for name in names:
        if name in held:
            article = session.get(Article, held[name])
            if article is not None and not _told_apart(article, incoming):
                return article
    return None


def _told_apart(article: Article, incoming: IncomingArticle) -> bool:
    """Whether the outlet's own ids say that the two are not one, though both name one URL as theirs.

    Some sites name a list or their front page as the canonical URL of every article. What was served from one URL is
    one article all the same: its id is read otherwise since the source's declaration was changed.
    """
    if article.native_id is None or incoming.native_id is None or article.source != incoming.source:
        return False
    return article.native_id != incoming.native_id and article.url != incoming.url


def _insert(session: Session, incoming: IncomingArticle, names: list[str]) -> StoredArticle:
    moment = incoming.published or incoming.fetched_at
    original = find_original(
        session,
        title=incoming.title,
        text=incoming.text,
        text_hash=incoming.text_hash,
        simhash=incoming.simhash,
        language=incoming.language,
        moment=moment,
    )
    connection = session.connection()
    article_id = _entered(
        connection,
        _NEW_ARTICLE,
        {
            "source": incoming.source,
            "native_id": incoming.native_id,
            "url": incoming.url,
            "canonical_url": incoming.canonical_url or incoming.url,
            "title": incoming.title,
            "country": incoming.country,
            "timezone": incoming.timezone,
            "paywalled": incoming.paywalled,
            "first_seen": incoming.fetched_at,
            "last_fetched": incoming.fetched_at,
            "last_changed": incoming.fetched_at,
            "text_hash": incoming.text_hash,
            "keep_body": incoming.keep_body,
            "same_as": original.article_id if original else None,
            "same_how": original.how if original else None,
            **{name: getattr(incoming, name) for name in _DESCRIBED},
        },
    )
    added = _add_names(session, article_id, names)
    if incoming.native_id and names[0] not in added:  # its id led to an article that it was once taken for
        connection.execute(_OWN_NAME, {"name": names[0], "article": article_id})
    version_id = _add_version(session, article_id, incoming, number=1, state="copy" if original else "pending")
    connection.execute(_NOW_AT, {"article": article_id, "version": version_id})
    if not original:
        remember(session, article_id, incoming.simhash, moment)
    index_article(session, article_id, incoming.title, incoming.text)
    same_as = original.article_id if original else None
    return StoredArticle(article_id, version_id, original.how if original else "new", same_as)


def _refetch(session: Session, article: Article, incoming: IncomingArticle, names: list[str]) -> StoredArticle:
    assert article.version_id is not None  # set in the transaction that made the article
    url_is_new = bool(_add_names(session, article.id, names))
    if article.forgotten is not None:
        return StoredArticle(article.id, article.version_id, "forgotten")
    article.last_fetched = max(article.last_fetched, incoming.fetched_at)
    if incoming.text_hash == article.text_hash or not incoming.text.strip():
        outcome: StoreOutcome = "duplicate_url" if url_is_new else "unchanged"
        return StoredArticle(article.id, article.version_id, outcome, article.same_as)
    before = session.get_one(ArticleVersion, article.version_id)
    if before.emptied is None:
        unindex_article(session, article.id, before.title, before.text)
    original = _still_copies(session, article, incoming)
    session.execute(
        update(Ledger)
        .where(Ledger.article_id == article.id, Ledger.state.in_(("pending", "claimed", "failed")))
        .values(state="superseded", token=Ledger.token + 1)
    )
    article.same_as = original.article_id if original else None
    article.same_how = original.how if original else None
    article.last_changed = incoming.fetched_at
    article.text_hash = incoming.text_hash
    article.title = incoming.title
    article.versions += 1
    _describe(article, incoming)
    state = "copy" if original else "pending"
    version_id = article.version_id = _add_version(session, article.id, incoming, number=article.versions, state=state)
    session.flush()
    if not original:
        remember(session, article.id, incoming.simhash, incoming.published or article.first_seen, again=True)
    index_article(session, article.id, incoming.title, incoming.text)
    return StoredArticle(article.id, version_id, "changed", article.same_as)


def _still_copies(session: Session, article: Article, incoming: IncomingArticle) -> Original | None:
    """A copy that was edited may still be a copy; an article in its own right stays one."""
    if article.same_as is None:
        return None
    original = find_original(
        session,
        title=incoming.title,
        text=incoming.text,
        text_hash=incoming.text_hash,
        simhash=incoming.simhash,
        language=incoming.language,
        moment=incoming.published or article.first_seen,
    )
    return original if original and original.article_id != article.id else None


def _describe(article: Article, incoming: IncomingArticle) -> None:
    """Take over what the page says of itself; a later fetch that says less does not wipe what was known."""
    for name in _DESCRIBED:
        value = getattr(incoming, name)
        if value is not None:
            setattr(article, name, value)
    article.paywalled = incoming.paywalled


def _add_version(session: Session, article_id: int, incoming: IncomingArticle, number: int, state: str) -> int:
    """Enter a version and its row of the ledger; returns the version's id."""
    connection = session.connection()
    version_id = _entered(
        connection,
        _NEW_VERSION,
        {
            "article_id": article_id,
            "number": number,
            "title": incoming.title,
            "text": incoming.text,
            "language": incoming.language,
            "fetched_at": incoming.fetched_at,
            "published": incoming.published,
            "published_basis": incoming.published_basis,
            "modified": incoming.modified,
            "version_mark": incoming.version_mark,
            "lead_places": list(incoming.lead_places),
            "text_hash": incoming.text_hash,
            "simhash": incoming.simhash,
        },
    )
    connection.execute(
        _NEW_LEDGER,
        {"version_id": version_id, "article_id": article_id, "state": state, "priority": incoming.priority},
    )
    return version_id


def _entered(connection: Connection, statement: Insert, row: dict[str, Any]) -> int:
    """Insert the row; returns its id."""
    key = connection.execute(statement, row).inserted_primary_key
    assert key is not None
    return int(key[0])


def _add_names(session: Session, article_id: int, names: list[str]) -> list[str]:
    """Note the names of the article; those that were not known before."""
    connection = session.connection()
    statement = _NEW_NAME[connection.dialect.name]
    added = [connection.execute(statement, {"key": name, "article_id": article_id}).first() for name in names]
    return [name for name, row in zip(names, added, strict=True) if row is not None]
