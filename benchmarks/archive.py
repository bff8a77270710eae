"""A WARC in CC-NEWS layout read by the product, by fundus's CC-NEWS reader and by news-please's: records a second a core.

    python -m benchmarks archive [--records 20000] [--peers PYTHON] [--peer-records N]

A tenth of the pages are the shared real ones under other addresses, the rest are invented: news, gardens and German;
between them lie requests, feeds, errors, pages cut off and members that are no gzip. Processor time is counted, of all
processes, so that a busy machine changes little. PYTHON is that of an environment with fundus and news-please; the
peers read the first N records of the same file in the same run. Also printed: what the look before cleaning turns away
of the shared pages that it should not.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

from benchmarks.marked_press import word
from benchmarks.pages import real_pages, sample_pages
from crawler.backfill.archive import Archive
from crawler.backfill.gate import KEEPS, Keep, turned_away
from crawler.backfill.job import Outcomes, backfill_file
from crawler.backfill.outlets import Outlets
from crawler.backfill.warc import WarcPage
from crawler.jobs.memory_use import peak_bytes
from crawler.pipelines.cleaners import CLEAN_LIMIT, Cleaners, Pair
from crawler.pipelines.cleaning import Cleaned, clean_all
from extract.clean import clean_page
from extract.relevance import may_hold_incident
from storage.database import Database

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
ENGLISH = [
    "the",
    "of",
    "and",
    "to",
    "in",
    "a",
    "that",
    "is",
    "was",
    "for",
    "it",
    "with",
    "as",
    "his",
    "on",
    "be",
    "at",
    "by",
    "had",
    "not",
    "are",
    "but",
    "from",
    "or",
    "have",
    "an",
    "they",
    "which",
]
GERMAN = [
    "der",
    "die",
    "und",
    "in",
    "den",
    "von",
    "zu",
    "das",
    "mit",
    "sich",
    "des",
    "auf",
    "für",
    "ist",
    "im",
    "dem",
    "nicht",
    "ein",
    "eine",
    "als",
    "auch",
    "es",
    "an",
    "werden",
    "aus",
    "er",
]
CRIME = [
    "police",
    "killed",
    "kidnapped",
    "arrested",
    "suspects",
    "victim",
    "stabbed",
    "murder",
    "robbery",
    "gang",
    "hostage",
]
#: What peers are asked for: the same work record by record, counted in processor seconds.
PEER = r"""
import json, sys, time, warnings, logging
warnings.filterwarnings("ignore"); logging.disable(logging.CRITICAL)
name, file, limit = sys.argv[1], sys.argv[2], int(sys.argv[3])
seen = made = 0
if name == "news-please":
    from newsplease import NewsPlease
    from warcio.archiveiterator import ArchiveIterator
    begun = time.process_time()
    with open(file, "rb") as stream:
        iterator = iter(ArchiveIterator(stream))
        while seen < limit:
            try:
                record = next(iterator)
            except StopIteration:
                break
            except Exception:
                break
            if record.rec_type != "response":
                continue
            seen += 1
            try:
                article = NewsPlease.from_warc(record)
                made += bool(article and article.maintext)
            except Exception:
                pass
    spent = time.process_time() - begun
else:
    from fundus import PublisherCollection
    from fundus.scraping.html import CCNewsSource
    source = CCNewsSource(*PublisherCollection, warc_path="file")
    by_domain = source._publisher_mapping
    from urllib.parse import urlparse
    from fastwarc import ArchiveIterator, WarcRecordType
    from fundus.scraping.html import HTML, WarcSourceInfo
    begun = time.process_time()
    with open(file, "rb") as stream:
        iterator = iter(ArchiveIterator(stream, record_types=WarcRecordType.response))
        while seen < limit:
            try:
                record = next(iterator)
            except StopIteration:
                break
            except Exception:
                break
            seen += 1
            host = urlparse(str(record.headers["WARC-Target-URI"])).hostname or ""
            publisher = by_domain.get(host.removeprefix("www.")) or by_domain.get(host)
            if publisher is None:
                continue
            try:
                body = record.reader.read().decode(record.http_charset or "utf-8", "replace")
                data = publisher.parser(record.record_date).parse(body, "suppress")
                made += bool(data.get("body"))
            except Exception:
                pass
    spent = time.process_time() - begun
