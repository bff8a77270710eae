"""News pages out of a WARC file, record by record, with the offset to go on from after a stop.

A compressed WARC is one gzip member per record; after a broken member the next one is searched for, so that one bad
block costs its records and not the rest of the file.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, Any
from urllib.parse import urlsplit

from fastwarc.warc import ArchiveIterator, WarcRecordType

from crawler.backfill.archive import Archive, ArchiveError
from extract.clean import is_charset

#: The largest page that is read, as for live pages (DOWNLOAD_MAXSIZE).
LARGEST = 8 * 1024 * 1024
HTML = ("text/html", "application/xhtml+xml")
#: Names under which servers declare what is in fact the larger Windows code page.
KOREAN = {"euc-kr": "cp949", "ks_c_5601-1987": "cp949", "ksc5601": "cp949"}
_GZIP = b"\x1f\x8b\x08"
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class WarcPage:
    """One HTML page that a server answered with 200. `text` is None where the declared charset did not hold."""

    url: str
    fetched_at: datetime
    body: bytes
    text: str | None
    charset: str | None = None


@dataclass(frozen=True, slots=True)
class WarcRecord:
    """One response record: its offset in the file, and its page or the named reason why it holds none."""

    offset: int
    page: WarcPage | None = None
    outcome: str = "page"


def records(archive: Archive, start: int | None = None) -> Iterator[WarcRecord]:
    """The response records of the archive after the one at offset `start` (None: from the beginning).

    Raises OSError where it cannot be opened, or a server stops sending it. A broken stretch comes as one record with outcome `broken_record`.
    """
    with archive.open() as stream:
        position = start or 0
        while True:
            stream.seek(position)
            last = position
            try:
                for record in ArchiveIterator(stream, record_types=WarcRecordType.response, auto_decode="all"):
                    last = record.stream_pos
                    if last != start:
                        made = _record(record)
                        _check(stream)
                        yield made
                _check(stream)
                return
            except ArchiveError:
                raise
            except (OSError, ValueError, RuntimeError):  # what the reader raises on damaged members and headers
                _check(stream)
                found = _next_member(stream, last + 1)
                yield WarcRecord(last, outcome="broken_record")
                if found is None:
                    return
                position = found


def _check(stream: IO[bytes]) -> None:
    """Raise what the server did: the reader may have taken it for the end of a record, or of the file."""
    failure = getattr(stream, "failure", None)
    if failure is not None:
        raise failure


def _record(record: Any) -> WarcRecord:
    offset: int = record.stream_pos
    try:
        if record.http_headers is None:
            return WarcRecord(offset, outcome="not_http")
        if not record.http_headers.status_code:  # the status line itself is missing or cut off
            return WarcRecord(offset, outcome="broken_record")
        if record.http_headers.status_code != 200:
            return WarcRecord(offset, outcome="http_error")
        if (record.http_content_type or "").lower() not in HTML:
            return WarcRecord(offset, outcome="not_html")
        url = (record.headers.get("WARC-Target-URI") or "").strip("<> ")
        if urlsplit(url).scheme not in ("http", "https"):
            return WarcRecord(offset, outcome="not_http")
        body = record.reader.read(LARGEST + 1)
        if len(body) > LARGEST:
            return WarcRecord(offset, outcome="too_large")
        if len(body) < _promised(record):  # the file was cut off
            return WarcRecord(offset, outcome="broken_record")
        fetched = record.record_date or datetime.now(UTC)
    except ArchiveError:
        raise
    except (OSError, ValueError, RuntimeError):
        return WarcRecord(offset, outcome="broken_record")
    charset = KOREAN.get((record.http_charset or "").lower(), record.http_charset)
    if charset and not is_charset(charset):
        charset = None
    return WarcRecord(offset, WarcPage(url, fetched.astimezone(UTC), body, _decoded(body, charset), charset))


def _promised(record: Any) -> int:
    """The least length the body must have, where the headers say so in plain bytes."""
    length = record.http_headers.get("Content-Length") or ""
    coded = record.http_headers.get("Content-Encoding") or record.http_headers.get("Transfer-Encoding")
    return int(length) if length.isdigit() and not coded else 0


def _decoded(body: bytes, charset: str | None) -> str | None:
    if not charset:
        return None
    try:
        return body.decode(charset)
    except (UnicodeDecodeError, LookupError):
        return None


def _next_member(stream: IO[bytes], position: int) -> int | None:
    """The offset of the first gzip member from `position` on that begins with a WARC header."""
    stream.seek(position)
    carried = b""
    while block := stream.read(_BLOCK):
        data = carried + block
        at = data.find(_GZIP)
        while at != -1:
            if at + 64 > len(data) and len(block) == _BLOCK:
                break
            if _begins_record(data[at : at + 4096]):
                return position + at
            at = data.find(_GZIP, at + 1)
        keep = len(data) - at if at != -1 else min(len(data), len(_GZIP) - 1)
        position += len(data) - keep
        carried = data[len(data) - keep :]
    return None


def _begins_record(data: bytes) -> bool:
    try:
        return zlib.decompressobj(wbits=31).decompress(data, 16).startswith(b"WARC/")
    except zlib.error:
        return False
