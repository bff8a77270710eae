"""Measures the shipped entity model: held-out sentences, speed and memory on one core, int8 against fp32, load time.

python -m benchmarks model accuracy [--model FOLDER]     entity and character F1 on the held-out tenth of the sets
python -m benchmarks model speed [--texts N]             pieces per second on one core over real articles
python -m benchmarks model agreement --fp32 FOLDER       the same articles by int8 and by fp32 weights
python -m benchmarks model floor                         what lexicons alone find of the held-out places and peoples
python -m benchmarks model pairs --korean F --english F  sentences and their translations, a line each: are they tagged alike?
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"


def articles(count: int) -> list[str]:
    """Texts of annotated articles, both languages in turn, at most `count`."""
    rows = [
        json.loads(line) for line in (DATA / "incidents" / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    by_language = [[r["text"] for r in rows if r["lang"] == language] for language in ("ko", "en")]
    return [text for pair in zip(*by_language, strict=False) for text in pair][:count]


def accuracy(model: str | None) -> None:
    """The model as it is loaded at run time (ONNX, sentence windows), against gold that it never saw."""
    from extract.model import load_tagger
    from training.model.corpora import read_set, split
    from training.model.evaluate import figures

    tagger = load_tagger(model)
    print(tagger.version)
    for name in ("klue", "worldwide", "ewt", "wnut17_dev"):
        rows = read_set(DATA, name)
        held = rows if name.endswith("_dev") else split(rows)[1]
        found = [[(e.start, e.end, e.label) for e in entities] for entities in tagger.tag([s.text for s in held])]
        for figure, value in figures(name, held, found).items():
            print(f"{name:12s} {figure:22s} {value:.3f}" if value <= 1 else f"{name:12s} {figure:22s} {value:.0f}")


def speed(count: int, model: str | None) -> None:
    """Load time in a fresh process, pieces and characters per processor second on one thread, and peak memory."""
    program = (
        "import time; began = time.perf_counter(); from extract.model import load_tagger; "
        "load_tagger({!r}).tag(['가']); print(time.perf_counter() - began)"
    )
    fresh = subprocess.run(
        [sys.executable, "-c", program.format(model)], capture_output=True, text=True, check=True, cwd=ROOT
    )
    from extract.model import load_tagger

    tagger = load_tagger(model)
    texts = articles(count)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    tagger.tag(texts[:4])
    began, wall = time.process_time(), time.perf_counter()
    tagger.tag(texts)
    spent, wall = time.process_time() - began, time.perf_counter() - wall
    pieces = tagger.count_pieces(texts)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{tagger.version}: start to first result {float(fresh.stdout):.2f} s")
    print(f"{len(texts)} articles, {sum(map(len, texts))} characters, {pieces} pieces")
    print(
        f"{pieces / spent:.0f} pieces per CPU second, {1000 * spent / len(texts):.1f} ms CPU an article, "
        f"{wall:.1f} s wall"
    )
    print(f"peak memory {peak / 1024:.0f} MiB, {(peak - before) / 1024:.0f} MiB of it while reading")


def agreement(count: int, fp32: str) -> None:
    """How often the int8 and the fp32 weights of one folder choose the same label, and find the same entities."""
    from extract.model import load_tagger

    small, full = load_tagger(fp32), load_tagger(fp32, precision="fp32")
    texts = articles(count)
    same = total = 0
    for a, b in zip(small.logits(texts), full.logits(texts), strict=True):
        same += int((a.argmax(-1) == b.argmax(-1)).sum())
        total += len(a)
    found = [{(n, e.start, e.end, e.label) for n, row in enumerate(t.tag(texts)) for e in row} for t in (small, full)]
    both = len(found[0] & found[1])
    print(f"{small.version} against {full.version}: {same / total:.4f} of {total} pieces labelled alike")
    print(
        f"entities: {len(found[0])} and {len(found[1])}, {both} the same, "
        f"F1 {2 * both / (len(found[0]) + len(found[1])):.4f}"
    )


def floor() -> None:
    """Places and peoples that the gazetteers and the nationality lexicon find on the same held-out sentences."""
    from extract.nationality import find_nationalities
    from extract.places import find_places
    from training.model.corpora import read_set, split
    from training.model.evaluate import entity_scores

    for name, language in (("klue", "ko"), ("worldwide", "en")):
        held = split(read_set(DATA, name))[1]
        gold = [[(s.start, s.end, s.tag) for s in row.spans if s.tag in ("LOC", "NAT")] for row in held]
        found = [
            [(m.start, m.end, "LOC") for m in find_places(row.text, language)]
            + [(m.start, m.end, "NAT") for m in find_nationalities(row.text, language) if m.kind != "country"]
            for row in held
        ]
        for tag, score in entity_scores(gold, found).items():
            if tag in ("LOC", "NAT"):
                print(
                    f"{name:10s} {tag:4s} P {score.precision:.3f} R {score.recall:.3f} F1 {score.f1:.3f}", score.support
                )


#: What a sentence and its translation name alike. A people in one language is often its country in the other.
ALIKE = {"PER": "person", "LOC": "place or people", "NAT": "place or people", "ORG": "organisation", "DATE": "date"}


def pairs(korean: Path, english: Path, model: str | None) -> None:
    """How far the tags of a sentence agree with those of its translation: by number, and persons by their names.

    By number: of all tags of a kind in both languages, the share that has a counterpart in the other (F1 of counts).
    """
    from extract.model import load_tagger
    from extract.resolve.romanise import name_key

    tagger = load_tagger(model)
    sides = [tagger.tag(path.read_text(encoding="utf-8").splitlines()) for path in (korean, english)]
    met: Counter[str] = Counter()
    given: Counter[str] = Counter()
    named = same = 0
    for ours, theirs in zip(*sides, strict=True):
        counts = [Counter(ALIKE[e.label] for e in found if e.label in ALIKE) for found in (ours, theirs)]
        met.update(counts[0] & counts[1])
        given.update(counts[0] + counts[1])
        keys = [{name_key(e.text) for e in found if e.label == "PER"} - {None} for found in (ours, theirs)]
        named += bool(keys[0] and keys[1])
        same += bool(keys[0] & keys[1])
    print(f"{tagger.version}: {len(sides[0])} pairs")
    for kind, number in given.most_common():
        print(f"{kind:16s} {number:6d} tags, {2 * met[kind] / number:.3f} with a counterpart")
    print(f"pairs with persons on both sides {named}, of which a name is the same in both scripts {same}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one measurement."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("accuracy", "speed", "agreement", "floor", "pairs"))
    parser.add_argument("--model", help="a folder or hub id instead of the shipped model")
    parser.add_argument("--fp32", help="a folder that holds both precisions (export --fp32)")
    parser.add_argument("--korean", type=Path, help="pairs: Korean sentences, a line each")
    parser.add_argument("--english", type=Path, help="pairs: their translations")
    parser.add_argument("--texts", type=int, default=60)
    options = parser.parse_args(arguments)
    if options.what == "pairs":
        if not (options.korean and options.english):
            parser.error("pairs needs --korean FILE and --english FILE, as many lines in each")
        pairs(options.korean, options.english, options.model)
        return 0
    if not DATA.is_dir():
        print("the sets in ../shared/data are not on this machine", file=sys.stderr)
        return 2
    if options.what == "accuracy":
        accuracy(options.model)
    elif options.what == "speed":
        speed(options.texts, options.model)
    elif options.what == "floor":
        floor()
    elif options.fp32:
        agreement(options.texts, options.fp32)
    else:
        parser.error("agreement needs --fp32 FOLDER, a folder that `python -m training.model export --fp32` wrote")
    return 0


if __name__ == "__main__":
    sys.exit(main())
