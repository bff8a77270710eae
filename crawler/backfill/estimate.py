"""How far a backfill by several machines is, and how long the rest takes at the pace so far. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage.archive import ArchiveCounts


def whole_bytes(counts: ArchiveCounts) -> float:
    """The bytes of all archives; those that nobody has opened are taken to be as large as the others on average."""
    sized = counts.total - counts.unsized
    return counts.bytes * counts.total / sized if sized else 0.0


def time_left(counts: ArchiveCounts, now: datetime) -> timedelta | None:
    """At the average pace since the first archive was begun; None before anything is done."""
    if counts.begun is None or not counts.done_bytes:
        return None
    left = max(whole_bytes(counts) - counts.done_bytes, 0.0)
    return (now - counts.begun) * (left / counts.done_bytes)


def told(counts: ArchiveCounts, now: datetime) -> str:
    """One line: archives by state, share of the bytes, time left."""
    if not counts.total:
        return "no archives on the list; 'sageon backfill --enqueue' puts them there"
    whole = whole_bytes(counts)
    share = f"{counts.done_bytes / whole:.1%} of {whole / 1e9:.1f} GB" if whole else "nothing read yet"
    line = (
        f"{counts.done} of {counts.total} archives done, {counts.claimed} under way, {counts.failed} given up; {share}"
    )
    left = time_left(counts, now)
    if left is None or not counts.pending + counts.claimed:
        return line
    hours = left.total_seconds() / 3600
    return f"{line}; about {hours:.1f} h left" if hours >= 1 else f"{line}; about {hours * 60:.0f} min left"
