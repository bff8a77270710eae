"""A PostgreSQL of the tests' own: a temporary cluster on a Unix socket, gone at the end of the session."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

#: Where distributions keep the server's programs when they are not on the path.
_FOLDERS = ("/usr/local/bin", *sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True))


@contextmanager
def postgresql() -> Iterator[str]:
    """The address of a running server's database. Skips the test, with the reason, where there is none to start."""
    initdb, pg_ctl = _program("initdb"), _program("pg_ctl")
    # A Unix socket's path may have 107 characters: the folder must be short, not below pytest's.
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    prefix: list[str] = []
    if os.geteuid() == 0:
        prefix = _as_plain_user()
        shutil.chown(folder, prefix[2] if prefix[0] == "runuser" else "nobody")
        folder.chmod(0o711)
    data = folder / "d"
    try:
        _run(
            [*prefix, initdb, "-D", str(data), "-U", "sageon", "-A", "trust", "-N", "-E", "UTF8", "--locale=C"], folder
        )
        settings = f"-c listen_addresses='' -k {folder} -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        _run([*prefix, pg_ctl, "-D", str(data), "-w", "-l", str(folder / "log"), "-o", settings, "start"], folder)
        try:
            yield f"postgresql+psycopg://sageon@/postgres?host={folder}"
        finally:
            _run([*prefix, pg_ctl, "-D", str(data), "-m", "immediate", "stop"], folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path=os.pathsep.join(_FOLDERS))
    if found is None:
        pytest.skip(f"PostgreSQL's {name} is not on this machine")
    return found


def _as_plain_user() -> list[str]:
    """initdb refuses to run as root."""
    import pwd

    names = {entry.pw_name for entry in pwd.getpwall()}
    user = "postgres" if "postgres" in names else "nobody"
    if shutil.which("runuser"):
        return ["runuser", "-u", user, "--"]
    pytest.skip("running as root, and there is no runuser to start PostgreSQL as another user")


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True, timeout=120, check=False)  # fmt: skip
    if done.returncode:
        pytest.skip(f"PostgreSQL does not start here: {done.stderr.strip()[-300:]}")
