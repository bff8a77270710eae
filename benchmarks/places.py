"""Measures the place reader: gold toponyms of public news sets, places of the annotated incidents, speed and load time.

    python benchmarks/places.py load
    python benchmarks/places.py incidents [--errors N]
    python benchmarks/places.py toponyms DIR [--errors N]
    python benchmarks/places.py speed

DIR holds lgl.xml, TR-News.xml and GWN.xml (GeoWebNews) of the Pragmatic Guide to
Geoparsing Evaluation (Gritta et al. 2019).
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import resource
import time
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


@dataclass(frozen=True, slots=True)
class Toponym:
    """A gold place name: its span in its article, its point and, where the set says so, its country's English name."""

    start: int
    end: int
    phrase: str
    latitude: float
    longitude: float
    country: str | None
    code: str
    geonameid: int | None


def kilometres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance of two (latitude, longitude) points on a sphere of 6,371 km."""
    (p, q), (r, s) = (map(math.radians, a), map(math.radians, b))
    h = math.sin((r - p) / 2) ** 2 + math.cos(p) * math.cos(r) * math.sin((s - q) / 2) ** 2
    return 2 * 6371 * math.asin(min(1.0, math.sqrt(h)))


def toponyms(path: Path) -> Iterator[tuple[str, list[Toponym]]]:
    """(text, gold toponyms) of each article of an LGL-style or GeoWebNews file."""
    for article in ET.parse(path).getroot().iter("article"):
        text = article.findtext("text") or ""
        gold = []
        for node in article.iter("toponym"):
            tag = node.find("gaztag")
            latitude = (tag.findtext("lat") if tag is not None else None) or node.findtext("latitude")
            longitude = (tag.findtext("lon") if tag is not None else None) or node.findtext("longitude")
            phrase = node.findtext("phrase") or node.findtext("extractedName") or ""
            if not latitude or not longitude or (node.findtext("nonLocational") or "No") == "Yes":
                continue
            if node.find("geonamesID") is not None and not node.findtext("geonamesID"):
                continue
            if node.find("type") is not None and node.findtext("type") in (
                "Demonym",
                "Homonym",
                "Language",
                "Non_Lit_Modifier",
            ):
                continue
            country = tag.findtext("country") if tag is not None else None
            code = (tag.findtext("fcode") if tag is not None else None) or ""
            number = (tag.get("geonameid") if tag is not None else None) or node.findtext("geonamesID")
            span = int(node.findtext("start") or 0), int(node.findtext("end") or 0)
            gold.append(
                Toponym(
                    *span,
                    phrase.strip(),
                    float(latitude),
                    float(longitude),
                    country,
                    code,
                    int(number) if number else None,
                )
            )
        yield text, gold


def run_toponyms(folder: Path, errors: int) -> None:
    from extract.places import country_of, find_places, resolve_places
    from extract.places.countries import countries
    from extract.places.english_names import latin_candidates
    from extract.places.mention import PlaceMention

    for name in ("lgl.xml", "TR-News.xml", "GWN.xml"):
        tally: Counter[str] = Counter()
        log: list[str] = []
        for text, gold in toponyms(folder / name):
            mentions = find_places(text, "en")
            parts = [p for m in mentions for p in m.parents]
            held = {(m.head_start, m.head_end): m for m in mentions}
            held.update({(p.head_start, p.head_end): p for p in parts if (p.head_start, p.head_end) not in held})
            for t in gold:
                found = next((m for (a, b), m in held.items() if a < t.end and t.start < b), None)
                tally["gold"] += 1
                tally["detected"] += found is not None
                mention = next((m for (a, b), m in held.items() if a == t.start), None)
                if t.code.startswith("PCL") and not country_of(t.phrase) and not latin_candidates(t.phrase):
                    tally["gold"] -= 1  # "Russian" and the like: a people, which the nationality reader finds
                    tally["detected"] -= found is not None
                    continue
                if mention is None or (not mention.candidates):
                    candidates = latin_candidates(t.phrase)
                    if not candidates:
                        tally["not held"] += 1
                        log.append(f"not held  {t.phrase} ({t.code})")
                        continue
                    mention = PlaceMention(t.start, t.end, t.phrase, t.start, t.end, candidates, "en")
                mention = PlaceMention(
                    mention.start, mention.end, mention.text, mention.head_start, mention.head_end,
                    mention.candidates, "en", parents=mention.parents,
                )  # fmt: skip
                others = [m for m in mentions if (m.head_start, m.head_end) != (mention.head_start, mention.head_end)]
                chosen = resolve_places([*others, mention])[-1]
                tally["answered"] += 1
                place = chosen.place
                point = (place.latitude, place.longitude) if place else (None, None)
                if place and place.precision == "country" and place.country:
                    centre = countries().candidates[place.country]
                    point = (centre.latitude, centre.longitude)
                code = country_of(t.country or "") if t.country else None
                if code:
                    tally["with country"] += 1
                    tally["country"] += bool(place and place.country == code)
                near = bool(place and t.geonameid and place.geonameid == t.geonameid)
                if not near and point[0] is not None and point[1] is not None:
                    near = kilometres((point[0], point[1]), (t.latitude, t.longitude)) <= 161
                tally["near"] += near
                if not near:
                    log.append(
                        f"wrong  {t.phrase} ({t.code}) gold {t.latitude:.1f},{t.longitude:.1f} "
                        f"{t.country}: "
                        f"{place and (place.name, place.country, place.admin, place.latitude, place.longitude)}"
                    )
        n, answered = tally["gold"], tally["answered"]
        country = f"{tally['country'] / tally['with country']:.3f}" if tally["with country"] else "-"
        print(
            f"{name:12s} gold {n}  acc@161 over held {tally['near'] / answered:.3f}, over all "
            f"{tally['near'] / n:.3f}  country {country}  "
            f"not held {tally['not held'] / n:.3f}  detected {tally['detected'] / n:.3f}"
        )
        for line, count in Counter(log).most_common(errors):
            print("   ", count, line)


def _scorer() -> Any:
    spec = importlib.util.spec_from_file_location("score_incidents", SHARED / "eval" / "score_incidents.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run_incidents(errors: int, language: str | None) -> None:
    """For gold incidents with `place_text`: is a mention there, in gold's country, and does its name agree?"""
    from extract.places import find_places, resolve_places

    scorer = _scorer()
    rows = [
        json.loads(line) for line in (SHARED / "data/incidents/articles.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    for lang in ("ko", "en"):
        if language and lang != language:
            continue
        tally: Counter[str] = Counter()
        log: list[str] = []
        for row in rows:
            if row["lang"] != lang:
                continue
            text = (row["title"] or "") + "\n" + (row["text"] or "")
            resolved = resolve_places(find_places(text, lang), outlet_country="KR" if lang == "ko" else None)
            for incident in row["incidents"]:
                quote = incident.get("place_text")
                if not quote or quote not in text:
                    continue
                tally["gold"] += 1
                spans = []
                at = text.find(quote)
                while at >= 0:
                    spans.append((at, at + len(quote)))
                    at = text.find(quote, at + 1)
                over = [r for r in resolved if any(r.mention.start < b and a < r.mention.end for a, b in spans)]
                tally["mention"] += bool(over)
                if incident.get("country"):
                    tally["with country"] += 1
                    tally["country"] += any(r.country == incident["country"] for r in over)
                if incident.get("place"):
                    tally["with place"] += 1
                    names = [
                        r
                        for r in over
                        if r.place and scorer.place_credit({"place": incident["place"]}, {"place": r.place.name})
                    ]
                    tally["name"] += bool(names)
                    if not names:
                        log.append(
                            f"{incident['place']} | {quote} | "
                            f"{[(r.mention.text, r.place.name if r.place else r.reason[:20]) for r in over]}"
                        )
                elif incident.get("country") and not any(r.country == incident["country"] for r in over):
                    log.append(
                        f"country {incident['country']} | {quote} | {[(r.mention.text, r.country) for r in over]}"
                    )
        print(
            f"{lang}: gold places {tally['gold']}  mention {tally['mention'] / tally['gold']:.3f}  "
            f"country {tally['country'] / tally['with country']:.3f} "
            f"of {tally['with country']}  English name alone {tally['name'] / tally['with place']:.3f} "
            f"of {tally['with place']}"
        )
        for line, count in Counter(log).most_common(errors):
            print("   ", count, line)


def run_speed() -> None:
    from extract.places import find_places, resolve_places

    rows = [
        json.loads(line) for line in (SHARED / "data/incidents/articles.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    for lang in ("ko", "en"):
        texts = [(r["text"] or "")[:1500] for r in rows if r["lang"] == lang and len(r["text"] or "") >= 1000]
        for text in texts[:20]:
            resolve_places(find_places(text, lang))
        began = time.process_time()
        for text in texts:
            resolve_places(find_places(text, lang))
        spent = time.process_time() - began
        print(
            f"{lang}: {spent / len(texts) * 1000:.2f} ms of processor time an article of "
            f"{sum(map(len, texts)) / len(texts):.0f} characters ({len(texts)} articles)"
        )


def run_load() -> None:
    import numpy  # noqa: F401  (its own import time is not the gazetteer's)

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    from extract.places import find_places

    imported = time.process_time()
    find_places("서울 강남구", "ko")
    find_places("Seoul", "en")
    loaded = time.process_time()
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"processor time: import {1000 * (imported - began):.0f} ms, first call {1000 * (loaded - imported):.0f} ms, "
        f"memory +{(after - before) / 1024:.0f} MB"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["load", "incidents", "toponyms", "speed"])
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--errors", type=int, default=0)
    parser.add_argument("--language", choices=["ko", "en"])
    options = parser.parse_args()
    if options.what == "load":
        run_load()
    elif options.what == "speed":
        run_speed()
    elif options.what == "incidents":
        if not (SHARED / "data").exists():
            parser.error("../shared/data is absent")
        run_incidents(options.errors, options.language)
    else:
        if options.folder is None:
            parser.error("toponyms needs the folder with lgl.xml, TR-News.xml and GWN.xml")
        run_toponyms(options.folder, options.errors)


if __name__ == "__main__":
    main()
