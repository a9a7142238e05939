"""Asking the name servers, and saying what they really answered.

Reads the network only. A (and AAAA) are asked apart, because old servers never answer AAAA and must not make a site
look slow; no search domains, no aliases of ours. Resolver is for everybody; GuardedLookup is its face towards aiohttp.
"""

import asyncio
import socket
from collections.abc import Sequence
from typing import Any

import aiodns
import pycares
from aiohttp.abc import AbstractResolver, ResolveResult

from monitor.model import Resolved
from monitor.observe.guard import Guard, GuardRefused

FAILURES = {
    pycares.errno.ARES_ENODATA: "nodata",
    pycares.errno.ARES_ESERVFAIL: "servfail",
    pycares.errno.ARES_ENOTFOUND: "nxdomain",
    pycares.errno.ARES_EREFUSED: "refused",
    pycares.errno.ARES_ETIMEOUT: "timeout",
}
"""c-ares' codes as Resolved.failure; all others are 'error'."""

GRAVEST = ("nxdomain", "servfail", "refused", "timeout", "error", "nodata")
"""Which failure to report when A and AAAA fail differently: the one that says most."""

AAAA_GRACE = 0.05
"""Seconds to wait for AAAA once A has come (RFC 8305 §3, Resolution Delay)."""

FRESH = 10.0
"""Seconds a c-ares channel is used. It caches answers for their TTL, up to an hour, and pycares 5 has no switch for
that; a monitor wants to see a change of the zone within one look."""


class NameFailure(OSError):
    """A name has no address for us. An OSError, because aiohttp expects that of resolvers."""

    def __init__(self, failure: str) -> None:
        super().__init__(f"name lookup failed: {failure}")
        self.failure = failure


class Resolver:
    """Asks `nameservers` ("IP" or "IP:PORT"; none means those of the machine). Times in seconds, of one lookup."""

    def __init__(self, nameservers: Sequence[str] = (), timeout: float = 5.0, *, fresh: float = FRESH) -> None:
        self._nameservers = tuple(nameservers)
        self._timeout = timeout
        self._keep = fresh
        self._channel: aiodns.DNSResolver | None = None
        self._since = 0.0
        self._asking: dict[aiodns.DNSResolver, int] = {}

    async def resolve(self, host: str, port: int = 0) -> Resolved:  # noqa: ARG002 - the contract's signature
        """Addresses and, when there are none, why. Never raises."""
        try:
            addresses, aliases = await self._answered(host)
            return Resolved(host, addresses, aliases=aliases)
        except NameFailure as error:
            return Resolved(host, (), error.failure)

    async def addresses(self, host: str) -> tuple[str, ...]:
        """IPv4 first, then IPv6, as the name servers gave them. Raises NameFailure."""
        return (await self._answered(host))[0]

    async def _answered(self, host: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Addresses, and the names it stands for. Raises NameFailure."""
        channel = self._fresh_channel()
        self._asking[channel] = self._asking.get(channel, 0) + 1
        try:
            four, six = await self._ask(channel, host.rstrip("."))
        finally:
            await self._done_with(channel)
        found = tuple(dict.fromkeys((*_addresses(four), *_addresses(six))))
        if found:
            return found, tuple(dict.fromkeys((*_aliases(four), *_aliases(six))))
        failures = {_failure(four), _failure(six)}
        raise NameFailure(next(failure for failure in GRAVEST if failure in failures))

    async def close(self) -> None:
        """Let go of the sockets; unanswered questions end as errors."""
        channels, self._channel = {*self._asking, *([self._channel] if self._channel else [])}, None
        self._asking.clear()
        for channel in channels:
            await channel.close()

    async def _ask(self, channel: aiodns.DNSResolver, host: str) -> tuple[Any, Any]:
        """Both answers as their futures; one that did not come in time is cancelled."""
        four = channel.getaddrinfo(host, socket.AF_INET, type=socket.SOCK_STREAM)
        six = channel.getaddrinfo(host, socket.AF_INET6, type=socket.SOCK_STREAM)
        try:
            deadline = asyncio.get_running_loop().time() + self._timeout
            await asyncio.wait((four,), timeout=self._timeout)
            left = deadline - asyncio.get_running_loop().time()
            patience = AAAA_GRACE if _addresses(four) else max(left, AAAA_GRACE)
            if not six.done():
                await asyncio.wait((six,), timeout=patience)
        finally:
            four.cancel()
            six.cancel()
        return four, six

    def _fresh_channel(self) -> aiodns.DNSResolver:
        now = asyncio.get_running_loop().time()
        if self._channel is None or now - self._since > self._keep:
            old, self._channel, self._since = self._channel, self._new_channel(), now
            if old is not None and not self._asking.get(old):
                self._asking[old] = 0  # closed with the next answer
        return self._channel

    def _new_channel(self) -> aiodns.DNSResolver:
        # c-ares learns how fast a server is and would give up on it after 0.75 s; with six rounds, each twice as long as
        # the one before, a server that is slow for once is waited for until our own limit ends it. No `lookups=` nor
        # `domains=`: pycares 5.2 hands c-ares memory it has already let go of, and every thirtieth channel is broken.
        flags = pycares.ARES_FLAG_NOSEARCH | pycares.ARES_FLAG_NOALIASES
        return aiodns.DNSResolver(self._nameservers or None, timeout=self._timeout / 3, tries=6, flags=flags)

    async def _done_with(self, channel: aiodns.DNSResolver) -> None:
        self._asking[channel] = max(self._asking.get(channel, 1) - 1, 0)
        for idle in [known for known, asking in self._asking.items() if not asking]:
            del self._asking[idle]
            if idle is not self._channel:
                await idle.close()


async def let_through(host: str, resolver: Resolver, guard: Guard) -> list[str]:
    """The addresses of a name that the guard lets through. Raises NameFailure, or GuardRefused when it lets through none."""
    addresses = await resolver.addresses(host)
    refused = [guard.refuses(address) for address in addresses]
    if all(refused):
        raise GuardRefused(refused[0] or "")
    return [address for address, reason in zip(addresses, refused, strict=True) if reason is None]


class GuardedLookup(AbstractResolver):
    """What aiohttp asks for addresses: those of the resolver that the guard lets through."""

    def __init__(self, resolver: Resolver, guard: Guard) -> None:
        self._resolver = resolver
        self._guard = guard

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Raises NameFailure, or GuardRefused when every address is refused."""
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
            for address in await let_through(host, self._resolver, self._guard)
        ]

    async def close(self) -> None:
        """Nothing: the resolver belongs to whoever made it."""


def _addresses(answer: Any) -> list[str]:
    return [node.addr[0].decode() for node in answer.result().nodes] if _came(answer) else []


def _aliases(answer: Any) -> list[str]:
    return [str(one.name).rstrip(".").lower() for one in answer.result().cnames if one.name] if _came(answer) else []


def _came(answer: Any) -> bool:
    return answer.done() and not answer.cancelled() and answer.exception() is None


def _failure(answer: Any) -> str:
    if not answer.done() or answer.cancelled():
        return "timeout"
    error = answer.exception()
    if error is None:
        return "nodata"
    return FAILURES.get(error.args[0], "error") if isinstance(error, aiodns.error.DNSError) else "error"
