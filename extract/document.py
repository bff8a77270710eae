"""One article under the reader's lamp: title and body as one text, with every mention found in it.

The title and the body are joined by a blank line, so that all components work on one string; `Document.locate`
turns an offset in that string back into the part of the article and the offset in that part.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from extract.analyse import Analysis, Sentence, analyse
from extract.charges import Charge, find_charges
from extract.counts import CountMention, What, fates_told, find_counts
from extract.cues import Cues, CueTagger
from extract.dates import DateMention, find_dates
from extract.facilities import find_facilities
from extract.homes import with_homes
from extract.nationality import NationalityMention, find_nationalities
from extract.people import PersonMention, find_people
from extract.places import ResolvedPlace, find_places, resolve_places
from extract.records import Article, Evidence, Part
from extract.triggers import Discard, Trigger, find_discards, find_triggers

JOINT = "\n\n"


@dataclass
class Document:
    """`text` is the title, a blank line and the body; every mention's offsets are offsets into it."""

    article: Article
    language: str
    text: str
    body_start: int
    analysis: Analysis
    triggers: list[Trigger]
    dates: list[DateMention]
    places: list[ResolvedPlace]
    people: list[PersonMention]
    counts: list[CountMention]
    nationalities: list[NationalityMention]
    charges: list[Charge]
    discards: list[Discard]
    #: Asked for the cues of the text when a scorer first wants them.
    tagger: CueTagger | None = None
    _starts: list[int] = field(default_factory=list)
    _index: dict[str, dict[int, list[Any]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._starts = [s.start for s in self.sentences]

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        return self.analysis.sentences

    def sentence_at(self, offset: int) -> int:
        """Index of the sentence that holds `offset` (the nearest before it where it falls between two)."""
        return max(0, bisect_right(self._starts, offset) - 1)

    def around(self, start: int, end: int, width: int) -> tuple[list[str], list[str]]:
        """Lemmas of up to `width` tokens of the same sentence before and after `text[start:end]`."""
        tokens = self.sentences[self.sentence_at(start)].tokens
        before = [t.lemma for t in tokens if t.end <= start][-width:]
        after = [t.lemma for t in tokens if t.start >= end][:width]
        return before, after

    def triggers_in(self, sentence: int) -> list[Trigger]:
        return self._by_sentence("triggers").get(sentence, [])

    def dates_in(self, sentence: int) -> list[DateMention]:
        return self._by_sentence("dates").get(sentence, [])

    def places_in(self, sentence: int) -> list[ResolvedPlace]:
        return self._by_sentence("places").get(sentence, [])

    def people_in(self, sentence: int) -> list[PersonMention]:
        return self._by_sentence("people").get(sentence, [])

    def counts_in(self, sentence: int) -> list[CountMention]:
        return self._by_sentence("counts").get(sentence, [])

    def charges_in(self, sentence: int) -> list[Charge]:
        return self._by_sentence("charges").get(sentence, [])

    def discards_in(self, sentence: int) -> list[Discard]:
        return self._by_sentence("discards").get(sentence, [])

    def _by_sentence(self, name: str) -> dict[int, list[Any]]:
        index = self._index.get(name)
        if index is None:
            index = self._index[name] = {}
            for item in getattr(self, name):
                start = item.mention.start if name == "places" else item.start
                index.setdefault(self.sentence_at(start), []).append(item)
        return index

    def in_title(self, offset: int) -> bool:
        return offset < self.body_start

    def locate(self, start: int, end: int) -> tuple[Part, int, int]:
        """The part of the article that `text[start:end]` stands in, and the offsets in that part."""
        if start < self.body_start:
            return "title", start, min(end, len(self.article.title))
        return "text", start - self.body_start, end - self.body_start

    def evidence(self, name: str, start: int, end: int, found_by: str) -> Evidence:
        """The words `text[start:end]` as evidence for field `name`, trimmed of blanks at both ends."""
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        part, first, last = self.locate(start, end)
        source = self.article.title if part == "title" else self.article.text
        return Evidence(name, source[first:last], first, last, part, found_by)

    @cached_property
    def cues(self) -> Cues | None:
        """What the token classifier says of the text; None where there is none.

        Asking is the costliest part of reading: done once, and only for an article that passed the gate.
        """
        return self.tagger.cues(self.text) if self.tagger is not None else None

    @cached_property
    def lead(self) -> range:
        """Indices of the first two sentences of the body."""
        first = next((i for i, s in enumerate(self.sentences) if s.start >= self.body_start), len(self.sentences))
        return range(first, min(first + 2, len(self.sentences)))

    @cached_property
    def fates(self) -> list[set[What]]:
        """What each sentence says became of people, counted or not."""
        return [fates_told(self.text, self.language, sentence) for sentence in self.sentences]

    @cached_property
    def lemmas(self) -> list[list[str]]:
        """Content lemmas of each sentence: nouns, verbs, adjectives, roots and Latin words."""
        return [[t.lemma for t in s.tokens if is_content(t.tag, t.lemma, self.language)] for s in self.sentences]


_KOREAN_CONTENT = ("NNG", "NNP", "VV", "VA", "XR", "SL", "MAG")


def is_content(tag: str, lemma: str, language: str) -> bool:
    """Whether a token carries meaning of its own (Sejong tags for Korean; any word of letters for English)."""
    if language == "ko":
        return tag.startswith(_KOREAN_CONTENT)
    return len(lemma) > 1 and lemma[0].isalpha()


def build_document(article: Article, language: str, tagger: CueTagger | None = None) -> Document:
    """Find every mention in `article`. The costly step of reading: run it only on articles that passed the gate."""
    title = article.title or ""
    text = f"{title}{JOINT}{article.text}"
    analysis = analyse(text, language)
    nationalities = find_nationalities(text, language, analysis=analysis, outlet_country=article.country)
    votes: dict[str, float] = {}
    for mention in nationalities:
        votes[mention.country] = votes.get(mention.country, 0.0) + 1.0
    mentions = find_places(text, language, outlet_country=article.country)
    resolved = resolve_places(mentions, outlet_country=article.country, votes=votes)
    people = find_people(text, language, analysis, nationalities=nationalities, outlet_country=article.country)
    named = [(p.start, p.end) for p in people if p.name] if language == "en" else []
    resolved += find_facilities(text, language, analysis, resolved, named)
    if language == "en":
        people, nationalities = with_homes(text, people, nationalities, resolved)
    return Document(
        article=article,
        language=language,
        text=text,
        body_start=len(title) + len(JOINT),
        analysis=analysis,
        triggers=find_triggers(analysis, text),
        dates=find_dates(text, language, article.published_day()),
        places=sorted(resolved, key=lambda r: r.mention.start),
        people=people,
        counts=find_counts(text, language, analysis, people=people),
        nationalities=nationalities,
        charges=find_charges(text) if language == "ko" else [],
        discards=find_discards(analysis, text),
        tagger=tagger,
    )
