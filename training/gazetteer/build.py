"""Assembles the gazetteer rows and their lookup keys, and packs them into `extract/places/gazetteer.npz`."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from training.gazetteer.sources import Row, admin_rows, centre, fold, has_hangul

#: Alternate Latin names are kept for places at least this large: a hamlet's old names are noise in news text.
ALTERNATES_FROM = 30_000
#: Second-level areas ship for these countries only: their news names counties and districts.
ADMIN2_COUNTRIES = frozenset(
    [
        "GB",
        "US",
        "IN",
        "PH",
        "KE",
        "IE",
        "NG",
        "ZA",
        "PK",
        "BD",
        "LK",
        "NP",
        "TH",
        "ID",
        "MY",
        "KH",
        "VN",
        "TW",
        "JP",
        "UG",
        "GH",
    ]
)
_ADMIN_WORDS = re.compile(
    r"^(?:Province of|State of|Region of|Municipality of|City of|County of|Borough of|City and Borough of|"
    r"City and County of|Changwat|Amphoe|Provinsi|Kabupaten|Kota|Tinh|Khet|Srŏk|Krŏng|Srok|Krong|Huyện|"
    r"Quận|Thành Phố)\s+|"
    r"(?:\s+(?:Province|State|Region|Oblast|County|District|Prefecture|Governorate|Department|"
    r"Municipality|Special Administrative Region|"
    r"Metropolis|Division|Parish|Voivodeship|Canton|Borough|Shi|Gun|Shì|Sheng|Krai|Republic)|-do|-si|-ken|-fu)$"
)  # fmt: skip


@dataclass
class Table:
    """Rows and the keys that lead to them, before packing. The flags are bits (see `extract.places.gazetteer`)."""

    rows: list[Row] = field(default_factory=list)
    latin: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    hangul: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    latin_flags: dict[str, int] = field(default_factory=dict)
    hangul_flags: dict[str, int] = field(default_factory=dict)


def bare(name: str) -> str:
    """An area's name without the words for its kind: "Province of Sulu" -> "Sulu"."""
    before = None
    while before != name:
        before, name = name, _ADMIN_WORDS.sub("", name).strip()
    return name


def rows_of(cities: list[Row], admin1: Path, admin2: Path, admin1_old: Path | None) -> list[Row]:
    """Areas with the centre of their populated places as point, then the populated places themselves."""
    points: dict[str, list[tuple[float, float]]] = defaultdict(list)
    people: dict[str, int] = defaultdict(int)
    seats: dict[tuple[str, str], Row] = {}
    for city in cities:
        if city.latitude is not None and city.longitude is not None:
            points[f"{city.country}.{city.admin}"].append((city.latitude, city.longitude))
            people[f"{city.country}.{city.admin}"] += city.population
            seat = seats.get((f"{city.country}.{city.admin}", fold(bare(city.name))))
            if seat is None or seat.population < city.population:
                seats[f"{city.country}.{city.admin}", fold(bare(city.name))] = city
    known = {code: (name, number) for code, name, number in admin_rows(admin1)}
    if admin1_old:
        for code, name, number in admin_rows(admin1_old):
            if code not in known and code in points:
                known[code] = (name, number)
    rows = []
    for code, (name, number) in known.items():
        latitude, longitude = centre(points.get(code, []))
        rows.append(Row(1, bare(name), code[:2], code[3:], latitude, longitude, people[code], number))
    for code, name, number in admin_rows(admin2):
        country, first = code.split(".")[:2]
        if country not in ADMIN2_COUNTRIES:
            continue
        seat = seats.get((f"{country}.{first}", fold(bare(name))))
        rows.append(
            Row(
                2,
                bare(name),
                country,
                first,
                seat.latitude if seat else None,
                seat.longitude if seat else None,
                0,
                number,
            )
        )
    return sorted(rows + cities, key=lambda r: (r.country, r.admin, r.kind, -r.population))


def latin_names(row: Row) -> set[str]:
    """The Latin keys of a row."""
    names = {row.name, bare(row.name)}
    if row.population >= ALTERNATES_FROM:
        for name in row.alternates:
            if (
                len(name) >= 4
                and name[0].isupper()
                and not name.isupper()
                and name.isascii()
                and not any(c.isdigit() for c in name)
            ):
                names.add(name)
    if "/" in row.name:
        names.update(part.strip() for part in row.name.split("/"))
    folded = {fold(n) for n in names}
    folded |= {n.replace("saint ", "st ", 1) for n in folded if n.startswith("saint ")}
    return {n for n in folded if len(n) >= 2}


def hangul_names(row: Row) -> set[str]:
    """The Hangul names GeoNames gives, without the word for city or province where three syllables remain."""
    out = set()
    for name in row.alternates:
        name = name.replace(" ", "")
        if has_hangul(name) and all("가" <= c <= "힣" for c in name):
            out.add(name[:-1] if len(name) >= 4 and name[-1] in "시주성현" and row.country != "KP" else name)
    return out


def pack(table: Table, out: Path) -> None:
    """Write the arrays and string blobs, compressed. Text blobs are UTF-8 lines."""
    rows = table.rows
    countries = sorted({r.country for r in rows})
    number = {c: i for i, c in enumerate(countries)}
    area = {(r.country, r.admin): i for i, r in enumerate(rows) if r.kind == 1}
    missing = -(2**31)

    def degrees(value: float | None) -> int:
        return missing if value is None else round(value * 10_000)

    def csr(index: dict[str, list[int]]) -> tuple[list[str], np.ndarray, np.ndarray]:
        keys = sorted(index)
        starts = np.cumsum([0] + [len(index[k]) for k in keys], dtype=np.int32)
        return keys, starts, np.array([i for k in keys for i in index[k]], dtype=np.int32)

    def blob(lines: list[str]) -> np.ndarray:
        return np.frombuffer("\n".join(lines).encode("utf-8"), dtype=np.uint8)

    latin = {k: sorted(v, key=lambda i: (-rows[i].population, rows[i].kind)) for k, v in table.latin.items()}
    hangul = {k: sorted(v, key=lambda i: (v[i], -rows[i].population)) for k, v in table.hangul.items()}
    latin_keys, latin_starts, latin_rows = csr(latin)
    hangul_keys, hangul_starts, hangul_rows = csr(hangul)
    np.savez_compressed(
        out,
        kind=np.array([r.kind for r in rows], dtype=np.uint8),
        country=np.array([number[r.country] for r in rows], dtype=np.uint8),
        area=np.array([area.get((r.country, r.admin), -1) for r in rows], dtype=np.int32),
        latitude=np.array([degrees(r.latitude) for r in rows], dtype=np.int32),
        longitude=np.array([degrees(r.longitude) for r in rows], dtype=np.int32),
        population=np.array([r.population for r in rows], dtype=np.uint32),
        geonameid=np.array([r.geonameid for r in rows], dtype=np.uint32),
        countries=blob(countries),
        names=blob([r.name for r in rows]),
        latin_keys=blob(latin_keys),
        latin_starts=latin_starts,
        latin_rows=latin_rows,
        latin_flags=np.array([table.latin_flags.get(k, 0) for k in latin_keys], dtype=np.uint8),
        hangul_keys=blob(hangul_keys),
        hangul_starts=hangul_starts,
        hangul_rows=hangul_rows,
        hangul_sources=np.array([table.hangul[k][i] for k in hangul_keys for i in hangul[k]], dtype=np.uint8),
        hangul_flags=np.array([table.hangul_flags.get(k, 0) for k in hangul_keys], dtype=np.uint8),
    )  # fmt: skip
