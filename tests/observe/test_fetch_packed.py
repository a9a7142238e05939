"""Packed bodies, and those that stop before their end: the framing says all is well, only the unpacker knows (aiohttp says nothing)."""

import asyncio
import gzip
import random
import zlib
from collections.abc import Callable
from dataclasses import replace

import brotli  # type: ignore[import-untyped]
import pytest
from backports import zstd
from hypothesis import given, strategies as st

from monitor.model import Fetched, Reach
from monitor.observe.packed import MEMBERS, BrokenPacking, unpack
from tests.observe.raw_server import LIMITS, looking, reply, serving

_WORDS = random.Random(1)
LONG = b"<html><body>" + b"".join(b"<p>%032x</p>" % _WORDS.getrandbits(128) for _ in range(2000)) + b"</body></html>"
"""Random enough that half of its packed bytes are about half of the page."""


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(body) + packer.flush()


PACKERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("x-gzip", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "raw deflate": ("deflate", raw_deflate),
    "br": ("br", lambda body: brotli.compress(body, quality=4)),
    "zstd": ("zstd", zstd.compress),
}


def framed(body: bytes, coding: str, frame: str) -> bytes:
    """An answer whose framing is in order: it ends where it says, or where the connection does."""
    if frame == "length":
        return reply(body, "200 OK", f"Content-Encoding: {coding}")
    head = f"Content-Encoding: {coding}\r\n".encode()
    if frame == "close":
        return b"HTTP/1.0 200 OK\r\n" + head + b"\r\n" + body
    return (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n" + head + b"\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    )


@given(
    st.binary(max_size=500).map(lambda body: body * 3), st.sampled_from([*PACKERS.values(), ("identity", bytes)]),
    st.integers(1, 2000), st.floats(0, 1),
)  # fmt: skip
def test_unpacking_tells_the_end(
    body: bytes, packer: tuple[str, Callable[[bytes], bytes]], cap: int, cut: float
) -> None:
    coding, packed = packer
    whole = packed(body)
    assert unpack(whole, coding, cap) == (body[:cap], len(body) <= cap, len(body) <= cap or coding == "identity")
    part = whole[: int(len(whole) * cut)]
    if 0 < len(part) < len(whole) and coding != "identity":
        try:
            found = unpack(part, coding, 10_000)
        except BrokenPacking:
            assert coding == "deflate", "two bytes may be the head of either kind"
        else:
            assert body.startswith(found.body) or coding == "deflate"
            assert not found.ended


def test_many_streams_in_one_body_are_bounded() -> None:
    assert unpack(gzip.compress(b"a") * MEMBERS, "gzip", 1000).body == b"a" * MEMBERS
    with pytest.raises(BrokenPacking):
        unpack(gzip.compress(b"a") * 100_000, "gzip", 1_000_000)


async def look(*answers: bytes) -> tuple[Fetched, list[bytes]]:
    async with serving(answers) as server, looking() as fetcher:
        return await fetcher.fetch(server.url()), server.asked


