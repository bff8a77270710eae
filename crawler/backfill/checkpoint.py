"""How far an archive file has been read.

A file is to a backfill what a listing is to a crawl, so its progress is kept beside the feed states: the row's `etag`
is the offset of the last record whose article is committed.
"""

from __future__ import annotations

import hashlib

from sqlalchemy.orm import Session

from crawler.backfill.archive import Archive, RemoteFile
from storage.feeds import FeedState, feed_state, save_feed_state

SOURCE = "backfill"
#: Bytes of a file's beginning that tell it from another of the same size.
HEAD = 1 << 16


def archive_key(archive: Archive) -> str:
    """What it is remembered by: its size and a hash of its beginning, so that it may be moved, renamed or mirrored.

    Raises OSError.
    """
    with archive.open() as stream:
        parts = []
        left = HEAD
        size = stream.size if isinstance(stream, RemoteFile) else archive.size()
        while left and (part := stream.read(left)):  # a server sends what it has at the moment
            parts.append(part)
            left -= len(part)
    begin = hashlib.blake2b(b"".join(parts), digest_size=12).hexdigest()
    return f"warc:{begin}:{size}"


def load_offset(session: Session, key: str) -> int | None:
    """The offset of the last committed record; None where nothing is."""
    state = feed_state(session, key)
    return int(state.etag) if state and state.etag else None


def save_offset(session: Session, key: str, offset: int) -> None:
    """Remember the offset in the transaction that stores the records up to it."""
    save_feed_state(session, FeedState(url=key, source=SOURCE, etag=str(offset)))
