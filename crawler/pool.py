"""Worker processes for CPU work: cleaning pages and reading articles.

Threads are slower than doing the work inline (lxml and Kiwi hold the interpreter), so the work goes to processes,
started from a fork server where the system has one: a worker then shares the imported modules and starts at once.
"""

from __future__ import annotations

import faulthandler
import functools
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from multiprocessing.context import BaseContext
from types import FrameType
from typing import Any, TextIO, TypeVar

T = TypeVar("T")
R = TypeVar("R")


def start_method() -> BaseContext:
    """The fork server where there is one, else fresh interpreters (Windows)."""
    methods = multiprocessing.get_all_start_methods()
    return multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")


def start_fork_server(preload: Sequence[str]) -> None:
    """Start the server that forks this process's workers, where it does not run yet; it imports `preload` meanwhile."""
    context: Any = start_method()
    if context.get_start_method() == "forkserver":
        from multiprocessing import forkserver, resource_tracker

        context.set_forkserver_preload(list(preload))
        resource_tracker.ensure_running()  # first: starting it unblocks the signal
        # Ctrl-C is for this process to act on: the server does not ignore it before it has imported everything
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            forkserver.ensure_running()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def worker_pool(processes: int, *, preload: Sequence[str] = ()) -> ProcessPoolExecutor:
    """A pool of `processes` workers that die with this process, even when it is killed.

    `preload` are modules that the fork server imports once for all workers.
    """
    if preload:
        start_fork_server(preload)
    return ProcessPoolExecutor(processes, mp_context=start_method(), initializer=follow_parent)


def follow_parent() -> None:
    """Make this worker end when its parent ends, and leave Ctrl-C to the parent.

    A worker waits on a queue whose writing end it holds itself, so it would never notice a parent that was killed.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_exit_after, args=(parent.join,), daemon=True).start()


def _exit_after(wait: Callable[[], None]) -> None:
    wait()
    os._exit(1)


def in_order(
    pool: ProcessPoolExecutor, work: Callable[[list[T]], list[R]], items: Iterable[T], *, batch: int, ahead: int
) -> Iterator[R]:
    """Results of `work` over batches of `items`, in the order of the items, with at most `ahead` batches in flight.

    The items are drawn as results are taken, so a stream of any length needs little memory.
    """
    source = iter(items)
    waiting: deque[Future[list[R]]] = deque()
    while True:
        while len(waiting) < ahead and (group := list(islice(source, batch))):
            waiting.append(pool.submit(work, group))
        if not waiting:
            return
        yield from waiting.popleft().result()


class OutOfTime(BaseException):
    """The work took longer than its limit; no `Exception`, so that no handler in the work swallows it."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a piece of work in a worker may take: processor seconds, after which it is stopped by `OutOfTime`, and
    seconds on the clock, after which its process is ended, for code that does not come back to the interpreter."""

    cpu_seconds: float
    wall_seconds: float


@contextmanager
def limited(limit: Limit) -> Iterator[None]:
    """Hold what is done inside to the limit. Raises OutOfTime; outside a main thread nothing is limited.

    Processor time, so that work on a machine that is busy or asleep is not called hanging.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    timer = hasattr(signal, "setitimer")
    faulthandler.dump_traceback_later(limit.wall_seconds, exit=True, file=_nowhere())
    if timer:
        before = signal.signal(signal.SIGPROF, _out_of_time)
        signal.setitimer(signal.ITIMER_PROF, limit.cpu_seconds, 1.0)  # again each second, were it swallowed
    try:
        yield
    finally:
        if timer:
            signal.setitimer(signal.ITIMER_PROF, 0.0)
            signal.signal(signal.SIGPROF, before)
        faulthandler.cancel_dump_traceback_later()


def _out_of_time(signum: int, frame: FrameType | None) -> None:
    raise OutOfTime


@functools.cache
def _nowhere() -> TextIO:
    """Where the watchdog writes the trace that nobody asked for."""
    return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123 - open as long as the process lives
