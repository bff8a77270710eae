"""How well and how fast the date readers read: `python -m benchmarks.dates [--sample N]` from the repository root.

Uses ../shared/data where it is there. `--sample N` prints N random Korean phrases as read, to be judged by eye.
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from extract.dates import DateMention, find_dates

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
#: KLUE and KoNNE sentences have no publication day; all are read as if published on this one (a Thursday).
ANCHOR = date(2015, 10, 15)
SEED = 4242
Span = tuple[int, int]


def klue_sentences() -> Iterator[tuple[str, list[Span]]]:
    """Each news sentence of the KLUE set with its DT spans."""
    characters: list[str] = []
    tags: list[str] = []
    news = False
    with lzma.open(DATA / "ner" / "klue_ner_ko_4000.tsv.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("##") or line == "\n":
                if news and characters:
                    yield "".join(characters), list(_spans(tags, "DT"))
                characters, tags = [], []
                if line.startswith("## klue"):
                    news = "-wikitree" in line
            else:
                character, tag = line.rstrip("\n").rsplit("\t", 1)
                characters.append(character)
                tags.append(tag)
    if news and characters:
        yield "".join(characters), list(_spans(tags, "DT"))


def _spans(tags: list[str], kind: str) -> Iterator[Span]:
    start: int | None = None
    for index, tag in enumerate([*tags, "O"]):
        if start is not None and tag != f"I-{kind}":
            yield start, index
            start = None
        if tag == f"B-{kind}":
            start = index


def konne_sentences() -> Iterator[tuple[str, list[Span], list[str]]]:
    """Each KoNNE sentence with its fine date spans (DT_*) and their types."""
    with lzma.open(DATA / "ner" / "konne_ko_4000.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            labels = [(start, end, kind) for start, end, kind in row["label"] if kind.startswith("DT_")]
            yield row["text"], [(start, end) for start, end, _ in labels], [kind for _, _, kind in labels]


def same_phrase(mention: DateMention, text: str, start: int, end: int) -> bool:
    """Whether the two spans are the same but for a time of day, a particle or a word such as 지난 at the edge."""
    edge = r"\s|부터|까지|이후|만|지난|오는|동안|간|쯤|께|경|초|말|전|뒤|후|이상|인|째|\(현지시간\)|[()]"
    clock = r"|이른|늦은|오전|오후|새벽|아침|점심|저녁|낮|밤|\d{1,2}시|\d{1,2}분|반"
    left = text[min(start, mention.start) : max(start, mention.start)]
    right = text[min(end, mention.end) : max(end, mention.end)]
    return re.fullmatch(f"(?:{edge})*", left) is not None and re.fullmatch(f"(?:{edge}{clock})*", right) is not None


def korean_spans() -> list[tuple[str, Span, DateMention | None]]:
    """Prints span agreement on the KLUE news sentences; returns each span with the mention found there."""
    found: list[tuple[str, Span, DateMention | None]] = []
    counts: Counter[str] = Counter()
    extra: Counter[str] = Counter()
    for text, spans in klue_sentences():
        mentions = find_dates(text, "ko", ANCHOR)
        for start, end in spans:
            overlapping = [mention for mention in mentions if mention.start < end and start < mention.end]
            best = max(overlapping, key=lambda mention: min(end, mention.end) - max(start, mention.start), default=None)
            counts["spans"] += 1
            counts["overlapped"] += best is not None
            counts["exact"] += any((mention.start, mention.end) == (start, end) for mention in overlapping)
            counts["same"] += any(same_phrase(mention, text, start, end) for mention in overlapping)
            counts["valued"] += best is not None and best.value is not None
            counts["length"] += (
                best is not None and best.value is None and best.kind in ("duration", "recurring", "name")
            )
            found.append((text, (start, end), best))
        for mention in mentions:
            if mention.kind in ("point", "range") and not any(
                mention.start < end and start < mention.end for start, end in spans
            ):
                extra[mention.rule] += 1
    print(
        "KLUE DT, news:",
        _shares(counts, "spans"),
        f"; points outside any span {sum(extra.values())} {dict(extra.most_common(6))}",
    )
    return found


def korean_fine() -> None:
    """Prints what share of KoNNE's date spans were found, by fine type."""
    total: Counter[str] = Counter()
    hit: Counter[str] = Counter()
    for text, spans, kinds in konne_sentences():
        mentions = find_dates(text, "ko", ANCHOR)
        for (start, end), kind in zip(spans, kinds, strict=True):
            total[kind] += 1
            hit[kind] += any(mention.start < end and start < mention.end for mention in mentions)
    print("KoNNE found:", ", ".join(f"{kind} {hit[kind]}/{count}" for kind, count in total.most_common()))


