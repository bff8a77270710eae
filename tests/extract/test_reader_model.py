"""What the reader makes of a token classifier: asked once, for English, after the gate; absent or broken it is said."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from extract.cues import EVENT_TAGS, Cues, as_cues
from extract.document import build_document
from extract.reader import NO_MODEL, LexiconReader, decide
from extract.records import Article
from extract.scorers.context import cue_features
from extract.scorers.linear import load_weights

#: Invented: no such people, places of the event are real towns.
ROBBED = Article(
    "1",
    "Man held after shop robbery in Leeds",
    "A 34-year-old man was arrested after a jeweller was robbed at knifepoint in Leeds on Tuesday, police said.\n\n"
    "Officers from Bradford were called to the shop. The jeweller was not hurt.",
    language="en",
)
REFUSED = Article("2", "Leeds bakery wins county prize", "A bakery in Leeds won a prize for its bread.", language="en")


@dataclass
class Pointing:
    """A classifier that says of one word that it is the place, and of all else nothing."""

    word: str
    asked: list[str] = field(default_factory=list)

    def cues(self, text: str) -> Cues:
        self.asked.append(text)
        at = text.index(self.word, text.index("\n"))
        offsets = [(at, at + len(self.word))]
        return as_cues(offsets, {"PLACE": np.ones(1, dtype=np.float32)}, {})


def test_cues_are_the_highest_of_the_pieces_that_a_mention_touches():
    cues = as_cues(
        [(0, 3), (3, 6), (7, 9)],
        {"PLACE": np.array([0.2, 0.9, 0.5], dtype=np.float32)},
        {"LOC": np.array([0.01, 0.02, 0.8], dtype=np.float32)},
    )
    assert cues.events_in(0, 6) == {"PLACE": pytest.approx(0.9)}
    assert cues.events_in(0, 3) == {"PLACE": pytest.approx(0.2)}
    assert cues.entities_in(0, 6) == {} and cues.entities_in(6, 8) == {"LOC": pytest.approx(0.8)}
    assert cues.events_in(20, 30) == {}
    assert set(EVENT_TAGS) >= {"VICTIM", "SUSPECT", "PLACE", "DATE", "ACT", "PAST"}


def test_the_scorers_hear_what_the_model_says_and_ask_it_once():
    tagger = Pointing("Bradford")
    doc = build_document(ROBBED, "en", tagger)
    at = doc.text.index("Bradford")
    assert cue_features(doc, at, at + 8)["event PLACE"] == 1.0
    decide(doc, load_weights())
    assert tagger.asked == [doc.text]


def test_the_models_word_moves_the_place():
    weights = load_weights()
    score = {}
    for word in ("Leeds", "Bradford"):
        (report, *_) = decide(build_document(ROBBED, "en", Pointing(word)), weights).reports
        score[word] = report.confidence.get("place", 0.0) if report.place and "Leeds" in report.place.name else 0.0
    assert score["Leeds"] > score["Bradford"]


def test_no_question_is_asked_of_an_article_that_the_gate_refuses():
    tagger = Pointing("Leeds")
    assert decide(build_document(REFUSED, "en", tagger), load_weights()).reports == ()
    assert tagger.asked == []


def test_without_a_model_the_coder_says_so_and_reading_goes_on():
    reader = LexiconReader(model=NO_MODEL)
    assert reader.coder.endswith("+none") and reader.evidence == "none"
    assert reader.read(ROBBED).reports
    assert reader.read(ROBBED).coder == reader.coder


def test_a_broken_model_is_said_once_and_reading_goes_on(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    (tmp_path / "model.int8.onnx").write_bytes(b"no model")
    (tmp_path / "config.json").write_text('{"id2label": {"0": "O", "1": "B-PER"}}', encoding="utf-8")
    reader = LexiconReader(model=str(tmp_path))
    with caplog.at_level(logging.WARNING):
        assert reader.read(ROBBED).reports and reader.read(ROBBED).coder.endswith("+none")
    said = [r.getMessage() for r in caplog.records if "lexicon and morphology" in r.getMessage()]
    assert (len(said) == 1 and "cannot be" in said[0]) or "no model" in said[0]


def test_the_shipped_model_knows_events_and_is_named_by_the_coder():
    reader = LexiconReader()
    assert reader.evidence == "events" and "+shipped-int8-" in reader.coder
    assert reader.tagger is not None
    cues = reader.tagger.cues(f"{ROBBED.title}\n\n{ROBBED.text}")
    at = ROBBED.text.index("Leeds") + len(ROBBED.title) + 2
    assert cues.events_in(at, at + 5)["PLACE"] > 0.5
    assert reader.tagger.cues("").events_in(0, 1) == {}


def test_a_long_article_is_heard_from_its_beginning():
    tagger = LexiconReader().tagger
    assert tagger is not None
    text = f"{ROBBED.title}\n\n" + f"{ROBBED.text}\n\n" * 30
    cues = tagger.cues(text)
    assert 0 < len(cues.starts) == tagger.pieces_heard(text) < len(tagger.offsets(text))
    assert len(cues.starts) <= 2 * tagger.width
    assert [tuple(pair) for pair in zip(cues.starts, cues.ends, strict=True)] == tagger.offsets(text)[
        : len(cues.starts)
    ]
