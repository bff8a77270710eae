"""The Celery application: `sageon worker` runs it, and so does `celery -A crawler.cluster.app worker -Q read`."""

from __future__ import annotations

from datetime import timedelta

from celery import Celery
from kombu.connection import Connection
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from crawler.cluster.celery_settings import celery_settings
from crawler.cluster.dispatch import BrokerDown
from crawler.config import Config, load_config


class NoBroker(Exception):  # noqa: N818 - named for what is missing
    """No broker is set; the message says where to set it."""


def make_app(config: Config) -> Celery:
    """The application by these settings. Raises NoBroker."""
    if not config.broker_url:
        raise NoBroker(
            'no broker is set: write broker_url = "redis://HOST:6379/0" in sageon.toml (or SAGEON_BROKER_URL)'
        )
    if config.database_url.startswith("sqlite"):
        raise NoBroker("workers on several machines need PostgreSQL: set database_url (SAGEON_DATABASE_URL)")
    made = Celery("sageon", set_as_current=True, include=["crawler.cluster.tasks"])
    made.conf.update(celery_settings(config))
    return made


class CeleryMailbox:
    """Invitations through Celery's producer; a broker that is down is told at once instead of waited for."""

    def __init__(self, app: Celery) -> None:
        self._app = app
        self._open: Connection | None = None

    def send(self, queue: str, *arguments: str, expires: timedelta | None = None) -> None:
        """Put one invitation into a queue. Raises BrokerDown."""
        try:
            self._app.send_task(
                f"sageon.{queue}",
                args=arguments,
                queue=queue,
                expires=expires.total_seconds() if expires else None,
                retry=False,
                ignore_result=True,
            )
        except (OperationalError, RedisError, OSError) as error:
            raise BrokerDown(f"{type(error).__name__}: {error}") from error

    def waiting(self, queue: str) -> int:
        """How many lie there that no worker has taken. Raises BrokerDown.

        The connection is kept: to open one for each look cost the dispatcher about a sixth of its processor time.
        """
        try:
            if self._open is None:
                self._open = self._app.connection_for_read()
                self._channel = self._open.channel()
            return int(self._channel.client.llen(queue))
        except (OperationalError, RedisError, OSError) as error:
            if self._open is not None:
                self._open.release()  # type: ignore[no-untyped-call]
                self._open = None
            raise BrokerDown(f"{type(error).__name__}: {error}") from error


def __getattr__(name: str) -> Celery:
    """`app`, made of this process's settings when it is first asked for (Celery's own command line does)."""
    if name in ("app", "celery"):
        made = globals()["app"] = make_app(load_config())
        return made
    raise AttributeError(name)
