"""Telling a refusal from a page: bot walls answer 200, 202, 403, 429 or 503 and look like an empty article."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

#: Words of a challenge's own markup, by who serves it. Each stands in script names, element ids or fixed titles,
#: never in prose; they count at any size with a refusing status, and on a 200 only where the page says little else.
MARKERS = {
    "cloudflare": ("cf-chl-", "_cf_chl_opt", "cf-browser-verification", "cf-turnstile", "cf-error-details"),
    "incapsula": ("_incapsula_resource", "incapsula incident id"),
    "akamai": ("reference&#32;&#35;", "errors.edgesuite.net", "bm-verify", "sec-if-cpt-container"),
    "datadome": ("captcha-delivery.com", "datadome"),
    "perimeterx": ("px-captcha", "_pxappid"),
    "aws_waf": ("awswafintegration", "awswafcookiedomainlist", "gokuprops"),
    "ddos_guard": ("ddos-guard", "check.ddos-guard.net"),
    "sucuri": ("sucuri website firewall", "sucuri_cloudproxy_js"),
    "siteground": ("sgcaptcha", "/.well-known/sgcaptcha"),
    "captcha": ("g-recaptcha", "h-captcha", "hcaptcha.com/1/api.js", "recaptcha/api.js"),
    "notice": (
        "just a moment...</title>",
        "attention required! |",
        "enable javascript and cookies to continue",
        "please enable js and disable any ad blocker",
        "are you a robot?</title>",
        "checking your browser before",
        "자동입력 방지",
        "자동등록방지",
        "비정상적인 접근",
        "비정상적인 트래픽",
        "접근이 차단되었습니다",
        "접속이 차단되었습니다",
    ),
}
#: Headers by which a wall names itself: name -> a part of its value.
HEADERS = {"cf-mitigated": "challenge", "x-amzn-waf-action": "", "x-sucuri-block": ""}
REFUSING = frozenset({401, 403, 405, 406, 418, 429, 451, 503, 520, 521, 999})
#: Visible characters up to which a 200 page with a marker is the wall and not an article about one.
LITTLE = 1200
#: Visible characters below which a small page that has a script is a script-only shell.
NOTHING = 80
#: Bytes up to which such a shell is a challenge; a page drawn by script carries its story and is larger.
SHELL = 20_000

_UNSEEN = ("script", "style", "noscript", "template", "svg", "head")
_OPENED = re.compile(rf"<(?:({'|'.join(_UNSEEN)})\b|(!--))?", re.IGNORECASE)
_CLOSED = {"!--": re.compile("-->"), **{name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in _UNSEEN}}
_SCRIPT = re.compile(r"<script\b", re.IGNORECASE)
_STORY_MARKS = (
    b"application/ld+json",
    b"og:title",
    b"__NEXT_DATA__",
    b"Fusion.globalContent",
    b"__NUXT__",
    b"self.__next_f",
)


def blocked_by(status: int, headers: Mapping[str, str], body: bytes, decoded: Callable[[], str]) -> str | None:
    """Who refused (a key of `MARKERS`, "header", "accepted", "script_only"), or None for what is no block.

    `headers` have lower-case names; `decoded` gives the page as text, and is asked only where its head does not tell
    an article. A plain 403 without a sign of a wall is no block in this sense: it is the outlet's own refusal.
    """
    if status == 202:  # "accepted" is no answer to a GET; walls use it for "wait while you are being checked"
        return "accepted"
    for name, part in HEADERS.items():
        if name in headers and part in headers[name].lower():
            return "header"
    if status != 200 and status not in REFUSING:
        return None
    if status == 200 and any(mark in body for mark in _STORY_MARKS):
        return None  # nearly every article, told by its head alone
    text = decoded()
    lower = text[:200_000].lower()
    found = next((who for who, words in MARKERS.items() if any(word in lower for word in words)), None)
    if status in REFUSING:
        return found
    if found is None and (len(text) > SHELL or not _SCRIPT.search(text)):
        return None
    seen = _visible(text)
    if found and seen <= LITTLE:
        return found
    if seen < NOTHING and len(text) <= SHELL and _SCRIPT.search(text):
        return "script_only"
    return None


def _visible(text: str) -> int:
    """How many characters a reader would see. One pass: an end that is nowhere is looked for once."""
    seen = []
    unclosed: set[str] = set()
    position = 0
    while opened := _OPENED.search(text, position):
        name = (opened[1] or opened[2] or "").lower()
        closed = _CLOSED[name].search(text, opened.end()) if name and name not in unclosed else None
        if closed is None:
            unclosed.add(name)
        end = closed.end() if closed else text.find(">", opened.start()) + 1
        if not end:
            break
        seen.append(text[position : opened.start()])
        position = end
    seen.append(text[position:])
    return len(" ".join(" ".join(seen).split()))
