"""Questions that an analyst asks of the table, with values drawn as often as the table holds them."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from benchmarks.million_rows import BEGIN, COUNTRIES, KOREAN, MONTHS, SOURCES, TYPES, vocabulary
from storage.filters import Box, Filter

SPAN = int(MONTHS * 30.4)
_KOREAN, _LATIN = vocabulary(2026)


@dataclass(frozen=True, slots=True)
class Question:
    """`draw` gives a filter, and the cursor after which to go on."""

    name: str
    draw: Callable[[random.Random], tuple[Filter, str | None]]


def _country(chance: random.Random) -> str:
    return chance.choices(COUNTRIES, [1 / rank for rank in range(1, len(COUNTRIES) + 1)])[0]


def _type(chance: random.Random) -> str:
    return chance.choices(list(TYPES), list(TYPES.values()))[0]


def _day(chance: random.Random) -> date:
    return BEGIN.date() + timedelta(days=chance.randrange(30, SPAN))


def _after(moment: date) -> str:
    value = [f"{'updated'}", f"{moment.isoformat()}T12:00:00+00:00", 10**9]
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


def _month(chance: random.Random, **fields: object) -> tuple[Filter, None]:
    day = _day(chance)
    return Filter(since=day, until=day + timedelta(days=30), **fields), None  # type: ignore[arg-type]


def _box(chance: random.Random) -> Box:
    west, south = chance.uniform(-120, 140), chance.uniform(-40, 50)
    return Box(round(west, 2), round(south, 2), round(west + 5, 2), round(south + 5, 2))


QUERIES = (
    Question("the newest", lambda chance: (Filter(), None)),
    Question("a page in the middle of the table", lambda chance: (Filter(), _after(_day(chance)))),
    Question(
        "nationals of X in Y since Z",
        lambda chance: (Filter(nationalities=("KR",), countries=(_country(chance),), since=_day(chance)), None),
    ),
    Question("one type, the newest", lambda chance: (Filter(types=(_type(chance),)), None)),
    Question("two types in one country in a month", lambda chance: _month(
        chance, types=(_type(chance), _type(chance)), countries=(_country(chance),))),
    Question("one country by date of the event", lambda chance: (
        Filter(countries=(_country(chance),), order="date"), None)),
    Question("five killed or more in one country", lambda chance: (Filter(killed=5, countries=(_country(chance),)), None)),
    Question("confirmed, of one source, in a month", lambda chance: _month(
        chance, certainties=("confirmed",), sources=(chance.choice(SOURCES),))),
    Question("inside five degrees by five", lambda chance: (Filter(box=_box(chance)), None)),
    Question("two nationalities, one type, two voices", lambda chance: (Filter(
        nationalities=(_country(chance), _country(chance)), types=(_type(chance),), voices=2), None)),
)  # fmt: skip

SEARCHES = (
    Question("a frequent Korean word (a type's trigger)", lambda chance: (Filter(text=KOREAN[_type(chance)]), None)),
    Question("a rare Korean word", lambda chance: (Filter(text=chance.choice(_KOREAN[2000:20000])), None)),
    Question("an English word", lambda chance: (Filter(text=chance.choice(_LATIN[100:5000])), None)),
    Question("two words", lambda chance: (Filter(text=f"{KOREAN[_type(chance)]} {chance.choice(_KOREAN[50:500])}"), None)),
    Question("a word of nationals in one country", lambda chance: (
        Filter(text=KOREAN[_type(chance)], nationalities=("KR",), countries=(_country(chance),)), None)),
)  # fmt: skip
