"""Which articles may be put to incidents at the same time: on PostgreSQL those that share nothing, on SQLite one by one.

What a report's place depends on is the reports that share a blocking key with it and the incidents that these are in.
So a transaction holds, until it ends,

1. the lock of resolution, shared; an analyst's merge or a rebuild holds it alone and finds nobody at work,
2. its article, so that two versions of it follow one another,
3. each blocking key of its new reports: of two that could be of one event the second waits for the first and finds it,
4. each incident that it may join, put together with another, leave or bring up to date, as a lock of the row.

Locks of one kind are taken at once and in order, the kinds in this order, and nothing of an earlier kind is asked for
later: nobody can wait in a ring. What must be held in step 4 is known only by looking; where a look under the locks
finds an incident that is not among them (another has put two together meanwhile), the incidents are let go and all are
taken anew, in order.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TypeVar

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from storage.locks import RESOLUTION, lock
from storage.models import Incident

T = TypeVar("T")

#: An article with more blocking keys (a list of events, as a rule) is put to its incidents alone: PostgreSQL keeps room
#: for 64 locks a connection, and a transaction holds some twenty for its tables.
MOST_KEYS = 100
#: The first half of an article's lock; its number is the second.
_ARTICLES = 7339


class NotHeld(Exception):  # noqa: N818 - named for what is missing
    """Incidents turned up that this transaction does not hold; `incidents` are their numbers."""

    def __init__(self, incidents: Collection[int]) -> None:
        super().__init__(f"incidents {', '.join(map(str, sorted(incidents)))} are not held")
        self.incidents = frozenset(incidents)


class Held:
    """The incidents that this transaction holds; `all` where it holds the lock of resolution alone."""

    def __init__(self, incidents: Iterable[int] = (), *, everything: bool = False) -> None:
        self._incidents = set(incidents)
        self._everything = everything

    def add(self, incident_id: int) -> None:
        """It was opened here: nobody else sees it yet."""
        if not self._everything:
            self._incidents.add(incident_id)

    def need(self, incidents: Collection[int]) -> None:
        """Raises NotHeld where one of them is not held."""
        if not self._everything and (missing := set(incidents) - self._incidents):
            raise NotHeld(missing)


#: For whoever holds the lock of resolution alone.
EVERYTHING = Held(everything=True)


def resolving(
    session: Session,
    article_id: int,
    keys: Collection[int],
    near: Callable[[], Collection[int]],
    work: Callable[[Held], T],
) -> T:
    """Do `work` holding what it needs until the transaction ends; returns what it returned.

    `near` names the incidents that it will look at, as they stand once the keys are held. Where `work` needs others it
    is undone and done again with them.
    """
    if session.get_bind().dialect.name != "postgresql":
        return work(EVERYTHING)
    if len(keys) > MOST_KEYS:
        lock(session, RESOLUTION)
        return work(EVERYTHING)
    session.execute(_ALONGSIDE, {"resolution": RESOLUTION, "articles": _ARTICLES, "article": article_id})
    session.execute(_KEYS, {"keys": sorted(set(keys))})
    wanted = set(near())
    while True:
        attempt = session.begin_nested()
        session.execute(
            select(Incident.id).where(Incident.id.in_(wanted)).order_by(Incident.id).with_for_update(key_share=True)
        )
        try:
            done = work(Held(wanted))
        except NotHeld as more:
            attempt.rollback()
            session.expire_all()  # what was read may change before it is held again
            wanted |= more.incidents
        else:
            attempt.commit()
            return done


_ALONGSIDE = text("SELECT pg_advisory_xact_lock_shared(:resolution), pg_advisory_xact_lock(:articles, :article)")
_KEYS = text("SELECT pg_advisory_xact_lock(key) FROM unnest(CAST(:keys AS bigint[])) AS key")
