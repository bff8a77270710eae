"""What every request of the desk shares: the database, the settings, counts remembered, and who asks too often."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

from fastapi import Request

from desk.rate import Limiter
from desk.remembered import Remembered
from desk.settings import DeskSettings
from storage.database import Database
from storage.tally import Tally

#: Attempts to log in, a minute, of one address: argon2 is slow for an attacker, and for us.
LOGINS_PER_MINUTE = 12


@dataclass(frozen=True)
class Desk:
    """One running desk."""

    db: Database
    settings: DeskSettings
    counts: Remembered
    api: Limiter
    logins: Limiter
    tally: Tally = field(default_factory=Tally)

    @classmethod
    def of(cls, db: Database, settings: DeskSettings) -> Desk:
        """A desk over an open database."""
        return cls(db, settings, Remembered(), Limiter(settings.api_per_minute), Limiter(LOGINS_PER_MINUTE))


def desk_of(request: Request) -> Desk:
    """The desk that answers the request."""
    return cast(Desk, request.app.state.desk)
