"""Articles from files: JSON Lines, a saved page, plain text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from extract.records import Article
from extract.serialise import RowError, article_from_row, parse_published

Form = Literal["jsonl", "html", "text"]
SUFFIXES: dict[str, Form] = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".html": "html",
    ".htm": "html",
    ".txt": "text",
}

#: The escape of one half of a character beyond U+FFFF.
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


class ArticleError(Exception):
    """One input that is no article; the message names the file, the line and what would be right."""


def form_of(name: str, content: bytes) -> Form:
    """What kind of file it is, by its name's ending, else by how it begins."""
    known = SUFFIXES.get(Path(name).suffix.lower())
    if known:
        return known
    begin = content[:512].removeprefix(b"\xef\xbb\xbf").lstrip()
    return "jsonl" if begin.startswith(b"{") else "html" if begin.startswith(b"<") else "text"


def articles_in(
    name: str, content: bytes, *, published: str | None = None, now: datetime | None = None
) -> Iterator[Article | ArticleError]:
    """The articles of one file, in its order; what cannot be read comes as an `ArticleError` in its place."""
    form = form_of(name, content)
    if form == "jsonl":
        yield from _rows(name, content)
    elif form == "html":
        yield _page(name, content, published, now or datetime.now(UTC))
    else:
        yield _plain(name, content, published)


def json_lines(name: str, content: bytes) -> Iterator[tuple[int, Any | ArticleError]]:
    """Every line of JSON Lines that is not blank, by its number: its value, or what is wrong with it.

    Only a line feed ends a line: JSON text may hold the other line breaks of Unicode as they are. A surrogate without
    its other half, which is no character and can be written nowhere, comes as U+FFFD.
    """
    for number, line in enumerate(content.decode("utf-8-sig", errors="replace").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
            if _SURROGATE.search(line):
                text = json.dumps(value, ensure_ascii=False)
                value = json.loads(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
            yield number, value
        except (ValueError, RecursionError) as error:  # ValueError: no JSON, or a number of thousands of digits
            yield number, ArticleError(f"{name}:{number}: not JSON: {error}; one object {{id, title, text}} a line")


def _rows(name: str, content: bytes) -> Iterator[Article | ArticleError]:
    for number, row in json_lines(name, content):
        if isinstance(row, ArticleError):
            yield row
            continue
        try:
            if not isinstance(row, dict):
                raise RowError("not an object; an article is {id, title, text, published}")
            yield without_boxes(article_from_row(row, default_id=str(number)))
        except RowError as error:
            yield ArticleError(f"{name}:{number}: {error}")


def _plain(name: str, content: bytes, published: str | None) -> Article | ArticleError:
    """Plain text: the first line is the title, the rest the body."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("cp949")
        except UnicodeDecodeError as error:
            return ArticleError(f"{name}: neither UTF-8 nor CP949 text: {error}")
    title, _, body = text.strip().partition("\n")
    moment, date_only = parse_published(published)
    return without_boxes(Article(Path(name).stem, title.strip(), body.strip(), published=moment, date_only=date_only))


def _page(name: str, content: bytes, published: str | None, now: datetime) -> Article | ArticleError:
    """A saved page, cleaned as a crawl cleans it."""
    from extract.clean import clean_page

    page = clean_page(content, url="", fetched_at=now)
    if page.outcome != "article":
        return ArticleError(f"{name}: no article in this page ({page.outcome})")
    moment, date_only = parse_published(published)
    return Article(
        id=Path(name).stem,
        title=page.title or "",
        text=page.text or "",
        published=moment or page.published,
        language=page.language,
        url=page.canonical_url,
        date_only=date_only,
    )


def without_boxes(article: Article) -> Article:
    """The article with its summary boxes (Synopsis, Key Takeaways, FAQ) blanked, every offset left where it was.

    The reader must not take a box that retells the story for a second event, and its quotes must still be found in
    the text as it was handed in; so what the cleaner would cut is overwritten with spaces, line breaks kept.
    """
    from extract.clean import prune_text

    kept = prune_text(article.text)
    return article if kept == article.text else replace(article, text=_masked(article.text, kept))


def _masked(text: str, kept: str) -> str:
    """`text` with every line that is not among the lines of `kept`, in order, overwritten with spaces."""
    wanted = iter(line.strip() for line in kept.splitlines() if line.strip())
    want = next(wanted, None)
    out = []
    for line in text.splitlines(keepends=True):
        (body,) = line.splitlines()
        if want is not None and (body.strip() == want or (want in body)):
            at = body.index(want)
            out.append(" " * at + want + " " * (len(body) - at - len(want)) + line[len(body) :])
            want = next(wanted, None)
        else:
            out.append(" " * len(body) + line[len(body) :])
    return "".join(out)
