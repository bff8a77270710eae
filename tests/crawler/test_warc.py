"""WARC files: pages with their offsets, every other record named, a broken block costing only itself."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from crawler.backfill.archive import Archive
from crawler.backfill.warc import records


def member(
    number: int, body: bytes = b"<html>page</html>", *, status: str = "200 OK", kind: str = "text/html"
) -> bytes:
    http = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012d}>\r\n"
        f"WARC-Target-URI: https://news.example/a/{number}\r\nWARC-Date: 2026-03-0{number + 1}T01:00:00Z\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + http + b"\r\n\r\n")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    file = tmp_path / "news.warc.gz"
    file.write_bytes(b"".join(member(number, f"<html>page {number}</html>".encode()) for number in range(5)))
    return file


def urls(file: Path, start: int | None = None) -> list[str]:
    return [record.page.url if record.page else record.outcome for record in records(Archive(str(file)), start)]


def test_every_page_comes_with_its_address_time_and_body(archive: Path) -> None:
    first = next(records(Archive(str(archive))))
    assert first.page is not None
    assert first.page.url == "https://news.example/a/0"
    assert first.page.fetched_at.isoformat() == "2026-03-01T01:00:00+00:00"
    assert first.page.body == b"<html>page 0</html>"


@pytest.mark.parametrize("done", range(5))
def test_reading_goes_on_behind_any_record(archive: Path, done: int) -> None:
    offset = list(records(Archive(str(archive))))[done].offset
    assert urls(archive, offset) == [f"https://news.example/a/{n}" for n in range(done + 1, 5)]


def test_a_broken_block_costs_itself_only(tmp_path: Path) -> None:
    blocks = [member(number, bytes(range(65, 91)) * 40) for number in range(4)]
    blocks[1] = blocks[1][:60] + b"\x00" * 20 + blocks[1][80:]
    file = tmp_path / "broken.warc.gz"
    file.write_bytes(b"".join(blocks))
    found = urls(file)
    assert found.count("broken_record") == 1
    assert [url for url in found if url != "broken_record"] == [f"https://news.example/a/{n}" for n in (0, 2, 3)]


def test_what_is_no_page_is_named(tmp_path: Path) -> None:
    file = tmp_path / "mixed.warc.gz"
    file.write_bytes(member(0, status="404 Not Found") + member(1, kind="image/png") + member(2))
    assert urls(file) == ["http_error", "not_html", "https://news.example/a/2"]


def test_text_in_a_declared_korean_charset_is_decoded(tmp_path: Path) -> None:
    file = tmp_path / "korean.warc.gz"
    file.write_bytes(member(0, "<html>똠방각하</html>".encode("cp949"), kind="text/html; charset=euc-kr"))
    page = next(records(Archive(str(file)))).page
    assert page is not None
    assert page.text == "<html>똠방각하</html>"


@pytest.mark.parametrize("charset", ["utf-8", "undefined", "punycode", "hex"])
def test_a_charset_that_does_not_hold_leaves_the_text_to_the_cleaner(tmp_path: Path, charset: str) -> None:
    file = tmp_path / "lie.warc.gz"
    file.write_bytes(member(0, "<html>한글</html>".encode("cp949"), kind=f"text/html; charset={charset}"))
    page = next(records(Archive(str(file)))).page
    assert page is not None
    assert page.text is None


def test_a_cut_off_file_gives_what_is_whole(tmp_path: Path, archive: Path) -> None:
    file = tmp_path / "cut.warc.gz"
    whole = archive.read_bytes()
    file.write_bytes(whole + member(5, bytes(range(65, 91)) * 40)[:-60])
    assert urls(file) == [f"https://news.example/a/{n}" for n in range(5)] + ["broken_record"]
