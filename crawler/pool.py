"""Worker processes for CPU work: cleaning pages and reading articles.

Threads are slower than doing the work inline (lxml and Kiwi hold the interpreter), so the work goes to processes,
started from a fork server where the system has one: a worker then shares the imported modules and starts at once.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing.context import BaseContext
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def start_method() -> BaseContext:
    """The fork server where there is one, else fresh interpreters (Windows)."""
    methods = multiprocessing.get_all_start_methods()
    return multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")


def worker_pool(processes: int, *, preload: Sequence[str] = ()) -> ProcessPoolExecutor:
    """A pool of `processes` workers that die with this process, even when it is killed.

    `preload` are modules that the fork server imports once for all workers.
    """
    context = start_method()
    if preload and context.get_start_method() == "forkserver":
        context.set_forkserver_preload(list(preload))
    return ProcessPoolExecutor(processes, mp_context=context, initializer=follow_parent)


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
