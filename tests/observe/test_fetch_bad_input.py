"""What broken and hostile servers send: read when a browser reads it, named when nobody can, bounded always."""

import gzip
import tracemalloc
import zlib

import brotli  # type: ignore[import-untyped]
import pytest

from monitor.model import Reach
from tests.observe.raw_server import LIMITS, PAGE, looking, reply, serving

BROKEN_GZIP = gzip.compress(PAGE)[:10] + b"\x07" * 40  # there is no block type 3
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"


def chunks(end: bytes = b"\r\n", *, last: bool = True) -> bytes:
    half = len(PAGE) // 2
    parts = [PAGE[:half], PAGE[half:]]
    body = b"".join(b"%x" % len(part) + end + part + end for part in parts)
    return body + (b"0" + end + end if last else b"")


FORGIVEN = {
    "two equal lengths": reply(PAGE, "200 OK", f"Content-Length: {len(PAGE)}"),
    "a length and chunks": CHUNKED + b"Content-Length: 5\r\n\r\n" + chunks(),
    "a blank in a header name": reply(PAGE, "200 OK", "X Bad: 1"),
    "a blank before the colon": reply(PAGE, "200 OK", "Server : old"),
    "a header without colon": reply(PAGE, "200 OK", "nonsense"),
    "a NUL in a header": reply(PAGE, "200 OK", "X: a\x00b"),
    "a header of 100 KB": reply(PAGE, "200 OK", "X-Big: " + "a" * 100_000),
    "a thousand headers": reply(PAGE, "200 OK", *(f"X-{n}: 1" for n in range(1000))),
    "chunk lines ended by LF": CHUNKED + b"\r\n" + chunks(b"\n"),
    "200OK": reply(PAGE, "200OK"),
    "a negative length": reply(PAGE, "200 OK", length=-5),
    "a length that is no number": reply(PAGE).replace(b"Content-Length: ", b"Content-Length: x"),
    "gzip said of a plain body": reply(PAGE, "200 OK", "Content-Encoding: gzip"),
    "a length too long for a whole document": reply(PAGE, length=len(PAGE) + 50),
    "chunks that never end after a whole document": CHUNKED + b"\r\n" + chunks(last=False),
}


@pytest.mark.parametrize("answer", FORGIVEN.values(), ids=FORGIVEN.keys())
async def test_what_browsers_forgive_is_open_with_a_note(answer: bytes) -> None:
    async with serving(answer) as server, looking() as fetcher:
        fetched = await fetcher.fetch(server.url())
    assert (fetched.reach, fetched.status, fetched.body) == (Reach.OPEN, 200, PAGE)
    assert fetched.notes == ("malformed_http",)


ACCEPTED = {
    "LF after headers": b"HTTP/1.1 200 OK\nContent-Type: text/html\n\n" + PAGE,
    "HTTP/1.0 without length": b"HTTP/1.0 200 OK\r\n\r\n" + PAGE,
    "no reason": reply(PAGE, "200"),
    "an interim answer first": b"HTTP/1.1 100 Continue\r\n\r\n" + reply(),
    "a folded header": reply(PAGE, "200 OK", "X-Long: a\r\n b"),
    "chunks": CHUNKED + b"\r\n" + chunks(),
}


@pytest.mark.parametrize("answer", ACCEPTED.values(), ids=ACCEPTED.keys())
async def test_what_the_first_client_takes_needs_no_second(answer: bytes) -> None:
    async with serving(answer) as server, looking() as fetcher:
        fetched = await fetcher.fetch(server.url())
    assert (fetched.reach, fetched.body, fetched.notes) == (Reach.OPEN, PAGE, ())


UNREADABLE = {
    "no HTTP at all": (b"SSH-2.0-OpenSSH_9.2\r\n", Reach.MALFORMED, "no HTTP status line"),
    "a page without a head": (PAGE, Reach.MALFORMED, "no HTTP status line"),
    "binary": (bytes(range(256)) * 4, Reach.MALFORMED, "no HTTP status line"),
    "two different lengths": (
        reply(PAGE, "200 OK", f"Content-Length: {len(PAGE) + 1}"),
        Reach.MALFORMED,
        "two different Content-Lengths",
    ),
    "chunks without a size": (CHUNKED + b"\r\nzzz\r\n" + PAGE, Reach.MALFORMED, "broken chunks"),
    "a header of 300 KB": (
        reply(PAGE, "200 OK", "X-Big: " + "a" * 300_000),
        Reach.MALFORMED,
        "header larger than 256 KiB",
    ),
    "many headers of 300 KB": (
        reply(PAGE, "200OK", *("X: " + "a" * 1000 for _ in range(300))),
        Reach.MALFORMED,
        "header larger than 256 KiB",
    ),
    "broken gzip": (
        reply(BROKEN_GZIP, "200 OK", "Content-Encoding: gzip"),
        Reach.MALFORMED,
        "broken compression",
    ),
    "a document cut short": (
        reply(PAGE[:200], length=len(PAGE)),
        Reach.CONNECT,
        "closed before the answer was complete",
    ),
    "a head cut short": (b"HTTP/1.1 200 OK\r\nServer: x", Reach.CONNECT, "closed before the answer was complete"),
    "chunks cut short": (
        CHUNKED + b"\r\nfff\r\n<html>",
        Reach.CONNECT,
        "closed before the answer was complete",
    ),
}


