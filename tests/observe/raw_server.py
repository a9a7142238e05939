"""Servers that say exactly the bytes a test wants, over TCP or TLS, and a fetcher that looks at them.

`serving` answers each connection with canned bytes or a function of the request; `looking` is the real Fetcher with
short limits, a real resolver and the guard opened to loopback.
"""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from monitor.clock import SystemClock
from monitor.observe.dns import Resolver
from monitor.observe.fetch import Fetcher, FetchLimits
from monitor.observe.guard import Guard

Answer = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]

PAGE = b"<html><body>" + "值守".encode() * 50 + b"</body></html>"

LIMITS = FetchLimits(timeout=5.0, slow=4.0, connect_timeout=2.0, max_body=200_000)
"""Long enough for a busy machine; tests of timeouts take their own."""


@dataclass(slots=True)
class Served:
    """A server at work: its port, and the head of every request it got."""

    port: int
    asked: list[bytes] = field(default_factory=list)

    def url(self, path: str = "/", host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"


@asynccontextmanager
async def serving(
    answer: bytes | Sequence[bytes] | Answer, context: ssl.SSLContext | None = None, *, keep_alive: bool = False
) -> AsyncIterator[Served]:
    """Bytes for every request, a sequence (one each, the last for all further), or a function that writes."""
    served = Served(0)
    writers: list[asyncio.StreamWriter] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                request = await reader.readuntil(b"\r\n\r\n")
                served.asked.append(request)
                await _say(answer, request, writer, len(served.asked))
                if not keep_alive:
                    break
        with contextlib.suppress(ConnectionError, ssl.SSLError, RuntimeError):
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=context)
    served.port = server.sockets[0].getsockname()[1]
    try:
        yield served
    finally:
        await stop(server, writers)


async def stop(server: asyncio.Server, writers: Sequence[asyncio.StreamWriter]) -> None:
    """End a server with all its connections, whatever they are at."""
    server.close()
    for writer in writers:
        writer.transport.abort()
    await server.wait_closed()
    await asyncio.sleep(0)  # what was aborted is told so in the next turn


async def _say(answer: bytes | Sequence[bytes] | Answer, request: bytes, writer: asyncio.StreamWriter, n: int) -> None:
    if callable(answer):
        await answer(request, writer)
        return
    writer.write(answer if isinstance(answer, bytes) else answer[min(n, len(answer)) - 1])
    await writer.drain()


@asynccontextmanager
async def looking(
    limits: FetchLimits = LIMITS,
    *,
    allow: Sequence[str] = ("127.0.0.0/8",),
    nameserver: int | None = None,
    ca_file: Path | None = None,
) -> AsyncIterator[Fetcher]:
    """A Fetcher for the time of a test; `nameserver` is the port of one on loopback."""
    resolver = Resolver([f"127.0.0.1:{nameserver}"] if nameserver else ["127.0.0.1:9"], timeout=1.0)
    if ca_file is not None:
        limits = replace(limits, ca_file=ca_file)
    fetcher = Fetcher(limits, SystemClock(), resolver, Guard(allow))
    try:
        yield fetcher
    finally:
        await fetcher.close()
        await resolver.close()


def reply(
    body: bytes = PAGE, status: str = "200 OK", *headers: str, length: int | None = None, version: str = "HTTP/1.1"
) -> bytes:
    """A well-formed answer; `length` lies about the body."""
    lines = [f"{version} {status}", *headers, f"Content-Length: {len(body) if length is None else length}", "", ""]
    return "\r\n".join(lines).encode("latin-1") + body
