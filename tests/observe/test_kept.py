"""Connections kept for the next link: used again while they are good, never longer or more of them than is polite."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from aiohttp.client_proto import ResponseHandler

from monitor.model import Reach
from monitor.observe.exchange import Tls
from monitor.observe.fetch import Fetcher
from monitor.observe.kept import Kept, Open, Place
from tests.observe.raw_server import looking, reply

GOOD = reply(b"", "200 OK")


@dataclass(slots=True)
class Door:
    """A server that counts its connections and tells when one has ended."""

    port: int = 0
    opened: int = 0
    asked: int = 0
    ended: "asyncio.Queue[int]" = field(default_factory=asyncio.Queue)

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@asynccontextmanager
async def door(answer: Callable[[int, int, asyncio.StreamWriter], None]) -> AsyncIterator[Door]:
    """`answer` of (connection, request on it, writer)."""
    here, writers = Door(), list[asyncio.StreamWriter]()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        number, here.opened = here.opened, here.opened + 1
        try:
            for request in range(100):
                await reader.readuntil(b"\r\n\r\n")
                here.asked += 1
                answer(number, request, writer)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            here.ended.put_nowait(number)
        finally:
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    here.port = server.sockets[0].getsockname()[1]
    try:
        yield here
    finally:
        server.close()
        for writer in writers:
            writer.transport.abort()
        await server.wait_closed()


async def ask(fetcher: Fetcher, here: Door) -> tuple[Reach, int, tuple[str, ...]]:
    fetched = await fetcher.fetch(here.url("/a/b.html"), method="HEAD", keep_alive=True)
    return fetched.reach, len(fetched.hops), fetched.notes


def says(text: bytes) -> Callable[[int, int, asyncio.StreamWriter], None]:
    return lambda _number, _request, writer: writer.write(text)


def swallows(number: int, request: int, writer: asyncio.StreamWriter) -> None:
    """The first connection answers once and closes when it is asked again."""
    if number == 0 and request == 1:
        writer.transport.abort()
    else:
        writer.write(GOOD)


async def test_a_request_that_a_closing_connection_swallowed_is_sent_once_more_in_silence() -> None:
    async with door(swallows) as here, looking() as fetcher:
        first = await ask(fetcher, here)
        second = await ask(fetcher, here)
    assert first == second == (Reach.OPEN, 1, ())
    assert (here.opened, here.asked) == (2, 3)


async def test_a_server_that_swallows_every_request_is_believed() -> None:
    async with door(lambda _n, _r, writer: writer.transport.abort()) as here, looking() as fetcher:
        reach, hops, _ = await ask(fetcher, here)
    assert (reach, hops) == (Reach.CONNECT, 2)
    assert here.asked == 3  # twice by the first client, once by the second


@pytest.mark.parametrize(
    "text",
    [
        reply(b"", "200 OK", "Connection: close"),
        reply(b"", "200 OK", version="HTTP/1.0"),
        GOOD + b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",  # an answer that nobody asked for
    ],
    ids=["it says that it closes", "HTTP/1.0", "more than was asked for"],
)
async def test_a_connection_that_cannot_be_trusted_is_not_used_again(text: bytes) -> None:
    async with door(says(text)) as here, looking() as fetcher:
        for _ in range(2):
            assert (await ask(fetcher, here))[0] is Reach.OPEN
    assert here.opened == 2


async def test_a_body_that_was_left_unread_ends_its_connection() -> None:
    long = reply(b"x" * 3_000_000)
    async with door(says(long)) as here, looking() as fetcher:
        for _ in range(2):
            fetched = await fetcher.fetch(here.url(), keep_alive=True)
            assert fetched.reach is Reach.TOO_LARGE
    assert here.opened == 2


async def test_nothing_is_left_open_at_the_end() -> None:
    async with door(says(GOOD)) as here:
        async with looking() as fetcher:
            await asyncio.gather(*(ask(fetcher, here) for _ in range(3)))
        ended = {await asyncio.wait_for(here.ended.get(), 10) for _ in range(here.opened)}
    assert len(ended) == here.opened


async def opened(here: Door, tls: Tls = Tls.STRICT) -> Open:
    loop = asyncio.get_running_loop()
    _, handler = await loop.create_connection(lambda: ResponseHandler(loop), "127.0.0.1", here.port)
    return Open(Place("http", "127.0.0.1", here.port, tls), handler, "127.0.0.1")


async def test_the_one_that_waited_longest_makes_room() -> None:
    async with door(says(GOOD)) as here:
        kept = Kept(most=2)
        lines = [await opened(here) for _ in range(3)]
        for line in lines:
            kept.give(line)
        await asyncio.wait_for(here.ended.get(), 10)
        assert [line.is_usable for line in lines] == [False, True, True]
        assert kept.take(lines[0].place) is lines[2]
        assert len(kept) == 1
        kept.close()
        lines[2].drop()
    assert not any(line.is_usable for line in lines)


async def test_none_waits_longer_than_it_may() -> None:
    async with door(says(GOOD)) as here:
        kept = Kept(idle=0.05)
        line = await opened(here)
        kept.give(line)
        await asyncio.wait_for(here.ended.get(), 10)
        assert (len(kept), kept.take(line.place)) == (0, None)


async def test_one_that_was_verified_otherwise_is_never_handed_out() -> None:
    async with door(says(GOOD)) as here:
        kept = Kept()
        line = await opened(here, Tls.UNVERIFIED)
        kept.give(line)
        assert kept.take(line.place._replace(tls=Tls.STRICT)) is None
        assert kept.take(line.place._replace(port=1)) is None
        assert kept.take(line.place) is line
        line.drop()
        kept.close()
