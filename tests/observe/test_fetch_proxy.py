"""Through an outgoing proxy: plain and tunnelled, by both clients, and what it means when the proxy itself fails."""

import socket
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.clock import SystemClock
from monitor.model import Reach, Unreachable
from monitor.observe.dns import Resolver
from monitor.observe.guard import Guard
from monitor.observe.proxy import is_own
from monitor.observe.tls import certificate
from tests.observe import tls_server as tls
from tests.observe.proxy_server import proxying
from tests.observe.raw_server import LIMITS, PAGE, looking, reply, serving


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


OWN = ("proxy_failed",)


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_proxy_that_is_not_there_is_no_word_about_the_site(scheme: str) -> None:
    async with serving(b"") as gone:
        pass
    async with looking(replace(LIMITS, proxy=f"http://127.0.0.1:{gone.port}")) as fetcher:
        fetched = await fetcher.fetch(f"{scheme}://{tls.HOST}/")
    assert (fetched.reach, fetched.detail, fetched.notes) == (Reach.CONNECT, "outgoing proxy unreachable", OWN)


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_proxy_whose_name_does_not_resolve(scheme: str) -> None:
    async with looking(replace(LIMITS, proxy="http://proxy.example:3128")) as fetcher:
        fetched = await fetcher.fetch(f"{scheme}://{tls.HOST}/")
    assert (fetched.reach, fetched.detail, fetched.notes) == (Reach.CONNECT, "outgoing proxy unreachable", OWN)


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_proxy_that_never_accepts(scheme: str) -> None:
    """Its queue is full: a connection is neither made nor refused."""
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        port = deaf.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            limits = replace(LIMITS, connect_timeout=0.5, proxy=f"http://127.0.0.1:{port}")
            async with looking(limits) as fetcher:
                fetched = await fetcher.fetch(f"{scheme}://{tls.HOST}/")
    assert (fetched.reach, fetched.detail, fetched.notes) == (Reach.CONNECT, "outgoing proxy unreachable", OWN)


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_proxy_that_wants_to_know_who_we_are(scheme: str) -> None:
    refusal = reply(b"", "407 Proxy Authentication Required")
    async with (
        proxying(0, refuse=refusal) as proxy,
        looking(replace(LIMITS, proxy=f"http://us:geheim@127.0.0.1:{proxy.port}")) as fetcher,
    ):
        fetched = await fetcher.fetch(f"{scheme}://{tls.HOST}/")
    assert (fetched.reach, fetched.detail, fetched.notes) == (Reach.CONNECT, "outgoing proxy answered 407", OWN)
    assert fetched.status is None, "the site has not answered"
    assert "geheim" not in repr(fetched)


async def test_broken_http_with_a_407_is_the_proxys_too() -> None:
    """Read by the second client."""
    async with (
        proxying(0, refuse=reply(b"", "407Auth")) as proxy,
        looking(replace(LIMITS, proxy=f"http://127.0.0.1:{proxy.port}")) as fetcher,
    ):
        fetched = await fetcher.fetch(f"http://{tls.HOST}/")
    assert (fetched.detail, fetched.notes, fetched.status) == ("outgoing proxy answered 407", OWN, None)


@pytest.mark.parametrize(("status", "notes"), [(403, OWN), (400, OWN), (500, ()), (502, ()), (503, ()), (504, ())])
async def test_what_a_proxy_answers_to_connect(status: int, notes: tuple[str, ...]) -> None:
    """It did not want to, or it tried and did not get through: the latter it says of the site."""
    async with (
        proxying(0, refuse=reply(b"", f"{status} No")) as proxy,
        looking(replace(LIMITS, proxy=f"http://127.0.0.1:{proxy.port}")) as fetcher,
    ):
        fetched = await fetcher.fetch(f"https://{tls.HOST}/")
    assert (fetched.reach, fetched.detail) == (Reach.CONNECT, f"outgoing proxy answered {status}")
    assert fetched.notes == notes


@pytest.mark.parametrize("status", [403, 502, 503])
async def test_over_plain_http_nobody_knows_whose_answer_it_is(status: int) -> None:
    async with (
        proxying(0, refuse=reply(b"", f"{status} No")) as proxy,
        looking(replace(LIMITS, proxy=f"http://127.0.0.1:{proxy.port}")) as fetcher,
    ):
        fetched = await fetcher.fetch(f"http://{tls.HOST}/")
    assert (fetched.status, fetched.notes) == (status, ())


async def test_a_site_that_answers_407_through_the_tunnel_answers(tmp_path: Path) -> None:
    answer = reply(b"", "407 Proxy Authentication Required")
    async with serving(answer, tls.good()) as server, proxying(server.port) as proxy:
        limits = replace(LIMITS, proxy=f"http://127.0.0.1:{proxy.port}")
        async with looking(limits, allow=(), ca_file=tls.ca_file(tmp_path)) as fetcher:
            fetched = await fetcher.fetch(f"https://{tls.HOST}/")
    assert (fetched.reach, fetched.status, fetched.notes) == (Reach.CHALLENGED, 407, ())


async def test_no_certificate_comes_through_a_proxy_that_is_gone() -> None:
    async with serving(b"") as gone:
        pass
    resolver, proxy = Resolver(["127.0.0.1:9"], timeout=1.0), f"http://127.0.0.1:{gone.port}"
    with pytest.raises(Unreachable) as raised:
        await certificate(f"https://{tls.HOST}/", resolver, Guard(()), 3.0, now=SystemClock().now(), proxy=proxy)
    await resolver.close()
    assert is_own(raised.value.detail)


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "https://10.0.0.1/", "http://[::1]/"])
async def test_literals_are_guarded_although_the_proxy_connects(url: str) -> None:
    async with proxying(0) as proxy, looking(replace(LIMITS, proxy=f"http://127.0.0.1:{proxy.port}"), allow=()) as f:
        fetched = await f.fetch(url)
    assert fetched.reach is Reach.REFUSED_BY_GUARD
    assert proxy.heads == []