print(json.dumps({"records": seen, "articles": made, "seconds": spent}))
"""


def main() -> int:
    """Write the archive, read it in all ways, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--peers", help="the Python of an environment with fundus and news-please")
    parser.add_argument("--peer-records", type=int, default=400)
    parser.add_argument("--keep", choices=KEEPS, nargs="*", default=["relevant", "readable"])
    arguments = parser.parse_args()
    real = real_pages() or sample_pages()
    judge_gate(real)
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "CC-NEWS-20260301000000-00001.warc.gz"
        write_archive(file, real, arguments.records)
        print(f"\narchive: {arguments.records} responses, {file.stat().st_size / 2**20:.0f} MiB")
        rates = {f"sageon, {keep}": ours(file, keep) for keep in arguments.keep}
        if arguments.peers:
            for peer in ("fundus", "news-please"):
                rates[peer] = peers(arguments.peers, peer, file, arguments.peer_records)
    print(f"\n{'':20}{'records':>9}{'articles':>9}{'CPU s':>9}{'records/s/core':>16}")
    for reader, (seen, made, seconds) in rates.items():
        print(f"{reader:20}{seen:9}{made:9}{seconds:9.1f}{seen / seconds if seconds else 0:16.1f}")
    return 0


def judge_gate(pages: Sequence[bytes]) -> None:
    """What the look turns away of these pages, beside what cleaning says of them."""
    counted: Counter[str] = Counter()
    spent_looking = spent_cleaning = 0.0
    for body in pages:
        page = WarcPage("https://paper.example/a", BEGIN, body, None, "utf-8")
        begun = time.process_time()
        answers: dict[Keep, str | None] = {keep: turned_away(page, keep) for keep in ("readable", "relevant")}
        spent_looking += time.process_time() - begun
        begun = time.process_time()
        cleaned = clean_page(body, url=page.url, fetched_at=BEGIN)
        spent_cleaning += time.process_time() - begun
        readable = cleaned.outcome == "article" and cleaned.language in ("ko", "en")
        counted["readable"] += readable
        counted["readable, lost"] += readable and answers["readable"] is not None
        counted["others"] += not readable
        counted["others, turned away"] += not readable and answers["readable"] is not None
        if readable and may_hold_incident(cleaned.title or "", cleaned.text or "", cleaned.language or ""):
            counted["relevant"] += 1
            counted["relevant, lost"] += answers["relevant"] is not None
    share = spent_looking / 2 / spent_cleaning
    print(f"the look before cleaning, on {len(pages)} pages: {dict(counted)}")
    print(
        f"  a look costs {1000 * spent_looking / 2 / len(pages):.1f} ms, cleaning {1000 * spent_cleaning / len(pages):.1f} ms ({share:.2f})"
    )


class Here(Cleaners):
    """Cleans in this process: what a pool's processes spend is not told to the one that started them."""

    def submit(self, pairs: Sequence[Pair]) -> Future[list[Cleaned]]:
        """The pages, cleaned."""
        done: Future[list[Cleaned]] = Future()
        done.set_result(clean_all(list(pairs), CLEAN_LIMIT))
        return done


