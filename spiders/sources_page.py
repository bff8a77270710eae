"""docs/sources.md, written from the declarations: `python -m spiders.sources_page` prints it, a test compares it."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from spiders.source import Index, Source, load_sources

_HEAD = """# Sources

Written from the declarations in `spiders/sources/` by `python -m spiders.sources_page > docs/sources.md`; do not edit
by hand. How to add one: [add_a_source.md](add_a_source.md).

**No declaration has been crawled live by the project yet** unless its row says so: addresses and markup rest on public
material, named below, and are to be looked at on the first live run (`sageon sources check`). A source whose body is
not kept is read like any other; its quotes and facts stay, its text does not. The live robots.txt is what is obeyed;
what stands here is what was known of it.
"""


def sources_page(sources: Iterable[Source]) -> str:
    """The page in Markdown: a table of all sources, then what each rests on."""
    ordered = sorted(sources, key=lambda source: (source.country, source.language, source.name))
    lines = [_HEAD, "| id | outlet | language | country | listings | rate | body kept | seen live |"]
    lines.append("|---|---|---|---|---|---|---|---|")
    lines += [_row(source) for source in ordered]
    for source in ordered:
        lines += ["", *_section(source)]
    return "\n".join(lines) + "\n"


def _row(source: Source) -> str:
    kept, live = ("yes" if flag else "no" for flag in (source.policy.keep_body, source.seen_live))
    cells = (
        f"`{source.id}`",
        source.name,
        source.language,
        source.country,
        _kinds(source),
        f"{source.policy.rate:g} s",
    )
    return f"| {' | '.join((*cells, kept, live))} |"


def _kinds(source: Source) -> str:
    counted = [
        (len(source.feeds), "feed"),
        (len(source.news_sitemaps), "news sitemap"),
        (len(source.sitemaps), "sitemap"),
        (len(source.sections), "section list"),
        (1 if source.archive else 0, "archive"),
    ]
    return ", ".join(f"{count} {kind}{'s' if count > 1 else ''}" for count, kind in counted if count)


def _section(source: Source) -> list[str]:
    every = (*source.indexes(), *((source.archive,) if source.archive else ()))
    lines = [f"## {source.name} (`{source.id}`)", "", *(_listing(index) for index in every)]
    lines.append(f"- article: `{source.article_url.pattern}`")
    lines.append(f"- time zone of unmarked times: {source.timezone}")
    lines.append(f"- rests on: {source.rests_on} (checked {source.checked or 'never'})")
    lines.append(f"- robots: {source.policy.robots}; terms: {source.policy.terms}")
    if source.policy.note:
        lines.append(f"- note: {source.policy.note}")
    return lines


def _listing(index: Index) -> str:
    pages = f", {index.pages} pages at most" if index.pages > 1 else ""
    return f"- {index.kind.replace('_', ' ')} {index.name}: <{index.url}>{pages}"


if __name__ == "__main__":
    sys.stdout.write(sources_page(load_sources().values()))
