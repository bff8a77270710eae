"""What a process and all that it started use of the machine, from the system's own list (Linux)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def family(root: int) -> list[int]:
    """The process and all its living descendants."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int(_stat(int(entry.name))[1])
            except OSError:
                continue
    found = [root]
    for process in found:
        found += [child for child, parent in parents.items() if parent == process]
    return found


def cpu_seconds(root: int, left_out: frozenset[int] = frozenset()) -> float:
    """Processor time of the process and of all that it started, the dead ones included once they were waited for."""
    spent = 0.0
    for process in _living(root, left_out):
        try:
            spent += sum(map(int, _stat(process)[11:15])) / _TICKS
        except OSError:
            continue
    return spent


def cpu_of_each(root: int) -> dict[int, float]:
    """Processor seconds of the process and of each of its living descendants, by process."""
    spent = {}
    for process in family(root):
        try:
            spent[process] = sum(map(int, _stat(process)[11:13])) / _TICKS
        except OSError:
            continue
    return spent


def memory_mib(root: int, left_out: frozenset[int] = frozenset()) -> float:
    """MiB that the process and its descendants hold, what several share counted in parts (PSS)."""
    total = 0
    for process in _living(root, left_out):
        try:
            rollup = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
        except OSError:
            continue
        found = re.search(r"^Pss:\s+(\d+)", rollup, re.M)
        total += int(found[1]) if found else 0
    return total / 1024


def _living(root: int, left_out: frozenset[int]) -> Iterator[int]:
    return (process for process in family(root) if process not in left_out)


def _stat(process: int) -> list[str]:
    return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
