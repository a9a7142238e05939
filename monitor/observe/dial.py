"""A connection made by hand, in phases that can be told apart: name, guard, connect, proxy, handshake.

Used by the tolerant client and the certificate probe; the first client (direct.py) needs no phases, only speed. Every address is
shown to the guard before a socket is made for it, a literal too. Through an outgoing proxy only literals can be judged.
"""

import asyncio
import re
import socket
import ssl
from base64 import b64encode
from dataclasses import dataclass

from yarl import URL

from monitor.observe.dns import Resolver
from monitor.observe.errors import HandshakeBroken, PhaseTimeout, ProxyRefused
from monitor.observe.guard import Guard, GuardRefused, literal

AT_MOST = 4
"""Addresses of one name that are tried."""

LINE_LIMIT = 1 << 18
"""Bytes of the longest line read: 256 KiB, what Chrome takes of headers."""


@dataclass(frozen=True, slots=True)
class Way:
    """How to get anywhere. `connect_timeout` in seconds, for connecting and for the handshake each."""

    resolver: Resolver
    guard: Guard
    connect_timeout: float = 8.0
    proxy: URL | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """An open connection; `address` is the peer's (the proxy's, when there is one)."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    address: str

    def close(self) -> None:
        """Drop it at once: a monitor owes nobody a slow goodbye."""
        self.writer.transport.abort()


async def dial(url: URL, way: Way, context: ssl.SSLContext | None) -> Line:
    """Connect to the server of an address, over TLS when a context is given.

    Raises NameFailure, GuardRefused, OSError, ssl.SSLError, HandshakeBroken, PhaseTimeout, ProxyRefused.
    """
    if way.proxy is not None:
        return await _through_proxy(url, way, way.proxy, context)
    host, port = url.raw_host or "", url.port or 80
    refused: GuardRefused | None = None
    last: Exception | None = None
    for address in await _addresses(host, way):
        try:
            way.guard.check(address)
            return await _connect(address, port, way, context, host)
        except GuardRefused as error:
            refused = error
        except (OSError, PhaseTimeout, HandshakeBroken) as error:
            last = error
    raise last or refused or OSError("no address")


def authorization(url: URL) -> str | None:
    """The Basic credentials an address carries, for a header."""
    if url.user is None:
        return None
    return "Basic " + b64encode(f"{url.user}:{url.password or ''}".encode()).decode("ascii")


async def _addresses(host: str, way: Way) -> tuple[str, ...]:
    if (address := literal(host)) is not None:
        return (address,)
    return (await way.resolver.addresses(host))[:AT_MOST]


async def _connect(address: str, port: int, way: Way, context: ssl.SSLContext | None, host: str) -> Line:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    raw = socket.socket(family, socket.SOCK_STREAM)
    raw.setblocking(False)  # noqa: FBT003 - the standard library's own signature
    try:
        async with asyncio.timeout(way.connect_timeout):
            await asyncio.get_running_loop().sock_connect(raw, (address, port))
    except TimeoutError:
        raw.close()
        raise PhaseTimeout("connect") from None
    except BaseException:
        raw.close()
        raise
    try:
        async with asyncio.timeout(way.connect_timeout):
            name = host.rstrip(".").strip("[]") if context else None
            reader, writer = await asyncio.open_connection(
                sock=raw, ssl=context, server_hostname=name, limit=LINE_LIMIT
            )
    except TimeoutError:
        raise PhaseTimeout("handshake") from None
    except ConnectionError:
        raise HandshakeBroken from None
    return Line(reader, writer, address)


async def _through_proxy(url: URL, way: Way, proxy: URL, context: ssl.SSLContext | None) -> Line:
    """A line by way of the outgoing proxy: a tunnel for TLS, the proxy itself for plain HTTP."""
    if (address := literal(url.raw_host or "")) is not None:
        way.guard.check(address)
    try:
        line = await _to_proxy(proxy, way)
    except (OSError, PhaseTimeout) as error:
        raise ProxyRefused(None) from error  # with its cause: that we have no file left is nobody's fault but ours
    if context is None:
        return line
    try:
        await _tunnel(line, url, proxy)
        async with asyncio.timeout(way.connect_timeout):
            name = (url.raw_host or "").rstrip(".").strip("[]")
            await line.writer.start_tls(context, server_hostname=name)
    except TimeoutError:
        line.close()
        raise PhaseTimeout("handshake") from None
    except ConnectionError:
        line.close()
        raise HandshakeBroken from None
    except BaseException:
        line.close()
        raise
    return line


async def _to_proxy(proxy: URL, way: Way) -> Line:
    """The proxy is named in the settings, so the guard has no say about it."""
    host = proxy.raw_host or ""
    last: Exception | None = None
    for address in await _addresses(host, way):
        try:
            return await _connect(address, proxy.port or 8080, way, None, host)
        except (OSError, PhaseTimeout) as error:
            last = error
    raise last or OSError("no address")


async def _tunnel(line: Line, url: URL, proxy: URL) -> None:
    host = url.raw_host or ""
    place = f"[{host}]:{url.port}" if ":" in host else f"{host}:{url.port}"
    credentials = authorization(proxy)
    extra = f"Proxy-Authorization: {credentials}\r\n" if credentials else ""
    line.writer.write(f"CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n{extra}\r\n".encode("ascii"))
    head = await line.reader.readuntil(b"\r\n\r\n")
    status = re.match(rb"HTTP/\d\.\d (\d{3})", head)
    if status is None or status[1] != b"200":
        raise ProxyRefused(int(status[1]) if status else 0)
