"""Time and memory of an export of many rows, each format in a process of its own."""

from __future__ import annotations

import resource
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path
from typing import cast

from storage.database import Database
from storage.export import FORMATS, Format, write
from storage.filters import Filter


def export_cost(database: Database, rows: int) -> None:
    """Write the newest `rows` incidents in every format; print seconds, size and what the memory grew by."""
    url = database.url.render_as_string(hide_password=False)
    for form in FORMATS:
        with get_context("spawn").Pool(1) as pool:
            written, seconds, size, grown = pool.apply(_export, (url, form, rows))
        print(
            f"  export of {written:,} rows as {form:8} {seconds:6.1f} s  {size / 1e6:6.1f} MB  memory +{grown:.0f} MB"
        )


def _export(url: str, form: str, rows: int) -> tuple[int, float, int, float]:
    database = Database.open(url)
    with tempfile.TemporaryDirectory() as folder, database.read() as session:
        with (Path(folder) / "warm").open("wb") as stream:  # the libraries are loaded before anything is measured
            write(session, Filter(), cast("Format", form), stream, limit=1000)
        before = _peak()
        begun = time.perf_counter()
        file = Path(folder) / f"out.{form}"
        with file.open("wb") as stream:
            written = write(session, Filter(), cast("Format", form), stream, limit=rows)
        return written, time.perf_counter() - begun, file.stat().st_size, (_peak() - before) / 1e6


def _peak() -> int:
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
