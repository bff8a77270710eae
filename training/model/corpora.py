"""The labelled sentences: every public set read into one shape, with one tag set and a tenth held out.

A set's own labels become ours by `label_maps.toml`. Held-out rows are chosen by a hash of their document (the file of
the English newswire) or, where no document is known, of their sentence; so the split is the same on every machine.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extract.cues import EVENT_TAGS
from training.folds import COUNT, folds

#: What the shipped head tells apart, in the order of its outputs.
TAGS = ("PER", "ORG", "LOC", "FAC", "NAT", "DATE", "TIME", "COUNT", "AGE", "QUANT")
HEADS: dict[str, tuple[str, ...]] = {
    "news": TAGS,
    "wiki": ("PER", "ORG", "LOC", "WORK", "PRODUCT"),
    "event": EVENT_TAGS,
}
MAPS = Path(__file__).with_name("label_maps.toml")
OWN = Path(__file__).parents[1] / "reader" / "own"
HELD_OUT = 0.1


class CorpusError(ValueError):
    """A line of a labelled set that is not what its format promises; names file and line."""


@dataclass(frozen=True, slots=True)
class Span:
    """`text[start:end]` carries `tag`; the tag "?" marks words that the loss leaves out."""

    start: int
    end: int
    tag: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One labelled sentence of the set `corpus`; `group` is what is held out together (a document, or the sentence)."""

    corpus: str
    text: str
    spans: tuple[Span, ...]
    group: str

    @property
    def held_out(self) -> bool:
        digest = hashlib.sha256(f"{self.corpus}\0{self.group}".encode()).digest()
        return int.from_bytes(digest[:4], "big") < HELD_OUT * 2**32


def label_maps(path: Path = MAPS) -> dict[str, dict[str, Any]]:
    """The declarations of `label_maps.toml` by set name. Raises CorpusError on a tag no head knows."""
    maps = tomllib.loads(path.read_text(encoding="utf-8"))
    for name, declared in maps.items():
        known = {*HEADS[declared["head"]]}
        for tag in (*declared["tags"].values(), *declared.get("fine", {}).values(), *declared["unlabelled"]):
            if tag not in known:
                raise CorpusError(
                    f"{path.name}: [{name}] names the tag {tag}, head {declared['head']} has {sorted(known)}"
                )
    return maps


