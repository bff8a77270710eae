"""Build the place tables.

    python -m training.gazetteer --admin1 FILE --admin2 FILE [--admin1-old FILE] [--nikl FILE] [--ner DIR]

`--admin1` and `--admin2` are GeoNames' admin1CodesASCII.txt and admin2Codes.txt; `--admin1-old` an older copy, for
codes that cities still carry. `--nikl` is the loanword list of the National Institute of Korean Language. `--ner` holds
the named-entity training sets from which the name flags are counted.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from extract.places import countries as place_countries
from extract.places import korea
from training.gazetteer import ambiguity, build, countries, sources, transliterate

PLACES = Path(__file__).parents[2] / "extract" / "places"
#: Where a Hangul key comes from, best first; the lower number wins when one spelling names two places of one country.
GEONAMES, NIKL, TRANSLITERATED = 1, 2, 3


def domestic_names() -> set[str]:
    """Spellings that mean a South Korean place or a country and may not be shadowed by a rule's guess."""
    table = korea.korea()
    return {*table.provinces, *table.districts, *table.stems, *place_countries.countries().korean}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--admin1", type=Path, required=True)
    parser.add_argument("--admin2", type=Path, required=True)
    parser.add_argument("--admin1-old", type=Path)
    parser.add_argument("--nikl", type=Path)
    parser.add_argument("--ner", type=Path)
    options = parser.parse_args()
    cities = sources.cities()
    table = build.Table(rows=build.rows_of(cities, options.admin1, options.admin2, options.admin1_old))
    taken = domestic_names()
    nikl = sources.nikl(options.nikl) if options.nikl else {}
    for index, row in enumerate(table.rows):
        keys = build.latin_names(row)
        for key in keys:
            table.latin[key].add(index)
        if row.country == "KR":
            continue  # South Korea has its own tables, down to the district
        for name in build.hangul_names(row):
            table.hangul[name][index] = GEONAMES
        if row.kind in (1, 3) and (row.kind == 1 or row.population >= 15_000):
            for name in nikl.get(sources.fold(row.name), ()):
                table.hangul[name].setdefault(index, NIKL)
        if row.kind == 3 and row.population >= 15_000:
            for name in transliterate.spellings(row.name, row.country):
                if 2 <= len(name) <= 9 and name not in taken:
                    table.hangul[name].setdefault(index, TRANSLITERATED)
    ambiguity.flag(table, options.ner)
    build.pack(table, PLACES / "gazetteer.npz")
    countries.write(cities, PLACES / "countries.tsv")
    size = (PLACES / "gazetteer.npz").stat().st_size
    sys.stdout.write(
        f"{len(table.rows)} rows, {len(table.latin)} Latin keys, {len(table.hangul)} Hangul keys, {size} bytes\n"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