@pytest.mark.parametrize(("answer", "reach", "detail"), UNREADABLE.values(), ids=UNREADABLE.keys())
async def test_what_nobody_can_read_is_named(answer: bytes, reach: Reach, detail: str) -> None:
    async with serving(answer) as server, looking() as fetcher:
        fetched = await fetcher.fetch(server.url())
    assert (fetched.reach, fetched.detail, fetched.notes) == (reach, detail, ())


async def test_a_length_too_short_cuts_as_browsers_cut() -> None:
    async with serving(reply(PAGE, length=20)) as server, looking() as fetcher:
        fetched = await fetcher.fetch(server.url())
    assert (fetched.reach, fetched.body) == (Reach.OPEN, PAGE[:20])


async def test_a_body_where_none_may_be() -> None:
    async with serving(reply(PAGE, "204 No Content")) as server, looking() as fetcher:
        fetched = await fetcher.fetch(server.url())
    assert (fetched.reach, fetched.status, fetched.body) == (Reach.OPEN, 204, b"")


async def test_gbk_in_headers_can_be_stored() -> None:
    title = "首页".encode("gb18030")
    answer = reply().replace(b"200 OK", b"200 " + title).replace(b"\r\n", b"\r\nX-Title: " + title + b"\r\n", 1)
    async with serving(answer) as server, looking() as fetcher:
        fetched = await fetcher.fetch(server.url())
    assert (fetched.reach, fetched.header("x-title")) == (Reach.OPEN, "首页")
    assert repr(fetched.headers).encode()


async def test_headers_are_kept_as_evidence_up_to_a_size() -> None:
    async with serving(reply(PAGE, "200 OK", "X-Big: " + "a" * 50_000)) as server, looking() as fetcher:
        fetched = await fetcher.fetch(server.url())
    assert (fetched.reach, len(fetched.header("X-Big") or "")) == (Reach.OPEN, 4096)


async def test_without_compression_when_the_first_answer_was_broken() -> None:
    broken = reply(BROKEN_GZIP, "200 OK", "Content-Encoding: gzip")
    async with serving([broken, reply()]) as server, looking() as fetcher:
        fetched = await fetcher.fetch(server.url())
    assert (fetched.reach, fetched.body, fetched.notes) == (Reach.OPEN, PAGE, ("gzip_refused",))
    assert b"Accept-Encoding: identity\r\n" in server.asked[1]


def gzip_bomb(size: int) -> bytes:
    """A gzip stream of so many zero bytes, made without ever holding them: one flushed piece, repeated."""
    piece = 10_000_000
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(bytes(piece)) + packer.flush(zlib.Z_FULL_FLUSH)
    return b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff" + packed * (size // piece)


@pytest.mark.parametrize("coding", ["gzip", "br"])
async def test_a_bomb_of_a_gigabyte_costs_no_memory(coding: str) -> None:
    bomb = gzip_bomb(1_000_000_000) if coding == "gzip" else brotli.compress(bytes(200_000_000), quality=1)
    answer = reply(bomb, "200 OK", f"Content-Encoding: {coding}")
    del bomb
    async with serving(answer) as server, looking() as fetcher:
        tracemalloc.start()
        fetched = await fetcher.fetch(server.url())
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert (fetched.reach, len(fetched.body)) == (Reach.TOO_LARGE, LIMITS.max_body)
    assert peak < 30_000_000
    assert fetched.seconds < 3.0


async def test_a_bomb_for_the_second_client_is_bounded_too() -> None:
    answer = reply(gzip_bomb(1_000_000_000), "200OK", "Content-Encoding: gzip")
    async with serving(answer) as server, looking() as fetcher:
        tracemalloc.start()
        fetched = await fetcher.fetch(server.url())
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert fetched.reach is Reach.TOO_LARGE
    assert peak < 30_000_000
