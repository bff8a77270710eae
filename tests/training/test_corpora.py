"""The readers of labelled sets: every format becomes the same sentences, and a mistake names its line."""

from __future__ import annotations

import json
import lzma
from pathlib import Path

import pytest

from training.model.corpora import (
    CorpusError,
    Sentence,
    bio_spans,
    label_maps,
    read_columns,
    read_klue,
    read_set,
    split,
)

MAPS = label_maps()
DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def packed(path: Path, text: str) -> Path:
    with lzma.open(path, "wt", encoding="utf-8") as out:
        out.write(text)
    return path


def marked(sentence: Sentence) -> list[tuple[str, str]]:
    return [(sentence.text[s.start : s.end], s.tag) for s in sentence.spans]


def test_korean_quantities_become_ages_and_head_counts_where_the_fine_types_say_so(tmp_path):
    text = "나씨(41)가 빌딩에서 3명과 5점을"
    labels = ["O"] * len(text)
    for start, end, tag in [(0, 1, "PS"), (3, 5, "QT"), (8, 10, "LC"), (13, 15, "QT"), (17, 19, "QT")]:
        labels[start:end] = [f"B-{tag}"] + [f"I-{tag}"] * (end - start - 1)
    lines = "## 주석\n## k-1\t표시\n" + "\n".join(f"{c}\t{x}" for c, x in zip(text, labels, strict=True)) + "\n\n"
    fine = {
        "klue_id": "k-1",
        "text": text,
        "label": [[3, 5, "QT_AGE"], [8, 10, "AF_BUILDING"], [13, 15, "QT_MAN_COUNT"]],
    }
    coarse_path = packed(tmp_path / "k.xz", lines)
    fine_path = packed(tmp_path / "f.xz", json.dumps(fine) + "\n")
    (sentence,) = read_klue(coarse_path, fine_path, MAPS["klue"])
    assert marked(sentence) == [("나", "PER"), ("41", "AGE"), ("빌딩", "FAC"), ("3명", "COUNT"), ("5점", "QUANT")]


def test_a_document_mark_holds_its_sentences_together(tmp_path):
    text = "# file one\nOmi\tB-Person\nspoke\tO\n\nIn\tO\nLima\tB-Location\n\n# file two\nYes\tO\n\n"
    rows = list(read_columns(packed(tmp_path / "w.xz", text), "worldwide", MAPS["worldwide"], word=0, label=1))
    assert [marked(r) for r in rows] == [[("Omi", "PER")], [("Lima", "LOC")], []]
    assert rows[0].group == rows[1].group != rows[2].group
    assert rows[0].held_out == rows[1].held_out


def test_labels_too_mixed_to_learn_from_are_marked_unsure(tmp_path):
    text = "1\tPeruvian\tB-OTH\t-\tx\n2\tOmi\tB-PER\t-\tx\n\n"
    (row,) = read_columns(packed(tmp_path / "e.xz", text), "ewt", MAPS["ewt"], word=1, label=2)
    assert marked(row) == [("Peruvian", "?"), ("Omi", "PER")]


def test_a_line_without_its_columns_is_named(tmp_path):
    with pytest.raises(CorpusError, match=r"w\.xz:2"):
        list(read_columns(packed(tmp_path / "w.xz", "a\tO\nb\n"), "worldwide", MAPS["worldwide"], word=0, label=1))


def test_a_map_to_a_tag_that_no_head_has_is_refused(tmp_path):
    bad = tmp_path / "maps.toml"
    bad.write_text('[x]\nhead = "news"\nunlabelled = []\nunsure = []\n[x.tags]\nP = "PLANET"\n', encoding="utf-8")
    with pytest.raises(CorpusError, match="PLANET"):
        label_maps(bad)


def test_an_inside_label_that_continues_nothing_begins_a_span():
    found = bio_spans(["I-A", "I-A", "I-B", "B-B"], [0, 2, 4, 6], [1, 3, 5, 7])
    assert [(s.start, s.end, s.tag) for s in found] == [(0, 3, "A"), (4, 5, "B"), (6, 7, "B")]


def test_about_a_tenth_is_held_out_and_the_same_tenth_each_time():
    rows = [Sentence("klue", f"문장 {n}", (), f"문장 {n}") for n in range(3000)]
    train, held = split(rows)
    assert 240 < len(held) < 360
    assert split(rows) == (train, held)


@pytest.mark.skipif(not DATA.is_dir(), reason="the sets in ../shared/data are not on this machine")
def test_the_real_sets_hold_what_their_readme_says():
    assert len(read_set(DATA, "klue")) == 4000
    newswire = read_set(DATA, "worldwide")
    assert len({s.group for s in newswire}) == 875
    train, held = split(newswire)
    assert not {s.group for s in train} & {s.group for s in held}
