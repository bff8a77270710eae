"""ECB+ (Cybulska and Vossen 2014): reports read by our reader and resolved, beside the lemma baseline.

    python -m benchmarks.cross_document FOLDER [--part Test]

FOLDER holds `ECB_Test_corpus.txt` of a checkout of the ECB+ documents in the common layout (document, sentence, token
number, token, chain; a blank line between sentences). Its texts are not part of this repository. What is compared: the
reports whose trigger stands on an annotated event mention, each with that mention's chain. Both ways cluster the same
mentions, so their figures compare with one another; published figures are of all event mentions, most of them of types
that are no incidents, and are printed for orientation only.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations, groupby
from pathlib import Path

from crawler.jobs.reading import read_articles
from extract.analyse import analyse
from extract.records import Article, Reading
from extract.resolve import Match, clash, default_weights, score, signature_of
from extract.serialise import is_current
from training.resolve.gold import Mention
from training.resolve.measure import bcubed, stream, wrong_merges

#: CoNLL F1 over all event mentions of the test topics, gold mentions: lemma heuristic and the best published.
PUBLISHED = "lemma heuristic 76.4, cross-encoders 80 to 82, best about 86 (Ahmed et al. 2023; other mentions than here)"
_EVENT = re.compile(r"(?:Singleton_)?(?:ACT|NEG)")


@dataclass(frozen=True)
class Document:
    """One document: its article (the first sentence is the headline) and [start, end, chain] of its event tokens."""

    topic: str
    article: Article
    events: tuple[tuple[str, int, int, str], ...]

    def chain_at(self, part: str, start: int, end: int) -> str | None:
        """The chain of the event mention that [start:end] of that part overlaps."""
        return next((c for p, s, e, c in self.events if p == part and s < end and start < e), None)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--part", default="Test", choices=("Train", "Dev", "Test"))
    parser.add_argument("--processes", type=int, default=2)
    arguments = parser.parse_args()
    file = arguments.folder / f"ECB_{arguments.part}_corpus.txt"
    if not file.is_file():
        print(f"{file} is not there; nothing is measured")
        return 0
    documents = {document.article.id: document for document in documents_of(file)}
    articles = [document.article for document in documents.values()]
    readings = [reading for _, reading in read_articles(articles, processes=arguments.processes)]
    told = [item for reading in readings for item in mentions_of(documents[reading.article_id], reading)]
    mentions = [mention for mention, _, _ in told]
    chains = Counter(mention.cluster for mention in mentions)
    several = sum(n > 1 for n in chains.values())
    print(
        f"{len(documents)} documents, {len(mentions)} reports on {len(chains)} annotated events, {several} told again"
    )

    @cache
    def scorer(left: int, right: int) -> Match:
        return score(mentions[left].signature, mentions[right].signature)

    show("ours", mentions, stream([m.signature for m in mentions], scorer, default_weights().same))
    topics = {key: number for number, key in enumerate(dict.fromkeys((topic, lemma) for _, topic, lemma in told))}
    show("same lemma within a topic", mentions, [topics[topic, lemma] for _, topic, lemma in told])
    lemmas = {lemma: number for number, lemma in enumerate(dict.fromkeys(lemma for _, _, lemma in told))}
    show("same lemma anywhere", mentions, [lemmas[lemma] for _, _, lemma in told])
    show("all apart", mentions, list(range(len(mentions))))
    vetoed = Counter(
        veto
        for a, b in combinations(mentions, 2)
        if a.cluster == b.cluster and (veto := clash(a.signature, b.signature))
    )
    print(f"pairs of one event that facts keep apart: {dict(vetoed)}")
    print(f"published, CoNLL F1: {PUBLISHED}")
    return 0


def show(name: str, mentions: list[Mention], predicted: list[int]) -> None:
    precision, recall, f1 = bcubed(mentions, predicted)
    wrong = wrong_merges(mentions, predicted)
    print(f"{name:26} B-cubed P {precision:.3f} R {recall:.3f} F1 {f1:.3f}, wrong merges {wrong:.3f}")


def mentions_of(document: Document, reading: Reading) -> Iterator[tuple[Mention, str, str]]:
    """(mention, topic, trigger's lemma) of each current report whose trigger is annotated."""
    for ordinal, report in enumerate(reading.reports):
        triggers = [evidence for evidence in report.evidence if evidence.field == "type"]
        if not is_current(report) or not triggers:
            continue
        quote = triggers[0]
        chain = document.chain_at(quote.part, quote.start, quote.end)
        if chain is not None:
            mention = Mention(chain, signature_of(report, document.article, ordinal))
            yield mention, document.topic, trigger_lemma(quote.quote)


def trigger_lemma(quote: str) -> str:
    """The lemma of the quote's first word that is no function word."""
    tokens = [token for sentence in analyse(quote, "en").sentences for token in sentence.tokens]
    telling = [token.lemma for token in tokens if token.tag in ("ED", "ING", "WORD", "PROPN")]
    return (telling or [quote.lower()])[0]


def documents_of(file: Path) -> Iterator[Document]:
    """The documents of a corpus file, in its order."""
    rows = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    for name, lines in groupby(rows, key=lambda row: row[0]):
        texts, events = {"title": "", "text": ""}, []
        for number, tokens in groupby(lines, key=lambda row: int(row[1])):
            part = "title" if number == 0 else "text"
            texts[part] += "\n" if texts[part] else ""
            for _, _, place, token, *_, chain in tokens:
                glued = place == "0" or re.fullmatch(r"[.,;:!?%)\]]|'s|n't|''", token)
                texts[part] += token if glued else f" {token}"
                if _EVENT.match(chain):
                    events.append((part, len(texts[part]) - len(token), len(texts[part]), chain))
        article = Article(name, texts["title"], texts["text"], None, "en")
        yield Document(name.split("_")[0], article, tuple(events))


if __name__ == "__main__":
    sys.exit(main())
