"""Archives by name, from folders, lists and servers; a server that breaks off is gone on with at the same byte."""

from __future__ import annotations

import gzip
import http.server
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from benchmarks.kills import write_warc
from crawler.backfill.addresses import AddressError, archives
from crawler.backfill.archive import PAUSES, Archive, ArchiveError, RemoteFile, web_address
from crawler.backfill.estimate import time_left, told
from crawler.backfill.warc import records
from crawler.cluster.steps import backfill_step
from crawler.config import Config
from storage.archive import ArchiveCounts, add_files, archive_counts, archive_outcomes
from storage.articles import store_article
from storage.database import Database
from storage.ledger import ARCHIVE, claim
from tests.crawler.press import story_page
from tests.storage.press import LEASE, NOON, incoming

STORIES = ("hanna", "tomas", "quiet")


@dataclass
class Shelf:
    """A server of one file. It sends at most `most` bytes an answer, then hangs up; `ranges` says if it knows ranges."""

    content: bytes = b""
    most: int = 1 << 30
    ranges: bool = True
    etag: str = '"one"'
    status: int = 200
    url: str = ""
    asked: Counter[str] = field(default_factory=Counter)


@contextmanager
def shelf() -> Iterator[Shelf]:
    own = Shelf()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers.get("Range")
            own.asked[wanted or "all"] += 1
            same = self.headers.get("If-Range") in (None, own.etag)
            first = int(wanted[6:].rstrip("-")) if wanted and own.ranges and same else 0
            if own.status != 200:
                self.send_response(own.status)
                self.end_headers()
                return
            self.send_response(206 if wanted and own.ranges and same else 200)
            if wanted and own.ranges and same:
                self.send_header("Content-Range", f"bytes {first}-{len(own.content) - 1}/{len(own.content)}")
            self.send_header("Content-Length", str(len(own.content) - first))
            self.send_header("ETag", own.etag)
            self.end_headers()
            self.wfile.write(own.content[first : first + own.most])

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    own.url = f"http://127.0.0.1:{server.server_address[1]}/pages.warc.gz"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield own
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    file = tmp_path / "pages.warc.gz"
    write_warc(file, [story_page(name).encode() for name in STORIES], host="http://paper.example")
    return file


def no_sleep(seconds: float) -> None:
    """Tests do not wait."""


def whole(file: RemoteFile) -> bytes:
    return b"".join(iter(lambda: file.read(1000), b""))


def test_a_broken_download_goes_on_at_its_byte(archive: Path) -> None:
    content = archive.read_bytes()
    with shelf() as server:
        server.content, server.most = content, len(content) // 3
        with RemoteFile(server.url, sleep=no_sleep) as file:
            assert whole(file) == content
            assert file.size == len(content)
        assert server.asked["all"] == 1
        assert sum(server.asked.values()) > 3


def test_a_server_without_ranges_is_read_again_up_to_the_byte(archive: Path) -> None:
    content = archive.read_bytes()
    with shelf() as server:
        server.content, server.ranges = content, False
        with RemoteFile(server.url, sleep=no_sleep) as file:
            file.seek(100)
            assert whole(file) == content[100:]


def test_a_file_that_changes_while_it_is_read_is_an_error(archive: Path) -> None:
    with shelf() as server:
        server.content, server.most = archive.read_bytes(), 300
        with RemoteFile(server.url, sleep=no_sleep) as file, pytest.raises(ArchiveError, match="changed"):
            file.read(200)
            server.etag = '"two"'
            whole(file)


@pytest.mark.parametrize(("status", "tries"), [(404, 1), (503, len(PAUSES) + 1)])
def test_a_server_that_refuses_is_asked_again_only_where_that_can_help(status: int, tries: int) -> None:
    with shelf() as server:
        server.status = status
        with RemoteFile(server.url, sleep=no_sleep) as file, pytest.raises(ArchiveError, match=str(status)):
            file.read(10)
        assert server.asked["all"] == tries


