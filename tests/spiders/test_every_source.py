"""Every declaration finds the article of its fixture listing and yields it under its one address and id.

The fixtures show each outlet's known markup around invented stories; no page of an outlet is copied.
"""

from __future__ import annotations

import html
import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from extract.clean.rules import CleanRules
from spiders.addresses import article_key, canonical_url, native_id, on_host
from spiders.source import Source, load_sources
from tests.spiders.press import Answer, crawl, outcomes, serve

FIXTURES = Path(__file__).parent / "fixtures"
SOURCES = load_sources()
ASKED_FOR = (
    "yonhap_ko yonhap_en nationpress korea_herald korea_times kbs_world newsis chosun joongang hankyoreh donga mk"
    " hankookilbo mbn khmer_times vnexpress_en bangkok_post inquirer rappler japan_times bbc guardian"
)
every_source = pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES.keys())


def gold(source: Source) -> dict[str, Any]:
    (file,) = FIXTURES.glob(f"{source.id}_2*.json")
    row: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return row | {"page": file.with_suffix(".html").read_bytes()}


def listing(source: Source) -> bytes:
    (file,) = FIXTURES.glob(f"{source.id}_listing.*")
    return file.read_bytes()


@cache
def crawled() -> dict[str, dict[str, Any]]:
    """Every source, crawled once, in one process; its first listing and its article are there, the rest is not."""
    with serve() as press:
        runs = []
        for source in SOURCES.values():
            index, row = source.indexes()[0], gold(source)
            press.answers[_path(index.url.format(page=1))] = Answer(
                listing(source), "text/html; charset=utf-8" if index.kind == "section" else "text/xml"
            )
            asked = canonical_url(source, row["url"]) if source.canonical else row["url"]
            press.answers[_path(asked)] = Answer(row["page"])
            arguments = {"sections": index.name, "now": "2025-11-16T00:00:00+00:00"}
            runs.append({"source": source.id, "arguments": arguments})
        settings = {
            "PRETENDED_WEB": press.url,
            "DOWNLOAD_HANDLERS": dict.fromkeys(("http", "https"), "tests.spiders.pretended_web.PretendedWeb"),
            "TWISTED_DNS_RESOLVER": "tests.spiders.pretended_web.PretendedNames",
            "PRIVATE_HOSTS": False,
        }
        told = crawl(*runs, built_in=True, settings=settings)
    return dict(zip(SOURCES, told, strict=True))


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"/{parts.netloc}{parts.path}" + (f"?{parts.query}" if parts.query else "")


def test_every_outlet_that_was_asked_for_is_declared() -> None:
    assert set(SOURCES) >= set(ASKED_FOR.split())


@every_source
def test_the_crawl_yields_the_article_of_the_listing(source: Source) -> None:
    told, row = crawled()[source.id], gold(source)
    assert [page["native_id"] for page in told["pages"]] == [row["native_id"]]
    (page,) = told["pages"]
    assert canonical_url(source, page["url"]) == row["canonical_url"]
    assert row["title"] in html.unescape(page["shown"])
    found = outcomes(told, source.id)
    assert found["feed_ok"] == 1
    assert found["article_new"] == 1


@every_source
def test_a_listing_that_states_a_time_gives_it_with_its_zone(source: Source) -> None:
    page, row = crawled()[source.id]["pages"][0], gold(source)
    if source.id in ("hankyoreh", "nationpress"):
        assert page["listing"]["published"] is None
        return
    assert datetime.fromisoformat(page["listing"]["published"]) == datetime.fromisoformat(row["published"])


@every_source
def test_the_canonical_address_is_its_own_canonical_address(source: Source) -> None:
    row = gold(source)
    assert canonical_url(source, row["url"]) == row["canonical_url"]
    assert canonical_url(source, row["canonical_url"]) == row["canonical_url"]
    assert native_id(source, row["canonical_url"]) == row["native_id"]
    assert article_key(source, row["url"]) == f"{source.id}:{row['native_id']}"


@every_source
def test_listings_and_front_pages_are_no_articles(source: Source) -> None:
    for url in [index.url for index in source.indexes()] + [f"https://{host}/" for host in source.hosts]:
        assert native_id(source, url) is None


@every_source
def test_no_other_source_takes_the_article_for_its_own(source: Source) -> None:
    url = gold(source)["canonical_url"]
    others = [s.id for s in SOURCES.values() if s is not source and on_host(s, url) and native_id(s, url)]
    assert others == []


@every_source
def test_the_declaration_says_what_it_rests_on(source: Source) -> None:
    assert len(source.rests_on) > 20
    assert source.checked is not None
    assert not source.seen_live  # nobody has crawled it live yet; whoever does sets this and the day
    assert source.policy.rate >= 1.0


@every_source
def test_the_clean_table_holds_cleaning_rules(source: Source) -> None:
    CleanRules.from_mapping(source.clean, where=str(source.path))
