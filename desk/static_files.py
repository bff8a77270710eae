"""Our own style sheet, script and base map: read once, packed once, kept by browsers for as long as they do not change."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fastapi import HTTPException, Request
from fastapi.responses import Response

FOLDER = Path(__file__).parent / "static"
#: Smaller files gain nothing by packing.
WORTH_PACKING = 500


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file as it is sent. `packed` is None where packing it gains nothing."""

    media_type: str
    etag: str
    plain: bytes
    packed: bytes | None


def static_file(request: Request, name: str) -> Response:
    """A file of the folder `static`. With its digest in the address (`desk.render.asset`) it is kept for a year."""
    held = _held(name)
    if held is None:
        raise HTTPException(404, f"there is no file {name}")
    headers = {"ETag": held.etag, "Vary": "Accept-Encoding", "Cache-Control": "no-cache"}
    if "v" in request.query_params:
        headers["Cache-Control"] = "public, max-age=31536000, immutable"
    if held.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    body = held.plain
    if held.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        body, headers["Content-Encoding"] = held.packed, "gzip"
    return Response(body, headers=headers, media_type=held.media_type)


@lru_cache(maxsize=64)
def _held(name: str) -> StaticFile | None:
    file = FOLDER / name
    # A name is one of the folder's own: no path leads out of it.
    if name not in {entry.name for entry in FOLDER.iterdir()} or not file.is_file():
        return None
    plain = file.read_bytes()
    packed = gzip.compress(plain, 9, mtime=0) if len(plain) > WORTH_PACKING else plain
    return StaticFile(
        mimetypes.guess_type(name)[0] or "application/octet-stream",
        f'"{hashlib.sha256(plain).hexdigest()[:20]}"',
        plain,
        packed if len(packed) < len(plain) else None,
    )