def test_records_of_a_server_are_those_of_the_file_and_its_failure_is_no_end(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.backfill.archive.PAUSES", ())
    with shelf() as server:
        server.content = archive.read_bytes()
        there = list(records(Archive(server.url)))
        assert [one.page.url if one.page else None for one in there] == [
            one.page.url if one.page else None for one in records(Archive(str(archive)))
        ]
        after = list(records(Archive(server.url), there[0].offset))
        assert [one.offset for one in after] == [one.offset for one in there[1:]]
        server.most = there[1].offset + 40
        with pytest.raises(ArchiveError):
            list(records(Archive(server.url)))


def test_names_mean_files_folders_lists_and_addresses(archive: Path, tmp_path: Path) -> None:
    below = tmp_path / "deep" / "er"
    below.mkdir(parents=True)
    inner = archive.rename(below / "a.warc.gz")
    outer = tmp_path / "b.warc"
    outer.touch()
    listed = tmp_path / "warc.paths.gz"
    listed.write_bytes(gzip.compress(b"# March\nb.warc\ncrawl-data/CC-NEWS/x.warc.gz\ns3://bucket/y.warc.gz\n"))
    assert [one.address for one in archives([str(tmp_path / "deep"), f"@{listed}", str(outer)])] == [
        str(inner),
        str(outer),
        "https://data.commoncrawl.org/crawl-data/CC-NEWS/x.warc.gz",
        "s3://bucket/y.warc.gz",
    ]
    assert web_address("s3://bucket/a b.warc.gz") == "https://bucket.s3.amazonaws.com/a%20b.warc.gz"


@pytest.mark.parametrize("name", ["nowhere.warc.gz", "@nowhere.txt", "empty"])
def test_a_name_that_means_nothing_is_told(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(AddressError, match=name.removeprefix("@")):
        archives([name])


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(database_url=f"sqlite:///{tmp_path / 'news.db'}", cleaners=1, store_batch=1, backlog=2)


@pytest.fixture
def base(config: Config) -> Iterator[Database]:
    database = Database.open(config.database_url)
    database.upgrade()
    yield database
    database.close()


def test_a_worker_stores_an_archive_of_the_list_gives_it_back_while_news_wait_and_goes_on_later(
    archive: Path, base: Database, config: Config
) -> None:
    with base.write() as session:
        add_files(session, {str(archive): None, "http://127.0.0.1:9/gone.warc.gz": None}, "all", NOON)
        for number in range(2):
            store_article(session, incoming(number, text=f"{number + 2}명이 다친 {number}번째 사고"))
    assert "given back" in (backfill_step(base, config, [], "a") or "")
    with base.write() as session:
        assert archive_counts(session).pending == 2
        assert archive_outcomes(session) == {"new": 1}
        claim(session, "reader", 2, LEASE * 1_000_000, NOON)
    assert "done" in (backfill_step(base, config, [], "a") or "")
    with base.read() as session:
        counted = archive_counts(session)
        assert (counted.done, counted.pending) == (1, 1)
        assert archive_outcomes(session) == {"new": 3}


def test_what_an_archive_brings_is_read_after_the_news(archive: Path, base: Database, config: Config) -> None:
    with base.write() as session:
        add_files(session, {str(archive): None}, "all", NOON)
    backfill_step(base, config, [], "a")
    with base.write() as session:
        store_article(session, incoming(7))
        first, *_ = claim(session, "reader", 1, LEASE, NOON)
    assert first.article.url == "https://daily.example/news/7"
    assert ARCHIVE > 0


def test_the_rest_is_estimated_from_the_pace_and_the_average_size() -> None:
    counts = ArchiveCounts(pending=6, claimed=2, done=2, failed=0, unsized=6, bytes=4_000, done_bytes=2_000, begun=NOON)
    left = time_left(counts, NOON + LEASE)
    assert left == LEASE * 4  # 10 archives of 1,000 bytes, 2,000 done in one LEASE
    assert "2 of 10 archives done" in told(counts, NOON + LEASE)
    assert time_left(ArchiveCounts(1, 0, 0, 0, 1, 0, 0, None), NOON) is None
