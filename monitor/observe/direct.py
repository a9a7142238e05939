"""The first client where no outgoing proxy stands between: connections of our own, answers read by aiohttp's own parser.

aiohttp's session around that parser costs several times as much as the exchange itself (libraries.md §2). Every look proves
its connection anew, unless the caller asks to keep it (links). Every address is shown to the guard before a socket is made
for it; like aiohttp, a request that a closing connection swallowed is sent once more.
"""

import asyncio
import socket
import ssl
from collections.abc import Mapping, Sequence
from functools import partial

import aiohappyeyeballs
import aiohttp
from aiohttp.client_proto import ResponseHandler

from monitor.observe.body import read_capped
from monitor.observe.dial import Way, authorization
from monitor.observe.dns import let_through
from monitor.observe.errors import PhaseTimeout
from monitor.observe.exchange import Ask, Reply, Tls, texts_of
from monitor.observe.guard import literal
from monitor.observe.hops import REDIRECTS
from monitor.observe.kept import Kept, Open, Place
from monitor.observe.packed import BrokenPacking, unpacked

MAX_FIELD = 65536
"""Bytes of a header line; aiohttp's own 8 KiB refuses real CSP and Set-Cookie lines."""
MAX_HEADERS = 512

_NEXT_AFTER = 0.25  # seconds until the next address of a name is tried beside the one before (RFC 8305 §5)
_BUFFER = 262_144  # bytes that may wait unread


class DirectClient:
    """A Transport straight to the server. `agent` are the headers every request carries."""

    def __init__(self, way: Way, contexts: Mapping[Tls, ssl.SSLContext], agent: Mapping[str, str]) -> None:
        self._way = way
        self._contexts = contexts
        self._agent = "".join(f"{name}: {value}\r\n" for name, value in agent.items())
        self._kept = Kept()

    async def exchange(self, ask: Ask, reply: Reply) -> None:
        """Carry one request. Raises aiohttp.ClientError, OSError, HttpProcessingError, PhaseTimeout, BrokenPacking."""
        place = _place(ask)
        request = self._request(ask)
        try:
            line = self._kept.take(place) if ask.keep_alive else None
            if line is None:
                line = await self._fresh(place, reply)
            else:
                reply.address = line.address
            payload = await _head(line, request, ask, reply)
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
            line = await self._fresh(place, reply)
            payload = await _head(line, request, ask, reply)
        try:
            if reply.location is None and ask.method != "HEAD":
                await _body(payload, ask, reply)
        except BaseException:
            line.drop()
            raise
        if ask.keep_alive:
            self._kept.give(line)
        else:
            line.drop()

    async def close(self) -> None:
        """Close every connection that waits."""
        self._kept.close()

    async def _fresh(self, place: Place, reply: Reply) -> Open:
        context = self._contexts[place.tls] if place.scheme == "https" else None
        handler, reply.address = await _connected(place, self._way, context, reply)
        return Open(place, handler, reply.address)

    def _request(self, ask: Ask) -> bytes:
        url = ask.url
        own = "".join([f"{name}: {value}\r\n" for name, value in ask.headers.items()]) if ask.headers else ""
        if (credentials := authorization(url)) is not None:
            own += f"Authorization: {credentials}\r\n"
        coding = "identity" if ask.identity else "gzip, deflate, br, zstd"
        closing = "" if ask.keep_alive else "Connection: close\r\n"
        head = f"{ask.method} {url.raw_path_qs} HTTP/1.1\r\nHost: {url.host_port_subcomponent}\r\n{self._agent}{own}"
        return f"{head}Accept-Encoding: {coding}\r\n{closing}\r\n".encode("utf-8", "surrogateescape")


def _place(ask: Ask) -> Place:
    url = ask.url
    host = url.raw_host or ""
    if host[-1:].isdigit() and host.replace(".", "").isdigit() and literal(host) is None:
        raise aiohttp.InvalidURL(host, "is not a canonical IPv4 address")  # which a resolver might take for one
    return Place(url.scheme, host, url.port or 80, ask.tls)


