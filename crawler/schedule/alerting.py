"""The rules of this installation: read from its file when it changes, put in force, and the sender run by them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from alerts.errors import BadAlertFile
from alerts.match import replan
from alerts.rules_file import AlertSettings, load_alerts
from alerts.send import Sent, send_due
from storage import outbox
from storage.alert_rules import sync_rules
from storage.database import Database

log = logging.getLogger(__name__)


class Alerting:
    """`refresh` before work, `send` after it. A file that turns bad leaves the last good rules in force."""

    def __init__(self, database: Database, file: Path, worker: str, now: Callable[[], datetime]) -> None:
        self.settings = AlertSettings()
        self._database = database
        self._file = file
        self._worker = worker
        self._now = now
        self._stamp: tuple[int, int] | None = None
        self._read = False

    def refresh(self, *, strict: bool = False) -> bool:
        """Read the file where it changed, put its rules in force at once; returns whether it had changed.

        Raises BadAlertFile where `strict`; else a bad file is logged. An absent file means no rules of a file.
        """
        stamp = _stamp(self._file)
        if self._read and stamp == self._stamp:
            return False
        try:
            settings = load_alerts(self._file) if stamp is not None else AlertSettings()
        except BadAlertFile as error:
            if strict:
                raise
            if stamp != self._stamp:
                log.error("%s; the rules stay as they were", error)
            self._stamp = stamp
            return False
        self._stamp, self._read, self.settings = stamp, True, settings
        now = self._now()
        with self._database.write() as session:
            touched = sync_rules(session, settings.bodies, "file", now)
            replan(session, touched, now)
        return True

    def send(self, *, stop: Callable[[], bool] = lambda: False) -> Sent:
        """Send what is due."""
        return send_due(self._database, self.settings, self._worker, now=self._now, stop=stop)

    def next_letter(self) -> datetime | None:
        """When the next message is due."""
        with self._database.read() as session:
            return outbox.next_letter(session)


def _stamp(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