@pytest.mark.parametrize("frame", ["length", "close", "chunks"])
@pytest.mark.parametrize("name", PACKERS)
async def test_a_packed_body_cut_short_is_not_taken_for_the_page(name: str, frame: str) -> None:
    coding, packed = PACKERS[name]
    whole = packed(LONG)
    fetched, asked = await look(framed(whole[: len(whole) // 2], coding, frame))
    assert (fetched.reach, fetched.detail) == (Reach.MALFORMED, "broken compression")
    assert len(asked) == 3, "asked again without compression, and by the second client"


@pytest.mark.parametrize("name", PACKERS)
async def test_cut_short_once_and_whole_without_compression(name: str) -> None:
    coding, packed = PACKERS[name]
    whole = packed(LONG)
    fetched, asked = await look(framed(whole[: len(whole) // 2], coding, "length"), reply(LONG))
    assert (fetched.reach, fetched.body, fetched.notes) == (Reach.OPEN, LONG, ("gzip_refused",))
    assert b"Accept-Encoding: identity\r\n" in asked[1]


@pytest.mark.parametrize("frame", ["length", "close", "chunks"])
@pytest.mark.parametrize("name", PACKERS)
async def test_whole_packed_bodies_need_one_look(name: str, frame: str) -> None:
    coding, packed = PACKERS[name]
    fetched, asked = await look(framed(packed(LONG), coding, frame))
    assert (fetched.reach, fetched.body, fetched.notes, len(asked)) == (Reach.OPEN, LONG, (), 1)


async def test_a_whole_document_without_its_checksum_is_what_browsers_show() -> None:
    fetched, _ = await look(framed(gzip.compress(LONG)[:-8], "gzip", "length"))
    assert (fetched.reach, fetched.body, fetched.notes) == (Reach.OPEN, LONG, ("malformed_http",))


@pytest.mark.parametrize(
    "tail", [b"\0" * 20, b"\r\n", gzip.compress(b"<!-- more -->")], ids=["padding", "a line", "a member"]
)
async def test_what_follows_the_end(tail: bytes) -> None:
    fetched, asked = await look(framed(gzip.compress(LONG) + tail, "gzip", "length"))
    more = b"<!-- more -->" if tail[:2] == b"\x1f\x8b" else b""
    assert (fetched.reach, fetched.body, len(asked)) == (Reach.OPEN, LONG + more, 1)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
async def test_a_page_that_is_only_labelled_as_packed(coding: str) -> None:
    for page in (LONG, LONG.removesuffix(b"</body></html>"), "首页".encode("gb18030")):
        fetched, _ = await look(reply(page, "200 OK", f"Content-Encoding: {coding}"))
        assert (fetched.reach, fetched.body, fetched.notes) == (Reach.OPEN, page, ("malformed_http",))


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
async def test_an_empty_body_said_to_be_packed_is_empty(coding: str) -> None:
    fetched, asked = await look(reply(b"", "200 OK", f"Content-Encoding: {coding}"))
    assert (fetched.reach, fetched.body, len(asked)) == (Reach.OPEN, b"", 1)


async def test_a_head_and_an_unchanged_page_are_not_unpacked() -> None:
    async with serving(reply(b"", "200 OK", "Content-Encoding: gzip", length=500)) as server, looking() as fetcher:
        head = await fetcher.fetch(server.url(), method="HEAD")
    async with serving(reply(b"", "304 Not Modified", "Content-Encoding: gzip")) as server, looking() as fetcher:
        same = await fetcher.fetch(server.url(), etag='"a"')
    assert (head.reach, same.reach, same.not_modified) == (Reach.OPEN, Reach.OPEN, True)


@pytest.mark.parametrize("name", PACKERS)
async def test_a_packed_page_larger_than_the_cap_is_too_large_not_broken(name: str) -> None:
    coding, packed = PACKERS[name]
    for body in (LONG * 5, b"<p>" * 200_000):
        async with serving(framed(packed(body), coding, "length")) as server, looking() as fetcher:
            fetched = await fetcher.fetch(server.url())
            assert len(server.asked) == 1
        assert (fetched.reach, fetched.body) == (Reach.TOO_LARGE, body[: len(fetched.body)])
        assert 0 < len(fetched.body) <= LIMITS.max_body


@pytest.mark.usefixtures("blockbuster")
async def test_the_loop_goes_on_while_a_large_page_is_unpacked() -> None:
    page = LONG * 30
    limits = replace(LIMITS, max_body=8 << 20)
    turns = 0

    async def tick() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    async with serving(framed(gzip.compress(page, 1), "gzip", "length")) as server, looking(limits) as fetcher:
        ticking = asyncio.create_task(tick())
        fetched = await fetcher.fetch(server.url())
        ticking.cancel()
    assert fetched.body == page
    assert turns > 10
