"""Which URLs are articles of a source, and the one address each is known by."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

from spiders.source import Source

#: Query keys that say where a reader came from and never what is shown. Exact names and prefixes, from the public
#: parameter lists of the large ad and analytics systems (Google, Meta, Microsoft, Yahoo, Mailchimp, HubSpot, Adobe).
_TRACKING = """
    fbclid gclid gclsrc dclid wbraid gbraid msclkid yclid twclid ttclid igshid igsh mc_cid mc_eid _hsenc _hsmi vero_id
    mkt_tok ncid cmpid cmp ocid ref_src ref_url s_cid __twitter_impression amp_js_v usqp spm _ga _gl ns_mchannel
    ns_source ns_campaign ns_linkname ns_fee traffic_source
"""
TRACKING = frozenset(_TRACKING.split())
TRACKING_PREFIXES = ("utm_", "pk_", "mtm_", "hsa_", "at_", "oly_")
_LONGEST = 2000
_SLASHES = re.compile(r"/{2,}")
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
_CONTROL = re.compile(r"[\x00-\x20\x7f]")


def absolute(base: str, link: str) -> str | None:
    """The http(s) URL a link of a page leads to, without its fragment; None for what is no web address."""
    link = _CONTROL.sub("", link.strip())
    try:
        parts = urlsplit(urljoin(base, link))
        port = parts.port
    except ValueError:  # "http://[", a port of letters
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or len(link) > _LONGEST:
        return None
    host = parts.hostname.rstrip(".")
    default = {"http": 80, "https": 443}[parts.scheme]
    netloc = f"[{host}]" if ":" in host else host
    if port and port != default:
        netloc += f":{port}"
    return urlunsplit((parts.scheme, netloc, parts.path or "/", parts.query, ""))


def normalise(url: str, *, keep: tuple[str, ...] = (), strip: tuple[str, ...] = ()) -> str:
    """The URL without tracking parameters, its path in one spelling. Idempotent.

    With `keep`, only these query keys stay, in this order; else all but the tracking ones and those of `strip`.
    """
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    if keep:
        pairs = [(key, value) for wanted in keep for key, value in pairs if key == wanted]
    else:
        pairs = [
            (key, value)
            for key, value in pairs
            if key.lower() not in TRACKING and not key.lower().startswith(TRACKING_PREFIXES) and key not in strip
        ]
    path = quote(_SLASHES.sub("/", parts.path), safe="%/:@!$&'()*+,;=-._~")
    path = _ESCAPE.sub(lambda found: found[0].upper(), path)
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), path or "/", urlencode(pairs), ""))


def on_host(source: Source, url: str) -> bool:
    """Whether the URL is on one of the source's hosts or below one of them."""
    host = urlsplit(url).hostname or ""
    return any(host == own or host.endswith("." + own) for own in source.hosts)


def native_id(source: Source, url: str) -> str | None:
    """The outlet's own id of the article at this URL; None where the URL is no article of the source."""
    found = source.article_url.search(url)
    return found["id"] if found else None


def canonical_url(source: Source, url: str) -> str:
    """The one address of the article: the source's own form where it declares one, else the URL normalised."""
    found = source.article_url.search(url)
    if found and source.canonical:
        return source.canonical.format(**{name: value or "" for name, value in found.groupdict().items()})
    return normalise(url, keep=source.keep_query, strip=source.strip_query)


def article_key(source: Source, url: str) -> str:
    """What an article is remembered by: `<source id>:<native id>`, or the canonical URL where the URL shows no id."""
    found = native_id(source, url)
    return f"{source.id}:{found}" if found else canonical_url(source, url)
