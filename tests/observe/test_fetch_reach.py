"""Every reach of DESIGN.md §1, told apart by what a real server did on the wire."""

import asyncio
import gzip
import socket
import struct
from dataclasses import replace

import brotli  # type: ignore[import-untyped]
import pytest
from backports import zstd

from monitor.model import Fetched, Reach
from monitor.observe.fetch import FetchLimits
from tests.observe.dns_server import naming
from tests.observe.raw_server import LIMITS, PAGE, looking, reply, serving

pytestmark = pytest.mark.usefixtures("blockbuster")

SHORT = replace(LIMITS, timeout=0.6, slow=0.3)


def reset(writer: asyncio.StreamWriter) -> None:
    """Close with RST instead of FIN."""
    raw = writer.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def look(answer: bytes, limits: FetchLimits = LIMITS) -> Fetched:
    async with serving(answer) as server, looking(limits) as fetcher:
        return await fetcher.fetch(server.url())


async def test_open_with_all_that_was_seen() -> None:
    answer = reply(PAGE, "200 OK", "Content-Type: text/html; charset=utf-8", 'ETag: "a"')
    async with serving(answer) as server, looking() as fetcher:
        fetched = await fetcher.fetch(server.url("/index.html?a=1"))
    assert (fetched.reach, fetched.detail, fetched.status, fetched.body) == (Reach.OPEN, "", 200, PAGE)
    assert fetched.header("etag") == '"a"'
    assert fetched.address == "127.0.0.1"
    assert (fetched.trusted, fetched.notes, fetched.not_modified) == (None, (), False)
    assert fetched.final_url == fetched.url == server.url("/index.html?a=1")
    assert [(hop.url, hop.status, hop.address) for hop in fetched.hops] == [(fetched.url, 200, "127.0.0.1")]
    assert 0 < fetched.hops[0].seconds <= fetched.seconds
    assert b"GET /index.html?a=1 HTTP/1.1\r\n" in server.asked[0]
    assert b"Zhishou" in server.asked[0]
    assert b"link" not in server.asked[0].lower()


@pytest.mark.parametrize(
    ("status", "reach"),
    [
        ("404 Not Found", Reach.HTTP_ERROR),
        ("410 Gone", Reach.HTTP_ERROR),
        ("500 Internal Server Error", Reach.HTTP_ERROR),
        ("502 Bad Gateway", Reach.HTTP_ERROR),
        ("503 Service Unavailable", Reach.HTTP_ERROR),
        ("521 \xca\xd7", Reach.HTTP_ERROR),
        ("401 Unauthorized", Reach.CHALLENGED),
        ("403 Forbidden", Reach.CHALLENGED),
        ("405 Method Not Allowed", Reach.CHALLENGED),
        ("412 Precondition Failed", Reach.CHALLENGED),
        ("429 Too Many Requests", Reach.CHALLENGED),
        ("202 Accepted", Reach.OPEN),
        ("999 Denied", Reach.CHALLENGED),
    ],
)
async def test_statuses_keep_their_body(status: str, reach: Reach) -> None:
    fetched = await look(reply(PAGE, status))
    assert (fetched.reach, fetched.status, fetched.body) == (reach, int(status[:3]), PAGE)
    assert fetched.detail == ("" if reach is Reach.OPEN else f"HTTP {status[:3]}")


@pytest.mark.parametrize(
    ("host", "detail"),
    [
        ("gone.example", "NXDOMAIN"),
        ("nodata.example", "no address"),
        ("servfail.example", "SERVFAIL"),
        ("refused.example", "REFUSED by the name server"),
        ("silent.example", "no answer from the name server"),
    ],
)
async def test_dns_by_its_real_cause(host: str, detail: str) -> None:
    names = {name: name.partition(".")[0] for name in ("nodata.example", "servfail.example", "refused.example")}
    async with naming({**names, "silent.example": "silent"}) as zone, looking(nameserver=zone.port) as fetcher:
        fetched = await fetcher.fetch(f"http://{host}/")
    assert (fetched.reach, fetched.detail, fetched.status) == (Reach.DNS, detail, None)


