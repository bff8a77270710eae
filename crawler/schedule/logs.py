"""What a watcher says of itself: lines for people, or one JSON object a line for a log collector."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Literal, TextIO

LogForm = Literal["text", "json"]
#: Libraries whose information is noise beside ours.
QUIET = ("apprise", "alembic", "scrapy", "twisted", "urllib3", "asyncio")


class JsonLines(logging.Formatter):
    """One object a record: time (UTC, ISO 8601), level, logger, message, and the error's lines where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line of JSON."""
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "thread": record.threadName,
        }
        if record.exc_info:
            told["error"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)


def start_logging(form: LogForm, level: str, stream: TextIO | None = None) -> None:
    """Log to stderr (or `stream`) in that form, from that level on; what logged before is replaced."""
    handler = logging.StreamHandler(stream or sys.stderr)
    text = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S%z")
    handler.setFormatter(JsonLines() if form == "json" else text)
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLogger().level))
