"""`sageon sources add`: look at a site and write the declaration of a new source."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urljoin

from protego import Protego

from crawler.config import Config
from spiders.addresses import absolute
from spiders.discover import DiscoveryError, Fetched, declaration_text, discover, suggested_id
from spiders.source import SourceError, load_source_file

#: As for a crawl: bytes of one answer, and seconds.
LARGEST = 8 * 1024 * 1024
PATIENCE = 30
AGENT = "Sageon"


def discover_site(
    url: str,
    folder: Path,
    *,
    source_id: str | None,
    config: Config,
    fetch: Callable[[str], Fetched | None] | None = None,
) -> Path:
    """Look at the site and write `<id>.toml` in the folder; returns the file.

    Raises DiscoveryError where the site gives nothing to declare, the id is none, or the file is there already.
    """
    if absolute("", url) is None:
        raise DiscoveryError(f"{url}: no web address; write https://www.example.com/")
    if fetch is None:
        fetch = PoliteFetch(config.contact)
        if refusal := fetch.refusal(url):
            raise DiscoveryError(f"{url}: {refusal}")
    found = discover(url, fetch, today=datetime.now(UTC).date())
    name = source_id or suggested_id(found)
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise DiscoveryError(f"{name!r} is no id of a source; write lower-case letters, digits and _")
    file = folder / f"{name}.toml"
    try:
        if file.exists():
            raise DiscoveryError(f"{file} is there already; name another with --id")
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(declaration_text(found, name), encoding="utf-8")
    except OSError as error:
        raise DiscoveryError(f"{file}: {error.strerror or error}; name a folder with --folder") from error
    try:
        load_source_file(file)
    except SourceError as error:
        file.unlink()
        raise DiscoveryError(f"what was found makes no declaration: {error}") from error
    return file


class PoliteFetch:
    """Fetches the few pages that discovery asks for: what robots.txt allows, small enough, under our own name."""

    def __init__(self, contact: str = "") -> None:
        self._agent = f"{AGENT} (+{contact})" if contact else AGENT
        self._robots: dict[str, Protego | str] = {}

    def __call__(self, url: str) -> Fetched | None:
        """The answer, or None where there is none or robots.txt does not allow it."""
        if absolute("", url) is None:
            return None
        if not url.endswith("/robots.txt") and self.refusal(url):
            return None
        return self._get(url)

    def refusal(self, url: str) -> str | None:
        """Why robots.txt keeps us from this page, None where it does not; as for a crawl (RFC 9309, 2.3.1)."""
        site = urljoin(url, "/robots.txt")
        if site not in self._robots:
            self._robots[site] = self._rules(site)
        rules = self._robots[site]
        if isinstance(rules, str):
            return f"{rules}, so nothing is fetched; try again later"
        return None if rules.can_fetch(url, AGENT) else "robots.txt forbids it"

    def _rules(self, site: str) -> Protego | str:
        answer = self._get(site)
        if answer is None:
            return "no answer to the request for robots.txt"
        if answer.status >= 500 or answer.status == 429:
            return f"robots.txt answered {answer.status}"
        page = answer.body.lstrip()[:1] == b"<"
        return Protego.parse("" if answer.status >= 400 or page else answer.body.decode("utf-8", errors="replace"))

    def _get(self, url: str) -> Fetched | None:
        request = urllib.request.Request(url, headers={"User-Agent": self._agent})
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                body = answer.read(LARGEST + 1)
                kind = answer.headers.get("Content-Type", "")
                return None if len(body) > LARGEST else Fetched(answer.url, answer.status, kind, body)
        except urllib.error.HTTPError as error:
            return Fetched(url, error.code, "", b"")
        except (OSError, HTTPException, ValueError):
            return None
