"""Workers keep the order of their input, draw it lazily, and die with the process that started them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

from crawler.pool import in_order, worker_pool


def doubled(numbers: list[int]) -> list[int]:
    return [2 * number for number in numbers]


def test_results_come_in_the_order_of_the_items() -> None:
    with worker_pool(2) as pool:
        assert list(in_order(pool, doubled, range(50), batch=3, ahead=4)) == [2 * n for n in range(50)]


def test_items_are_drawn_only_as_results_are_taken() -> None:
    drawn: list[int] = []

    def items() -> Iterator[int]:
        for number in range(1000):
            drawn.append(number)
            yield number

    with worker_pool(1) as pool:
        next(in_order(pool, doubled, items(), batch=5, ahead=2))
    assert len(drawn) == 10


def test_workers_die_when_their_parent_is_killed(tmp_path: Path) -> None:
    program = tmp_path / "parent.py"
    program.write_text(
        textwrap.dedent(
            """
            import os, sys, time
            from crawler.pool import worker_pool

            if __name__ == "__main__":
                with worker_pool(1) as pool:
                    print(pool.submit(os.getpid).result(), flush=True)
                    sys.stdin.read()
            """
        )
    )
    parent = subprocess.Popen(
        [sys.executable, str(program)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    # the worker holds the writing end of stdout too: end of file comes when the last holder is gone
    assert parent.stdout.read() == ""
    assert not is_alive(worker)


def test_an_interrupt_while_the_fork_server_imports_is_left_to_its_parent(tmp_path: Path) -> None:
    (tmp_path / "interrupted.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n")
    program = tmp_path / "parent.py"
    program.write_text(
        textwrap.dedent(
            """
            import os, signal
            from crawler.pool import worker_pool

            if __name__ == "__main__":
                with worker_pool(1, preload=["interrupted"]) as pool:
                    print(pool.submit(os.getppid).result() != os.getpid())
                print(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ()))
            """
        )
    )
    folders = [str(tmp_path), *(path for path in sys.path if path)]
    done = subprocess.run(
        [sys.executable, str(program)],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(folders)},
        check=False,
    )
    assert (done.stdout.split(), done.stderr) == (["True", "False"], "")


def is_alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
