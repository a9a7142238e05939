"""The city's network without sockets: a Transport, a resolver and a certificate probe that answer like the served city.

For rehearsals in virtual time. Each answer takes virtual milliseconds; a server that never answers is waited for until
the fetcher gives up. Raises what real clients raise, so that everything from errors.py on is the daemon's own.
"""

import asyncio
import errno
import hashlib
import ssl
from collections.abc import Callable
from datetime import datetime, timedelta

from monitor.city.faults import Faults
from monitor.city.plan import Plan, Site, draw
from monitor.city.steady import Steady
from monitor.model import Certificate, Reach, Resolved, Unreachable
from monitor.observe.dns import NameFailure
from monitor.observe.exchange import Ask, Reply, Tls
from monitor.observe.guard import Guard
from monitor.observe.hops import REDIRECTS, address_of

PACES = (0.02, 0.08, 0.15, 0.3)
"""Seconds a healthy host of the city takes; few ones, so that those who are asked together answer together."""

ABROAD = "192.88.99.1"
"""An address of the world that is nobody's (RFC 7526); those of the city are of no country."""

_EXPIRED = 10  # X509_V_ERR_CERT_HAS_EXPIRED, openssl x509_vfy.h
_RENEWED = timedelta(days=300)  # what a certificate of the city still has to run, always


class Carrier:
    """`true` is the right time: the city does not go by the daemon's clock."""

    def __init__(self, plan: Plan, faults: Faults, true: Callable[[], datetime], guard: Guard) -> None:
        self.requests = 0
        self._plan, self._faults, self._true, self._guard = plan, faults, true, guard
        self._pages = Steady(plan, faults)
        self._hosts = plan.hosts
        self._paces = {host: PACES[draw(plan.seed, host, "pace") % len(PACES)] for host in plan.hosts}

    async def exchange(self, ask: Ask, reply: Reply) -> None:
        """Carry one request; raises what errors.classify knows."""
        self.requests += 1
        now, host = self._true(), ask.url.raw_host or ""
        reply.address = self._address(host, now)
        site = self._plan.by_host.get(host)
        self._connect(site, ask, now)
        if site is not None and site.https and ask.url.scheme == "http" and self._faults.reach(site.name, now) is None:
            await asyncio.sleep(self._paces[host])
            reply.status, reply.location = 301, (self._plan.origin(host, https=True) + ask.url.raw_path_qs).encode()
            return
        kept = self._pages.respond(host, ask.url.raw_path_qs, now)
        answer = kept.answer
        if answer.reset:
            raise ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")
        if answer.never:
            await asyncio.Event().wait()
        await asyncio.sleep(self._paces[host] + answer.delay)
        reply.headers = (("Server", "nginx"), *answer.headers)
        if answer.status == 200:
            reply.headers = (*reply.headers, ("ETag", kept.etag))
            if ask.headers.get("If-None-Match") == kept.etag:
                reply.status = 304
                return
        reply.status = answer.status
        reply.headers = (*reply.headers, ("Content-Type", answer.content_type))
        if ask.method != "HEAD" and answer.status not in REDIRECTS:
            reply.body, reply.whole = answer.body[: ask.max_body], len(answer.body) <= ask.max_body

    async def close(self) -> None:
        """Nothing is open."""

    async def resolve(self, host: str) -> Resolved:
        """What the city's name server says. A site abroad is only said to be there: nothing goes to that address."""
        now, site = self._true(), self._plan.by_host.get(host)
        try:
            address = self._address(host, now)
        except NameFailure as error:
            return Resolved(host, (), error.failure)
        abroad = site is not None and self._faults.find(site.name, "hosted_abroad", now) is not None
        return Resolved(host, (ABROAD if abroad else address,))

    async def certificate(self, url: str) -> Certificate:
        """What a handshake shows; raises Unreachable."""
        now, address = self._true(), address_of(url)
        host = address.raw_host or ""
        try:
            self._address(host, now)
        except NameFailure:
            raise Unreachable(Reach.DNS, "name could not be resolved") from None
        site = self._plan.by_host.get(host)
        event = self._faults.reach(site.name, now) if site is not None else None
        if event is not None and event.kind == "down":
            raise Unreachable(Reach.CONNECT, "connection refused")
        await asyncio.sleep(self._paces[host])
        expired = self._faults.find(site.name, "tls_expired", now) if site is not None else None
        until = now + _RENEWED if expired is None else self._faults.start + expired.at
        return Certificate(
            subject=host,
            issuer="CN=Yunchuan CA",
            names=(host,),
            not_before=until - 2 * _RENEWED,
            not_after=until,
            trouble=None if expired is None else "expired",
            fingerprint=hashlib.sha256(f"{host} {until.date()}".encode()).hexdigest(),
            protocol="TLSv1.3",
        )

    def _address(self, host: str, now: datetime) -> str:
        """The address of a host the guard lets us go to; raises NameFailure or GuardRefused."""
        if self._faults.cut_off(now):
            raise NameFailure("servfail")
        address = self._hosts.get(host)
        if address is None:
            raise NameFailure("nxdomain")
        site = self._plan.by_host.get(host)
        event = self._faults.find(site.name, "dns", now) if site is not None else None
        if event is not None:
            raise NameFailure(event.option("answer", "nxdomain"))
        self._guard.check(address)
        return address

    def _connect(self, site: Site | None, ask: Ask, now: datetime) -> None:
        """The connection and its handshake."""
        if site is None:
            return
        down = self._faults.find(site.name, "down", now)
        if down is not None and down.option("how", "refused") == "refused":
            raise ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")
        if ask.url.scheme == "https" and ask.tls is Tls.STRICT and self._faults.find(site.name, "tls_expired", now):
            error = ssl.SSLCertVerificationError("certificate has expired")
            error.verify_code = _EXPIRED
            raise error
