"""The first client behind an outgoing proxy: aiohttp, without redirects, cookies, cache or limits of its own.

Reads the network only. Every look proves its connection anew (`force_close`), unless the caller asks to keep it
(links). The proxy connects, so the guard can judge literal addresses only. Without a proxy: direct.py.
"""

import socket
import ssl
from collections.abc import Mapping
from contextvars import ContextVar

import aiohttp
from aiohttp import ClientResponse
from aiohttp.connector import Connection

from monitor.observe.body import read_capped
from monitor.observe.dial import Way
from monitor.observe.direct import MAX_FIELD, MAX_HEADERS
from monitor.observe.dns import GuardedLookup
from monitor.observe.errors import PROXY_AUTH, ProxyRefused
from monitor.observe.exchange import Ask, Reply, Tls, texts_of
from monitor.observe.guard import literal
from monitor.observe.hops import REDIRECTS
from monitor.observe.kept import IDLE
from monitor.observe.packed import BrokenPacking, unpacked

_reply: ContextVar[Reply] = ContextVar("reply")


class StrictClient:
    """A Transport through the proxy of `way`. `agent` are the headers every request carries."""

    def __init__(self, way: Way, contexts: Mapping[Tls, ssl.SSLContext], agent: Mapping[str, str]) -> None:
        self._way = way
        self._contexts = contexts
        self._agent = agent
        self._fresh: aiohttp.ClientSession | None = None
        self._kept: aiohttp.ClientSession | None = None

    async def exchange(self, ask: Ask, reply: Reply) -> None:
        """Carry one request. Raises aiohttp.ClientError, BrokenPacking, ProxyRefused."""
        _reply.set(reply)
        try:
            await self._exchange(ask, reply)
        except aiohttp.ClientConnectorDNSError as error:
            raise ProxyRefused(None) from error  # the only name that is asked for here is that of the proxy
        except aiohttp.ConnectionTimeoutError as error:
            if ask.url.scheme == "https":
                raise  # it may have been the handshake within the tunnel: the second client knows
            raise ProxyRefused(None) from error

    async def _exchange(self, ask: Ask, reply: Reply) -> None:
        if (address := literal(ask.url.raw_host or "")) is not None:
            self._way.guard.check(address)
        headers = {**ask.headers, "Accept-Encoding": "identity"} if ask.identity else ask.headers
        async with self._session(keep_alive=ask.keep_alive).request(
            ask.method, ask.url, headers=headers, allow_redirects=False, ssl=self._contexts[ask.tls]
        ) as response:
            if response.status == PROXY_AUTH and ask.url.scheme == "http":
                raise ProxyRefused(PROXY_AUTH)
            reply.status = response.status
            reply.headers = texts_of(response.raw_headers)
            if response.status in REDIRECTS:
                reply.location = _location(response)
            if reply.location is None:
                raw, whole = await read_capped(response.content, ask.max_body)
                coding = response.headers.get("Content-Encoding", "").strip().lower()
                reply.body, fits, ended = await unpacked(raw, coding, ask.max_body)
                reply.whole = whole and fits
                if reply.whole and not ended:
                    raise BrokenPacking

    async def close(self) -> None:
        """Close every connection."""
        for session in (self._fresh, self._kept):
            if session is not None:
                await session.close()

    def _session(self, *, keep_alive: bool) -> aiohttp.ClientSession:
        """Sessions are made at first use, inside the running loop."""
        if keep_alive:
            self._kept = self._kept or self._open(keep_alive=True)
            return self._kept
        self._fresh = self._fresh or self._open(keep_alive=False)
        return self._fresh

    def _open(self, *, keep_alive: bool) -> aiohttp.ClientSession:
        way = self._way
        lasting = {"keepalive_timeout": IDLE} if keep_alive else {"force_close": True}
        connector = aiohttp.TCPConnector(
            limit=0,  # slots are waited for in gates.py, before the clock starts (aiohttp #10313)
            use_dns_cache=False,
            resolver=GuardedLookup(way.resolver, way.guard),
            socket_factory=self._socket,
            **lasting,
        )
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers=self._agent,
            auto_decompress=False,  # it would not tell a packed body that stops before its end
            response_class=_Noting,
            # The whole is timed by the fetcher; nothing is rounded up to a whole second.
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=way.connect_timeout, ceil_threshold=1e6),
            proxy=way.proxy,
            max_line_size=MAX_FIELD,
            max_field_size=MAX_FIELD,
            max_headers=MAX_HEADERS,
        )

    def _socket(self, info: aiohttp.AddrInfoType) -> socket.socket:
        """Where every connection begins. The only address here is that of the proxy, named by us."""
        if (reply := _reply.get(None)) is not None:
            reply.address = str(info[4][0])
        return socket.socket(info[0], info[1], info[2])


class _Noting(ClientResponse):
    """Notes the peer while the connection is still there: aiohttp lets go of it once a short page has come (#2205)."""

    async def start(self, connection: Connection) -> ClientResponse:
        reply, transport = _reply.get(None), connection.transport
        if reply is not None and transport is not None:
            peer = transport.get_extra_info("peername")
            reply.address = peer[0] if peer else reply.address
        return await super().start(connection)


def _location(response: ClientResponse) -> bytes | None:
    return next((value for name, value in response.raw_headers if name.lower() == b"location"), None)
