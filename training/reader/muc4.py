"""MUC-4 (1992): news of attacks and kidnappings in Latin America, with its full template keys, as annotated articles.

The texts are those of the GTT preparation (Du et al. 2021): lower case, without dateline, so capitals are restored
(`training.reader.truecase`) and no day of publication is known. The keys are the raw ones, all 24 slots.
"""

from __future__ import annotations

import contextlib
import json
import lzma
import re
from calendar import month_abbr
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from extract.lexicon.nationalities import nationalities
from extract.records import Article
from training.reader.gold import DATA, GoldRow
from training.reader.truecase import Truecaser, read_case

FOLDER = DATA / "events" / "muc4"
CASE = DATA / "ner" / "worldwide_newswire_en.tsv.xz"
#: "train" is DEV (1,300 texts), "dev" TST1 and TST2 (200), as the field splits them. TST3 and TST4 are not here.
Split = Literal["train", "dev"]

_SLOT = re.compile(r"^(\d+)\.\s+[A-Z][A-Z: ]*?(?:\s{2,}|\t)(.*)$")
_MONTHS = {m.upper(): i for i, m in enumerate(month_abbr) if m}
_DAY = re.compile(r"(\d{1,2}) ([A-Z]{3}) (\d{2})")
_QUOTED = re.compile(r'"([^"]+)"')
_TYPE = {
    "KIDNAPPING": "kidnapping",
    "BOMBING": "terrorism",
    "ARSON": "arson",
    "ROBBERY": "robbery",
    "HIJACKING": "kidnapping",
    "FORCED WORK STOPPAGE": "other_crime",
}


@dataclass(frozen=True)
class Target:
    """One person or group harmed: the strings that name it, its number (None: plural, unknown), nation, effects."""

    strings: tuple[str, ...]
    number: int | None
    nation: str | None
    effects: frozenset[str]


@dataclass(frozen=True)
class Template:
    """One template of the keys. `days` is the first and last day given; `place` goes from the country down.

    An `optional` one need not be found, but is not wrong.
    """

    kind: str
    optional: bool
    days: tuple[date | None, date | None]
    country: str | None
    place: tuple[str, ...]
    perpetrators: tuple[tuple[str, ...], ...]
    victims: tuple[Target, ...]


def read_keys(text: str) -> Iterator[tuple[str, Mapping[int, list[str]]]]:
    """(message id, slot number -> its lines) for every template of a key file, the empty ones too."""
    slots: dict[int, list[str]] = {}
    last = -1
    for line in text.splitlines():
        if line.startswith(";") or not line.strip():
            continue
        match = _SLOT.match(line.rstrip())
        if match:
            last = int(match[1])
            if last == 0 and slots:
                yield slots[0][0].split(" (")[0].strip(), slots
                slots = {}
            slots[last] = [match[2].strip()]
        elif last >= 0:
            slots[last].append(line.strip())
    if slots:
        yield slots[0][0].split(" (")[0].strip(), slots


def _items(lines: list[str] | None) -> list[tuple[str, tuple[str, ...]]]:
    """(value before the colon, strings) of each item; an item's alternatives may go on over several lines."""
    joined: list[str] = []
    for line in lines or []:
        if joined and (joined[-1].endswith("/") or line.startswith("/")):
            joined[-1] += " " + line
        else:
            joined.append(line)
    out = []
    for item in joined:
        strings = tuple(dict.fromkeys(s.strip() for s in _QUOTED.findall(item)))
        if item in ("-", "*") or not item.strip("-* "):
            continue
        out.append((item.split('"')[0].strip().lstrip("?").strip().rstrip(":").strip(), strings))
    return out


def country_codes() -> Mapping[str, str]:
    """ISO code of each English country name, in lower case."""
    return {n.casefold(): c.iso for c in nationalities().values() for n in c.en_names}


def template(slots: Mapping[int, list[str]], countries: Mapping[str, str]) -> Template | None:
    """The template of one key, or None where the text was marked irrelevant."""
    kind = slots.get(4, ["*"])[0].split("/")[0].strip()
    if kind.strip("*- ") == "":
        return None
    numbers, nations, effects = (_by_string(slots.get(n)) for n in (21, 22, 23))
    targets = []
    for strings in _people(slots):
        keyed = set(strings)
        value = next((v for s, v in numbers if keyed & set(s)), "")
        nation = next((v for s, v in nations if keyed & set(s)), "")
        targets.append(
            Target(
                strings,
                int(value) if value.isdigit() else None,
                countries.get(nation.casefold()),
                frozenset(v for s, v in effects if keyed & set(s)),
            )
        )
    first, last = _days(slots.get(2, ["-"])[0])
    country, *place = [
        re.sub(r"\s*\([^)]*\)", "", p).strip() for p in slots.get(3, ["-"])[0].split(" - ")[0].split(":")
    ]
    perpetrators = tuple(strings for _, strings in [*_items(slots.get(9)), *_items(slots.get(10))] if strings)
    optional = "OPTIONAL" in slots.get(1, [""])[0]
    return Template(
        kind, optional, (first, last), countries.get(country.casefold()), tuple(place), perpetrators, tuple(targets)
    )


