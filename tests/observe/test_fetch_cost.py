"""What the fetcher costs beside bare aiohttp, and that it behaves the same on uvloop, where the daemon runs."""

import asyncio
import socket
import ssl
import struct
from pathlib import Path

import pytest

from monitor.model import Reach
from tests.bench.bench_fetch import ratio
from tests.observe import tls_server as tls
from tests.observe.dns_server import naming
from tests.observe.raw_server import PAGE, looking, reply, serving

uvloop = pytest.importorskip("uvloop")


@pytest.mark.slow
def test_a_fetch_costs_little_more_than_a_bare_one() -> None:
    assert ratio(0.4, 5) < 1.5  # aim 1.3; processor time, so that a busy machine does not matter much


def test_the_same_endings_on_uvloop(tmp_path: Path) -> None:
    async def cut(_request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(reply(PAGE, length=10**6))
        await writer.drain()
        raw = writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    async def play() -> list[tuple[Reach, tuple[str, ...], bool | None]]:
        ends = []
        cases = (
            ("http", reply(), None),
            ("http", reply(PAGE, "200OK"), None),
            ("http", b"", None),
            ("http", cut, None),
            ("https", reply(), tls.good()),
            ("https", reply(PAGE, "200OK"), tls.good()),
            ("https", reply(), tls.expired()),
            ("https", reply(), tls.old_protocol(ssl.TLSVersion.TLSv1)),
        )
        async with (
            naming({tls.HOST: ["127.0.0.1"]}) as zone,
            looking(nameserver=zone.port, ca_file=tls.ca_file(tmp_path)) as fetcher,
        ):
            for scheme, answer, context in cases:
                async with serving(answer, context) as server:
                    fetched = await fetcher.fetch(server.url(host=tls.HOST, scheme=scheme))
                ends.append((fetched.reach, fetched.notes, fetched.trusted))
            gone = await fetcher.fetch("http://gone.example/")
        return [*ends, (gone.reach, gone.notes, gone.trusted)]

    assert uvloop.run(play()) == [
        (Reach.OPEN, (), None),
        (Reach.OPEN, ("malformed_http",), None),
        (Reach.CONNECT, (), None),
        (Reach.CONNECT, (), None),
        (Reach.OPEN, (), True),
        (Reach.OPEN, ("malformed_http",), True),
        (Reach.OPEN, ("untrusted_certificate",), False),
        (Reach.OPEN, ("obsolete_tls",), False),
        (Reach.DNS, (), None),
    ]
