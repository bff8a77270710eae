"""A listing's bytes as text, and no more of them than allowed."""

from __future__ import annotations

import codecs
import re
import zlib

from spiders.listings.entry import ListingError

#: A listing's size in bytes after inflating; the sitemap protocol itself allows 50 MB, no outlet's daily one needs it.
LIMIT = 32 * 1024 * 1024

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{2,40})["']""", re.IGNORECASE)
_HEADER = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._-]{2,40})", re.IGNORECASE)
#: EUC-KR as declared is CP949 as written: the wider table holds all of the narrower one.
_WIDER = {"euc-kr": "cp949", "euckr": "cp949", "ks_c_5601-1987": "cp949", "ksc5601": "cp949", "x-windows-949": "cp949"}
#: Codecs of the interpreter that are no charsets of pages; some take time with the square of a body's size.
_NO_CHARSETS = frozenset(("idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"))
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def inflate(body: bytes, limit: int = LIMIT) -> bytes:
    """The body, unpacked where it is gzip (a sitemap.xml.gz). Raises `ListingError` over `limit` bytes or where the
    packing is broken; never holds more than `limit` bytes."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(body, limit + 1)
    except zlib.error as error:
        raise ListingError("broken_listing", f"broken gzip: {error}") from error
    if len(plain) > limit:
        raise ListingError("too_large", f"unpacks to more than {limit} bytes")
    return plain


def decode(body: bytes, content_type: str = "") -> str:
    """The text of a listing: by byte-order mark, as UTF-8 where it is valid UTF-8, as the XML declaration or the header
    says, as CP949; what then still does not fit is replaced. Valid UTF-8 goes before a declared charset, since feeds
    that were re-encoded keep their old declaration."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body.decode(name, errors="replace").lstrip("\ufeff")
    declared = _DECLARED.match(body[:400])
    header = _HEADER.search(content_type)
    said = [declared[1].decode("ascii") if declared else "", header[1] if header else ""]
    named = [_WIDER.get(name.lower(), name) for name in said if is_charset(name)]
    for name in ("utf-8", *named, "cp949"):
        try:
            return body.decode(name)
        except UnicodeError:
            continue
    return body.decode(named[0] if named else "utf-8", errors="replace")


def is_charset(name: str) -> bool:
    """Whether pages are written in what the interpreter reads under this name."""
    try:
        "".encode(name)
    except (LookupError, ValueError):
        return False
    return codecs.lookup(name).name not in _NO_CHARSETS
