"""What the reader opens in a month of one paper, and how much of a random draw is right when judged by reading.

    python -m benchmarks.opened --sample 100 --out /tmp/drawn.jsonl     read the stream, count, draw
    python -m benchmarks.opened --judged /tmp/judged.jsonl              precision per field of a judged draw

A judged line is {"n": number, "<field>": true or false, ...}; a field that the reader left empty is left out, words about
the judgement are passed over.
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import sys
import time
from collections import Counter, defaultdict
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.pages import SHARED
from extract.reader import LexiconReader
from extract.serialise import article_from_row, reading_to_row

SEED = 20251001


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stream", default="stream_ko_2025-10")
    parser.add_argument("--articles", type=int, help="only the first so many")
    parser.add_argument("--sample", type=int, default=100)
    parser.add_argument("--out", type=Path, help="write the drawn incidents with their articles there")
    parser.add_argument("--judged", type=Path)
    arguments = parser.parse_args()
    if arguments.judged:
        precision(arguments.judged)
        return 0
    file = SHARED / "news" / f"{arguments.stream}.jsonl.xz"
    if not file.is_file():
        print(f"{arguments.stream}: the shared data is not beside this checkout; nothing is measured")
        return 0
    with lzma.open(file, "rt", encoding="utf-8") as stream:
        rows = [json.loads(line) for line in islice(stream, arguments.articles)]
    opened = read(rows)
    drawn = random.Random(SEED).sample(opened, min(arguments.sample, len(opened)))
    if arguments.out:
        lines = [json.dumps({"n": n, **row}, ensure_ascii=False) for n, row in enumerate(drawn, 1)]
        arguments.out.write_text("\n".join(lines) + "\n", "utf-8")
    return 0


def read(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The incidents opened by `rows`, each with its article; prints what was counted."""
    reader = LexiconReader()
    opened: list[dict[str, Any]] = []
    outcomes: Counter[str] = Counter()
    per_article: Counter[int] = Counter()
    spent: Counter[str] = Counter()
    reader.prepare()
    began = time.process_time()
    for number, row in enumerate(rows):
        before = time.process_time()
        reading = reader.read(article_from_row(row, default_id=str(number)))
        incidents = reading_to_row(reading)["incidents"]
        outcome = reading.outcome if incidents or reading.outcome != "read" else "read, nothing opened"
        outcomes[outcome] += 1
        spent[outcome] += time.process_time() - before
        per_article[len(incidents)] += 1
        opened += [{"article": row, "incident": incident} for incident in incidents]
    seconds = time.process_time() - began
    print(
        f"{len(rows)} articles, {len(opened)} incidents opened, {len(rows) / max(seconds, 1e-9):.1f} articles per CPU second"
    )
    print("outcomes:", dict(outcomes.most_common()))
    print("CPU ms an article:", {name: round(1000 * spent[name] / count, 1) for name, count in outcomes.items()})
    print("incidents per article:", dict(sorted(per_article.items())))
    print("types:", dict(Counter(o["incident"]["type"] for o in opened).most_common()))
    return opened


def precision(path: Path) -> None:
    """Right, judged and precision per field, with the 95 % Wilson interval (Wilson 1927)."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for line in path.read_text("utf-8").splitlines():
        for field, right in json.loads(line).items():
            if isinstance(right, bool):
                counts[field][0] += right
                counts[field][1] += 1
    print("| field | right | judged | precision | 95 % |\n|---|---|---|---|---|")
    for field, (right, n) in counts.items():
        low, high = wilson(right, n)
        print(f"| {field} | {right} | {n} | {right / n:.2f} | {low:.2f} to {high:.2f} |")


def wilson(right: int, n: int, z: float = 1.96) -> tuple[float, float]:
    share = right / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)) ** 0.5
    return middle - half, middle + half


if __name__ == "__main__":
    sys.exit(main())
