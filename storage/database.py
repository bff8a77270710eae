"""One database, SQLite or PostgreSQL: engines, transactions, and the schema kept up to date.

SQLite has two engines. The write engine begins every transaction with BEGIN IMMEDIATE: a transaction that reads
first and writes later is otherwise thrown out with "database is locked", whatever the timeout. The read engine
never writes, so readers do not wait for the writer (WAL).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError
from sqlalchemy.orm import Session

from storage.errors import BadDatabaseUrl, SchemaTooNew
from storage.migrations import HEAD, REVISIONS

#: Milliseconds a SQLite writer waits for another one.
BUSY_TIMEOUT_MS = 30_000
#: Connections kept open for reading; one beyond them is opened anew, with nothing of the file in its memory.
READERS = 12

_PASSWORD = re.compile(r"(?P<user>//[^:/@]*:).*@")
_SETTINGS = text("SELECT current_setting('max_parallel_workers_per_gather') AS workers, current_setting('jit') AS jit")
_SET = text("SELECT set_config('max_parallel_workers_per_gather', :workers, true), set_config('jit', :jit, true)")


@dataclass(frozen=True)
class Database:
    """An open database. `write` and `read` give a Session in one transaction; `close` lets the connections go."""

    url: URL
    write_engine: Engine
    read_engine: Engine

    @classmethod
    def open(cls, url: str) -> Database:
        """A database by its SQLAlchemy address, such as sqlite:///sageon.db or postgresql://host/name.

        Nothing is connected or created yet. Raises BadDatabaseUrl.
        """
        try:
            address = make_url(url)
            backend = address.get_backend_name()
            if backend == "sqlite":
                return cls._sqlite(address)
            if backend == "postgresql":
                engine = create_engine(address, json_serializer=to_json, pool_pre_ping=True, pool_size=READERS)
                return cls(address, engine, engine)
        except (ArgumentError, NoSuchModuleError, ValueError) as error:  # ValueError: a port of letters
            shown = _PASSWORD.sub(r"\g<user>***@", url)
            raise BadDatabaseUrl(
                f"{shown!r} is no database address; write sqlite:///FILE or postgresql://..."
            ) from error
        except ModuleNotFoundError as error:
            raise BadDatabaseUrl(
                f"the driver for {backend} is not installed: pip install 'sageon[postgresql]'"
            ) from error
        raise BadDatabaseUrl(f"{backend} is not supported; write sqlite:///FILE or postgresql://...")

    @classmethod
    def _sqlite(cls, address: URL) -> Database:
        if not address.database or address.database == ":memory:":
            raise BadDatabaseUrl("SQLite needs a file (sqlite:///sageon.db): two engines share it")
        wait = {"timeout": BUSY_TIMEOUT_MS / 1000}
        write_engine = create_engine(address, json_serializer=to_json, connect_args=wait)
        read_engine = create_engine(address, json_serializer=to_json, connect_args=wait, pool_size=READERS)
        for engine, begin in ((write_engine, "BEGIN IMMEDIATE"), (read_engine, "BEGIN")):
            _prepare(engine, begin)
        return cls(address, write_engine, read_engine)

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session that commits at the end of the block, and rolls everything back where the block raises."""
        with Session(self.write_engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session on one consistent picture of the database; what it changed would be rolled back."""
        with Session(self.read_engine, expire_on_commit=False) as session:
            yield session

    def revision(self) -> str | None:
        """The schema's revision, None for an empty or absent database."""
        if self.is_sqlite and not Path(str(self.url.database)).exists():
            return None
        with self.read_engine.connect() as connection:
            return _revision(connection)

    def upgrade(self) -> str | None:
        """Bring the schema to the newest revision; returns the revision it had before.

        Costs one query where nothing is to be done (Alembic is not even imported). Raises SchemaTooNew where a newer
        Sageon has already upgraded the database.
        """
        before = self.revision()
        if before == HEAD:
            return before
        if before is not None and before not in REVISIONS:
            raise SchemaTooNew(f"the database is at revision {before}, newer than this Sageon's {HEAD}: update Sageon")
        if self.is_sqlite and self.url.database:
            Path(self.url.database).resolve().parent.mkdir(parents=True, exist_ok=True)
        from storage.migrations.upgrade import upgrade  # Alembic costs a third of a second to import

        upgrade(self.write_engine)
        return before

    def close(self) -> None:
        self.write_engine.dispose()
        self.read_engine.dispose()


@contextmanager
def planned_for_a_page(session: Session) -> Iterator[None]:
    """Within the block PostgreSQL makes neither parallel plans nor machine code.

    Of a plan with a LIMIT each process reads on until the page is full, far beyond what one would have read; and what a
    plan would cost without the LIMIT decides whether it is compiled, which takes longer than a page.
    """
    if session.get_bind().dialect.name == "sqlite":
        yield
        return
    before = session.execute(_SETTINGS).one()
    session.execute(_SET, {"workers": "0", "jit": "off"})
    yield
    session.execute(_SET, {"workers": before.workers, "jit": before.jit})


def to_json(value: Any) -> str:
    """JSON with Hangul as it is: escaped, it takes twice the room and cannot be searched for."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _revision(connection: Connection) -> str | None:
    try:
        row = connection.execute(text("SELECT version_num FROM alembic_version")).first()
    except DatabaseError:
        return None  # no such table: nothing was ever created here
    return str(row[0]) if row else None


def _prepare(engine: Engine, begin: str) -> None:
    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not begin transactions behind our back
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA cache_size=-32768")
        cursor.execute("PRAGMA temp_store=MEMORY")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)
