"""`sageon worker`: one Celery worker for one queue, the dispatcher, or all of them as processes of this machine."""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from types import FrameType
from typing import Any

from crawler.cluster.app import make_app
from crawler.cluster.celery_settings import GRACE, QUEUES, THREADED
from crawler.config import Config

log = logging.getLogger(__name__)


def concurrency_of(queue: str, config: Config) -> int:
    """How many tasks of a queue run at once where nobody says: crawls as `parallel_sources`, the rest by cores."""
    cores = os.cpu_count() or 1
    return {"crawl": config.parallel_sources, "read": config.reader_count(), "backfill": cores, "alert": 1}[queue]


def run_worker(queue: str, config: Config, concurrency: int | None, level: str) -> int:
    """Work on the queue until SIGTERM; returns the exit code."""
    app = make_app(config)
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    worker = app.Worker(
        hostname=f"{queue}.{os.getpid()}@{socket.gethostname()}",
        queues=[queue],
        pool="threads" if queue in THREADED else "prefork",
        concurrency=concurrency or concurrency_of(queue, config),
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        loglevel=level,
        quiet=True,
    )
    worker.start()
    return int(worker.exitcode or 0)


def run_beat(config: Config, level: str, only: Sequence[str] = ()) -> int:
    """Dispatch until SIGTERM: these sources, or all that are declared."""
    app = make_app(config)
    app.conf.sageon_sources = tuple(only)
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    from celery.beat import Service

    from crawler.cluster.beat import TICK, ScheduleTable

    service = Service(app, max_interval=TICK, scheduler_cls=ScheduleTable)

    def stop(number: int, frame: FrameType | None) -> None:
        service.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    service.start()
    return 0


def run_all(arguments: Sequence[str]) -> int:
    """A worker for each queue and a dispatcher, as processes; if one ends by itself all end (the service restarts)."""
    parts = [["--queue", queue] for queue in QUEUES] + [["--beat"]]
    command = [sys.executable, "-c", "import sys; from crawler.cli import main; sys.exit(main())", "worker"]
    processes = [subprocess.Popen([*command, *part, *arguments]) for part in parts]
    stopping = False

    def stop(number: int, frame: Any) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while not stopping and all(process.poll() is None for process in processes):
        time.sleep(0.2)
    for process in processes:
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + GRACE + 10
    for process in processes:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    return 0 if stopping else 1
