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
    from crawler.demo.pages import article_page, template
    from crawler.demo.server import Press

    press = Press()
    pages = []
    for article in press.articles.values():
        text = article_page(article, press.outlets[article.outlet], template(press.outlets[article.outlet]))
        pages.append(text if isinstance(text, bytes) else text.encode())
    return pages


def pages() -> list[bytes]:
    """Real pages, else sample pages."""
    return real_pages() or sample_pages()
