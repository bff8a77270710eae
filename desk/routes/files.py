"""Any view as a file: every export format, and Atom and JSON feeds, of the filter in the query string."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from typing import IO, Annotated, Any, BinaryIO, cast

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response, StreamingResponse

from desk.api.asked import FILTERED, Names, asked
from desk.api.caller import Conditional, Reader, TheDesk
from desk.feeds import atom, json_feed
from desk.problems import TooOften
from storage.accounts import write_audit
from storage.export import FORMATS, Format, MissingFormat, write
from storage.query import find_incidents

router = APIRouter(route_class=Conditional, tags=["files"])
MEDIA = {
    "json": "application/json",
    "jsonl": "application/x-ndjson",
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
WRITTEN: dict[str, Any] = {media.partition(";")[0]: {} for media in MEDIA.values()}
#: What FastAPI would else describe as text.
OBJECT: dict[str, Any] = {"application/feed+json": {"schema": {"type": "object"}}}
FEED_LENGTH = 50
#: A larger file waits on disk while it is sent.
IN_MEMORY = 4 << 20
CHUNK = 256 << 10
#: Files written at the same time: each reads the whole filtered table.
AT_ONCE = threading.BoundedSemaphore(4)


class AtomFeed(Response):
    media_type = "application/atom+xml"


class JsonFeed(Response):
    media_type = "application/feed+json"


@router.get("/incidents.atom", openapi_extra=FILTERED, response_class=AtomFeed)
def atom_feed(request: Request, desk: TheDesk, viewer: Reader) -> Response:
    """The newest incidents of the filter as an Atom feed (RFC 4287)."""
    filter = asked(request)
    with desk.db.read() as session:
        rows = find_incidents(session, filter, FEED_LENGTH).rows
    base = str(request.base_url).rstrip("/")
    return AtomFeed(atom(rows, base, filter, desk.settings.now()))


@router.get(
    "/incidents.feed.json", openapi_extra=FILTERED, response_class=JsonFeed, responses={200: {"content": OBJECT}}
)
def feed_of_json(request: Request, desk: TheDesk, viewer: Reader) -> Response:
    """The newest incidents of the filter as a JSON Feed 1.1."""
    filter = asked(request)
    with desk.db.read() as session:
        rows = find_incidents(session, filter, FEED_LENGTH).rows
    base = str(request.base_url).rstrip("/")
    return JsonFeed(json_feed(rows, base, filter))


@router.get("/incidents.{form}", openapi_extra=FILTERED, response_class=Response, responses={200: {"content": WRITTEN}})
def export(
    request: Request, desk: TheDesk, viewer: Reader, form: str, names: Names = True,
    bom: Annotated[bool, Query(description="Begin a CSV with the mark that Excel wants to see.")] = False,
) -> Response:  # fmt: skip
    """Every incident of the filter as a file: json, jsonl, csv, geojson, parquet or xlsx."""
    filter = asked(request)
    if form not in FORMATS:
        raise MissingFormat(f"{form!r} is no export format; the formats are {', '.join(FORMATS)}")
    if not AT_ONCE.acquire(blocking=False):
        raise TooOften(5)
    # Written whole before the first byte is sent: what goes wrong on the way is a clear error, not half a file.
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed once it is sent
    try:
        with desk.db.read() as session:
            count = write(
                session, filter, cast(Format, form), cast(BinaryIO, file), names=names and desk.settings.names, bom=bom
            )
        with desk.db.write() as session:
            detail = {"format": form, "filter": filter.to_query_string(), "incidents": count, "names": names}
            write_audit(session, viewer.name, "export", detail, desk.settings.now())
    except BaseException:
        file.close()
        raise
    finally:
        AT_ONCE.release()
    size = file.tell()
    file.seek(0)
    headers = {
        "Content-Disposition": f'attachment; filename="incidents-{desk.settings.now():%Y-%m-%d}.{form}"',
        "Content-Length": str(size),
        "Cache-Control": "private, no-store",
    }
    return StreamingResponse(_chunks(file), media_type=MEDIA[form], headers=headers)


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK):
            yield chunk
