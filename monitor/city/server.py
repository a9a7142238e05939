"""The city's web servers: a loopback address per host, HTTP and HTTPS, failing the way the fault in force says.

Reads plan, faults and clock; writes nothing. What a page says comes from `pages.respond`; here is what lies below:
listeners that really close, connections that are reset, answers that never come, the certificate that has run out,
304 and gzip. `follow` must be awaited whenever a fault begins or ends (the City does).
"""

import asyncio
import errno
import hashlib
import socket
import ssl
import struct
from collections.abc import Iterable

from aiohttp import web

from monitor.city.certificates import Certificates
from monitor.city.faults import Faults
from monitor.city.odd import Answer
from monitor.city.pages import respond
from monitor.city.plan import Plan
from monitor.clock import Clock

_COMPRESSIBLE = ("text/", "application/javascript", "application/feed", "application/atom")


class CityServer:
    """All listeners of the city in this event loop. `plan` carries the ports once `start` has returned."""

    def __init__(self, plan: Plan, faults: Faults, clock: Clock) -> None:
        self.plan = plan
        self.requests = 0
        self._faults = faults
        self._clock = clock
        self._certificates: Certificates | None = None
        self._by_address = {address: host for host, address in plan.hosts.items()}
        self._listeners: dict[tuple[str, int], asyncio.Server] = {}
        server = web.Server(self._handle, access_log=None, handler_cancellation=True)
        self._runner = web.ServerRunner(server, handle_signals=False, shutdown_timeout=1.0)
        self._secure = frozenset(site.address for site in plan.sites if site.https)

    async def start(self, certificates: Certificates) -> None:
        """Listen on every address, on one free port for HTTP and one for HTTPS."""
        self._certificates = certificates
        await self._runner.setup()
        http = await self._listen_everywhere(self._by_address, None)
        https = await self._listen_everywhere(self._secure, self._tls())
        self.plan = self.plan.at_ports(http, https)
        await self.follow()

    async def close(self) -> None:
        """Stop everything; connections that hang are cut."""
        for listener in self._listeners.values():
            listener.close()
        self._listeners.clear()
        for address in self._by_address:
            self._cut(address)
        await self._runner.cleanup()

    async def follow(self) -> None:
        """Open and close listeners by the faults that hold now."""
        now = self._clock.now()
        for address, host in self._by_address.items():
            site = self.plan.by_host.get(host)
            down = site and self._faults.find(site.name, "down", now)
            refused = self._faults.cut_off(now) or (down and down.option("how", "refused") == "refused")
            await (self._refuse(address) if refused else self._accept(address))

    async def _listen_everywhere(self, addresses: Iterable[str], tls: ssl.SSLContext | None) -> int:
        addresses = list(addresses)
        for _ in range(50):
            port = _free_port()
            opened: dict[tuple[str, int], asyncio.Server] = {}
            try:
                for address in addresses:
                    opened[address, port] = await self._listen(address, port, tls)
            except OSError as error:
                for listener in opened.values():
                    listener.close()
                if error.errno != errno.EADDRINUSE:
                    raise
                continue
            self._listeners |= opened
            return port
        raise OSError(errno.EADDRINUSE, "no port is free on all addresses of the city")

    async def _listen(self, address: str, port: int, tls: ssl.SSLContext | None) -> asyncio.Server:
        factory = self._runner.server
        assert factory is not None
        loop = asyncio.get_running_loop()
        return await loop.create_server(factory, address, port, ssl=tls, backlog=512)

    async def _refuse(self, address: str) -> None:
        for key in [key for key in self._listeners if key[0] == address]:
            self._listeners.pop(key).close()
        self._cut(address)

    async def _accept(self, address: str) -> None:
        if (address, self.plan.http_port) not in self._listeners:
            self._listeners[address, self.plan.http_port] = await self._listen(address, self.plan.http_port, None)
        secure = (address, self.plan.https_port)
        if secure not in self._listeners and address in self._secure:
            self._listeners[secure] = await self._listen(address, self.plan.https_port, self._tls())

    def _cut(self, address: str) -> None:
        """End the connections that are open to an address, answered or not."""
        server = self._runner.server
        for connection in server.connections if server is not None else ():
            transport = connection.transport
            if transport is not None and transport.get_extra_info("sockname", ("",))[0] == address:
                transport.abort()

    def _tls(self) -> ssl.SSLContext:
        """Shows the good certificate, or the expired one while the fault holds for the name that was asked."""
        assert self._certificates is not None
        context = self._certificates.good
        context.sni_callback = self._choose
        return context

    def _choose(self, handshake: ssl.SSLObject | ssl.SSLSocket, name: str | None, _context: ssl.SSLContext) -> None:
        site = self.plan.by_host.get(name or "")
        expired = site is not None and self._faults.find(site.name, "tls_expired", self._clock.now())
        if expired and self._certificates is not None:
            handshake.context = self._certificates.expired

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        self.requests += 1
        host = request.host.rpartition(":")[0] or request.host
        site = self.plan.by_host.get(host)
        if site is not None and site.https and not request.secure and not self._is_failing(site.name):
            return web.Response(status=301, headers={"Location": self.plan.origin(host, https=True) + request.path_qs})
        answer = respond(self.plan, host, request.path_qs, self._clock.now(), self._faults)
        if answer.reset:
            _reset(request.transport)
            return web.Response()
        if answer.never:
            await asyncio.Event().wait()
        if answer.delay:
            await asyncio.sleep(answer.delay)
        return _response(request, answer)

    def _is_failing(self, name: str) -> bool:
        return self._faults.reach(name, self._clock.now()) is not None


def _response(request: web.BaseRequest, answer: Answer) -> web.Response:
    """With validators for what is fine, compressed when the client takes it."""
    headers = {"Server": "nginx", **dict(answer.headers)}
    if answer.status == 200:
        etag = f'"{hashlib.blake2b(answer.body, digest_size=12).hexdigest()}"'
        headers["ETag"] = etag
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers=headers)
    headers["Content-Type"] = answer.content_type
    response = web.Response(status=answer.status, body=answer.body, headers=headers)
    if len(answer.body) > 1024 and answer.content_type.startswith(_COMPRESSIBLE):
        response.enable_compression()
    return response


def _reset(transport: asyncio.Transport | None) -> None:
    """RST instead of FIN: no lingering."""
    if transport is None:
        return
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
