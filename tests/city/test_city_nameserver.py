"""The name server, asked over UDP and TCP by a real resolver library and by hand."""

import asyncio
import struct

import aiodns
import pytest
from hypothesis import given, settings, strategies as st

from monitor.city.nameserver import Nameserver, from_table

pytestmark = pytest.mark.usefixtures("blockbuster")

TABLE: dict[str, tuple[str, ...] | str] = {
    "one.example": ("127.0.0.9",),
    "two.example": ("127.0.0.9", "127.0.0.10"),
    "broken.example": "servfail",
    "closed.example": "refused",
    "empty.example": "nodata",
    "silent.example": "timeout",
}


async def ask(server: Nameserver, name: str, kind: str = "A", flags: int = 0) -> list[str] | int:
    """Addresses, or the resolver's error number."""
    dns = aiodns.DNSResolver([server.address], timeout=0.3, tries=1, flags=flags)
    try:
        answer = await dns.query_dns(name, kind)
    except aiodns.error.DNSError as error:
        return int(error.args[0])
    finally:
        await dns.close()
    return [str(getattr(record.data, "addr", "")) for record in answer.answer]


@pytest.mark.parametrize("flags", [0, 1], ids=["udp", "tcp"])  # 1: ARES_FLAG_USEVC
async def test_answers_and_failures(flags: int) -> None:
    server = Nameserver(from_table(TABLE))
    await server.start()
    assert await ask(server, "one.example", flags=flags) == ["127.0.0.9"]
    assert await ask(server, "TWO.example", flags=flags) == ["127.0.0.9", "127.0.0.10"]
    assert await ask(server, "one.example", "AAAA", flags=flags) == aiodns.error.ARES_ENODATA
    assert await ask(server, "empty.example", flags=flags) == aiodns.error.ARES_ENODATA
    assert await ask(server, "nobody.example", flags=flags) == aiodns.error.ARES_ENOTFOUND
    assert await ask(server, "broken.example", flags=flags) == aiodns.error.ARES_ESERVFAIL
    assert await ask(server, "closed.example", flags=flags) == aiodns.error.ARES_EREFUSED
    assert await ask(server, "silent.example", flags=flags) == aiodns.error.ARES_ETIMEOUT
    await server.close()


async def test_the_table_is_read_at_each_question() -> None:
    table: dict[str, tuple[str, ...] | str] = {"one.example": ("127.0.0.9",)}
    server = Nameserver(from_table(table))
    await server.start()
    dns = aiodns.DNSResolver([server.address], timeout=0.3, tries=1)
    await dns.query_dns("one.example", "A")
    table["one.example"] = "nxdomain"
    with pytest.raises(aiodns.error.DNSError):
        await dns.query_dns("one.example", "A")
    await dns.close()
    await server.close()
    assert server.questions == 2


async def test_two_questions_on_one_tcp_connection_and_a_hasty_goodbye() -> None:
    server = Nameserver(from_table(TABLE))
    await server.start()
    host, port = server.address.split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    question = bytes.fromhex("abcd01000001000000000000") + b"\x03oNe\x07example\x00\x00\x01\x00\x01"
    for _ in range(2):
        writer.write(struct.pack(">H", len(question)) + question)
        size = struct.unpack(">H", await reader.readexactly(2))[0]
        reply = await reader.readexactly(size)
        assert reply[:2] == b"\xab\xcd"
        assert b"\x03oNe" in reply  # the letters' case comes back as sent
        assert reply.endswith(bytes([127, 0, 0, 9]))
        assert reply[-10:-6] == bytes(4)  # nobody may remember it
    await server.close()
    assert await reader.read() == b""
    writer.close()


@settings(deadline=None)
@given(st.binary(max_size=80))
def test_garbage_is_let_pass(message: bytes) -> None:
    Nameserver(from_table(TABLE)).answer(message)