@pytest.mark.parametrize(
    "url", ["http://[::1", "ftp://site.example/", "http://", "http://x.example:99999/", "没有", ""]
)
async def test_what_is_no_address_is_not_fetched(url: str) -> None:
    async with looking() as fetcher:
        fetched = await fetcher.fetch(url)
    assert (fetched.reach, fetched.detail, fetched.hops) == (Reach.DNS, "not an address", ())


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_nobody_listens(scheme: str) -> None:
    async with serving(b"") as server:
        pass
    async with looking() as fetcher:
        fetched = await fetcher.fetch(server.url(scheme=scheme))
    assert (fetched.reach, fetched.detail) == (Reach.CONNECT, "connection refused")


async def test_a_second_address_is_tried() -> None:
    async with (
        serving(reply()) as server,
        naming({"site.example": ["127.0.0.9", "127.0.0.1"]}) as zone,
        looking(nameserver=zone.port) as fetcher,
    ):
        fetched = await fetcher.fetch(server.url(host="site.example"))
    assert (fetched.reach, fetched.address) == (Reach.OPEN, "127.0.0.1")


async def test_an_address_that_hangs_does_not_keep_the_next_from_being_tried() -> None:
    """Its queue is full: a connection is neither made nor refused. Within the time for one connection the other answers."""
    with socket.socket() as deaf:
        async with (
            serving(reply()) as server,
            naming({"site.example": ["127.0.0.9", "127.0.0.1"]}) as zone,
            looking(replace(LIMITS, connect_timeout=60.0, timeout=30.0), nameserver=zone.port) as fetcher,
        ):
            deaf.bind(("127.0.0.9", server.port))
            deaf.listen(0)
            with socket.create_connection(("127.0.0.9", server.port)):
                fetched = await fetcher.fetch(server.url(host="site.example"))
    assert (fetched.reach, fetched.address, len(fetched.hops)) == (Reach.OPEN, "127.0.0.1", 1)


async def test_connected_and_closed_without_a_word() -> None:
    fetched = await look(b"")
    assert (fetched.reach, fetched.detail) == (Reach.CONNECT, "closed without an answer")


