"""The pages that benchmarks crawl: real ones where the shared data is beside the checkout, else the sample press."""

from __future__ import annotations

import gzip
from pathlib import Path

SHARED = Path(__file__).parents[2] / "shared" / "data"


def real_pages() -> list[bytes]:
    """The bodies of the shared article pages, by path; empty where they are not there."""
    files = sorted((SHARED / "pages").rglob("*.html.gz"))
    return [gzip.decompress(file.read_bytes()) for file in files]


def sample_pages() -> list[bytes]:
    """The pages of the sample press."""
    from crawler.demo.articles import load_articles, load_outlets
    from crawler.demo.pages import article_page

    outlets = load_outlets()
    return [article_page(outlets[article.outlet], article) for article in load_articles().values()]


def pages() -> list[bytes]:
    """Real pages, else sample pages."""
    return real_pages() or sample_pages()
