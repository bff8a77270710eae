"""What the desk is told by whoever starts it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType

#: Host headers that a desk on loopback answers. Any other is a page elsewhere that points its name at this machine.
LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})


@dataclass(frozen=True, slots=True)
class Outlet:
    """A declared source, as the sources page shows it."""

    id: str
    name: str
    language: str
    country: str
    home: str
    keeps_body: bool = True


def utc_now() -> datetime:
    """The present moment, aware."""
    return datetime.now(UTC)


def _as_stored(name: str, country: str | None) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """Settings of one desk.

    outlets         the declared sources, by id
    names           False: people's names are shown nowhere
    login           True: everybody must log in or bring a token; False: whoever reaches the desk is `operator`, an admin
    operator        the name under which acts are kept where nobody logs in
    hosts           Host headers that are answered; empty: any
    https           cookies are sent over TLS only
    korean_place    the Korean name of a place by its English one and its country, None where it is not known
    api_per_minute  API requests a minute of one token or address
    session_hours   after so many hours a browser must log in again
    now             the clock
    """

    outlets: Mapping[str, Outlet] = field(default_factory=lambda: MappingProxyType({}))
    names: bool = True
    login: bool = False
    operator: str = "operator"
    hosts: frozenset[str] = LOOPBACK_HOSTS
    https: bool = False
    korean_place: Callable[[str, str | None], str | None] = _as_stored
    api_per_minute: int = 240
    session_hours: int = 12
    now: Callable[[], datetime] = utc_now