def incident_dates() -> None:
    """Prints, per language, how many annotated date phrases of incidents read as the annotated date."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    with (DATA / "incidents" / "articles.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            text = f"{row['title'] or ''}\n{row['text']}"
            published = None
            if row["published"]:
                moment = datetime.fromisoformat(row["published"])
                published = (moment.astimezone(ZoneInfo("Asia/Seoul")) if row["lang"] == "ko" else moment).date()
            mentions: list[DateMention] | None = None
            for incident in row["incidents"]:
                if not incident["date_text"] or not incident["date"]:
                    continue
                mentions = find_dates(text, row["lang"], published) if mentions is None else mentions
                name = row["lang"] if published else f"{row['lang']} without publication day"
                total[name] += 1
                right[name] += _reads_as(mentions, text, incident["date_text"], incident["date"])
    print(
        "Incident dates:",
        ", ".join(f"{name} {right[name]}/{count} = {right[name] / count:.3f}" for name, count in total.items()),
    )


def _reads_as(mentions: list[DateMention], text: str, quote: str, gold: str) -> bool:
    for place in re.finditer(re.escape(quote), text):
        for mention in mentions:
            if mention.start < place.end() and place.start() < mention.end and (mention.value or "").startswith(gold):
                return True
    return False


def speed() -> None:
    """Prints milliseconds for 1,500 characters of the annotated articles, per language, after one warm pass."""
    texts: dict[str, list[str]] = {"ko": [], "en": []}
    with (DATA / "incidents" / "articles.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            texts[row["lang"]].append(row["text"])
    for language, bodies in texts.items():
        characters = sum(map(len, bodies))
        passes = []
        for _ in range(4):
            began = time.process_time()
            for body in bodies:
                find_dates(body, language, ANCHOR)
            passes.append((time.process_time() - began) / characters * 1500 * 1000)
        warm = min(passes[1:])
        print(f"Speed {language}: {passes[0]:.2f} ms, then {warm:.2f} ms for 1,500 characters ({len(bodies)} articles)")


def sample(found: list[tuple[str, Span, DateMention | None]], size: int) -> None:
    """Prints a fixed random sample of KLUE spans with what was read, for judging by eye."""
    for number, (text, (start, end), mention) in enumerate(random.Random(SEED).sample(found, size), start=1):
        read = f"{mention.text} = {mention.value or mention.kind}" if mention else "-"
        if mention and mention.end_value:
            read += f"..{mention.end_value}"
        if mention and mention.time:
            read += f" {mention.time}"
        around = f"{text[max(0, start - 18) : start]}[{text[start:end]}]{text[end : end + 28]}"
        print(f"{number:3} {read} ({mention.rule if mention else ''}) | {around}")


def _shares(counts: Counter[str], of: str) -> str:
    return ", ".join(
        f"{name} {count}" + ("" if name == of else f" ({count / counts[of]:.3f})") for name, count in counts.items()
    )


def main() -> None:
    """Runs every measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="print N Korean phrases to judge")
    arguments = parser.parse_args()
    if not DATA.is_dir():
        print("no ../shared/data beside the repository: nothing to measure")
        return
    found = korean_spans()
    if arguments.sample:
        sample(found, arguments.sample)
        return
    korean_fine()
    incident_dates()
    speed()


if __name__ == "__main__":
    main()
