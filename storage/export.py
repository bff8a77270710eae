"""The table as a file: CSV, JSON, JSON Lines, GeoJSON, Parquet, XLSX. Rows are read and written in batches."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO, Literal, get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.cells import COUNT_CELLS
from storage.errors import StorageError
from storage.filters import Filter
from storage.models import Article, IncidentReport, Perpetrator
from storage.query import IncidentRow, find_incidents

Format = Literal["json", "jsonl", "csv", "geojson", "parquet", "xlsx"]
FORMATS: tuple[str, ...] = get_args(Format)
BATCH = 500
#: Columns of every format, in order; docs/codebook.md says what they mean.
COLUMNS = (
    "id", "type", "other_types", "status", "certainty", "date", "date_precision", "date_basis", "country", "place",
    "admin", "latitude", "longitude", "geonameid", "place_precision", *COUNT_CELLS, "victim_nationalities", "victims",
    "perpetrators", "headline", "sources", "urls", "report_count", "voice_count", "first_published", "last_published",
    "first_seen", "last_updated", "coder", "merged_into",
)  # fmt: skip
#: People's columns that are left out with names=False (a description such as a quote may hold the name, too).
NAMING = ("name", "text")
_WHOLE = frozenset({"id", "geonameid", "report_count", "voice_count", "merged_into", *COUNT_CELLS})
_REAL = frozenset({"latitude", "longitude"})
_TIMES = frozenset({"first_published", "last_published", "first_seen", "last_updated"})
#: A spreadsheet takes text that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|")
#: Characters that XML, and so XLSX, cannot hold.
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class MissingFormat(StorageError):  # noqa: N818
    """The format is unknown, or the library that writes it is not installed."""


def write(
    session: Session,
    filter: Filter,
    format: Format,
    stream: BinaryIO,
    *,
    names: bool = True,
    bom: bool = False,
    limit: int | None = None,
) -> int:
    """Write the incidents that pass the filter to `stream`; returns their number.

    `names` False leaves people's names and descriptions out. `bom` begins a CSV with the mark Excel wants to see
    before it takes UTF-8 for UTF-8. `limit`: no more than so many. Memory stays the same however many they are.
    Raises MissingFormat.
    """
    if format not in _WRITERS:
        raise MissingFormat(f"{format!r} is no export format; the formats are {', '.join(FORMATS)}")
    if format == "csv" and bom:
        stream.write(b"\xef\xbb\xbf")
    return write_rows(islice(records(session, filter, names=names), limit), format, stream)


def write_rows(rows: Iterator[dict[str, Any]], format: Format, stream: BinaryIO) -> int:
    """Write dictionaries of COLUMNS as they come; returns their number. Raises MissingFormat."""
    counted = _Counted(rows)
    _WRITERS[format](counted, stream)
    return counted.count


def records(session: Session, filter: Filter, *, names: bool = True) -> Iterator[dict[str, Any]]:
    """The incidents as dictionaries of COLUMNS, read in batches; times are aware, people are lists of dictionaries."""
    after = None
    while True:
        rows, after = record_page(session, filter, BATCH, after, names=names)
        yield from rows
        if after is None:
            return


def record_page(
    session: Session, filter: Filter, limit: int, after: str | None = None, *, names: bool = True
) -> tuple[list[dict[str, Any]], str | None]:
    """At most `limit` of `records`, those behind the place `after`, and the place to continue from (None: the end).

    Raises BadFilter.
    """
    page = find_incidents(session, filter, limit, after)
    return list(_batch(session, page.rows, names)), page.after


def record_of(session: Session, row: IncidentRow, *, names: bool = True) -> dict[str, Any]:
    """One incident as `records` gives it."""
    return next(_batch(session, [row], names))


def _batch(session: Session, rows: Sequence[IncidentRow], names: bool) -> Iterator[dict[str, Any]]:
    ids = [row.id for row in rows]
    suspects: dict[int, list[dict[str, Any]]] = {incident_id: [] for incident_id in ids}
    for person in session.scalars(
        select(Perpetrator)
        .where(Perpetrator.incident_id.in_(ids))
        .order_by(Perpetrator.incident_id, Perpetrator.position)
    ):
        suspects[person.incident_id].append(
            {
                "text": person.text, "count": person.count, "nationality": person.nationality, "name": person.name,
                "age": person.age, "gender": person.gender, "status": person.status, "group": person.group_name,
            }
        )  # fmt: skip
    articles: dict[int, dict[str, str]] = {incident_id: {} for incident_id in ids}
    for incident_id, source, url in session.execute(
        select(IncidentReport.incident_id, IncidentReport.source, Article.url)
        .join(Article, Article.id == IncidentReport.article_id)
        .where(IncidentReport.incident_id.in_(ids), IncidentReport.active)
        .order_by(IncidentReport.id)
    ):
        articles[incident_id or 0][url] = source
    for row in rows:
        cells = dict(row.cells)
        victims = [dict(victim) for victim in row.victims]
        people = [*victims, *suspects[row.id]]
        if not names:
            cells["headline"] = _without_names(cells["headline"], people)
            for person_fields in people:
                for field in NAMING:
                    del person_fields[field]
        made = {
            **cells,
            "id": row.id,
            "status": row.status,
            "victim_nationalities": list(row.nationalities),
            "victims": victims,
            "perpetrators": suspects[row.id],
            "sources": sorted(set(articles[row.id].values())),
            "urls": list(articles[row.id]),
            "report_count": row.report_count,
            "voice_count": row.voice_count,
            "first_published": row.first_published,
            "last_published": row.last_published,
            "first_seen": row.first_seen,
            "last_updated": row.last_updated,
            "coder": row.coder,
            "merged_into": row.merged_into,
        }
        yield {name: made[name] for name in COLUMNS}


def _without_names(headline: str, people: Iterable[Mapping[str, Any]]) -> str:
    for person in people:
        if person["name"] and len(person["name"]) > 1:
            headline = headline.replace(person["name"], "○○○")
    return headline


class _Counted:
    """Iterates once, counting."""

    def __init__(self, rows: Iterator[dict[str, Any]]) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for row in self._rows:
            self.count += 1
            yield row


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """With times as ISO 8601 text."""
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in row.items()}


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """For tables: lists joined with "; ", people one after the other as "KR 22 male killed x1 (name)"."""
    out = {}
    for key, value in _plain(row).items():
        if key in ("victims", "perpetrators"):
            out[key] = "; ".join(_person(person) for person in value)
        elif isinstance(value, list):
            out[key] = "; ".join(map(str, value))
        else:
            out[key] = value
    return out


def _person(person: Mapping[str, Any]) -> str:
    parts = [
        person.get("nationality"),
        person.get("age"),
        person.get("gender"),
        person.get("outcome") or person.get("status"),
    ]
    if person.get("count") is not None:
        parts.append(f"x{person['count']}")
    if person.get("group"):
        parts.append(person["group"])
    if person.get("name"):
        parts.append(f"({person['name']})")
    return " ".join(str(part) for part in parts if part)


def harmless(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula gets an apostrophe before it; numbers stay numbers."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _write_json(rows: Iterable[dict[str, Any]], stream: BinaryIO) -> None:
    between = "[\n"
    for row in rows:
        stream.write((between + _dumps(_plain(row))).encode())
        between = ",\n"
    stream.write(b"[]\n" if between == "[\n" else b"\n]\n")


def _write_jsonl(rows: Iterable[dict[str, Any]], stream: BinaryIO) -> None:
    for row in rows:
        stream.write((_dumps(_plain(row)) + "\n").encode())


def _write_geojson(rows: Iterable[dict[str, Any]], stream: BinaryIO) -> None:
    """RFC 7946: longitude before latitude; an incident without a place has a null geometry."""
    stream.write(b'{"type": "FeatureCollection", "features": [')
    between = "\n"
    for row in rows:
        longitude, latitude = row["longitude"], row["latitude"]
        properties = {key: value for key, value in _plain(row).items() if key not in ("id", "longitude", "latitude")}
        geometry = None if longitude is None else {"type": "Point", "coordinates": [longitude, latitude]}
        feature = {"type": "Feature", "id": row["id"], "geometry": geometry, "properties": properties}
        stream.write((between + _dumps(feature)).encode())
        between = ",\n"
    stream.write(b"\n]}\n")


def _write_csv(rows: Iterable[dict[str, Any]], stream: BinaryIO) -> None:
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([harmless(value) for value in flat(row).values()])
    text.detach()


def _write_parquet(rows: Iterable[dict[str, Any]], stream: BinaryIO) -> None:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ModuleNotFoundError as error:
        raise MissingFormat("parquet needs pyarrow: pip install 'sageon[parquet]'") from error
    schema = pa.schema([(name, _arrow_type(pa, name)) for name in COLUMNS])
    with pq.ParquetWriter(stream, schema, compression="zstd") as writer:
        batch: list[dict[str, Any]] = []
        for row in rows:
            batch.append(_arrow_row(row))
            if len(batch) == 10 * BATCH:
                writer.write_batch(pa.RecordBatch.from_pylist(batch, schema=schema))
                batch = []
        writer.write_batch(pa.RecordBatch.from_pylist(batch, schema=schema))


def _arrow_type(pa: Any, name: str) -> Any:
    if name in _WHOLE:
        return pa.int64()
    if name in _REAL:
        return pa.float64()
    if name in _TIMES:
        return pa.timestamp("us", tz="UTC")
    return pa.list_(pa.string()) if name in ("other_types", "victim_nationalities", "sources", "urls") else pa.string()


def _arrow_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "victims": _dumps(row["victims"]), "perpetrators": _dumps(row["perpetrators"])}


def _write_xlsx(rows: Iterable[dict[str, Any]], stream: BinaryIO) -> None:
    try:
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell
    except ModuleNotFoundError as error:
        raise MissingFormat("xlsx needs openpyxl: pip install 'sageon[xlsx]'") from error
    book = Workbook(write_only=True)
    sheet = book.create_sheet("incidents")
    sheet.freeze_panes = "B2"
    sheet.append(list(COLUMNS))

    def cell(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        made = WriteOnlyCell(sheet, _NOT_XML.sub("", value)[:32_767])
        made.data_type = "s"  # text, whatever it begins with
        return made

    for row in rows:
        sheet.append([cell(value) for value in flat(row).values()])
    book.save(stream)


_WRITERS: dict[str, Callable[[Any, BinaryIO], None]] = {
    "json": _write_json,
    "jsonl": _write_jsonl,
    "csv": _write_csv,
    "geojson": _write_geojson,
    "parquet": _write_parquet,
    "xlsx": _write_xlsx,
}
