"""No request leaves for a private address: not by a literal, not by a redirect, not by a name that resolves there.

The check is made where a connection's address comes from, the resolver, so that a name cannot show one address to the
check and another to the connection. The middleware adds what a resolver cannot know: names of outcomes, and that a
public page sent us to a private one.
"""

from __future__ import annotations

import ipaddress
from typing import Any, Self, cast

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError
from scrapy.resolver import CachingThreadedResolver, dnscache
from scrapy.utils.defer import maybe_deferred_to_future
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from spiders.failures import Refused


def is_public(address: str) -> bool:
    """Whether an IP address, as text, may be fetched from: globally reachable (IANA registries) and no multicast.

    An IPv6 address that carries an IPv4 one (mapped, 6to4, NAT64) is judged by that.
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is None and ip in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


class PrivateAddressError(DNSLookupError):
    """A name that resolves to an address nobody may be sent to."""


class PublicResolver(CachingThreadedResolver):
    """Scrapy's caching resolver, which refuses private addresses unless PRIVATE_HOSTS allows them."""

    allow_private = False

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> Self:
        """The resolver with the crawl's DNS settings."""
        resolver = super().from_crawler(crawler, reactor)
        resolver.allow_private = crawler.settings.getbool("PRIVATE_HOSTS")
        return resolver

    def getHostByName(self, name: str, timeout: Any = ()) -> Deferred[str]:  # noqa: N802
        """The address of a host. Fails with `PrivateAddressError` for a private one that is not allowed."""
        return super().getHostByName(name, timeout).addCallback(self._checked, name)

    def _checked(self, address: str, name: str) -> str:
        if not self.allow_private and not is_public(address):
            raise PrivateAddressError(f"{name} is at the private address {address}")
        return address


class PrivateAddressMiddleware:
    """Ends a request for a private address with `private_address`, or `redirected_private` where a redirect led there.

    With PRIVATE_HOSTS private addresses are allowed, except to a redirect that began at a public one.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.allow_private = crawler.settings.getbool("PRIVATE_HOSTS")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """The middleware, with the crawl's settings."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let the request pass or raise `Refused`; a name that does not resolve fails as it would in the download."""
        host = (urlparse_cached(request).hostname or "").rstrip(".")
        first = request.meta.get("redirect_urls")
        outcome = "redirected_private" if first else "private_address"
        literal = _literal(host)
        if literal is None and request.meta.get("proxy"):
            return  # the proxy resolves names, and answers for where they lead
        address = literal or await self._resolve(host, outcome)
        if is_public(address):
            return
        if not self.allow_private or (first and self._was_public(first[0])):
            raise Refused(outcome, f"{request.url} is at the private address {address}")

    async def _resolve(self, host: str, outcome: str) -> str:
        from twisted.internet import reactor  # the one that the crawl installed

        resolving: Deferred[Any] = cast("Any", reactor).resolve(host)
        try:
            return str(await maybe_deferred_to_future(resolving))
        except PrivateAddressError as error:
            raise Refused(outcome, str(error)) from error
        except (DNSLookupError, UnicodeError) as error:
            raise CannotResolveHostError(str(error)) from error

    def _was_public(self, url: str) -> bool:
        host = (urlparse_cached(Request(url)).hostname or "").rstrip(".")
        address = _literal(host) or dnscache.get(host)
        return address is None or is_public(address)


def _literal(host: str) -> str | None:
    """The host as an IP address where it is one, in any spelling that a connection would take (127.1, 0x7f000001)."""
    try:
        return str(ipaddress.ip_address(host.partition("%")[0]))
    except ValueError:
        pass
    parts = host.split(".")
    if not 1 <= len(parts) <= 4 or not all(parts):
        return None
    try:
        numbers = [
            int(part, 16 if part.lower().startswith("0x") else 8 if part.startswith("0") else 10) for part in parts
        ]
    except ValueError:
        return None
    value = numbers[-1]
    for position, number in enumerate(numbers[:-1]):
        value += number << (8 * (3 - position))
    return str(ipaddress.IPv4Address(value)) if 0 <= value < 2**32 else None
