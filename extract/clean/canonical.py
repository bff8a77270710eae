"""The address an article is stored under."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from lxml.html import HtmlElement

from .rules import CleanRules
from .structured import Declared, plain

#: Query keys that tell where a reader came from, never which article it is; whole names and beginnings.
_TRACKING = frozenset(
    [
        "fbclid",
        "gclid",
        "dclid",
        "msclkid",
        "igshid",
        "mc_cid",
        "mc_eid",
        "_ga",
        "ref",
        "referer",
        "referrer",
        "source",
        "src",
        "cmp",
        "ncid",
        "ocid",
        "cid_source",
        "input",
        "site",
        "section_from",
        "_fr",
        "from",
        "feature",
        "share",
        "spm",
        "yclid",
        "gbraid",
        "wbraid",
        "ito",
        "smid",
        "outputtype",
    ]
)
_TRACKING_PREFIX = ("utm_", "at_", "pk_", "hsa_", "wt.")
#: First label of a host that shows the same article to another device.
_DEVICE = ("www.", "m.", "mobile.", "amp.")


def find_canonical(tree: HtmlElement, declared: Declared, rules: CleanRules, url: str) -> str:
    """The article's address: rel=canonical, then og:url, then JSON-LD, where it is on the same site and names an
    article (not the home page, not a bare section where `url` goes deeper); else `url` itself.

    The fragment and tracking keys are dropped; with `rules.keep_query` every key but those.
    """
    for candidate in _declared_urls(tree, declared):
        address = _absolute(url, candidate, rules.keep_query)
        if address and _is_article_of(address, url, rules):
            return address
    return normalise(url, rules.keep_query) or url


def normalise(url: str, keep_query: tuple[str, ...] = ()) -> str | None:
    """The address without fragment, default port, tracking keys; host in lower case. None for no http(s) address."""
    try:
        return _normal(url, keep_query)
    except ValueError:
        return None


def _absolute(base: str, address: str, keep_query: tuple[str, ...]) -> str | None:
    """A declared address seen from the page it stands on, normalised; None where it is none."""
    try:
        return normalise(urljoin(base, address), keep_query)
    except ValueError:
        return None


def _normal(url: str, keep_query: tuple[str, ...]) -> str | None:
    parts = urlsplit(url.strip())
    port = parts.port
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    host = parts.hostname
    if port and (parts.scheme, port) not in (("http", 80), ("https", 443)):
        host = f"{host}:{port}"
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    if keep_query:
        pairs = [(key, value) for key, value in pairs if key in keep_query]
    else:
        pairs = [
            (key, value)
            for key, value in pairs
            if key.lower() not in _TRACKING and not key.lower().startswith(_TRACKING_PREFIX)
        ]
    return urlunsplit((parts.scheme, host, parts.path or "/", urlencode(pairs), ""))


def _declared_urls(tree: HtmlElement, declared: Declared) -> Iterator[str]:
    for link in tree.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split() and link.get("href"):
            yield link.get("href")
            break
    if address := declared.first("og:url"):
        yield address
    if address := plain(declared.article.get("url")) or plain(declared.article.get("mainEntityOfPage")):
        yield address


def site_of(host: str) -> str:
    """The host without the label of a device ("m.", "www.")."""
    host = host.lower()
    for label in _DEVICE:
        if host.startswith(label):
            return host[len(label) :]
    return host


def _is_article_of(address: str, url: str, rules: CleanRules) -> bool:
    ours, theirs = urlsplit(url), urlsplit(address)
    if site_of(theirs.hostname or "") != site_of(ours.hostname or ""):
        return False
    path = theirs.path.strip("/")
    if not path and not theirs.query:
        return False
    if any(key in dict(parse_qsl(ours.query)) and key not in dict(parse_qsl(theirs.query)) for key in rules.keep_query):
        return False
    # A canonical that is a parent folder of what was served names the section.
    served = ours.path.strip("/")
    return not (served.startswith(f"{path}/") and not theirs.query and not _looks_like_id(path))


def _looks_like_id(path: str) -> bool:
    last = path.rsplit("/", 1)[-1]
    return sum(c.isdigit() for c in last) >= 5 or last.count("-") >= 3 or "." in last
