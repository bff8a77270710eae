"""How well and how fast pages are cleaned, beside trafilatura alone in the same run.

    python -m benchmarks.cleaning [--every N] [--errors N]

Reads ../shared/data/pages: 258 pages of 180 outlets with gold (`fundus`) and 59 pages of Korean broadcasters (`korean`,
one with gold). Body: runs of four tokens, counted (a token is a word, or one kana, han or Thai character; Hangul goes
by the word); P, R and F1 per page, their means over the pages, an empty text counting 0. Title: equal after NFKC, case
and punctuation. Minute: publication within 60 seconds of the gold; a gold time without zone is compared by the clock.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import random
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trafilatura

from extract.clean import CleanedPage, CleanRules, clean_page

PAGES = Path(__file__).resolve().parents[2] / "shared" / "data" / "pages"
_ONE_BY_ONE = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0e7f"
_TOKEN = re.compile(rf"[{_ONE_BY_ONE}]|(?:(?![{_ONE_BY_ONE}])\w)+")
#: Folders of pages/fundus by the script of their outlets; the rest is Latin and others.
_SCRIPTS = {"kr": "Korean", "jp": "Japanese, Chinese", "cn": "Japanese, Chinese", "tw": "Japanese, Chinese"}


@dataclass(frozen=True, slots=True)
class GoldPage:
    """One page with what it ought to give. `crawled` bounds the publication time."""

    name: str
    script: str
    url: str
    body: bytes
    crawled: datetime
    text: str
    title: str
    published: datetime | None


@dataclass(frozen=True, slots=True)
class Score:
    """Of one page: precision, recall and F1 of the body; whether title and publication minute are right; seconds."""

    precision: float
    recall: float
    f1: float
    title: bool
    minute: bool
    seconds: float
    outcome: str


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """The counted runs of four tokens; of a shorter text the one run there is."""
    tokens = _TOKEN.findall(text)
    if len(tokens) < 4:
        return Counter([tuple(tokens)] if tokens else [])
    return Counter(zip(tokens, tokens[1:], tokens[2:], tokens[3:], strict=False))


def body_score(found: str, gold: str) -> tuple[float, float, float]:
    """Precision, recall and F1 of a body; zeros for an empty one."""
    have, want = shingles(found), shingles(gold)
    hit = (have & want).total()
    precision, recall = hit / max(1, have.total()), hit / max(1, want.total())
    return precision, recall, 2 * precision * recall / (precision + recall) if hit else 0.0


def same_title(found: str, gold: str) -> bool:
    """Whether two titles are equal after NFKC, case and punctuation."""

    def bare(text: str) -> str:
        return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()

    return bare(found) == bare(gold)


def same_minute(found: datetime | None, gold: datetime | None) -> bool:
    """Whether two times are at most 60 seconds apart."""
    if found is None or gold is None:
        return found is gold
    if gold.tzinfo is None:
        found = found.replace(tzinfo=None)
    return abs((found - gold).total_seconds()) <= 60


def gold_pages(root: Path = PAGES) -> Iterator[GoldPage]:
    """The pages of `fundus` and the one of `korean` that has gold."""
    for meta_file in sorted((root / "fundus").glob("*/meta.info")):
        meta = json.loads(meta_file.read_text(encoding="utf-8"))
        for gold_file in sorted(meta_file.parent.glob("*.json")):
            versions = json.loads(gold_file.read_text(encoding="utf-8"))
            stem = re.escape(gold_file.stem)
            files = sorted(
                f for f in meta_file.parent.iterdir() if re.fullmatch(stem + r"_\d{4}_\d\d_\d\d\.html\.gz", f.name)
            )
            for file, version in zip(files, sorted(versions), strict=True):
                known, gold = meta.get(file.name, {}), versions[version]
                crawled = known.get("crawl_date")
                yield GoldPage(
                    name=file.name.removesuffix(".html.gz"),
                    script=_SCRIPTS.get(meta_file.parent.name, "others"),
                    url=known.get("url") or f"https://{gold_file.stem.lower()}.example/news/a-page-without-address",
                    body=gzip.decompress(file.read_bytes()),
                    # The crawl time was written without zone by a machine in Europe: half a day covers the doubt.
                    crawled=(datetime.fromisoformat(crawled).replace(tzinfo=UTC) if crawled else datetime.now(UTC))
                    + timedelta(hours=12),
                    text=_gold_text(gold["body"]),
                    title=gold["title"],
                    published=datetime.fromisoformat(gold["publishing_date"]) if gold["publishing_date"] else None,
                )
    yonhap = json.loads((root / "korean" / "yonhap_en.json").read_text(encoding="utf-8"))
    yield GoldPage(
        "yonhap_en",
        "Korean",
        yonhap["url"],
        gzip.decompress((root / "korean" / "yonhap_en.html.gz").read_bytes()),
        datetime.now(UTC),
        yonhap["text"],
        yonhap["title"],
        datetime.fromisoformat(yonhap["publish_date"]),
    )


def _gold_text(body: dict) -> str:
    lines = list(body.get("summary") or [])
    for section in body["sections"]:
        lines += section["headline"] + section["paragraphs"]
    return "\n".join(lines)


def ours(page: GoldPage) -> CleanedPage:
    """The page cleaned as the crawler does it, without any rule of its outlet."""
    return clean_page(page.body, url=page.url, rules=CleanRules(), fetched_at=page.crawled)


def _score_ours(page: GoldPage) -> Score:
    begin = time.process_time()
    found = ours(page)
    seconds = time.process_time() - begin
    title, minute = same_title(found.title, page.title), same_minute(found.published, page.published)
    return Score(*body_score(found.text, page.text), title, minute, seconds, found.outcome)


def _trafilatura(**options: object) -> Callable[[GoldPage], Score]:
    def score(page: GoldPage) -> Score:
        begin = time.process_time()
        text = trafilatura.extract(page.body, url=page.url, **options) or ""
        seconds = time.process_time() - begin
        meta = trafilatura.extract_metadata(page.body, default_url=page.url)
        published = datetime.fromisoformat(meta.date) if meta and meta.date else None
        if published and page.published and page.published.tzinfo:
            published = published.replace(tzinfo=UTC)
        title = same_title((meta.title or "") if meta else "", page.title)
        return Score(*body_score(text, page.text), title, same_minute(published, page.published), seconds, "")

    return score


#: What is compared. The time of trafilatura is that of its text alone; ours holds metadata, language and all the rest.
CONTENDERS: dict[str, Callable[[GoldPage], Score]] = {
    "sageon": _score_ours,
    "trafilatura": _trafilatura(),
    "trafilatura, no comments": _trafilatura(include_comments=False),
}


def run(
    pages: list[GoldPage], contenders: dict[str, Callable[[GoldPage], Score]] | None = None
) -> dict[str, list[Score]]:
    """The scores of every contender on every page, contenders in random order per page so that none is favoured."""
    chosen = contenders or CONTENDERS
    for contender in chosen.values():
        contender(pages[0])  # profiles and tables are loaded once, before the clock counts
    scores: dict[str, dict[str, Score]] = {name: {} for name in chosen}
    order = random.Random(0)
    for page in pages:
        for name in order.sample(sorted(chosen), len(chosen)):
            scores[name][page.name] = chosen[name](page)
    return {name: [scores[name][page.name] for page in pages] for name in chosen}


def mean(scores: list[Score], field: str) -> float:
    """The mean of a field over pages."""
    return sum(getattr(score, field) for score in scores) / max(1, len(scores))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="take every Nth page")
    parser.add_argument("--errors", type=int, default=0, help="list the N pages with the lowest body F1")
    arguments = parser.parse_args()
    logging.disable(logging.CRITICAL)
    pages = list(gold_pages())[:: arguments.every]
    results = run(pages)
    print(f"{len(pages)} pages with gold\n")
    print(f"{'':26}{'script':20}{'pages':>6}{'P':>8}{'R':>8}{'F1':>8}{'title':>8}{'minute':>8}{'ms/page':>9}")
    for script in ("all", *sorted({page.script for page in pages})):
        for name, scores in results.items():
            part = [s for s, page in zip(scores, pages, strict=True) if script in ("all", page.script)]
            figures = "".join(f"{mean(part, field):8.4f}" for field in ("precision", "recall", "f1", "title", "minute"))
            print(f"{name:26}{script:20}{len(part):6}{figures}{1000 * mean(part, 'seconds'):9.1f}")
    print("\noutcomes:", dict(Counter(score.outcome for score in results["sageon"])))
    for score, page in sorted(zip(results["sageon"], pages, strict=True), key=lambda pair: pair[0].f1)[
        : arguments.errors
    ]:
        print(f"{score.f1:.3f}  P {score.precision:.2f}  R {score.recall:.2f}  {page.name}")
    _korean_without_gold()


def _korean_without_gold() -> None:
    index = json.loads((PAGES / "korean" / "index.json").read_text(encoding="utf-8"))
    found = []
    for row in index:
        body = gzip.decompress((PAGES / "korean" / row["file"]).read_bytes())
        rules = CleanRules(language="ko", timezone="Asia/Seoul")
        found.append(clean_page(body, url=row["url"], rules=rules, fetched_at=datetime.now(UTC)))
    print(f"\n{len(found)} Korean pages without gold:", dict(Counter(page.outcome for page in found)))
    print(
        f"  title {sum(bool(p.title) for p in found)}, time to the minute "
        f"{sum(p.published is not None and not p.published_date_only for p in found)}, byline "
        f"{sum(bool(p.byline) for p in found)}, read as Korean {sum(p.language == 'ko' for p in found)}"
    )


if __name__ == "__main__":
    main()
