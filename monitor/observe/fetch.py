"""The fetcher: one address looked at, and how that ended named exactly.

Forgives what browsers forgive, and leaves a note that it had to. Redirects by hand, second looks by errors.py, the body
under a cap, the whole under one time limit. Keeps nothing between two fetches but kept-alive connections for links.
It never raises, but for CancelledError and OutOfResources (our own trouble, never a verdict).
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import CookieJar
from yarl import URL

from monitor.clock import Clock
from monitor.model import Fetched, Hop, Reach
from monitor.observe import proxy
from monitor.observe.deadline import Deadline
from monitor.observe.dial import Way
from monitor.observe.direct import DirectClient
from monitor.observe.dns import Resolver
from monitor.observe.errors import OPEN, WIRE_ERRORS, Ending, classify, of_status, second_chance
from monitor.observe.exchange import Ask, Headers, Reply, Tls, Transport
from monitor.observe.guard import Guard
from monitor.observe.hops import (
    MAX_HOPS,
    LeadsNowhere,
    address_of,
    cookie_header,
    cookies_after,
    next_address,
    without_credentials,
)
from monitor.observe.strict import StrictClient
from monitor.observe.tls import contexts
from monitor.observe.tolerant import TolerantClient

STALLED = 2.0
"""Seconds beyond the limit from which a timeout is suspected to be our own stalled loop (aiohttp #9547)."""

_HEADER_KEPT = 4096  # characters of a header value that are kept as evidence


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """Plain values of the settings. Times in seconds, sizes in bytes after decompression."""

    timeout: float = 30.0
    slow: float = 15.0
    connect_timeout: float = 8.0
    max_body: int = 3 << 20
    user_agent: str = "Mozilla/5.0 (compatible; Zhishou/0.1; website duty monitor)"
    proxy: str | None = field(default=None, repr=False)  # may carry a password
    ca_file: Path | None = None


@dataclass(slots=True)
class _Walk:
    """One fetch under way."""

    ask: Ask
    hops: list[Hop] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    jar: CookieJar | None = None
    reply: Reply = field(default_factory=Reply)
    trusted: bool | None = None


class Fetcher:
    """Looks at addresses. `transports` (first, second client) are replaced in rehearsals only."""

    def __init__(
        self,
        limits: FetchLimits,
        clock: Clock,
        resolver: Resolver,
        guard: Guard,
        transports: tuple[Transport, Transport] | None = None,
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._deadline = Deadline(limits.timeout)
        self._first, self._second = transports or _clients(limits, resolver, guard)

    async def fetch(
        self,
        url: str,
        *,
        method: str = "GET",
        etag: str | None = None,
        last_modified: str | None = None,
        max_body: int | None = None,
        keep_alive: bool = False,
        referer: str | None = None,
    ) -> Fetched:
        """Look once, as if coming from `referer`. `max_body` in bytes. Waits for no slot: that is done before (gates.py)."""
        started_at, began = self._clock.now(), self._clock.monotonic()
        validators = _validators(etag, last_modified) if referer is None else {_FROM: referer}
        try:
            address = address_of(url)
        except ValueError:
            ending = Ending(Reach.DNS, "not an address")
            return Fetched(
                url=url, final_url=url, reach=ending.reach, detail=ending.detail, started_at=started_at, seconds=0.0
            )
        walk = _Walk(Ask(address, method, validators, max_body or self._limits.max_body, keep_alive))
        term = self._deadline.begin()
        try:
            ending = await self._walk(walk, validators)
        except asyncio.CancelledError:
            if not term.end():
                raise
            ending = Ending(Reach.TIMEOUT, _phase(walk.reply))
        finally:
            term.end()
        seconds = self._clock.monotonic() - began
        return self._fetched(url, walk, self._timed(ending, seconds), started_at=started_at, seconds=seconds)

    async def close(self) -> None:
        """Close what is still open."""
        self._deadline.close()
        await self._first.close()
        await self._second.close()

    async def _walk(self, walk: _Walk, validators: Mapping[str, str]) -> Ending:
        """From hop to hop until an answer is no redirect."""
        for _ in range(MAX_HOPS + 1):
            ending = await self._hop(walk)
            if ending is not OPEN:
                return ending
            here, reply = walk.ask.url, walk.reply
            try:
                target = next_address(here, reply)
            except LeadsNowhere as error:
                return Ending(Reach.REDIRECT_LOOP, str(error))
            if target is None:
                return _verdict(reply, conditional=bool(validators) and _FROM not in validators)
            walk.jar = cookies_after(walk.jar, here, reply)
            headers = {**validators, **cookie_header(walk.jar, target)}
            walk.ask = walk.ask._replace(url=target, headers=headers, tls=Tls.STRICT, identity=False, tolerant=False)
        return Ending(Reach.REDIRECT_LOOP, f"more than {MAX_HOPS} redirects")

    async def _hop(self, walk: _Walk) -> Ending:
        """One address of the way: asked once, and again in another way while that can tell more."""
        notes: list[str] = []
        while True:
            ending = await self._ask(walk)
            if ending is OPEN:
                notes += ["obsolete_tls"] if walk.reply.obsolete else []
                walk.notes += notes
                walk.trusted = _trusted(walk, notes)
                return OPEN
            chance = second_chance(walk.ask, ending)
            if chance is None:
                return ending
            walk.ask, note = chance
            # Asking without compression did not help when a further chance is needed.
            notes = [*(kept for kept in notes if kept != "gzip_refused"), *((note,) if note else ())]

    async def _ask(self, walk: _Walk) -> Ending:
        """One request. OPEN means an answer came, whatever its status."""
        ask, reply = walk.ask, Reply()
        walk.reply = reply
        began = self._clock.monotonic()
        transport = self._second if ask.tolerant else self._first
        try:
            await transport.exchange(ask, reply)
        except WIRE_ERRORS as error:
            return classify(error)
        else:
            return OPEN
        finally:
            seconds = self._clock.monotonic() - began
            walk.hops.append(Hop(without_credentials(ask.url), reply.status, seconds, reply.address))

    def _timed(self, ending: Ending, seconds: float) -> Ending:
        """A complete page that took too long is slow (DESIGN.md §1)."""
        if ending.reach is Reach.OPEN and seconds >= self._limits.slow:
            return Ending(Reach.SLOW, "slower than allowed")
        return ending

    def _fetched(self, url: str, walk: _Walk, ending: Ending, *, started_at: object, seconds: float) -> Fetched:
        reply = walk.reply
        stalled = ending.reach is Reach.TIMEOUT and seconds > self._limits.timeout + STALLED
        return Fetched(
            url=url,
            final_url=walk.hops[0].url if len(walk.hops) == 1 else without_credentials(walk.ask.url),
            reach=ending.reach,
            detail=ending.detail,
            started_at=started_at,  # type: ignore[arg-type]
            seconds=seconds,
            status=reply.status,
            headers=_kept(reply.headers),
            body=reply.body,
            hops=tuple(walk.hops),
            address=reply.address,
            trusted=walk.trusted,
            not_modified=reply.status == 304 and ending.reach in {Reach.OPEN, Reach.SLOW},
            notes=_notes(walk, ending, stalled=stalled),
        )


def _clients(limits: FetchLimits, resolver: Resolver, guard: Guard) -> tuple[Transport, Transport]:
    way = Way(resolver, guard, limits.connect_timeout, URL(limits.proxy) if limits.proxy else None)
    known = contexts(limits.ca_file)
    agent = {
        "User-Agent": limits.user_agent,
        "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "Accept-Language": "zh-CN,zh;q=0.9",
    }
    first = DirectClient if way.proxy is None else StrictClient
    return first(way, known, agent), TolerantClient(way, known, agent)


_FROM = "Referer"


def _validators(etag: str | None, last_modified: str | None) -> dict[str, str]:
    """The headers of a conditional request; what an old server sent us is sent back only when it is a header."""
    if etag is None and last_modified is None:
        return {}
    asked = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in asked.items() if value and value.isascii() and value.isprintable()}


def _verdict(reply: Reply, *, conditional: bool) -> Ending:
    if reply.status == 304 and not conditional:
        return Ending(Reach.MALFORMED, "HTTP 304 to an unconditional request")
    ending = of_status(reply.status or 0, has_body=bool(reply.body))
    if ending is OPEN and not reply.whole:
        return Ending(Reach.TOO_LARGE, "larger than the limit")
    return ending


def _notes(walk: _Walk, ending: Ending, *, stalled: bool) -> tuple[str, ...]:
    if ending is OPEN and not walk.notes:
        return ()
    return (*dict.fromkeys(walk.notes), *(("loop_stalled",) if stalled else ()), *_our_proxy(ending))


def _our_proxy(ending: Ending) -> tuple[str, ...]:
    return (proxy.FAILED,) if proxy.is_own(ending.detail) else ()


def _phase(reply: Reply) -> str:
    return "no answer in time" if reply.status is None else "not complete in time"


def _trusted(walk: _Walk, notes: list[str]) -> bool | None:
    """False once a hop could not be verified; None while it is not known, over plain HTTP above all."""
    if walk.trusted is False or (notes and {"untrusted_certificate", "obsolete_tls"} & set(notes)):
        return False
    return True if walk.ask.url.scheme == "https" and walk.ask.tls is Tls.STRICT else walk.trusted


def _kept(headers: Headers) -> Headers:
    for _, value in headers:
        if len(value) > _HEADER_KEPT:
            break
    else:
        return headers
    return tuple((name, value[:_HEADER_KEPT]) for name, value in headers)
