"""The reader: an article in, a `Reading` out. Any other reader that keeps the contract can stand in its place.

from extract.reader import LexiconReader
reading = LexiconReader().read(Article(id="1", title="...", text="...", published=..., language="ko"))
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from extract.document import Document, build_document
from extract.entities import tagger_version
from extract.incidents import draft_reports, refused_report
from extract.language import detect_language
from extract.records import Article, Reading
from extract.relevance import may_hold_incident, worth_reading
from extract.responses import find_responses
from extract.scorers.gate import gate_features
from extract.scorers.linear import Evidence, Weights, load_weights

if TYPE_CHECKING:
    from extract.model.tagger import TokenTagger

log = logging.getLogger(__name__)

#: Languages that the default reader reads; text in others is stored and not coded.
LANGUAGES = ("ko", "en")
#: The outlet's country where the source declares none: Korean is written for Koreans, English for anyone.
HOME = {"ko": "KR"}
NAME = "sageon-lexicon"
#: Languages whose scorers are given the model's word. Cross-validated, English end_to_end rises from .625 to .647 with
#: it; Korean stays (.743, .741) and reading would cost three times as much (docs/accuracy.md).
ASKED = ("en",)
#: The name of no model.
NO_MODEL = "none"
VERSION = "6"


class Reader(Protocol):
    """One contract for every reader. `coder` names it with its version; readings carry it."""

    @property
    def coder(self) -> str: ...

    def read(self, article: Article) -> Reading:
        """All incident reports and responses of one article, each value with a verbatim quote."""
        ...

    def read_many(self, articles: Iterable[Article]) -> Iterator[Reading]:
        """One reading for each article, in order."""
        ...


class LexiconReader:
    """Lexicon and morphology find candidates, small learned scorers choose among them or none.

    In the languages of `ASKED` the scorers weigh what a token classifier says beside. `model` names it: the shipped one
    where it is empty, a folder or a hub id, or `NO_MODEL`. A model without an event head lends its entities alone. One
    that cannot be loaded is said once in the log; scorers that were fitted without any choose instead.
    """

    def __init__(self, weights: Weights | None = None, *, model: str = "") -> None:
        self._given, self._model = weights, model

    @cached_property
    def weights(self) -> Weights:
        if self._given is not None:
            return self._given
        return load_weights(evidence=self.evidence)

    @cached_property
    def tagger(self) -> TokenTagger | None:
        """The classifier, or None where none is wanted or it cannot be loaded."""
        from extract.model import ModelError, load_tagger

        if self._model == NO_MODEL:
            return None
        try:
            return load_tagger(self._model or None)
        except ModelError as error:
            log.warning("%s; reading goes on by lexicon and morphology alone", error)
            return None

    @property
    def evidence(self) -> Evidence:
        """What the scorers have beside lexicon and morphology."""
        if self.tagger is None:
            return "none"
        return "events" if self.tagger.knows_events else "entities"

    @property
    def coder(self) -> str:
        """Name, rules' version, the day of the scorers' fit, and the model ("none" without one)."""
        return f"{NAME}-{VERSION}+{self.weights.made}+{tagger_version(self.tagger)}"

    def prepare(self) -> None:
        """Load what the first article of each language would load: seconds in which nothing is read."""
        from extract.analyse.korean import shared_kiwi

        _ = self.weights
        if self.tagger is not None:
            self.tagger.cues("가")
        shared_kiwi()

    def read(self, article: Article) -> Reading:
        """Reads nothing, with the reason as outcome, where there is no text or the language is not read."""
        if not article.text.strip() and not article.title.strip():
            return Reading(article.id, article.language, self.coder, outcome="empty")
        language = article.language if article.language in LANGUAGES else detect_language(article.text or article.title)
        if language not in LANGUAGES:
            return Reading(article.id, language, self.coder, outcome="language_not_read")
        article = replace(article, language=language, country=article.country or HOME.get(language))
        title, text = article.title, article.text
        if not (may_hold_incident(title, text, language) and worth_reading(title, text, language, self.weights)):
            return Reading(article.id, language, self.coder, outcome="not_relevant")
        tagger = self.tagger if language in ASKED else None
        return replace(decide(build_document(article, language, tagger), self.weights), coder=self.coder)

    def read_many(self, articles: Iterable[Article]) -> Iterator[Reading]:
        for article in articles:
            yield self.read(article)


def decide(doc: Document, weights: Weights) -> Reading:
    """The reading of an analysed document by `weights` (its coder is left to the caller)."""
    gate = weights.model(f"gate.{doc.language}").probability(gate_features(doc))
    responses = tuple(find_responses(doc))
    if gate < weights.thresholds.get(f"gate.{doc.language}", 0.5):
        doc.tagger = None  # not worth the costliest question: no row of the table comes of it
        refused = refused_report(doc, weights, gate)
        return Reading(doc.article.id, doc.language, "", (refused,) if refused else (), responses)
    return Reading(doc.article.id, doc.language, "", draft_reports(doc, weights, gate), responses)
