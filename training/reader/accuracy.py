"""The tables of docs/accuracy.md from cross-validated predictions: figures with intervals, by type, reliability.

    python -m training.reader cv --out /tmp/cv.jsonl
    python -m training.reader tables --predicted /tmp/cv.jsonl

Intervals are percentile bootstraps over articles (Efron 1979), 95 %, seed fixed.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from crawler import scoring

ROUNDS = 300
SEED = 20251127
#: Rows of the main table: what is scored, and which of its figures the issue asks for.
MEASURES = (
    ("article", "f1"), ("incident", "p"), ("incident", "r"), ("incident", "f1"), ("end_to_end", "f1"),
    ("victim_nationality_all", "p"), ("victim_nationality_all", "r"), ("type", "f1"), ("country", "f1"),
    ("date", "f1"), ("place", "f1"), ("killed", "f1"), ("injured", "f1"), ("held", "f1"), ("missing", "f1"),
    ("perpetrator_nationality", "f1"), ("victim_age", "f1"), ("victim_gender", "f1"),
)  # fmt: skip
WHOLE = ("type_any", "main_recall", "evidence_verbatim")
BINS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.01)
Row = dict[str, Any]


def main_table(gold: Sequence[Row], predicted: Sequence[Row]) -> str:
    """Every figure with its interval, as a Markdown table."""
    figures, _ = scoring.score(list(gold), list(predicted))
    draws = random.Random(SEED)
    samples: dict[tuple[str, str], list[float]] = defaultdict(list)
    by_id = {row["id"]: row for row in predicted}
    for _ in range(ROUNDS):
        numbers = [draws.randrange(len(gold)) for _ in gold]
        chosen = [{**gold[n], "id": str(k)} for k, n in enumerate(numbers)]
        answers = [{"id": str(k), "incidents": by_id[gold[n]["id"]]["incidents"]} for k, n in enumerate(numbers)]
        drawn, _ = scoring.score(chosen, answers)
        for name, part in MEASURES:
            samples[name, part].append(drawn[name][part])
        for name in WHOLE:
            samples[name, ""].append(drawn[name] or 0.0)
    lines = ["| figure | value | 95 % | gold | given |", "|---|---|---|---|---|"]
    for name, part in MEASURES:
        one = figures[name]
        lines.append(
            f"| {name} {part.upper()} | {one[part]:.3f} | {_interval(samples[name, part])} | {one['gold']} | {one['pred']} |"
        )
    for name in WHOLE:
        lines.append(f"| {name} | {figures[name]:.3f} | {_interval(samples[name, ''])} | | |")
    empty = [r for r in gold if not r["incidents"]]
    opened = sum(len(by_id[r["id"]]["incidents"]) for r in empty)
    lines.append(
        f"| false incidents per 100 articles without any | {100 * opened / max(1, len(empty)):.1f} | | {len(empty)} | {opened} |"
    )
    return "\n".join(lines)


def _interval(values: list[float]) -> str:
    ordered = sorted(values)
    low, high = ordered[int(0.025 * len(ordered))], ordered[int(0.975 * len(ordered)) - 1]
    return f"{low:.3f} to {high:.3f}"


def paired(gold: Sequence[Row], predicted: Sequence[Row]) -> Iterator[tuple[Row | None, Row | None]]:
    """(annotated, read) of every pair, (annotated, None) of each miss, (None, read) of each invented; none of background."""
    answers = {row["id"]: row["incidents"] for row in predicted}
    for row in gold:
        events, given = row["incidents"], answers[row["id"]]
        pairs = scoring.pair(events, given)
        for at, to in pairs:
            if events[at]["role"] != "background":
                yield events[at], given[to]
        met, used = {at for at, _ in pairs}, {to for _, to in pairs}
        yield from ((e, None) for at, e in enumerate(events) if at not in met and e["role"] != "background")
        yield from ((None, g) for to, g in enumerate(given) if to not in used)


def people_table(gold: Sequence[Row], predicted: Sequence[Row]) -> str:
    """Of the incidents that were found: how many of the people given are annotated in that role, and how many were given.

    "alone" is the only one of a list, "first" and "later" the others, in the order of the scores.
    """
    lines = [
        "| people | P | R | F1 | annotated | given | alone | first | later |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for role in ("victims", "perpetrators"):
        hits = given = wanted = 0
        places: dict[str, list[int]] = {"alone": [0, 0], "first": [0, 0], "later": [0, 0]}
        for event, read in paired(gold, predicted):
            if event is None or read is None:
                continue
            left, people = list(event.get(role) or []), list(read.get(role) or [])
            given, wanted = given + len(people), wanted + len(left)
            for number, person in enumerate(people):
                found = next((one for one in left if _is_same(one, person)), None)
                if found is not None:
                    left.remove(found)
                place = places["alone" if len(people) == 1 else "later" if number else "first"]
                place[0] += found is not None
                place[1] += 1
                hits += found is not None
        precision, recall = hits / max(1, given), hits / max(1, wanted)
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        shares = " | ".join(f"{right} of {count}" for right, count in places.values())
        lines.append(f"| {role} | {precision:.3f} | {recall:.3f} | {f1:.3f} | {wanted} | {given} | {shares} |")
    return "\n".join(lines)


def _is_same(annotated: Row, read: Row) -> bool:
    """Whether two entries mean the same person or group: no other nationality; the same name, else age, else words."""
    told, said = annotated.get("nationality"), read.get("nationality")
    if told and said and told != said:
        return False
    if annotated.get("name") and read.get("name"):
        return annotated["name"] in read["name"] or read["name"] in annotated["name"]
    if annotated.get("age") and read.get("age"):
        return str(annotated["age"]) == str(read["age"])
    one, other = scoring.norm(annotated.get("text")), scoring.norm(read.get("text"))
    shared = set(one.split()) & set(other.split())
    inside = bool(one and other) and (one in other or other in one)
    return inside or (bool(shared) and 2 * len(shared) >= min(len(one.split()), len(other.split())))


def type_table(gold: Sequence[Row], predicted: Sequence[Row]) -> str:
    """By annotated type: how many, how many found, of those named with the right type; and how often it was given."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for event, read in paired(gold, predicted):
        if event is not None:
            counts[event["type"]][0] += 1
            counts[event["type"]][1] += read is not None
            counts[event["type"]][2] += read is not None and read["type"] == event["type"]
        if read is not None:
            counts[read["type"]][3] += 1
    lines = ["| type | annotated | found | named right | given |", "|---|---|---|---|---|"]
    for kind, (n, found, right, given) in sorted(counts.items(), key=lambda item: -item[1][0]):
        lines.append(f"| {kind} | {n} | {found} | {right} | {given} |")
    return "\n".join(lines)


