"""Several machines: hosts are crawled by one at a time, killed workers and servers lose and double nothing, and one
machine needs none of it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from benchmarks import marked_press
from benchmarks.loopback import declare, outlet
from benchmarks.machines import RULES, WORKERS, Worker, embedded, receiver, settings, table_of, wait_until_settled
from benchmarks.servers import NoServer, PostgreSQL, Redis
from crawler.cli import main
from crawler.cluster.celery_settings import celery_settings
from crawler.cluster.hosts import held, host_names
from crawler.cluster.steps import crawl_step, read_step
from crawler.config import Config
from spiders.source import Source
from storage.articles import store_article
from storage.database import Database
from storage.due import sync_due
from storage.leases import holders, take
from storage.ledger import claim
from storage.waiting import due_now
from tests.crawler.press import Press
from tests.storage.press import incoming

EMBEDDED = """
import sys
import crawler.cli.crawl, crawler.cli.backfill, crawler.cli.incidents, crawler.jobs.crawl, crawler.jobs.backfill
import crawler.jobs.crawl_process, crawler.pipelines.pages, crawler.schedule.watch, crawler.cli.worker
print(sorted({name.partition('.')[0] for name in sys.modules} & {'celery', 'kombu', 'redis', 'billiard', 'amqp'}))
"""


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(database_url=f"sqlite:///{tmp_path / 'news.db'}", reader="tests.crawler.stub_reader:StubReader")


@pytest.fixture
def base(config: Config) -> Iterator[Database]:
    database = Database.open(config.database_url)
    database.upgrade()
    yield database
    database.close()


@pytest.fixture
def source(tmp_path: Path) -> Source:
    return Press(port=80).declare(tmp_path)


def test_one_machine_imports_nothing_of_celery_or_redis() -> None:
    done = subprocess.run([sys.executable, "-c", EMBEDDED], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("broker", "database", "words"),
    [("", "postgresql://h/x", "broker_url"), ("redis://h:1/0", "sqlite:///x.db", "PostgreSQL")],
)
def test_a_worker_without_broker_or_server_says_what_to_set(
    broker: str,
    database: str,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("SAGEON_BROKER_URL", broker)
    monkeypatch.setenv("SAGEON_DATABASE_URL", database)
    assert main(["worker", "--queue", "read"]) == 2
    told = capsys.readouterr().err
    assert words in told
    assert told.count("\n") == 1


def test_a_message_is_not_handed_to_a_second_worker_while_the_longest_task_may_still_run() -> None:
    settings = celery_settings(Config(broker_url="redis://h:1/0", crawl_seconds=9000))
    assert settings["broker_transport_options"]["visibility_timeout"] > 9000
    assert settings["task_acks_late"]
    assert settings["task_reject_on_worker_lost"]


def test_a_source_whose_host_is_being_crawled_is_left_for_later(base: Database, config: Config, source: Source) -> None:
    with base.write() as session:
        sync_due(session, {source.id: timedelta(0)}, now())
        take(session, host_names(source.hosts), "another machine", timedelta(minutes=1), now())
    assert crawl_step(base, config, source, "here") is None
    with base.read() as session:
        assert [one.source for one in due_now(session, now(), 10)] == [source.id]


def test_the_same_host_is_held_once_whatever_it_is_called() -> None:
    assert host_names(["WWW.Paper.example", "paper.example", "en.paper.example"]) == [
        "host:en.paper.example",
        "host:paper.example",
    ]


def test_a_host_that_was_taken_over_is_told_to_its_crawl_and_left_to_the_other(base: Database) -> None:
    lasting = timedelta(seconds=0.2)
    with base.write() as session:
        lease = take(session, ["host:a"], "one", lasting, now())
    assert lease is not None
    with held(base, lease, now, lasting) as lost:
        with base.write() as session:
            take(session, ["host:a"], "two", timedelta(minutes=5), now() + timedelta(minutes=1))
        end = now() + timedelta(seconds=30)
        while not lost() and now() < end:
            pass
        assert lost()
    with base.read() as session:
        assert holders(session, now()) == {"host:a": "two"}


def test_while_a_dead_readers_claims_are_open_articles_are_read_singly(base: Database, config: Config) -> None:
    with base.write() as session:
        for number in range(3):
            store_article(session, incoming(number, text=f"{number + 2}명이 다친 {number}번째 사고"))
    with base.write() as session:
        claim(session, "dead", 1, timedelta(seconds=-1), now())
    assert read_step(base, config).claimed == 1
    assert read_step(base, config).claimed == 2


@pytest.mark.slow
def test_killed_workers_and_servers_leave_the_table_of_one_undisturbed_process(tmp_path: Path) -> None:
    """SIGKILL of a crawler and a reader, a Redis that comes back empty, a PostgreSQL that crashes: the same table."""
    articles = 10
    with ExitStack() as stack:
        try:
            redis, database = Redis(), PostgreSQL()
            stack.callback(database.remove)
            for server in (redis, database):
                server.start()
                stack.callback(server.kill)
        except NoServer as reason:
            pytest.skip(str(reason))
        desk = stack.enter_context(receiver())
        delays = {}
        for number, name in enumerate(("one", "two")):
            port = stack.enter_context(outlet(marked_press.pages(number, articles), articles))
            declare(tmp_path, port, name=name)
            delays[name] = timedelta(0)
        (tmp_path / "rules").mkdir()
        (tmp_path / "rules" / "alerts.toml").write_text(RULES.format(host="127.0.0.1", port=desk.port))
        base = Database.open(database.url)
        stack.callback(base.close)
        base.upgrade()
        with base.write() as session:
            sync_due(session, delays, now())
        env = settings(tmp_path, database.url, redis.url, SAGEON_TRIAL_SECONDS="0.1")
        workers = [
            Worker(kind, env, tmp_path / f"{number}.log", sources=tuple(delays))
            for number, kind in enumerate(WORKERS)
            if kind != "backfill"
        ]
        stack.callback(lambda: [worker.kill() for worker in workers])
        for worker in workers:
            worker.start()
        crawler, reader = workers[0], workers[1]
        assert _until(database.url, "SELECT count(*) >= 3 FROM article")
        crawler.kill()
        redis.kill()
        redis.start()
        crawler.start()
        assert _until(database.url, "SELECT count(*) >= 3 FROM ledger WHERE state = 'done'")
        reader.kill()
        database.kill()
        database.start()
        reader.start()
        assert wait_until_settled(database.url, 2 * articles, 600)
        assert table_of(database.url) == embedded(tmp_path, ["one", "two"])
        assert len(desk.messages) == articles
        # the one message on its way when PostgreSQL crashed may be told again, under the same id (alerts.send)
        assert sum(desk.messages.values()) <= articles + 1


def _until(url: str, question: str) -> bool:
    import time

    import sqlalchemy as sa

    engine = sa.create_engine(url)
    end = time.monotonic() + 600
    try:
        while time.monotonic() < end:
            with engine.connect() as connection:
                if connection.execute(sa.text(question)).scalar():
                    return True
            time.sleep(0.1)
    finally:
        engine.dispose()
    return False