def _by_string(lines: list[str] | None) -> list[tuple[tuple[str, ...], str]]:
    return [(strings, value) for value, strings in _items(lines)]


def _people(slots: Mapping[int, list[str]]) -> list[tuple[str, ...]]:
    """Slots 18 (names) and 19 (descriptions; `"PRIEST": "NAME"` describes one who is named)."""
    people = [strings for _, strings in _items(slots.get(18)) if strings]
    for line in slots.get(19) or []:
        strings = tuple(dict.fromkeys(_QUOTED.findall(line)))
        if not strings:
            continue
        known = next((i for i, p in enumerate(people) if set(p) & set(strings)), None)
        if known is None:
            people.append(strings)
        else:
            people[known] = tuple(dict.fromkeys((*people[known], *strings)))
    return people


def _days(value: str) -> tuple[date | None, date | None]:
    """First and last day of "31 OCT 89", "- 29 DEC 89" (no later than), "31 MAR 90 - 01 APR 90"."""
    days = []
    for d, m, y in _DAY.findall(value):
        with contextlib.suppress(ValueError, KeyError):  # the keys hold a few days that no month has
            days.append(date(1900 + int(y), _MONTHS[m], int(d)))
    if not days:
        return None, None
    if len(days) == 1:
        return (None if value.strip().startswith("-") else days[0]), days[0]
    return days[0], days[1]


def as_incident(one: Template, text: str) -> dict[str, Any]:
    """The template in the words of the annotation guide; strings in the case that `text` prints them in."""
    dead = [t for t in one.victims if "DEATH" in t.effects]
    hurt = [t for t in one.victims if "INJURY" in t.effects]
    kind = _TYPE.get(one.kind) or ("homicide" if dead else "assault")
    lower = text.lower()

    def printed(string: str) -> str | None:
        at = lower.find(string.lower())
        return text[at : at + len(string)] if at >= 0 else None

    def people(groups: list[tuple[tuple[str, ...], Target | None]]) -> list[dict[str, Any]]:
        rows = []
        for strings, target in groups:
            for string in strings:
                quote = printed(string)
                if quote is None:
                    continue
                nation = target.nation if target else None
                rows.append({"text": quote, "count": target.number if target else None, "nationality": nation,
                             "nationality_text": None, "name": None, "age": None, "gender": None})  # fmt: skip
        return rows

    def total(of: list[Target]) -> int | None:
        numbers = [t.number for t in of]
        return sum(n for n in numbers if n) if of and all(n is not None for n in numbers) else None

    first, last = one.days
    place = printed(one.place[-1]) if one.place else None
    return {
        "role": "main", "type": kind, "other_types": ["homicide"] if dead and kind != "homicide" else [],
        "trigger": None, "country": one.country,
        "place": ", ".join(p.title() for p in reversed(one.place)) or None, "place_text": place,
        "date": first.isoformat() if first and first == last else None, "date_text": None,
        "victims": people([(t.strings, t) for t in one.victims]),
        "perpetrators": people([(s, None) for s in one.perpetrators]),
        "killed": total(dead), "injured": total(hurt),
        "held": total(list(one.victims)) if kind == "kidnapping" else None, "missing": None,
    }  # fmt: skip


@dataclass(frozen=True)
class MucRow:
    """One text with its templates, and both as an annotated article."""

    id: str
    text: str
    templates: tuple[Template, ...]
    row: GoldRow


def load_muc4(split: Split, case: Truecaser | None = None) -> list[MucRow]:
    """The texts of a split with their templates, optional ones too. Raises FileNotFoundError where the data is absent."""
    case = case or read_case(CASE)
    countries = country_codes()
    keys: dict[str, list[Template]] = {}
    for path in sorted(FOLDER.glob("keys_*.txt.xz")):
        with lzma.open(path, "rt", encoding="utf-8", errors="replace") as lines:
            for identity, slots in read_keys(lines.read()):
                found = template(slots, countries)
                keys.setdefault(identity, []).extend([found] if found else [])
    out = []
    with lzma.open(FOLDER / f"{split}.jsonl.xz", "rt", encoding="utf-8") as lines:
        for raw in map(json.loads, lines):
            text = re.sub(r" {4,}", "\n\n", case.restore(raw["doctext"]))
            templates = tuple(keys.get(raw["docid"], ()))
            article = Article(raw["docid"], "", text, language="en")
            incidents = [as_incident(t, text) for t in templates]
            out.append(MucRow(raw["docid"], text, templates, GoldRow(article, {"id": raw["docid"], "lang": "en", "incidents": incidents})))  # fmt: skip
    return out
