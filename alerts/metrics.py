"""The state of an installation as Prometheus reads it (text exposition format 0.0.4). Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from storage.vitals import SourceVitals, Vitals

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
#: States that are always shown, with 0 where there is none: a series that comes and goes cannot be watched.
_LEDGER = ("pending", "claimed", "done", "failed", "copy")
_OUTBOX = ("pending", "claimed", "sent", "dead", "dropped")
_INCIDENTS = ("new", "updated", "confirmed", "rejected", "merged")
_ALARMS = ("failing", "silent", "gap")

Sample = tuple[Mapping[str, str], float]


def exposition(found: Vitals) -> str:
    """Every figure with its help line. All are gauges: rows of a table may also become fewer."""
    return "".join(_families(found))


def _families(found: Vitals) -> Iterator[str]:
    yield _family("articles", "Articles stored.", [({}, found.articles)])
    yield _family(
        "article_versions", "Article versions by state of their reading.", _by("state", found.ledger, _LEDGER)
    )
    yield _family(
        "oldest_unread_seconds", "How long the longest waiting article has waited for a reader.",
        [({}, _age(found.oldest_unread, found.at))],
    )  # fmt: skip
    yield _family("waiting", "What could be begun now, by the queue of a cluster.", _by("queue", found.waiting))
    yield _family("incidents", "Incidents by status.", _by("status", found.incidents, _INCIDENTS))
    yield _family(
        "last_incident_timestamp_seconds", "When the newest incident was opened.", _moment(found.last_incident)
    )
    yield _family("outbox", "Alerts for one target, by state.", _by("state", found.outbox, _OUTBOX))
    yield _family(
        "outbox_late_seconds", "How long the longest due alert has been due.",
        [({}, _age(found.oldest_due, found.at))],
    )  # fmt: skip
    yield _family("last_alert_sent_timestamp_seconds", "When the last alert was taken.", _moment(found.last_sent))
    yield _family("alerts_told_24h", "Alerts of a rule in the last 24 hours.", _by("rule", found.told))
    yield _family("silences", "Silences in force.", [({}, found.silences)])
    sources = found.sources
    yield _family(
        "schedule_late_seconds", "How long the longest due source has been due.",
        [({}, max((_age(one.due, found.at) for one in sources), default=0.0))],
    )  # fmt: skip
    moments: tuple[tuple[str, str, Callable[[SourceVitals], datetime | None]], ...] = (
        ("due", "When the source is visited next.", lambda one: one.due),
        ("last_success", "When the source last answered as it should.", lambda one: one.last_ok),
        ("last_new", "When the source last brought a new article.", lambda one: one.last_new),
    )
    for name, about, moment in moments:
        samples = [({"source": one.source}, when.timestamp()) for one in sources if (when := moment(one)) is not None]
        yield _family(f"source_{name}_timestamp_seconds", about, samples)
    yield _family(
        "source_period_seconds", "The time between two visits.",
        [({"source": one.source}, one.period.total_seconds()) for one in sources],
    )  # fmt: skip
    yield _family(
        "source_failures_in_row", "Failed visits since the last good one.",
        [({"source": one.source}, one.failures) for one in sources],
    )  # fmt: skip
    yield _family("source_visits", "Visits to the source.", [({"source": one.source}, one.runs) for one in sources])
    yield _family(
        "source_alarm", "1 where the source is not well: failing, silent, or with a gap.",
        [({"source": one.source, "kind": kind}, kind in one.alarms) for one in sources for kind in _ALARMS],
    )  # fmt: skip
    yield _family(
        "source_outcomes_24h", "Outcomes of requests and articles in the last 24 hours.",
        [({"source": one.source, "outcome": name}, n) for one in sources for name, n in sorted(one.outcomes.items())],
    )  # fmt: skip


def _family(name: str, about: str, samples: Iterable[Sample]) -> str:
    lines = [f"# HELP sageon_{name} {about}\n# TYPE sageon_{name} gauge\n"]
    for labels, value in samples:
        inside = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
        lines.append(
            f"sageon_{name}{{{inside}}} {float(value):.15g}\n" if inside else f"sageon_{name} {float(value):.15g}\n"
        )
    return "".join(lines)


def _by(label: str, counts: Mapping[str, int], always: Iterable[str] = ()) -> list[Sample]:
    names = dict.fromkeys([*always, *sorted(counts)])
    return [({label: name}, counts.get(name, 0)) for name in names]


def _moment(when: datetime | None) -> list[Sample]:
    return [({}, when.timestamp())] if when else []


def _age(when: datetime | None, now: datetime) -> float:
    return max((now - when).total_seconds(), 0.0) if when else 0.0


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
