"""Guessing how a site's article addresses look, from some of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

#: Share of the addresses that a form must cover to be taken for the site's own.
ENOUGH = 0.6
#: Query keys that count pages and never name an article.
_NO_ID = frozenset({"page", "p", "cid", "scid", "section", "lang", "output", "ref", "from"})

#: Forms of the part of a path that names an article, the surer first: what it looks like, and the expression to write.
#: `{tail}` may follow the id in the same part of the path.
_FORMS: Sequence[tuple[str, re.Pattern[str], str]] = (
    ("letters and digits", re.compile(r"^[A-Z]{1,6}\d{8,}(?:_\d+)?$"), r"(?P<id>[A-Z]{1,6}\d{8,}(?:_\d+)?)"),
    ("26 capitals and digits", re.compile(r"^(?=.*\d)[A-Z0-9]{26}$"), r"(?P<id>[A-Z0-9]{26})"),
    ("number", re.compile(r"^\d{5,}$"), r"(?P<id>\d{5,})"),
    ("number.html", re.compile(r"^\d{4,}\.s?html?$"), r"(?P<id>\d{4,})\.s?html?"),
    ("words-number", re.compile(r"^[\w%-]+-\d{5,}(?:\.s?html?)?$"), r"[^/?#]*-(?P<id>\d{5,})(?:\.s?html?)?"),
    ("number-words", re.compile(r"^\d{5,}-[\w%-]+$"), r"(?P<id>\d{5,})-[^/?#]*"),
    ("words", re.compile(r"^[^/?#.]+(?:-[^/?#.-]+){3,}$"), r"(?P<id>[^/?#.-]+(?:-[^/?#.-]+){3,})"),
    (
        "words.html",
        re.compile(r"^[^/?#.]+(?:-[^/?#.-]+){3,}\.s?html?$"),
        r"(?P<id>[^/?#.]+(?:-[^/?#.-]+){3,})\.s?html?",
    ),
)


@dataclass(frozen=True, slots=True)
class ArticlePattern:
    """A guessed form: the expression for `article_url`, the query keys it needs, and the share of addresses it covers.

    `form` says in words what was taken for the id.
    """

    expression: str
    keep_query: tuple[str, ...]
    form: str
    share: float


def guess_pattern(urls: Sequence[str]) -> ArticlePattern | None:
    """The form that most of these article addresses of one site share; None where no form covers enough of them."""
    urls = list(dict.fromkeys(urls))
    if not urls:
        return None
    hosts = _hosts(urls)
    votes: Counter[tuple[str, str, tuple[str, ...]]] = Counter()
    for url in urls:
        for vote in dict.fromkeys(_forms_of(url)):
            votes[vote] += 1
    order = {form: rank for rank, (form, _, _) in enumerate(_FORMS)}
    ranked = sorted(votes.items(), key=lambda vote: (-vote[1], order.get(vote[0][0].removesuffix(" before words"), -1)))
    for (form, expression, keep), count in ranked:
        if count / len(urls) >= ENOUGH:
            return ArticlePattern(f"^https?://{hosts}{expression}", keep, form, count / len(urls))
    return None


def _hosts(urls: Sequence[str]) -> str:
    """The hosts of these addresses as an expression, www and m taken as one."""
    names = {(urlsplit(url).netloc or "").lower() for url in urls}
    bare = sorted({name.removeprefix("www.").removeprefix("m.") for name in names})
    prefix = r"(?:www\.|m\.)?" if any(name.startswith(("www.", "m.")) for name in names) else ""
    joined = "|".join(re.escape(name) for name in bare)
    return prefix + (f"(?:{joined})" if len(bare) > 1 else joined)


def _forms_of(url: str) -> list[tuple[str, str, tuple[str, ...]]]:
    parts = urlsplit(url)
    found: list[tuple[str, str, tuple[str, ...]]] = []
    for key, value in parse_qsl(parts.query):
        if key.lower() not in _NO_ID and re.fullmatch(r"\d{3,}", value):
            path = re.escape(parts.path)
            expression = rf"{path}\?(?:[^#]*&)?{re.escape(key)}=(?P<id>\d+)"
            found.append((f"parameter {key}", expression, (key,)))
    segments = [segment for segment in parts.path.split("/") if segment]
    if not segments:
        return found
    last = segments[-1]
    for form, looks, expression in _FORMS:
        if looks.match(last):
            found.append((form, rf"/(?:[^/?#]+/)*{expression}/?(?:[?#]|$)", ()))
            break
    if len(segments) > 1:
        for form, looks, expression in _FORMS[:3]:
            if looks.match(segments[-2]) and not re.fullmatch(r"(?:19|20)\d{6}", segments[-2]):
                found.append((f"{form} before words", rf"/(?:[^/?#]+/)*{expression}/[^/?#]+/?(?:[?#]|$)", ()))
                break
    return found
