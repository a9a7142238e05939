"""Whatever bytes a server sends, a fetch ends with a reach, in bounded time, and can be stored."""

import asyncio
import gzip
from dataclasses import replace
from random import Random

import pytest

from monitor.model import Reach
from tests.observe.raw_server import LIMITS, PAGE, looking, reply, serving

# No address stands here, only a name that has none: one byte changed in 127.0.0.1 leads off this machine.
ANSWERS = [
    reply(),
    reply(gzip.compress(PAGE), "200 OK", "Content-Encoding: gzip", "Set-Cookie: a=b; path=/"),
    reply(b"", "302 Found", "Set-Cookie: x=1; expires=Thu", "Location: /next?a=1"),
    reply(b"", "301 Moved", "Location: http://site.example:1/\xca\xd7"),
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n",
    b"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\n" * 3 + reply(),
]
PIECES = [
    b"\r\n",
    b"\n",
    b"Set-Cookie: \x01=\xff;;",
    b"Location: //[",
    b"Content-Length: 99999999999999999999999\r\n",
    b"Transfer-Encoding: gzip, chunked\r\n",
    *(b"Content-Encoding: %s\r\n" % coding for coding in (b"br", b"zstd", b"deflate")),
]


def spoilt(answer: bytes, chance: Random) -> bytes:
    """The answer with a few bytes changed, put in or taken out."""
    spoiling = bytearray(answer)
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(spoiling) + 1)
        match chance.randrange(4):
            case 0:
                spoiling[at : at + 1] = bytes([chance.choice([0, 9, 10, 13, 32, 47, 58, 59, 127, 255])])
            case 1:
                spoiling[at:at] = chance.randbytes(chance.randrange(1, 6))
            case 2:
                del spoiling[at : at + chance.randrange(1, 8)]
            case _:
                spoiling[at:at] = chance.choice(PIECES)
    return bytes(spoiling)


@pytest.mark.parametrize("seed", range(4))
async def test_any_answer_ends_with_a_reach(seed: int) -> None:
    chance = Random(seed)
    said = b""

    async def answer(_request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(said)
        await writer.drain()

    async with serving(answer) as server, looking(replace(LIMITS, timeout=30.0)) as fetcher:
        for _ in range(200):
            said = spoilt(chance.choice(ANSWERS), chance)
            fetched = await fetcher.fetch(server.url())
            assert fetched.reach in Reach, said
            assert fetched.reach is not Reach.TIMEOUT, said
            assert repr(fetched).encode(), said
