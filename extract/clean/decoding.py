"""Bytes to text, when the declared charset may lie.

Order: bytes that are valid UTF-8 are UTF-8 whatever the header says; then the crawler's own decoding where it shows no
damage; then the charset the page names (EUC-KR widened to CP949, which outlets mean); then detection from the bytes.
CP949 bytes are never given to lxml, which cuts the document at the first letter outside EUC-KR.
"""

from __future__ import annotations

import codecs
import re
import zlib

from trafilatura.utils import decode_file

#: A page larger than this is not read: the crawler's own limit (8 MiB) and the largest real article page seen (4.3 MB).
MAX_BYTES = 8 * 1024 * 1024
#: Up to this share of damaged letters a text counts as readable: one broken advertisement must not lose an article.
MAX_DAMAGE = 0.02

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_\-:.]{2,40})", re.IGNORECASE)
_WIDER = {
    "euc-kr": "cp949",
    "euckr": "cp949",
    "ks_c_5601-1987": "cp949",
    "ksc5601": "cp949",
    "x-windows-949": "cp949",
    "windows-949": "cp949",
    "ms949": "cp949",
    "uhc": "cp949",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
}
#: Codecs of the interpreter that are no charsets of pages; some take time with the square of a page's size.
_NO_CHARSETS = frozenset(("idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"))
_HANGUL = re.compile(r"[가-힣]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_CONTROLS = tuple(map(chr, (*range(9), 11, 12, *range(14, 32), 127, 0xFFFE, 0xFFFF)))
_BINARY = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"RIFF", b"\x00\x00\x00\x18ftyp")


class UndecodableError(ValueError):
    """The bytes are no text in any charset tried."""


class TooLargeError(ValueError):
    """The bytes, or what they unpack to, are more than `MAX_BYTES`."""


def decode(body: bytes, text: str | None = None, language: str | None = None) -> str:
    """The page as text, free of NUL and other control characters.

    `text` is the crawler's decoding by the declared charset, or None. `language` "ko" makes a page without one Hangul
    letter suspect. Raises `UndecodableError` and `TooLargeError`.
    """
    if len(body) > MAX_BYTES or (text is not None and len(text) > MAX_BYTES):
        raise TooLargeError(f"{max(len(body), len(text or ''))} bytes, the limit is {MAX_BYTES}")
    if body.startswith(b"\x1f\x8b"):
        body, text = _gunzip(body), None
    if not body:
        return _without_controls(text or "")
    if body.startswith(_BINARY):
        raise UndecodableError(f"not a text: begins {body[:4]!r}")
    return _without_controls(_best(body, text, language))


def storable(text: str) -> str:
    """The text without what no page shows and no database takes: control characters and halves of surrogate pairs,
    which JSON and scripts can hold as escapes where a page's own bytes cannot."""
    return _CONTROL.sub("", text)


def _best(body: bytes, text: str | None, language: str | None) -> str:
    for bom, charset in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if body.startswith(bom):
            return body.decode(charset, errors="replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    candidates: list[str] = []
    if text is not None:
        candidates.append(text)
    if match := _META_CHARSET.search(body[:4096]):
        name = match.group(1).decode("ascii").lower()
        if (meta := _try(body, _WIDER.get(name, name))) is not None:
            candidates.append(meta)
    if language == "ko" and (korean := _try(body, "cp949")) is not None:
        candidates.append(korean)
    for candidate in candidates:
        if "\ufffd" not in candidate and (language != "ko" or _HANGUL.search(candidate)):
            return candidate
    # A UTF-8 page with a letter cut in two is still UTF-8; detection would read it as something else throughout.
    candidates.append(body.decode("utf-8", errors="replace"))
    best = min(candidates, key=_damage)
    if _damage(best) <= MAX_DAMAGE and (language != "ko" or _HANGUL.search(best)):
        return best
    detected = decode_file(body)
    best = min((detected, best), key=_damage)
    if _damage(best) > MAX_DAMAGE:
        raise UndecodableError(f"{_damage(best):.0%} of the letters outside ASCII are damaged in every charset tried")
    return best


def _without_controls(text: str) -> str:
    # Looking for each mark is a tenth of the time of substituting, and nearly no page holds one.
    return _CONTROL.sub("", text) if any(mark in text for mark in _CONTROLS) else text


def _damage(text: str) -> float:
    """Share of U+FFFD (and C0 controls, the mark of binary data) among the characters outside ASCII."""
    bad = text.count("\ufffd") + len(_CONTROL.findall(text))
    return bad / max(1, bad + sum(1 for c in text if c > "\x7f" and c != "\ufffd"))


def is_charset(name: str) -> bool:
    """Whether pages are written in what the interpreter reads under this name."""
    try:
        "".encode(name)
    except (LookupError, ValueError):
        return False
    return codecs.lookup(name).name not in _NO_CHARSETS


def _try(body: bytes, charset: str) -> str | None:
    if not is_charset(charset):
        return None
    try:
        return body.decode(charset)
    except (UnicodeError, LookupError):
        pass
    try:
        return body.decode(charset, errors="replace")
    except (UnicodeError, LookupError):
        return None


def _gunzip(body: bytes) -> bytes:
    stream = zlib.decompressobj(wbits=31)
    try:
        plain = stream.decompress(body, MAX_BYTES + 1)
    except zlib.error as err:
        raise UndecodableError("begins like gzip and is none") from err
    if len(plain) > MAX_BYTES:
        raise TooLargeError(f"unpacks to more than {MAX_BYTES} bytes")
    return plain
