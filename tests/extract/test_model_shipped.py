"""The shipped model reads: sentences of our own, in both languages, and whatever else it may be given."""

from __future__ import annotations

import itertools
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.entities import LABELS, find_entities, tagger_version
from extract.model import ModelError, load_tagger


@pytest.fixture(scope="module")
def tagger():
    return load_tagger()


def found(tagger, text: str) -> set[tuple[str, str]]:
    return {(e.text, e.label) for e in find_entities([text], tagger)[0]}


def test_it_finds_people_and_days_in_korean(tagger):
    entities = found(tagger, "경찰은 지난 12일 서울에서 김민수(35)씨를 체포했다고 밝혔다.")
    assert ("김민수", "PER") in entities
    assert any(label == "DATE" and "12일" in text for text, label in entities)


def test_it_finds_people_places_and_peoples_in_english(tagger):
    entities = found(tagger, "Nigerian officials said on Monday that Amina Bello was killed in Lagos.")
    assert ("Amina Bello", "PER") in entities
    assert ("Lagos", "LOC") in entities
    assert ("Nigerian", "NAT") in entities


def test_offsets_are_exact_in_a_long_text_and_labels_are_ours(tagger):
    text = "서울에서 박서준씨가 실종됐다.\n\n" * 40 + "Amina Bello lives in Lagos. " * 40
    (entities,) = find_entities([text], tagger)
    assert len(entities) > 60
    for e in entities:
        assert text[e.start : e.end] == e.text
        assert e.label in LABELS and 0 < e.score <= 1
    assert all(a.end <= b.start for a, b in itertools.pairwise(entities))


def test_a_text_reads_the_same_alone_and_among_others(tagger):
    texts = ["서울에서 박서준씨가 실종됐다.", "Amina Bello was last seen in Lagos on Monday, her family said.", ""]
    together = find_entities(texts, tagger)
    for text, entities in zip(texts, together, strict=True):
        alone = find_entities([text], tagger)[0]
        assert [(e.start, e.end, e.label) for e in alone] == [(e.start, e.end, e.label) for e in entities]


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200))
def test_no_text_is_too_odd(tagger, text):
    for e in find_entities([text], tagger)[0]:
        assert text[e.start : e.end] == e.text != ""


def test_a_word_without_end_does_not_stop_it(tagger):
    assert isinstance(find_entities(["가" * 20_000 + " " + "x" * 20_000], tagger)[0], list)


def test_its_version_changes_with_its_weights(tagger):
    assert tagger_version(tagger).startswith("shipped-int8-")


def test_weights_that_are_not_shipped_are_named():
    with pytest.raises(ModelError, match=r"model\.onnx"):
        load_tagger(precision="fp32")


def test_it_runs_without_torch_and_imports_nothing_heavy_before_it_is_loaded():
    program = (
        "import sys; sys.modules['torch'] = None; import extract.model, extract.entities; "
        "assert not {'transformers', 'onnxruntime'} & set(sys.modules), 'imported too early'; "
        "t = extract.model.load_tagger(); print(len(t.tag(['Amina Bello lives in Lagos.'])[0]))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 1