def judged(field: str, event: Row | None, read: Row) -> bool | None:
    """Whether the value that `read` gives for `field` is right; None where it gives none."""
    if field == "incident":
        return event is not None
    if event is None:
        return None
    if field in ("victim.nationality", "perpetrator.nationality"):
        role = field.split(".")[0] + "s"
        given = scoring.people(read, role, "nationality")
        return given <= scoring.people(event, role, "nationality") if given else None
    if field == "place":
        if not (read.get("place") or read.get("place_text")):
            return None
        stated = event.get("place") or event.get("place_text")
        return bool(stated) and scoring.place_credit(event, read) == 1.0
    if not read.get(field):
        return None
    if field == "date":
        return bool(event.get("date")) and scoring.date_credit(event["date"], read["date"]) == 1.0
    return bool(event.get(field) == read[field])


def reliability_table(gold: Sequence[Row], predicted: Sequence[Row]) -> str:
    """By field and band of confidence: how many values, their mean confidence, and the share that is right."""
    fields = ("incident", "type", "country", "place", "date", "killed", "injured", "held", "victim.nationality", "perpetrator.nationality")  # fmt: skip
    lines = [
        "| field | " + " | ".join(f"{a:.2f} to {min(b, 1.0):.2f}" for a, b in pairwise(BINS)) + " | ECE |",
        "|---" * (len(BINS) + 1) + "|",
    ]
    for field in fields:
        rated = [
            (read["confidence"][field], right)
            for event, read in paired(gold, predicted)
            if read is not None and field in read["confidence"] and (right := judged(field, event, read)) is not None
        ]
        cells, gap = [], 0.0
        for low, high in pairwise(BINS):
            some = [(c, r) for c, r in rated if low <= c < high]
            if not some:
                cells.append("")
                continue
            sure, right = sum(c for c, _ in some) / len(some), sum(r for _, r in some) / len(some)
            gap += abs(sure - right) * len(some) / len(rated)
            cells.append(f"{sure:.2f}: {right:.2f} ({len(some)})")
        lines.append(f"| {field} | " + " | ".join(cells) + f" | {gap:.3f} |")
    return "\n".join(lines)


def error_table(gold: Sequence[Row], predicted: Sequence[Row]) -> str:
    """The kinds of errors by number, most common first: missed and invented incidents, and per field what went wrong."""
    kinds: dict[str, int] = defaultdict(int)
    for event, read in paired(gold, predicted):
        if read is None and event is not None:
            kinds[f"a {event['role']} incident is missed"] += 1
            continue
        if event is None:
            kinds["an incident is invented"] += 1
            continue
        assert read is not None
        for field in ("type", "country", "date", *scoring.COUNTS):
            _field_error(kinds, field, event.get(field), read.get(field))
        stated = event.get("place") or event.get("place_text")
        given = read.get("place") or read.get("place_text")
        if stated and given and not scoring.place_credit(event, read):
            kinds["place: another than annotated"] += 1
        elif bool(stated) != bool(given):
            kinds[f"place: {'not given' if stated else 'given where none is annotated'}"] += 1
        for role in ("victims", "perpetrators"):
            for key in ("nationality", "age"):
                wanted, got = scoring.people(event, role, key), scoring.people(read, role, key)
                kinds[f"{role[:-1]} {key}: not given"] += len(wanted - got)
                kinds[f"{role[:-1]} {key}: given where not annotated"] += len(got - wanted)
    lines = ["| error | times |", "|---|---|"]
    return "\n".join(lines + [f"| {k} | {n} |" for k, n in sorted(kinds.items(), key=lambda kv: -kv[1])[:10]])


def _field_error(kinds: dict[str, int], field: str, wanted: Any, got: Any) -> None:
    if wanted and got and wanted != got:
        if field == "date" and scoring.date_credit(wanted, got):
            kinds["date: right but coarser than annotated"] += not got.startswith(wanted)
        else:
            kinds[f"{field}: another than annotated"] += 1
    elif bool(wanted) != bool(got):
        kinds[f"{field}: {'not given' if wanted else 'given where none is annotated'}"] += 1
