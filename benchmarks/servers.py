"""A Redis and a PostgreSQL of a trial's own, on free ports or a given address, that can be killed and started again."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

#: Where distributions keep PostgreSQL's programs when they are not on the path.
FOLDERS = ("/usr/local/bin", *sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True))


class NoServer(Exception):  # noqa: N818 - named for what is missing
    """A server's program is not on this machine, or does not start; the message says which and why."""


def program(name: str) -> str:
    """Where the program is. Raises NoServer."""
    found = shutil.which(name) or shutil.which(name, path=os.pathsep.join(FOLDERS))
    if found is None:
        raise NoServer(f"{name} is not on this machine")
    return found


def free_port(host: str = "127.0.0.1") -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as one:
        one.bind((host, 0))
        return int(one.getsockname()[1])


class Redis:
    """A Redis without persistence: what it held is gone when it is killed."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self._program = program("redis-server")
        self._host = host
        self.port = free_port(host)
        self.url = f"redis://{host}:{self.port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, empty; returns when it answers."""
        command = [self._program, "--port", str(self.port), "--bind", self._host, "--save", "", "--appendonly", "no"]
        command += ["--protected-mode", "no", "--dir", tempfile.gettempdir()]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _answers(self._host, self.port, "redis-server")

    def kill(self) -> None:
        """SIGKILL."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


class PostgreSQL:
    """A PostgreSQL in a temporary folder. Commits are written before they are answered, so that a kill loses none."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        initdb, self._pg_ctl = program("initdb"), program("pg_ctl")
        self._host = host
        self.port = free_port(host)
        self.url = f"postgresql+psycopg://sageon@{host}:{self.port}/postgres?connect_timeout=5"
        self._folder = Path(tempfile.mkdtemp(prefix="sgpg"))
        self._prefix: list[str] = []
        if os.geteuid() == 0:
            if not shutil.which("runuser"):
                raise NoServer("running as root, and there is no runuser to start PostgreSQL as another user")
            user = "postgres" if _user("postgres") else "nobody"
            self._prefix = ["runuser", "-u", user, "--"]
            shutil.chown(self._folder, user)
        self._data = self._folder / "d"
        self._run([initdb, "-D", str(self._data), "-U", "sageon", "-A", "trust", "-N", "-E", "UTF8", "--locale=C"])

    def start(self) -> None:
        """Start it; returns when it answers."""
        # fsync guards against a machine that fails, not a server that is killed: the system keeps what was written
        settings = (
            f"-c listen_addresses={self._host} -p {self.port} -k {self._folder} -c fsync=off -c full_page_writes=off"
            " -c max_connections=200"
        )
        self._run([self._pg_ctl, "-D", str(self._data), "-w", "-l", str(self._folder / "log"), "-o", settings, "start"])

    def kill(self) -> None:
        """End it at once, as a crash does: what is under way is rolled back when it starts again."""
        self._run([self._pg_ctl, "-D", str(self._data), "-m", "immediate", "-w", "stop"])

    def remove(self) -> None:
        """Take its folder away; it must not run."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, command: list[str]) -> None:
        done = subprocess.run(
            [*self._prefix, *command], cwd=self._folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True, timeout=120, check=False,
        )  # fmt: skip
        if done.returncode:
            raise NoServer(f"PostgreSQL does not work here: {done.stderr.strip()[-300:]}")


def access_from(server: PostgreSQL, network: str) -> None:
    """Let the machines of a network (10.77.0.0/24) in without a password; before `start`."""
    with (server._data / "pg_hba.conf").open("a") as file:
        file.write(f"host all all {network} trust\n")


def _answers(host: str, port: int, name: str, seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            socket.create_connection((host, port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise NoServer(f"{name} does not answer on {host}:{port}")


def _user(name: str) -> bool:
    import pwd

    return name in {entry.pw_name for entry in pwd.getpwall()}