async def _head(line: Open, request: bytes, ask: Ask, reply: Reply) -> aiohttp.StreamReader:
    """Send the request and wait for the head of its answer, past any interim ones. The stream of the body."""
    handler, transport = line.handler, line.handler.transport
    if transport is None:
        raise aiohttp.ServerDisconnectedError
    try:
        handler.set_response_params(
            skip_payload=ask.method == "HEAD",
            read_until_eof=True,
            auto_decompress=False,  # it would not tell a packed body that stops before its end
            read_bufsize=_BUFFER,
            max_line_size=MAX_FIELD,
            max_field_size=MAX_FIELD,
            max_headers=MAX_HEADERS,
        )
        transport.write(request)
        message, payload = await handler.read()
        while 100 <= message.code < 200 and message.code != 101:
            message, payload = await handler.read()
    except BaseException:
        line.drop()
        raise
    reply.status = message.code
    reply.headers = texts_of(message.raw_headers)
    if message.code in REDIRECTS:
        reply.location = next((value for name, value in message.raw_headers if name.lower() == b"location"), None)
    return payload


async def _body(payload: aiohttp.StreamReader, ask: Ask, reply: Reply) -> None:
    raw, whole = await read_capped(payload, ask.max_body)
    coding = next((value for name, value in reply.headers if name.lower() == "content-encoding"), "").strip().lower()
    reply.body, fits, ended = await unpacked(raw, coding, ask.max_body)
    reply.whole = whole and fits
    if reply.whole and not ended:
        raise BrokenPacking


async def _connected(
    place: Place, way: Way, context: ssl.SSLContext | None, reply: Reply
) -> tuple[ResponseHandler, str]:
    """A new connection and its peer's address. Raises NameFailure, GuardRefused, OSError, ssl.SSLError, PhaseTimeout.

    Where a handshake fails, or nothing connects in time, the further addresses of the name are tried.
    """
    addresses = await _addresses(place.host, way)
    while True:
        reply.address = addresses[0]
        try:
            async with asyncio.timeout(way.connect_timeout):
                return await _connect(addresses, place, context)
        except TimeoutError as error:
            failed: Exception = PhaseTimeout("connect") if error.errno is None else error
        except OSError as error:
            failed = error
        addresses = _further(addresses)
        if not addresses:
            raise failed


async def _addresses(host: str, way: Way) -> list[str]:
    if (address := literal(host)) is None:
        return await let_through(host, way.resolver, way.guard)
    way.guard.check(address)
    return [address]


async def _connect(
    addresses: Sequence[str], place: Place, context: ssl.SSLContext | None
) -> tuple[ResponseHandler, str]:
    """Over the first address that lets us. A socket of our own only where addresses race: the loop's is the faster."""
    loop = asyncio.get_running_loop()
    name = place.host.rstrip(".") if context else None
    made = partial(ResponseHandler, loop)
    if len(addresses) == 1:
        _, handler = await loop.create_connection(made, addresses[0], place.port, ssl=context, server_hostname=name)
        return handler, addresses[0]
    infos = [_info(address, place.port) for address in addresses]
    raced = await aiohappyeyeballs.start_connection(infos, happy_eyeballs_delay=_NEXT_AFTER)
    peer = str(raced.getpeername()[0])
    _, handler = await loop.create_connection(made, sock=raced, ssl=context, server_hostname=name)
    return handler, peer


def _info(address: str, port: int) -> aiohappyeyeballs.AddrInfoType:
    six = ":" in address
    place = (address, port, 0, 0) if six else (address, port)
    return (socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", place)


def _further(addresses: Sequence[str]) -> list[str]:
    """Without the first of each family, which were tried."""
    families = [[a for a in addresses if (":" in a) is six] for six in (False, True)]
    tried = {family[0] for family in families if family}
    return [address for address in addresses if address not in tried]
