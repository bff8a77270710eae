"""What `sageon backfill` is given, as the archives that are meant: files, folders, lists, addresses."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from crawler.backfill.archive import Archive

#: Names in Common Crawl's lists (warc.paths.gz) are relative to this.
COMMON_CRAWL = "https://data.commoncrawl.org/"
ENDINGS = (".warc.gz", ".warc")
#: The largest list that is read; CC-NEWS has about 500 files a month, 40 bytes each.
LARGEST_LIST = 64 << 20


class AddressError(Exception):
    """Something that names no archive; the message says what, where, and what would be right."""


def archives(names: Iterable[str], base: str = COMMON_CRAWL) -> list[Archive]:
    """The archives that the names mean, in order, each once. Raises AddressError.

    A name is a WARC file, a folder (all WARC files below it), a list (`@FILE`, or a file or address that ends in
    `.paths`, `.paths.gz` or `.txt`), or an http, https or s3 address. In a list a line is any of these; a path that is
    no file beside the list is relative to `base`, as Common Crawl's are.
    """
    return list(dict.fromkeys(Archive(address) for name in names for address in _expanded(name, base)))


def _expanded(name: str, base: str) -> Iterator[str]:
    listed = name.removeprefix("@")
    if name.startswith("@") or listed.removesuffix(".gz").endswith((".paths", ".txt")):
        yield from _listed(listed, base)
    elif urlsplit(name).scheme in ("http", "https", "s3"):
        yield name
    elif Path(name).is_dir():
        found = sorted(str(file) for file in Path(name).rglob("*") if file.name.endswith(ENDINGS) and file.is_file())
        if not found:
            raise AddressError(f"{name}: no file below it ends in {' or '.join(ENDINGS)}")
        yield from found
    elif Path(name).is_file():
        yield str(Path(name).resolve())
    else:
        raise AddressError(f"{name}: no such file or folder; name a WARC file, a folder, @LIST or an http(s) address")


def _listed(name: str, base: str) -> Iterator[str]:
    here = Archive(name)
    try:
        with here.open() as stream:
            content = stream.read(LARGEST_LIST)
        if content.startswith(b"\x1f\x8b"):
            with gzip.open(io.BytesIO(content)) as unpacked:
                content = unpacked.read(LARGEST_LIST)
        lines = content.decode("utf-8").splitlines()
    except (OSError, UnicodeDecodeError, EOFError, zlib.error) as error:
        raise AddressError(f"{name}: cannot be read as a list of archives: {error}") from error
    for number, line in enumerate(lines, 1):
        entry = line.strip()
        if not entry or entry.startswith("#"):
            continue
        if urlsplit(entry).scheme in ("http", "https", "s3"):
            yield entry
        elif not entry.endswith(ENDINGS):
            raise AddressError(f"{name}:{number}: {entry!r} is no WARC file; a line is a path or an address of one")
        elif not here.remote and (Path(name).parent / entry).is_file():
            yield str((Path(name).parent / entry).resolve())
        else:
            yield urljoin(base, entry)