def ours(file: Path, keep: Keep) -> tuple[int, int, float]:
    """Responses, articles stored, and processor seconds of a backfill into SQLite; memory on the way."""
    with tempfile.TemporaryDirectory() as folder:
        base = Database.open(f"sqlite:///{folder}/archive.db")
        base.upgrade()
        cleaners = Here(1)
        peaks: list[int] = []
        total: Outcomes = Counter()

        def stored(offset: int, outcomes: Outcomes) -> None:
            peaks.append(peak_bytes())

        before = time.process_time()
        try:
            total = backfill_file(
                Archive(str(file)), base, Outlets([]), cleaners, ahead=4, batch=32, stored=stored, keep=keep
            )
        finally:
            cleaners.close()
            base.close()
        seconds = time.process_time() - before
    by_outcome: Counter[str] = Counter()
    for (_, outcome), number in total.items():
        by_outcome[outcome] += number
    made = sum(by_outcome[name] for name in ("new", "changed", "duplicate_text", "near_duplicate"))
    third = peaks[len(peaks) // 3] / 2**20
    print(
        f"sageon, {keep}: {dict(by_outcome)}; peak after a third {third:.0f} MiB, at the end {peaks[-1] / 2**20:.0f} MiB"
    )
    return sum(by_outcome.values()), made, seconds


def peers(python: str, name: str, file: Path, limit: int) -> tuple[int, int, float]:
    """The same by another reader, on the first `limit` responses."""
    done = subprocess.run(
        [python, "-c", PEER, name, str(file), str(limit)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        print(f"{name}: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'failed'}")
        return 0, 0, 0.0
    said = json.loads(done.stdout.strip().splitlines()[-1])
    return said["records"], said["articles"], said["seconds"]


def write_archive(file: Path, real: Sequence[bytes], count: int) -> None:
    """`count` responses with what lies between them in CC-NEWS, the same for the same pages."""
    rng = random.Random(2026)
    with file.open("wb") as stream:
        _record(stream, "warcinfo", "", b"software: news crawler (invented)\r\n", BEGIN, "application/warc-fields")
        for number in range(count):
            moment = BEGIN + timedelta(seconds=number)
            url = f"https://paper{number % 97}.example/2026/03/{number}.html"
            request = f"GET /2026/03/{number}.html HTTP/1.1\r\nHost: paper.example\r\n\r\n".encode()
            _record(stream, "request", url, request, moment, "application/http; msgtype=request")
            kind = number % 20
            if kind == 19 and number % 200 == 199:
                stream.write(b"\x1f\x8b\x08\x00 no gzip at all " * 20)
            body = _body(kind, number, real, rng)
            head = "HTTP/1.1 404 Not Found" if kind == 18 else "HTTP/1.1 200 OK"
            mime = "application/rss+xml" if kind == 17 else "text/html; charset=utf-8"
            promised = len(body) + (500 if kind == 16 and number % 100 == 16 else 0)  # cut off by the crawler
            answer = f"{head}\r\nContent-Type: {mime}\r\nContent-Length: {promised}\r\n\r\n".encode() + body
            _record(stream, "response", url, answer, moment, "application/http; msgtype=response")


def _body(kind: int, number: int, real: Sequence[bytes], rng: random.Random) -> bytes:
    if kind in (0, 10):
        return real[number // 10 % len(real)]
    words = GERMAN if kind < 9 else ENGLISH
    extra = CRIME if kind in (9, 11, 12) else [word(rng, 3) for _ in range(40)]
    paragraphs = "".join(
        "<p>"
        + " ".join(rng.choice(words if rng.random() < 0.4 else [*extra, word(rng, 3)]) for _ in range(70))
        + ".</p>"
        for _ in range(8)
    )
    menu = "".join(f"<li><a href='/{n}'>{word(rng, 2)}</a></li>" for n in range(60))
    script = f"<script>var data = {json.dumps([word(rng, 4) for _ in range(800)])};</script>"
    title = f"{word(rng, 3)} {word(rng, 2)} {number}"
    return (
        f"<!doctype html><html><head><title>{title}</title>"
        f'<meta property="article:published_time" content="2026-03-01T08:00:00+00:00">{script}</head>'
        f"<body><ul>{menu}</ul><article><h1>{title}</h1>{paragraphs}</article></body></html>"
    ).encode()


def _record(stream: IO[bytes], kind: str, url: str, content: bytes, moment: datetime, mime: str) -> None:
    target = f"WARC-Target-URI: {url}\r\n" if url else ""
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{random.Random(f'{kind}{url}').getrandbits(128):032x}>\r\n"
        f"{target}WARC-Date: {moment:%Y-%m-%dT%H:%M:%SZ}\r\nContent-Type: {mime}\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    stream.write(gzip.compress(head.encode() + content + b"\r\n\r\n", 3))


if __name__ == "__main__":
    sys.exit(main())