def read_klue(path: Path, fine_path: Path, declared: dict[str, Any]) -> Iterator[Sentence]:
    """KLUE-NER sentences (a character and its BIO label a line), refined by the nested fine types of konne."""
    fine: dict[str, list[tuple[int, int, str]]] = {}
    with lzma.open(fine_path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            fine[row["klue_id"]] = [(s, e, declared["fine"][t]) for s, e, t in row["label"] if t in declared["fine"]]
    key, chars, labels = "", "", []
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate((*lines, ""), 1):
            line = line.rstrip("\n")
            if line.startswith("## "):
                key = line[3:].split("\t")[0]
            elif line.strip("\n\r"):
                char, _, label = line.partition("\t")
                if len(char) != 1 or not label:
                    raise CorpusError(f"{path.name}:{number}: expected a character and a label, found {line!r}")
                chars += char
                labels.append(label)
            elif chars:
                spans = _refined(
                    bio_spans(labels, range(len(chars)), range(1, len(chars) + 1)), fine.get(key, []), declared
                )
                yield Sentence("klue", chars, tuple(spans), chars)
                chars, labels = "", []


def _refined(spans: Sequence[Span], fine: Sequence[tuple[int, int, str]], declared: dict[str, Any]) -> list[Span]:
    """The coarse spans under our tags, made exact by the fine types; peoples are added where no coarse span stands."""
    allowed = {"QUANT": {"AGE", "COUNT"}, "LOC": {"FAC"}}
    out = []
    for span in spans:
        tag = declared["tags"].get(span.tag)
        if tag is None:
            continue
        for start, end, exact in fine:
            overlap = min(end, span.end) - max(start, span.start)
            if exact in allowed.get(tag, ()) and 2 * overlap >= span.end - span.start:
                tag = exact
        out.append(Span(span.start, span.end, tag))
    for start, end, exact in fine:
        if exact == "NAT" and all(end <= s.start or s.end <= start for s in out):
            out.append(Span(start, end, exact))
    return sorted(out, key=lambda s: s.start)


def bio_spans(labels: Sequence[str], starts: Sequence[int], ends: Sequence[int]) -> list[Span]:
    """Spans of a BIO sequence whose n-th label covers [starts[n], ends[n]); an I- continuing nothing begins one."""
    spans: list[Span] = []
    previous = "O"
    for label, start, end in zip(labels, starts, ends, strict=True):
        if label.startswith("I-") and previous[2:] == label[2:]:
            spans[-1] = Span(spans[-1].start, end, label[2:])
        elif label[:2] in ("B-", "I-"):
            spans.append(Span(start, end, label[2:]))
        previous = label
    return spans


def read_gvdb(path: Path, declared: dict[str, Any]) -> Iterator[Sentence]:
    """The documents of the gun violence database; words are joined by one space, a span covers [first, last) words."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            starts, ends, text = [], [], ""
            for sentence in row["full_text"]:
                for word in sentence:
                    starts.append(len(text))
                    text += word
                    ends.append(len(text))
                    text += " "
                text = f"{text[:-1]}\n"
            marked = sorted(
                (starts[first], ends[last - 1], declared["tags"][tag])
                for first, last, tag, *_ in row["spans"]
                if tag in declared["tags"] and first < last <= len(ends)
            )
            yield Sentence("gvdb", text, tuple(_apart(marked)), row["doc_key"])


def _apart(marked: Sequence[tuple[int, int, str]]) -> Iterator[Span]:
    """The marked stretches that begin after the one before has ended."""
    over = 0
    for start, end, tag in marked:
        if start >= over:
            yield Span(start, end, tag)
            over = end


#: Quotes of an annotated person, and the shortest name that is looked for elsewhere in the article.
_SHORTEST_NAME = 2


def _quotes(incident: dict[str, Any]) -> Iterator[tuple[str, str | None]]:
    """(tag, words of the article) that an annotated current incident names."""
    yield "ACT", incident["trigger"]
    for tag, people in (("VICTIM", incident["victims"]), ("SUSPECT", incident["perpetrators"])):
        for person in people:
            yield tag, person["text"]
            if person.get("name") and len(person["name"]) >= _SHORTEST_NAME:
                yield tag, person["name"]
    yield "PLACE", incident["place_text"]
    yield "DATE", incident["date_text"]


def read_articles(paths: Sequence[Path]) -> Iterator[Sentence]:
    """Annotated articles as one text each (title, blank line, body), with every mention of what the gold quotes.

    Of an earlier incident only the words that name it are marked. Longer quotes go before shorter ones they hold.
    """
    for path in paths:
        for line in filter(str.strip, path.read_text(encoding="utf-8").splitlines()):
            raw = json.loads(line)
            text = f"{raw['title'] or ''}\n\n{raw['text']}"
            quotes: dict[str, str] = {}
            for incident in raw["incidents"]:
                background = incident["role"] == "background"
                some = [("PAST", incident["trigger"])] if background else _quotes(incident)
                for tag, quote in some:
                    if quote and quote.strip():
                        quotes.setdefault(quote.strip(), tag)
            taken: list[Span] = []
            for quote, tag in sorted(quotes.items(), key=lambda item: -len(item[0])):
                at = text.find(quote)
                while at >= 0:
                    end = at + len(quote)
                    if all(end <= s.start or s.end <= at for s in taken):
                        taken.append(Span(at, end, tag))
                    at = text.find(quote, end)
            yield Sentence("articles", text, tuple(sorted(taken, key=lambda s: s.start)), raw["id"])


def article_files(data: Path) -> list[Path]:
    """The annotated articles, then the invented ones that the reader learns from."""
    return [data / "incidents" / "articles.jsonl", *sorted(OWN.glob("*.jsonl"))]


def article_folds(data: Path) -> dict[str, int]:
    """The fold of each annotated article by its id: the reader's own folds; an invented article's by its hash."""
    first, *own = article_files(data)
    rows = [json.loads(line) for line in filter(str.strip, first.read_text(encoding="utf-8").splitlines())]
    out = {row["id"]: fold for row, fold in zip(rows, folds(rows), strict=True)}
    for sentence in read_articles(own):
        out[sentence.group] = hashlib.sha256(sentence.group.encode()).digest()[0] % COUNT
    return out


def read_columns(path: Path, corpus: str, declared: dict[str, Any], *, word: int, label: int) -> Iterator[Sentence]:
    """Sentences of a word-a-line file whose columns `word` and `label` are given; words are joined by one space.

    The spacing is not seen by the model (its tokenizer splits words from punctuation itself). A `# file` or
    `# newdoc` line begins a document, which then is held out whole.
    """
    words: list[str] = []
    labels: list[str] = []
    group: str | None = None
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate((*lines, ""), 1):
            line = line.rstrip("\n")
            cells = line.split("\t") if "\t" in line else line.split(" ")
            comment = line.startswith("# ") and (len(cells) < 2 or not words)
            if comment:
                if line.startswith(("# file", "# newdoc")):
                    group = line
            elif cells[0].strip():
                if len(cells) <= max(word, label):
                    raise CorpusError(f"{path.name}:{number}: expected {max(word, label) + 1} columns, found {line!r}")
                words.append(cells[word].strip() or "\N{REPLACEMENT CHARACTER}")
                labels.append(cells[label])
            elif words:
                yield _joined(corpus, words, labels, group, declared)
                words, labels = [], []


def _joined(corpus: str, words: list[str], labels: list[str], group: str | None, declared: dict[str, Any]) -> Sentence:
    starts, at = [], 0
    for word in words:
        starts.append(at)
        at += len(word) + 1
    text = " ".join(words)
    ends = [start + len(word) for start, word in zip(starts, words, strict=True)]
    spans = [
        Span(s.start, s.end, "?" if s.tag in declared["unsure"] else declared["tags"][s.tag])
        for s in bio_spans(labels, starts, ends)
        if s.tag in declared["tags"] or s.tag in declared["unsure"]
    ]
    return Sentence(corpus, text, tuple(spans), group or text)


#: Files of a set under `ner/` and the columns of word and label.
COLUMNS = {
    "worldwide": (("worldwide_newswire_en.tsv.xz",), 0, 1),
    "wnut17": (("wnut17_wnut17train.conll.xz",), 0, 1),
    "wnut17_dev": (("wnut17_emerging.dev.conll.xz",), 0, 1),
    "ewt": (("uner_en_ewt_train.iob2.xz",), 1, 2),
    "multiconer_ko": (("multiconer_ko_train.conll.xz",), 0, 3),
    "multiconer_en": (("multiconer_en_train.conll.xz",), 0, 3),
}


def read_set(data: Path, corpus: str) -> list[Sentence]:
    """All sentences of one set in the folder `data`. `wnut17_dev` is that task's own development part."""
    maps = label_maps()
    folder = data / "ner"
    if corpus == "gvdb":
        return list(read_gvdb(data / "events" / "gvdb" / "dev.json.xz", maps["gvdb"]))
    if corpus == "articles":
        return list(read_articles(article_files(data)))
    if corpus == "klue":
        return list(read_klue(folder / "klue_ner_ko_4000.tsv.xz", folder / "konne_ko_4000.jsonl.xz", maps["klue"]))
    files, word, label = COLUMNS[corpus]
    declared = maps[corpus.removesuffix("_dev")]
    return [s for file in files for s in read_columns(folder / file, corpus, declared, word=word, label=label)]


def split(sentences: Sequence[Sentence]) -> tuple[list[Sentence], list[Sentence]]:
    """(to train on, held out)."""
    return [s for s in sentences if not s.held_out], [s for s in sentences if s.held_out]


def open_text(data: Path, limit: int = 3_000_000) -> dict[str, list[str]]:
    """Unlabelled sentences per language for the vocabulary and pre-training, at most `limit` characters a source.

    Korean: KLUE's raw sentences, petitions, film reviews. English: the training part of the labelled English sets.
    """
    korean: list[str] = []
    for name, source in (
        ("klue_raw_sentences_ko.tsv.xz", -1),
        ("petitions_ko.txt.xz", 0),
        ("movie_reviews_ko.txt.xz", 0),
    ):
        size = 0
        with lzma.open(data / "text" / name, "rt", encoding="utf-8") as lines:
            for line in lines:
                line = line.rstrip("\n").split("\t")[source]
                size += len(line)
                if size > limit:
                    break
                korean.extend(piece for piece in line.split(". ") if len(piece) > 8)
    english = [
        s.text for name in ("worldwide", "ewt", "wnut17", "multiconer_en") for s in split(read_set(data, name))[0]
    ]
    return {"ko": korean, "en": english}


@dataclass(frozen=True, slots=True)
class Source:
    """Unlabelled texts of one kind; `share` of them are seen in a pass of pre-training (2.0: all of them twice)."""

    name: str
    texts: Sequence[str]
    share: float


def open_sources(data: Path) -> list[Source]:
    """All text that may be learned from, without any sentence that is held out.

    Film reviews are most of the Korean text and least like news: a pass sees a quarter of them. The annotated articles
    lend their words, not their labels.
    """
    klue = read_set(data, "klue")
    hidden = {s.text for s in split(klue)[1]}
    text = data / "text"
    raw = [line.split("\t")[-1] for line in _lines(text / "klue_raw_sentences_ko.tsv.xz")]
    with lzma.open(data / "events" / "gun_violence_articles" / "X_train.json.xz", "rt", encoding="utf-8") as file:
        gun_violence = [row["text"] for row in json.load(file)]
    labelled = {name: [s.text for s in split(read_set(data, name))[0]] for name in COLUMNS if name != "wnut17_dev"}
    articles = [s.text for s in read_set(data, "articles")]
    return [
        Source("klue", [line for line in raw if line not in hidden], 3.0),
        Source("petitions", list(_lines(text / "petitions_ko.txt.xz")), 1.0),
        Source("reviews", list(_lines(text / "movie_reviews_ko.txt.xz")), 0.25),
        Source("articles", articles, 3.0),
        Source("multiconer_ko", labelled["multiconer_ko"], 1.0),
        Source("multiconer_en", labelled["multiconer_en"], 0.5),
        Source("worldwide", labelled["worldwide"], 2.0),
        Source("ewt", labelled["ewt"], 1.0),
        Source("wnut17", labelled["wnut17"], 1.0),
        Source("gun_violence", gun_violence, 1.0),
        Source("gvdb", [s.text for s in read_set(data, "gvdb")], 1.0),
    ]


def _lines(path: Path) -> Iterator[str]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        yield from (line.rstrip("\n") for line in lines)
