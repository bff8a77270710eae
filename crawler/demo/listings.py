"""Where the sample press lists its articles: feeds, sitemaps, section lists, robots.txt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape
from string import Template

from crawler.demo.articles import HERE, Outlet, PressArticle

#: Articles on one page of a section list.
PAGE = 9


def rss(outlet: Outlet, articles: Sequence[PressArticle], extra: Sequence[tuple[str, str]] = ()) -> bytes:
    """An RSS 2.0 feed; `extra` are further (address, title) items without a date."""
    rows = [
        f"<item><title>{escape(a.title)}</title><link>{escape(outlet.base + link(a))}</link>"
        f"<category>{escape(a.section)}</category>"
        f"<pubDate>{format_datetime(a.published)}</pubDate></item>"
        for a in articles
    ]
    rows += [f"<item><title>{escape(t)}</title><link>{escape(outlet.base + path)}</link></item>" for path, t in extra]
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel>'
        f"<title>{escape(outlet.name)}</title><link>{outlet.base}/</link><description>invented</description>\n"
        + "\n".join(rows)
        + "\n</channel></rss>\n"
    ).encode()


def atom(outlet: Outlet, articles: Sequence[PressArticle], extra: Sequence[tuple[str, str]] = ()) -> bytes:
    """An Atom feed."""
    rows = [
        f"<entry><id>tag:{outlet.id},2026:{a.number}</id><title>{escape(a.title)}</title>"
        f'<link rel="alternate" href="{escape(outlet.base + a.path)}"/>'
        f"<published>{a.published.isoformat()}</published>"
        f"<updated>{(a.modified or a.published).isoformat()}</updated></entry>"
        for a in articles
    ]
    rows += [
        f"<entry><id>tag:{outlet.id},2026:{escape(path)}</id><title>{escape(title)}</title>"
        f'<link rel="alternate" href="{escape(outlet.base + path)}"/></entry>'
        for path, title in extra
    ]
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>{escape(outlet.name)}</title><id>{outlet.base}/</id>\n" + "\n".join(rows) + "\n</feed>\n"
    ).encode()


def news_sitemap(outlet: Outlet, articles: Sequence[PressArticle], changed: Mapping[str, datetime]) -> bytes:
    """A sitemap with the news extension; `changed` are the times at which pages changed on the server."""
    rows = [
        f"<url><loc>{escape(outlet.base + a.path)}</loc><lastmod>{changed.get(a.id, a.published).isoformat()}</lastmod>"
        f"<news:news><news:publication><news:name>{escape(outlet.name)}</news:name>"
        f"<news:language>{outlet.language}</news:language></news:publication>"
        f"<news:publication_date>{a.published.isoformat()}</news:publication_date>"
        f"<news:title>{escape(a.title)}</news:title></news:news></url>"
        for a in articles
    ]
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n' + "\n".join(rows) + "\n</urlset>\n"
    ).encode()


def sitemap_index(outlet: Outlet, months: Sequence[str]) -> bytes:
    """A sitemap of sitemaps, one a month."""
    rows = [f"<sitemap><loc>{outlet.base}/sitemap-{month}.xml</loc></sitemap>" for month in months]
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        + "\n".join(rows)
        + "\n</sitemapindex>\n"
    ).encode()


def section_list(outlet: Outlet, articles: Sequence[PressArticle], page: int) -> bytes:
    """One page of the list of all articles, newest first, in the outlet's charset."""
    rows = "\n".join(_row(a) for a in articles[(page - 1) * PAGE : page * PAGE])
    pages = -(-len(articles) // PAGE)
    pager = " ".join(f'<a href="/news/articleList.html?page={n}">{n}</a>' for n in range(1, pages + 1))
    text = Template((HERE / "templates" / "list.html").read_text(encoding="utf-8")).substitute(rows=rows, pager=pager)
    return text.encode(outlet.charset)


def robots(outlet: Outlet) -> bytes:
    """robots.txt: a crawl-delay for everybody and a folder that nobody may fetch."""
    return f"User-agent: *\nDisallow: /members/\nCrawl-delay: {outlet.crawl_delay:g}\n".encode()


def link(article: PressArticle) -> str:
    """The address in a feed. The wire's flash is listed by its short link, which redirects to the article."""
    return (
        article.path.replace("/view/", "/v/")
        if article.outlet == "hanbit" and article.kind == "flash"
        else article.path
    )


def newest_first(articles: Sequence[PressArticle], hour: datetime) -> list[PressArticle]:
    """What had been published by that hour, as it stood then."""
    out = [a.at(hour) for a in articles if a.published <= hour]
    return sorted(out, key=lambda a: (a.published, a.number), reverse=True)


def _row(article: PressArticle) -> str:
    return (
        f'<li><h4 class="titles"><a href="{escape(article.path)}">{escape(article.title)}</a></h4>'
        f'<p class="lead">{escape(article.paragraphs[0][:60])}</p><em>{article.published:%m.%d %H:%M}</em></li>'
    )
