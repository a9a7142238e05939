"""Through an outgoing proxy: plain and tunnelled, by both clients, and what it means when the proxy itself fails."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from monitor.model import Reach
from tests.observe import tls_server as tls
from tests.observe.raw_server import LIMITS, PAGE, looking, reply, serving, stop


@dataclass(slots=True)
class Proxy:
    """A forward proxy that sends everything to one port of ours, whatever the name."""

    to: int
    port: int = 0
    refuse: bytes = b""
    heads: list[bytes] = field(default_factory=list)
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            self.heads.append(head)
            if self.refuse:
                writer.write(self.refuse)
                await writer.drain()
            else:
                await self._pass_on(head, reader, writer)
        writer.close()

    async def _pass_on(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner, outer = await asyncio.open_connection("127.0.0.1", self.to)
        self.writers.append(outer)
        if head.startswith(b"CONNECT"):
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            outer.write(head)
        await asyncio.gather(_pump(reader, outer), _pump(inner, writer))


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def proxying(to: int, refuse: bytes = b"") -> AsyncIterator[Proxy]:
    proxy = Proxy(to, refuse=refuse)
    server = await asyncio.start_server(proxy.talk, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        await stop(server, proxy.writers)


@pytest.mark.parametrize(("answer", "notes"), [(reply(), ()), (reply(PAGE, "200OK"), ("malformed_http",))])
@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_both_clients_go_through_it(scheme: str, answer: bytes, notes: tuple[str, ...], tmp_path: Path) -> None:
    context = tls.good() if scheme == "https" else None
    async with serving(answer, context) as server, proxying(server.port) as proxy:
        limits = replace(LIMITS, proxy=f"http://us:geheim@127.0.0.1:{proxy.port}")
        async with looking(limits, allow=(), ca_file=tls.ca_file(tmp_path)) as fetcher:
            fetched = await fetcher.fetch(f"{scheme}://{tls.HOST}/x")
    assert (fetched.reach, fetched.body, fetched.notes) == (Reach.OPEN, PAGE, notes)
    assert fetched.trusted is (True if scheme == "https" else None)
    start = b"CONNECT site.example:443 " if scheme == "https" else b"GET http://site.example/x "
    for head in proxy.heads:
        assert head.startswith(start)
        assert b"Proxy-Authorization: Basic dXM6Z2VoZWlt\r\n" in head
    assert b"Proxy-Authorization" not in b"".join(server.asked) or scheme == "http"


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_proxy_that_is_not_there(scheme: str) -> None:
    async with serving(b"") as gone:
        pass
    async with looking(replace(LIMITS, proxy=f"http://127.0.0.1:{gone.port}")) as fetcher:
        fetched = await fetcher.fetch(f"{scheme}://{tls.HOST}/")
    assert (fetched.reach, fetched.detail) == (Reach.CONNECT, "outgoing proxy unreachable")


async def test_a_proxy_that_refuses() -> None:
    refusal = reply(b"", "407 Proxy Authentication Required")
    async with (
        proxying(0, refuse=refusal) as proxy,
        looking(replace(LIMITS, proxy=f"http://us:geheim@127.0.0.1:{proxy.port}")) as fetcher,
    ):
        fetched = await fetcher.fetch(f"https://{tls.HOST}/")
    assert (fetched.reach, fetched.detail) == (Reach.CONNECT, "outgoing proxy answered 407")
    assert "geheim" not in repr(fetched)


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "https://10.0.0.1/", "http://[::1]/"])
async def test_literals_are_guarded_although_the_proxy_connects(url: str) -> None:
    async with proxying(0) as proxy, looking(replace(LIMITS, proxy=f"http://127.0.0.1:{proxy.port}"), allow=()) as f:
        fetched = await f.fetch(url)
    assert fetched.reach is Reach.REFUSED_BY_GUARD
    assert proxy.heads == []
