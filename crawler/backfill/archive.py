"""Where an archive's bytes come from: a file, or a server that answers ranges. Never more than a buffer in memory."""

from __future__ import annotations

import io
import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote, urlsplit

AGENT = "Sageon"
#: Seconds without a byte after which a connection is given up and opened again.
PATIENCE = 60
#: Seconds between two tries to go on with a broken download; after the last one the file is given up for now.
PAUSES = (1.0, 4.0, 15.0, 60.0)
#: Where a bucket is reached over HTTPS without a key; SAGEON_S3_ENDPOINT names another ("https://minio.example/{bucket}").
S3 = "https://{bucket}.s3.amazonaws.com"


class ArchiveError(OSError):
    """An archive that cannot be read (on); the message names it and why."""


@dataclass(frozen=True, slots=True)
class Archive:
    """One WARC file by its path or address (http, https, s3)."""

    address: str

    @property
    def remote(self) -> bool:
        """Whether it lies on a server."""
        return urlsplit(self.address).scheme in ("http", "https", "s3")

    @property
    def name(self) -> str:
        """Its last part."""
        return urlsplit(self.address).path.rsplit("/", 1)[-1] if self.remote else Path(self.address).name

    def open(self) -> IO[bytes]:
        """Its bytes, to read and seek in. Raises OSError."""
        if not self.remote:
            return Path(self.address).open("rb")
        return RemoteFile(web_address(self.address))  # type: ignore[return-value]

    def size(self) -> int | None:
        """Its bytes, None where a server does not say. Raises OSError."""
        if not self.remote:
            return Path(self.address).stat().st_size
        return RemoteFile(web_address(self.address)).size


def web_address(address: str) -> str:
    """The HTTP address of an s3:// one; others as they are."""
    parts = urlsplit(address)
    if parts.scheme != "s3":
        return address
    base = os.environ.get("SAGEON_S3_ENDPOINT", S3).replace("{bucket}", parts.netloc)
    return base.rstrip("/") + quote(parts.path)


class RemoteFile(io.RawIOBase):
    """A file on a server, read from where one is on; a connection that breaks is opened again at the same byte.

    Raises ArchiveError where the server refuses, changes the file meanwhile, or stays away; `failure` keeps it, for a
    reader in C that takes an exception for the end of the file.
    """

    def __init__(self, url: str, *, sleep: Callable[[float], None] = time.sleep) -> None:
        super().__init__()
        self._url = url
        self._sleep = sleep
        self._at = 0
        self._answer: HTTPResponse | io.BytesIO | None = None
        self._size: int | None = None
        self._mark: str | None = None
        self.failure: ArchiveError | None = None

    @property
    def size(self) -> int | None:
        """The file's bytes as the server says, None where it does not."""
        if self._size is None and self._answer is None:
            self._connect()
        return self._size

    def readable(self) -> bool:
        """It can be read."""
        return True

    def seekable(self) -> bool:
        """It can be sought in: the next read asks for that range."""
        return True

    def tell(self) -> int:
        """The offset of the next byte."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to an offset from the beginning or from here."""
        if whence == io.SEEK_END:
            raise io.UnsupportedOperation("an archive on a server is sought in from its beginning")
        wanted = offset + (self._at if whence == io.SEEK_CUR else 0)
        if wanted != self._at:
            self._hang_up()
            self._at = wanted
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer as far as bytes come; 0 at the end."""
        view = memoryview(buffer)
        for pause in (*PAUSES, None):
            try:
                if self._answer is None:
                    self._connect()
                assert self._answer is not None
                count = self._answer.readinto(view)
                if count == 0 and self._size is not None and self._at < self._size:
                    raise OSError(f"the connection ended at byte {self._at} of {self._size}")
            except ArchiveError as error:
                self.failure = error
                raise
            except (OSError, HTTPException) as error:
                self._hang_up()
                if pause is None:
                    self.failure = ArchiveError(f"{self._url}: {error}")
                    raise self.failure from error
                self._sleep(pause)
            else:
                self._at += count
                return count
        raise AssertionError  # the last pause is None

    def close(self) -> None:
        """Let the connection go."""
        self._hang_up()
        super().close()

    def _connect(self) -> None:
        if self._size is not None and self._at >= self._size:
            self._answer = io.BytesIO()
            return
        request = urllib.request.Request(self._url, headers={"User-Agent": AGENT, "Accept-Encoding": "identity"})
        if self._at:
            request.add_header("Range", f"bytes={self._at}-")
            if self._mark:
                request.add_header("If-Range", self._mark)
        try:
            answer = urllib.request.urlopen(request, timeout=PATIENCE)
        except urllib.error.HTTPError as error:
            if error.code in (408, 425, 429) or error.code >= 500:
                raise OSError(f"the server answered {error.code}") from error
            raise ArchiveError(f"{self._url}: the server answered {error.code}") from error
        mark = answer.headers.get("ETag")
        length = answer.headers.get("Content-Length")
        if answer.status == 206:
            total = (answer.headers.get("Content-Range") or "").rpartition("/")[2]
            self._size = int(total) if total.isdigit() else self._size
        else:
            if self._mark and mark and mark != self._mark:
                answer.close()
                raise ArchiveError(f"{self._url}: the file changed while it was read")
            self._size = int(length) if length and length.isdigit() else self._size
            _skip(answer, self._at)  # a server without ranges sends it all
        self._mark = self._mark or (mark if mark and not mark.startswith("W/") else None)
        self._answer = answer

    def _hang_up(self) -> None:
        if self._answer is not None:
            self._answer.close()
            self._answer = None


def _skip(answer: HTTPResponse, count: int) -> None:
    while count > 0:
        block = answer.read(min(count, 1 << 20))
        if not block:
            raise OSError(f"the server sent {count} bytes too few")
        count -= len(block)