async def test_reset_in_the_middle_of_the_body() -> None:
    async def answer(_request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(reply(PAGE, length=100_000))
        await writer.drain()
        await asyncio.sleep(0.05)
        reset(writer)

    async with serving(answer) as server, looking() as fetcher:
        fetched = await fetcher.fetch(server.url())
    assert (fetched.reach, fetched.detail, fetched.status) == (Reach.CONNECT, "connection reset", 200)


async def test_an_answer_that_never_begins_is_a_timeout() -> None:
    async def answer(_request: bytes, _writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(60)

    async with serving(answer) as server, looking(SHORT) as fetcher:
        fetched = await fetcher.fetch(server.url())
    assert (fetched.reach, fetched.detail, fetched.status) == (Reach.TIMEOUT, "no answer in time", None)
    assert 0.6 <= fetched.seconds < 20
    assert fetched.hops[0].status is None


async def test_a_server_that_drips_is_a_timeout() -> None:
    async def answer(_request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.01)

    async with serving(answer) as server, looking(SHORT) as fetcher:
        fetched = await fetcher.fetch(server.url())
    assert (fetched.reach, fetched.detail, fetched.status) == (Reach.TIMEOUT, "not complete in time", 200)


async def test_a_header_that_drips_is_a_timeout() -> None:
    async def answer(_request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            writer.write(b"X: y\r\n")
            await writer.drain()
            await asyncio.sleep(0.02)

    async with serving(answer) as server, looking(SHORT) as fetcher:
        assert (await fetcher.fetch(server.url())).reach is Reach.TIMEOUT


@pytest.mark.parametrize(("status", "reach"), [("200 OK", Reach.SLOW), ("404 No", Reach.HTTP_ERROR)])
async def test_slow_is_measured_to_the_last_byte(status: str, reach: Reach) -> None:
    async def answer(_request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(reply(PAGE, status)[:-1])
        await writer.drain()
        await asyncio.sleep(0.4)
        writer.write(PAGE[-1:])

    async with serving(answer) as server, looking(replace(SHORT, timeout=5.0)) as fetcher:
        fetched = await fetcher.fetch(server.url())
    assert (fetched.reach, fetched.body) == (reach, PAGE)
    assert fetched.seconds >= 0.4


async def test_a_body_without_end_stops_at_the_cap() -> None:
    async def answer(_request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * 10_000)
            await writer.drain()

    async with serving(answer) as server, looking() as fetcher:
        fetched = await fetcher.fetch(server.url())
        small = await fetcher.fetch(server.url(), max_body=1000)
    assert (fetched.reach, fetched.detail, fetched.status) == (Reach.TOO_LARGE, "larger than the limit", 200)
    assert (len(fetched.body), len(small.body)) == (LIMITS.max_body, 1000)


async def test_a_page_just_as_large_as_the_cap_is_whole() -> None:
    body = b"x" * LIMITS.max_body
    assert (await look(reply(body))).reach is Reach.OPEN
    assert (await look(reply(body + b"x"))).reach is Reach.TOO_LARGE


async def test_an_error_page_that_is_too_large_is_still_an_error() -> None:
    assert (await look(reply(b"x" * 300_000, "502 Bad Gateway"))).reach is Reach.HTTP_ERROR


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "deflate"])
async def test_codings_are_unpacked(coding: str) -> None:
    import zlib

    packed = {"gzip": gzip.compress, "br": brotli.compress, "zstd": zstd.compress, "deflate": zlib.compress}[coding](
        PAGE
    )
    fetched = await look(reply(packed, "200 OK", f"Content-Encoding: {coding}"))
    assert (fetched.reach, fetched.body, fetched.notes) == (Reach.OPEN, PAGE, ())


async def test_unchanged_since_the_last_look() -> None:
    async with serving(reply(b"", "304 Not Modified", 'ETag: "a"')) as server, looking() as fetcher:
        fetched = await fetcher.fetch(server.url(), etag='"a"', last_modified="Sat, 21 Nov 2026 00:00:00 GMT")
        unasked = await fetcher.fetch(server.url())
    assert (fetched.reach, fetched.not_modified, fetched.body) == (Reach.OPEN, True, b"")
    assert b'If-None-Match: "a"\r\n' in server.asked[0]
    assert b"If-Modified-Since: Sat, 21 Nov 2026 00:00:00 GMT\r\n" in server.asked[0]
    assert (unasked.reach, unasked.not_modified) == (Reach.MALFORMED, False)
    assert b"If-" not in server.asked[1]


async def test_a_validator_that_is_no_header_is_not_sent() -> None:
    async with serving(reply()) as server, looking() as fetcher:
        fetched = await fetcher.fetch(server.url(), etag='"\u9996\r\nX: y"')
    assert fetched.reach is Reach.OPEN
    assert b"If-" not in server.asked[0]


async def test_head_has_no_body() -> None:
    async with serving(reply(b"", "200 OK", length=5000)) as server, looking() as fetcher:
        fetched = await fetcher.fetch(server.url(), method="HEAD")
    assert (fetched.reach, fetched.status, fetched.body) == (Reach.OPEN, 200, b"")
    assert server.asked[0].startswith(b"HEAD / ")


async def test_links_may_keep_their_connection_and_pages_never_do() -> None:
    peers: list[int] = []

    async def answer(_request: bytes, writer: asyncio.StreamWriter) -> None:
        peers.append(writer.get_extra_info("peername")[1])
        writer.write(reply())
        await writer.drain()

    async with serving(answer, keep_alive=True) as server, looking() as fetcher:
        for keep_alive in (True, True, False, False):
            fetched = await fetcher.fetch(server.url(), keep_alive=keep_alive)
            assert (fetched.reach, fetched.address) == (Reach.OPEN, "127.0.0.1")
    assert peers[0] == peers[1]
    assert len(set(peers)) == 3


async def test_credentials_of_an_address_are_used_and_not_told() -> None:
    async with serving(reply()) as server, looking() as fetcher:
        url = server.url().replace("http://", "http://user:geheim@")
        fetched = await fetcher.fetch(url)
    assert b"Authorization: Basic dXNlcjpnZWhlaW0=\r\n" in server.asked[0]
    assert "geheim" not in repr((fetched.final_url, fetched.hops, fetched.detail))
    assert "geheim" not in repr(FetchLimits(proxy="http://user:geheim@127.0.0.1:3128"))


async def test_a_cancelled_fetch_leaves_nothing_open() -> None:
    asked = asyncio.Event()

    async def answer(_request: bytes, _writer: asyncio.StreamWriter) -> None:
        asked.set()
        await asyncio.sleep(5)

    async with serving(answer) as server, looking() as fetcher:
        task = asyncio.create_task(fetcher.fetch(server.url()))
        await asked.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
